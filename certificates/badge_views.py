"""A certificate as a digital badge, and what programs verify one with: the keys and the lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from certificates.badge_issuer import did_document
from certificates.badge_key import find_badge_key, published_multikeys
from certificates.models import Certificate
from certificates.numbers import grouped
from certificates.open_badges import CONTENT_TYPE, signed_badge
from certificates.public_views import for_strangers
from certificates.status_list import ASKED_AGAIN, ended_in_list, signed_list, status_entry
from certificates.truth import Standing, truth_of
from outbox.letters import absolute_url
from people.requests import SignedInRequest, now_in, today_in

Rest = ParamSpec("Rest")
KEPT_SECONDS: Final = int(ASKED_AGAIN.total_seconds())


ReadByPrograms = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def for_programs(view: ReadByPrograms[Rest]) -> ReadByPrograms[Rest]:
    """Read by verifiers in browsers, at other addresses than ours, and kept by none for long.

    One that asks for a fresh copy sends headers of its own, and so its browser asks us first.
    """

    @for_strangers
    @require_http_methods(["GET", "HEAD", "OPTIONS"])
    @wraps(view)
    def read(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            response.headers["Access-Control-Allow-Headers"] = "*"
        else:
            response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    return read


@login_required
@require_safe
def badge(request: SignedInRequest, pk: int) -> HttpResponse:
    """One's own certificate as a badge; of what is replaced or withdrawn there is none to show."""
    visible = Certificate.objects.visible_to(request.user, on=today_in(request))
    certificate = get_object_or_404(visible.valid().select_related("badge_status"), pk=pk)
    key = find_badge_key()
    if key is None or truth_of(certificate).standing != Standing.VALID:
        raise Http404
    status, number = certificate.badge_status, grouped(certificate.number)
    text = signed_badge(
        certificate.facts,
        page_url=absolute_url(reverse("certificates:check", args=[number])),
        status=status_entry(_list_url(status.list_number), status.index),
        key=key,
        now=now_in(request),
    )
    response = HttpResponse(text, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="kursbevis-{number}.json"'
    return response


@for_programs
def issuer(request: HttpRequest) -> HttpResponse:
    """What the issuer's did:web leads to: the keys that badges are verified with."""
    multikeys = published_multikeys()
    if not multikeys:
        raise Http404
    text = json.dumps(did_document(multikeys), indent=2) + "\n"
    return HttpResponse(text, content_type="application/json")


@for_programs
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """Which badges of a list no longer stand; it names nobody."""
    key, ended = find_badge_key(), ended_in_list(number)
    if key is None or ended is None:
        raise Http404
    text = signed_list(_list_url(number), ended, key=key, now=now_in(request))
    return HttpResponse(text, content_type=CONTENT_TYPE)


def _list_url(number: int) -> str:
    return absolute_url(reverse("certificates:badge_status", args=[number]))
