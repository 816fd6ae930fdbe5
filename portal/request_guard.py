"""What no decoder and no table can take in is turned away at the door, in one place.

A view that meets a NUL, or a number beyond what a key can be, ends in an exception of PostgreSQL or
of Python. Here it is an address that does not exist (404) or a request that cannot be read (400).
What a form can say at its field is left to the form. What still gets past is 400 too, and in the
log. In what letters a request is written is settled before (`portal.whole_requests`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from common.keys import is_key
from portal.views.errors import bad_request

log = structlog.get_logger(__name__)

NUL = "\x00"
LONGEST_COOKIE = 4096
REFUSED_VALUES = (DataError, UnicodeError, OverflowError)
"""What PostgreSQL, a codec and a calendar raise for a value that they have no room for."""


class RequestGuardMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # One that is none of ours counts as none: it must not keep its browser out for good.
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if is_plain_cookie(value)
        }
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """After the frame knows who asks, so that a refusal is a page like any other."""
        if not all(map(can_be_in_address, [*args, *kwargs.values()])):
            raise Http404
        if any(map(holds_nul, texts_of(request.GET))):
            raise BadRequest("nul")

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, REFUSED_VALUES):
            return None
        log.error("input_refused", exc_info=error)
        return bad_request(request, error)


def is_plain_cookie(value: str) -> bool:
    return len(value) <= LONGEST_COOKIE and value.isascii() and value.isprintable()


def can_be_in_address(value: object) -> bool:
    if isinstance(value, int):
        return is_key(value)
    return not (isinstance(value, str) and holds_nul(value))


def texts_of(query: QueryDict) -> list[str]:
    named: Mapping[str, list[Any]] = dict(query.lists())
    return [*named, *(str(value) for values in named.values() for value in values)]


def holds_nul(text: str) -> bool:
    return NUL in text
