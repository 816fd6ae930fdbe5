"""In which language somebody is answered whose person is not known."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings


def cookie_language(cookies: Mapping[str, str]) -> str:
    """Return the language that the browser has chosen here, else bokmål."""
    cookie = cookies.get(settings.LANGUAGE_COOKIE_NAME, "")
    return cookie if cookie in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
