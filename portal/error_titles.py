"""A page that asks for something to be put right says so in its title, whichever page it is."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

SUMMARY = b" data-error-summary>"
"""How `components/error_summary.html` begins. Nobody can have typed it: «>» is escaped."""
TITLE = re.compile(rb"<title>\s*")


class ErrorTitleMiddleware:
    """The title is read before anything else, and is written before the form is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # What keeps its length has said it by itself.
        keeps_length = getattr(response, "keeps_length", False)
        if not (response.streaming or keeps_length) and SUMMARY in response.content:
            said = _("Feil")
            title = f"<title>{said}: ".encode()
            response.content = TITLE.sub(title, response.content, count=1)
        return response
