"""What the frame around every page needs."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal.navigation import frame_menus


def frame(request: HttpRequest) -> Mapping[str, Any]:
    """Lazy: a fragment for htmx has no header, and asks the database for none."""
    menus = SimpleLazyObject(lambda: frame_menus(request))
    return {
        "navigation": SimpleLazyObject(lambda: menus["navigation"]),
        "user_navigation": SimpleLazyObject(lambda: menus["user_navigation"]),
    }
