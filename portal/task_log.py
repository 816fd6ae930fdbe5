"""Which task, and which request behind it, each line of the worker's log belongs to."""

from __future__ import annotations

from typing import Any

from celery import signals as celery_signals
from django.core.signals import request_finished
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars


def connect() -> None:
    """Signals of Django and Celery alone; none of ours goes from room to room."""
    request_finished.connect(forget)
    celery_signals.setup_logging.connect(leave_logging_alone)
    celery_signals.before_task_publish.connect(send_request_id)
    celery_signals.task_prerun.connect(begin_task)
    celery_signals.task_postrun.connect(forget)


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
