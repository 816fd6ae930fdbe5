"""One view, two answers: the whole page, or only the part of it that htmx asked to have anew."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django_htmx.middleware import HtmxDetails

TIMEOUT = 20_000
"""Milliseconds after which nobody is left waiting, and the page says that it got no answer."""
ACTING = ("get", "post", "put", "patch", "delete", "boost", "trigger", "ext")
"""The attributes by which htmx does something; all others say how."""


def htmx_key(request: HttpRequest) -> str:
    """Return the word by which htmx knows our own elements; empty where nobody is signed in.

    htmx acts on an element that carries it and on no other (`disableSelector` in the head of the
    page), so markup that somebody has smuggled into a page does nothing: whoever wrote it cannot
    know the word of another's session.
    """
    session = getattr(request, "session", None)
    session_key = session.session_key if session is not None else None
    # Begins with a letter, so that it needs no quotes in a selector.
    return f"k{salted_hmac('common.htmx', session_key).hexdigest()[:32]}" if session_key else ""


def htmx_config(key: str) -> str:
    """Return what htmx may do, as JSON: nothing by itself, and nothing without the key."""
    acting = [f"[{prefix}hx-{verb}]" for prefix in ("", "data-") for verb in ACTING]
    unknown = f":is({','.join(acting)}):not([data-htmx-key={key}])"
    settings = {
        "allowEval": False,
        "allowScriptTags": False,
        "disableInheritance": True,
        "disableSelector": f"[hx-disable],{unknown}" if key else "*",
        "historyCacheSize": 0,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "timeout": TIMEOUT,
    }
    return json.dumps(settings, ensure_ascii=False)


def is_background(request: HttpRequest) -> bool:
    """Asked for by a script, and not by the browser as a page that somebody sees.

    The browser says so itself, in a header that no page can set. Older ones do not; htmx does.
    """
    is_page = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    return not is_page or "HX-Request" in request.headers


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
