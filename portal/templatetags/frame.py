"""The frame around every page, rendered once for each menu and language and then kept.

What is somebody's own never gets into what is kept: a part of the frame is rendered for nobody,
with marks where a name, a token, a key and an address belong, and these are filled in each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from common.htmx import htmx_config, htmx_key
from common.placeholders import Pieces, Placeholders, filled
from portal.navigation import Item

register = template.Library()

MENUS_AT_MOST = 1_000
"""Kinds of menu, in all languages and with each entry marked as current."""


@dataclass(frozen=True)
class Nobody:
    is_authenticated: bool
    name: str


@dataclass(frozen=True)
class NobodysRequest:
    user: Nobody
    get_full_path: str


@register.simple_tag(takes_context=True, name="htmx_config")
def config_of_htmx(context: Context) -> str:
    """What htmx may do on this page; nothing at all where there is no session."""
    return htmx_config(str(context.get("htmx_key", "")))


@register.simple_tag
def accessibility_statement() -> str:
    """Return where the statement in uutilsynet's form is; empty where there is none yet."""
    return settings.ACCESSIBILITY_STATEMENT_URL


@register.simple_tag
def title_of_what(breadcrumbs: Sequence[tuple[str, str | None]]) -> str:
    """Return what the page is about, for its title: «Deltakere – Tillitsbasert ledelse».

    A window with many tabs and a screen reader know a page by its title alone.
    """
    above = [label for label, url in breadcrumbs[1:] if url] if breadcrumbs else []
    return "".join(f" – {label}" for label in reversed(above))


@register.simple_tag(takes_context=True)
def framed(context: Context, name: str) -> SafeString:
    """A part of the frame; without a request, as on the page for errors, as it stands."""
    request: HttpRequest | None = context.get("request")
    if request is None or "navigation" not in context:
        whole: dict[Any, Any] = context.flatten()
        return SafeString(get_template(name).render(whole))
    person = getattr(request, "user", None)
    is_known = bool(person and person.is_authenticated)
    menus = tuple(context["navigation"]), tuple(context["user_navigation"])
    key = htmx_key(request)
    own = {
        "name": conditional_escape(person.name) if person and is_known else "",
        "address": conditional_escape(request.get_full_path()),
        "token": str(context.get("csrf_token", "")),
        "key": key,
    }
    pieces = _pieces(name, get_language() or "", menus, is_known, bool(key))
    return mark_safe(filled(pieces, own))  # noqa: S308 (escaped above)


@lru_cache(MENUS_AT_MOST)
def _pieces(
    name: str,
    language: str,
    menus: tuple[Sequence[Item], Sequence[Item]],
    is_known: bool,
    has_key: bool,
) -> Pieces:
    navigation, user_navigation = menus
    places = Placeholders()
    nobody = Nobody(is_known, places.mark("name"))
    shown = get_template(name).render(
        {
            "request": NobodysRequest(nobody, places.mark("address")),
            "navigation": navigation,
            "user_navigation": user_navigation,
            "csrf_token": places.mark("token"),
            "htmx_key": places.mark("key") if has_key else "",
        }
    )
    return places.split(shown)
