"""Signing in as one of the demo's cast; the address exists only where settings.DEMO is set."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from demo.cast import DEMO_CAST
from people.models import User


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    emails = {person.key: person.email for person in DEMO_CAST}
    user = get_object_or_404(User, email=emails.get(request.POST.get("person", "")))
    target = request.POST.get("next", "")
    response: HttpResponse = perform_login(request, user, redirect_url=safe_or_none(target))
    return response


def safe_or_none(url: str) -> str | None:
    return url if url and get_adapter().is_safe_url(url) else None
