"""What the frame around every page needs."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.identity_provider import identity_provider
from common.htmx import htmx_key
from demo.cast import DEMO_CAST, DEMO_PASSWORD
from portal.navigation import frame_menus


def frame(request: HttpRequest) -> Mapping[str, Any]:
    """Lazy: a fragment for htmx has no header, and asks the database for none."""
    menus = SimpleLazyObject(lambda: frame_menus(request))
    return {
        "navigation": SimpleLazyObject(lambda: menus["navigation"]),
        "user_navigation": SimpleLazyObject(lambda: menus["user_navigation"]),
        "htmx_key": SimpleLazyObject(lambda: htmx_key(request)),
        "demo_cast": DEMO_CAST if settings.DEMO else [],
        "demo_password": DEMO_PASSWORD if settings.DEMO else "",
        "identity_provider": identity_provider(),
    }
