"""Punkt's icons and logo: drawn once, in a file that every page points into."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString

SPRITE = "punkt/icons.svg"
"""Made by script/assets of the icons that are used. They take the text's colour: `--fg-color`."""
SIZES = {"icons": (32, 32), "logos": (60, 31)}
"""As Punkt draws them. Stylesheets make them smaller; without any they are no larger than this."""


def drawing(kind: str, name: str) -> SafeString:
    """Return the drawing of that name, which must be one of Punkt's."""
    if not is_drawn(kind, name):
        raise FileNotFoundError(f"Punkt has no {kind}/{name}.svg")
    width, height = SIZES[kind]
    return format_html(
        '<svg width="{}" height="{}" focusable="false"><use href="{}#{}"/></svg>',
        width,
        height,
        staticfiles_storage.url(SPRITE),
        name,
    )


@cache
def is_drawn(kind: str, name: str) -> bool:
    return Path(settings.ASSETS_DIR, "punkt", kind, f"{name}.svg").is_file()
