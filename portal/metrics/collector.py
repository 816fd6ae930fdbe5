"""The figures of the whole portal, read from its tables, its broker and its seal when asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from celery import current_app
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.db.models import Count, Max, Min, Q
from prometheus_client.core import GaugeMetricFamily, Metric

from common import queues
from evidence.seal_health import seal_health
from outbox.models import QUEUES, Letter, LetterState, Urgency
from people.models import StaffImportOutcome, StaffImportRun
from portal.metrics.duty_runs import duties, is_late
from portal.models import DutyRun

PREFIX = "lederportalen_"
BROKER_SECONDS = 2
WAITING = (LetterState.QUEUED, LetterState.SENDING)
STOPPED = (LetterState.FAILED, LetterState.HELD)
"""Each pair has its index. Sent are nearly all others: nobody counts them at every scrape."""

Sample = tuple[tuple[str, ...], float]


class PortalCollector:
    """What prometheus_client asks for figures: one moment, at most a handful of queries."""

    def __init__(self, *, now: dt.datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        try:
            stored = [
                *letters(self.now),
                *duty_runs(self.now),
                *staff_imports(),
                *sessions(self.now),
            ]
        except DatabaseError:
            stored = []
        yield one("database_up", "Whether the database answers.", bool(stored))
        yield from stored
        yield from broker()
        yield from seal(self.now)


def letters(now: dt.datetime) -> Iterator[Metric]:
    due = Q(state=LetterState.QUEUED, next_attempt_at__lte=now)
    rows = (
        Letter.objects.filter(Q(state__in=WAITING) | Q(state__in=STOPPED))
        .order_by()
        .values("state", "urgency")
        .annotate(letters=Count("pk"), due_since=Min("next_attempt_at", filter=due))
    )
    found = {(row["state"], row["urgency"]): row for row in rows}
    yield many(
        "letters",
        "Letters that are not sent, by state and urgency.",
        ("state", "urgency"),
        (
            ((state.value, urgency.name.lower()), row["letters"] if row else 0)
            for state in (*WAITING, *STOPPED)
            for urgency in Urgency
            for row in [found.get((state, urgency))]
        ),
    )
    yield many(
        "letter_overdue_seconds",
        "How long the letter has waited that should have gone out first, by queue.",
        ("queue",),
        (
            ((QUEUES[urgency],), seconds_since(row["due_since"] if row else None, now=now))
            for urgency in Urgency
            for row in [found.get((LetterState.QUEUED, urgency))]
        ),
    )


def duty_runs(now: dt.datetime) -> Iterator[Metric]:
    runs = {run.name: run for run in DutyRun.objects.all()}
    known = duties()
    yield many(
        "duty_last_success_timestamp_seconds",
        "When the duty was last done.",
        ("duty",),
        (
            ((duty.name,), run.succeeded_at.timestamp())
            for duty in known
            if (run := runs.get(duty.name)) and run.succeeded_at
        ),
    )
    yield many(
        "duty_late",
        "Whether the duty should have been done since.",
        ("duty",),
        (((duty.name,), is_late(duty, runs.get(duty.name), now=now)) for duty in known),
    )


def staff_imports() -> Iterator[Metric]:
    rows = StaffImportRun.objects.order_by().values("outcome").annotate(last=Max("at"))
    found = {row["outcome"]: row["last"] for row in rows}
    yield many(
        "staff_import_last_timestamp_seconds",
        "When an import of staff last ended so.",
        ("outcome",),
        (
            ((outcome.value,), found[outcome].timestamp())
            for outcome in StaffImportOutcome
            if outcome in found
        ),
    )


def sessions(now: dt.datetime) -> Iterator[Metric]:
    running = Session.objects.filter(expire_date__gt=now).count()
    yield one("sessions", "Browsers that are signed in, or might be.", running)


def broker() -> Iterator[Metric]:
    try:
        with current_app.connection_for_read(connect_timeout=BROKER_SECONDS) as connection:
            connection.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
            channel = connection.default_channel
            lengths = [
                ((name,), channel.queue_declare(queue=name).message_count) for name in queues.ALL
            ]
    except Exception:  # of many kinds, by what stands between
        lengths = []
    yield one("broker_up", "Whether the broker answers.", bool(lengths))
    yield many("queue_messages", "Messages that wait for a worker, by queue.", ("queue",), lengths)


def seal(now: dt.datetime) -> Iterator[Metric]:
    health = seal_health(now)
    yield one("seal_usable", "Whether agreements can be sealed.", health.can_seal)
    if health.seal is not None:
        expires_at = health.seal.expires_at.timestamp()
        yield one("seal_expires_timestamp_seconds", "When the seal's certificate ends.", expires_at)


def seconds_since(moment: dt.datetime | None, *, now: dt.datetime) -> float:
    return (now - moment).total_seconds() if moment else 0.0


def one(name: str, says: str, value: float) -> Metric:
    return many(name, says, (), [((), value)])


def many(name: str, says: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> Metric:
    family: Metric = GaugeMetricFamily(PREFIX + name, says, labels=labels)
    for values, value in samples:
        family.add_sample(family.name, dict(zip(labels, values, strict=True)), float(value))
    return family
