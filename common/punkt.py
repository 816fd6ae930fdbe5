"""Punkt's icons and logo, put straight into the page so that they take the text's colour."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

OPENING_TAG = re.compile(r"<svg\b[^>]*>", re.DOTALL)
INNER_ID = re.compile(r'\sid="([^"]*)"')
NAMING = re.compile(r'\s(?:id|data-category|focusable|aria-hidden)="[^"]*"')


@cache
def drawing(kind: str, name: str) -> SafeString:
    """The SVG of that name. Its ids go: the same icon stands many times on one page."""
    source = Path(settings.ASSETS_DIR, "punkt", kind, f"{name}.svg").read_text(encoding="utf-8")
    svg = source[source.index("<svg") :].strip()
    opening = OPENING_TAG.match(svg)
    if opening is None:
        raise ValueError(f"{kind}/{name}.svg is not a drawing")
    named = NAMING.sub("", opening[0]).replace("<svg", '<svg focusable="false"', 1)
    inner = svg[opening.end() :]
    inner = INNER_ID.sub(lambda found: found[0] if f"#{found[1]}" in inner else "", inner)
    return mark_safe(named + inner)  # noqa: S308 - Punkt's own file, laid out by us
