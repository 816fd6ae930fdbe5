"""Lines of the log for what happens to accounts, and for what runs outside any request.

Who it was is a number; a sign-in that failed has none, and says from which network address it came.
"""

from __future__ import annotations

import contextlib
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from celery import signals as celery_signals
from django.contrib.auth import signals as auth_signals
from django.core.exceptions import PermissionDenied
from django.core.signals import request_finished
from django.http import HttpRequest
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

from people.models import User

log = structlog.get_logger(__name__)


def connect() -> None:
    """Signals of Django and Celery alone; none of ours goes from room to room."""
    auth_signals.user_logged_in.connect(signed_in)
    auth_signals.user_logged_out.connect(signed_out)
    auth_signals.user_login_failed.connect(sign_in_failed)
    request_finished.connect(forget)
    celery_signals.setup_logging.connect(leave_logging_alone)
    celery_signals.before_task_publish.connect(send_request_id)
    celery_signals.task_prerun.connect(begin_task)
    celery_signals.task_postrun.connect(forget)


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


def leave_logging_alone(**about: Any) -> None:
    """Celery sets up logging of its own, unless somebody says that it is done."""


def send_request_id(headers: dict[str, Any] | None = None, **about: Any) -> None:
    caused_by = get_contextvars().get("request_id")
    if headers is not None and caused_by:
        headers["request_id"] = caused_by


def begin_task(task_id: str, task: Any, **about: Any) -> None:
    clear_contextvars()
    bind_contextvars(task=task.name, task_id=task_id)
    headers = task.request.headers or {}
    if caused_by := task.request.get("request_id") or headers.get("request_id"):
        bind_contextvars(request_id=caused_by)


def forget(**about: Any) -> None:
    clear_contextvars()
