"""When each duty of the schedule was last done, and whether it should have been done since."""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from celery.signals import beat_init, task_success
from django.db import DatabaseError, transaction
from django.utils import timezone

from common.duties import Duty
from common.rooms import rooms
from portal.models import DutyRun
from portal.tasks import HEARTBEAT_LIMIT

log = structlog.get_logger(__name__)

GRACE = dt.timedelta(minutes=15)
"""How long after its time a duty may be done: it waits for a worker, and takes a while itself."""


def connect() -> None:
    beat_init.connect(note_schedule)
    task_success.connect(note_done)


def duties() -> list[Duty]:
    return [duty for room in rooms() for duty in room.duties]


def note_schedule(**about: Any) -> None:
    """From here on each duty is expected: one that is never done is late one day, too."""
    new = [DutyRun(name=duty.name) for duty in duties()]
    try:
        DutyRun.objects.bulk_create(new, ignore_conflicts=True)
    except DatabaseError:  # beat waits for nobody
        log.exception("duties_not_noted")


def note_done(sender: Any, **about: Any) -> None:
    """Write down that a worker has come to the end of a duty. Nothing depends on it."""
    names = [duty.name for duty in duties() if duty.task == sender.name]
    try:
        for name in names:
            with transaction.atomic():
                DutyRun.objects.update_or_create(
                    name=name, defaults={"succeeded_at": timezone.now()}
                )
    except DatabaseError:
        log.exception("duty_not_noted")


def is_late(duty: Duty, run: DutyRun | None, *, now: dt.datetime) -> bool:
    """Whether its next time after the last one is over, and the patience with it."""
    if run is None:  # no beat has ever started with it
        return True
    if isinstance(duty.when, int):  # the sign of life, which /readyz/work waits for as long
        return now - run.waits_since > HEARTBEAT_LIMIT
    last, until_next, _clock = duty.when.remaining_delta(timezone.localtime(run.waits_since))
    return bool(now > last + until_next + GRACE)
