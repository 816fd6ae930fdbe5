"""Lines of the log for what happens to accounts.

Who it was is a number; a sign-in that failed has none, and says from which network address it came.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.signals import login_code_rejected
from allauth.core import context
from django.contrib.auth import signals as auth_signals
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from people.models import User

log = structlog.get_logger(__name__)


def connect() -> None:
    """Signals of Django and allauth alone; none of ours goes from room to room."""
    auth_signals.user_logged_in.connect(signed_in)
    auth_signals.user_logged_out.connect(signed_out)
    auth_signals.user_login_failed.connect(password_failed)
    login_code_rejected.connect(login_code_failed)


def signed_in(sender: Any, user: User, **about: Any) -> None:
    log.info("signed_in", user_id=user.pk)


def signed_out(sender: Any, user: User | None, **about: Any) -> None:
    if user is not None:
        log.info("signed_out", user_id=user.pk)


def password_failed(sender: Any, request: HttpRequest | None = None, **about: Any) -> None:
    sign_in_failed(request, way="password")


def login_code_failed(sender: Any, request: HttpRequest, user: User, **about: Any) -> None:
    sign_in_failed(request, way="code", user=user)


def sign_in_failed(request: HttpRequest | None, *, way: str, user: User | None = None) -> None:
    """Never what was typed: an address, a code, or a password in the wrong box."""
    log.warning("sign_in_failed", way=way, **whose(user), ip=address_of(request))


def reauthentication_failed(request: HttpRequest, *, way: str, user: User) -> None:
    log.warning("reauthentication_failed", way=way, **whose(user), ip=address_of(request))


@contextlib.contextmanager
def factor_tried(*, way: str, user: User | None) -> Iterator[None]:
    """Log that a second factor or a passkey was refused, also one that was not even looked at.

    allauth's own signal knows neither passkeys, codes that are used up nor too many tries.
    """
    request: HttpRequest = context.request
    try:
        yield
    except ValidationError as error:
        if error.code == "too_many_login_attempts":
            log.warning("rate_limited", way=way, **whose(user), ip=address_of(request))
        elif user is not None and request.user.is_authenticated:
            reauthentication_failed(request, way=way, user=user)
        else:
            sign_in_failed(request, way=way, user=user)
        raise


def whose(user: User | None) -> dict[str, int]:
    return {} if user is None else {"user_id": user.pk}


def address_of(request: HttpRequest | None) -> str:
    if request is None:
        return ""
    with contextlib.suppress(PermissionDenied):
        return str(get_adapter().get_client_ip(request))
    return ""
