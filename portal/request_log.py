"""Every line of the log says which request it belongs to, and so does the page for an error."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

ID_HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")

log = structlog.get_logger(__name__)


class RequestLogMiddleware:
    """The first in the row. What answers well leaves no line: a portal keeps no log of activity."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        clear_contextvars()
        number = given_id(request) or secrets.token_hex(8)
        request.META[ID_KEY] = number
        bind_contextvars(request_id=number, method=request.method)
        response = self.get_response(request)
        response.headers[ID_HEADER] = number
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """The pattern of the address and the keys in it: other parts may be secrets or words."""
        match = request.resolver_match
        ids = {name: value for name, value in kwargs.items() if isinstance(value, int)}
        bind_contextvars(route=match.route if match else "", **({"ids": ids} if ids else {}))
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            bind_contextvars(user_id=user.pk)


ID_KEY = "REQUEST_ID"
"""In the request's META, where templates reach it; a header would be called HTTP_REQUEST_ID."""


def request_id(request: HttpRequest) -> str:
    """Return the request's number, for the page that asks people to give it."""
    return str(request.META.get(ID_KEY, ""))


def given_id(request: HttpRequest) -> str:
    """The number that a proxy of ours has given it, if it is one."""
    header = settings.TRUSTED_REQUEST_ID_HEADER
    number = str(request.headers.get(header, "")) if header else ""
    return number if WELL_FORMED.fullmatch(number) else ""
