"""One view, two answers: the whole page, or only the part of it that htmx asked to have anew."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails


def is_htmx(request: HttpRequest) -> bool:
    """Asked by htmx for a part of a page (a boosted link wants the whole page)."""
    details: HtmxDetails | None = getattr(request, "htmx", None)
    if not details:
        return False
    return not details.boosted and not details.history_restore_request


def render_part(
    request: HttpRequest,
    template: str,
    part: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """`template` for a browser, `part` (a template of its own that `template` includes) for htmx.

    Both answers have one address, so caches are told that they differ by the HX-Request header.
    """
    name = part if is_htmx(request) else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
