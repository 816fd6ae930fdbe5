"""Signing in as anybody of the demo; the addresses exist only where settings.DEMO is set."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.events import address_of
from common.text import clean_line
from demo.anybody import LONGEST, chosen_person, people_found
from people.choosing.answers import may_search
from people.requests import now_in, today_in


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    if not ratelimit.consume(request, action="demo_sign_in"):
        return render(request, "429.html", status=429)
    user = chosen_person(request.POST.get("person", ""))
    if user is None:
        raise Http404
    target = request.POST.get("next", "")
    response: HttpResponse = perform_login(request, user, redirect_url=safe_or_none(target))
    return response


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Look for somebody to be, by name, unit, title or role."""
    if not settings.DEMO:
        raise Http404
    if not may_search(address_of(request), now_in(request)):
        return render(request, "429.html", status=429)
    words = clean_line(request.GET.get("q", ""))[:LONGEST]
    context = {
        "words": words,
        "found": people_found(words, today_in(request)),
        "next": request.GET.get("next", ""),
    }
    return render(request, "demo/find.html", context)


def safe_or_none(url: str) -> str | None:
    return url if url and get_adapter().is_safe_url(url) else None
