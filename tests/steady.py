"""A response without what is new in every one, so that two readings of a page can be compared."""

from __future__ import annotations

import re

from django.http import HttpResponse

from portal.request_log import ID_HEADER

FRESH = re.compile(r'(csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=)"[^"]*"')


def steady_text(response: HttpResponse) -> str:
    """Return the page's text without its tokens and without the number of this very request."""
    text = FRESH.sub("", response.content.decode())
    return text.replace(response.headers[ID_HEADER], "")
