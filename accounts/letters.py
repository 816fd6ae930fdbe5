"""Letters about one's account, queued in the outbox like every other.

What a stranger can ask for by an address alone is left to the worker: the page then has the same
to do for every address, and the time it takes tells nobody who has an account.
"""

from __future__ import annotations

import logging
import uuid
from typing import Any, cast

from celery import Task
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from common import queues
from outbox.actions import queue_letter
from outbox.letters import render_letter
from people.models import User

logger = logging.getLogger(__name__)

MAIL_IS_LATE = _(
    "E-post fra portalen er forsinket akkurat nå. Har du passord eller passnøkkel, kommer du inn"
    " med det imens."
)
SECRET_LETTERS = {"login_code", "password_reset_key"}


def holder_of(email: str | None) -> User | None:
    """Return whoever HR says has the address now: nobody for none at all."""
    if not email:
        return None
    holder: User | None = User.objects.filter(email__iexact=email, is_active=True).first()
    return holder


def send_account_letter(kind: str, *, to: User, context: dict[str, Any]) -> None:
    """Never the same key twice: two codes to one person are two letters."""
    safe = {key: value for key, value in context.items() if key != "request"}
    template = kind if kind in SECRET_LETTERS else "security_notice"
    rendered = render_letter(f"account/{template}", to=to, context={**safe, "kind": kind})
    queue_letter(
        key=f"account:{kind}:{uuid.uuid4()}",
        kind=f"account.{kind}",
        to=to,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        is_secret=kind in SECRET_LETTERS,
    )


def leave_to_worker(task: Any, *arguments: str, request: HttpRequest) -> None:
    """Have the worker do it. While the broker is away it is done here: the letter matters more.

    It goes out when the broker is back, and whoever asked is told; so is who has no account.
    """
    waiting = cast(Task, task)
    try:
        waiting.apply_async(arguments, queue=queues.AT_ONCE)
    except OperationalError:
        logger.warning("The broker is away: %s is done at once.", waiting.name)
        waiting(*arguments)
        messages.warning(request, MAIL_IS_LATE)
