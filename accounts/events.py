"""Lines of the log for what happens to accounts.

Who it was is a number; a sign-in that failed has none, and says from which network address it came.
"""

from __future__ import annotations

import contextlib
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.contrib.auth import signals as auth_signals
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from people.models import User

log = structlog.get_logger(__name__)


def connect() -> None:
    """Signals of Django alone; none of ours goes from room to room."""
    auth_signals.user_logged_in.connect(signed_in)
    auth_signals.user_logged_out.connect(signed_out)
    auth_signals.user_login_failed.connect(sign_in_failed)


def signed_in(sender: Any, user: User, **about: Any) -> None:
    log.info("signed_in", user_id=user.pk)


def signed_out(sender: Any, user: User | None, **about: Any) -> None:
    if user is not None:
        log.info("signed_out", user_id=user.pk)


def sign_in_failed(sender: Any, request: HttpRequest | None = None, **about: Any) -> None:
    """Never what was typed: an address, or a password in the wrong box."""
    log.warning("sign_in_failed", ip=address_of(request))


def address_of(request: HttpRequest | None) -> str:
    if request is None:
        return ""
    with contextlib.suppress(PermissionDenied):
        return str(get_adapter().get_client_ip(request))
    return ""
