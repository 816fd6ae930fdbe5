"""What waits for somebody in a seminar, and is said once more: to participants and organisers.

Which states wait for whom, and which of them have no reminder and why, stands in
`reminders/reminded_states.py`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils import timezone

from common.working_time import (
    DAY,
    WORKING_DAY,
    before_working_time,
    next_working_day,
    opening_of,
    reminder_opens_at,
    working_days_after,
    working_time_between,
)
from outbox.models import Letter
from reminders import letters
from reminders.letters import Reminder
from seminars.models import HELD_FOR_A_TIME, Invitation, Registration, Seminar
from seminars.organisers import organisers_of_each
from seminars.seats.offer_period import SHORTEST

INVITATION_DAYS = 2
"""An invitation is said once more so many days before registration closes."""
DRAFT_DAYS = 14
"""A draft is asked about so many days before its day; and so long after it."""
ATTENDANCE_STAGES = {"first": 1, "second": 8}
"""Working days after a seminar on which its organiser is asked for who came."""
ATTENDANCE_PATIENCE = 30 * DAY


def seminar_reminders(now: dt.datetime) -> Iterator[Reminder]:
    yield from _answers_missing(now)
    yield from _invitations_unanswered(now)
    yield from _drafts(now)
    yield from _attendance_missing(now)


def _answers_missing(now: dt.datetime) -> Iterator[Reminder]:
    """Of an offer or an approval with a working day left, unless it was asked about so lately that
    the first letter is still new."""
    held = Registration.objects.filter(
        state__in=HELD_FOR_A_TIME, expires_at__gt=now, seminar__state="published"
    )
    numbers = [
        number
        for number, until in held.values_list("pk", "expires_at")
        if until and before_working_time(until, WORKING_DAY) <= now
    ]
    if not numbers:
        return
    rows = held.filter(pk__in=numbers).select_related("seminar", "user", "approver")
    near = {letters.first_letter_key(one): one for one in rows}
    asked = Letter.objects.filter(key__in=near).values_list("key", "next_attempt_at")
    for key, asked_at in asked.order_by("pk"):
        registration = near[key]
        assert registration.expires_at is not None  # noqa: S101
        due = before_working_time(registration.expires_at, WORKING_DAY)
        if working_time_between(asked_at, due) < SHORTEST:
            continue
        if registration.is_offered:
            yield letters.offer_unanswered(registration)
        else:
            yield letters.approval_unanswered(registration)


def _invitations_unanswered(now: dt.datetime) -> Iterator[Reminder]:
    """To who was invited some days before it falls due, and is in no way registered."""
    until = next_working_day(timezone.localdate(now)) + INVITATION_DAYS * DAY
    answers = Registration.objects.filter(seminar=OuterRef("seminar"), user=OuterRef("user"))
    found = Invitation.objects.filter(
        ~Exists(answers),
        seminar__state="published",
        seminar__registration_opens_at__lte=now,
        seminar__registration_closes_at__gt=now,
        seminar__registration_closes_at__lt=opening_of(until),
    )
    for invited in found.select_related("seminar", "user").order_by("pk"):
        closes_on = timezone.localdate(invited.seminar.registration_closes_at)
        due = reminder_opens_at(closes_on, days_before=INVITATION_DAYS)
        if due <= now and working_time_between(invited.invited_at, due) >= WORKING_DAY:
            yield letters.invitation_unanswered(invited)


def _drafts(now: dt.datetime) -> Iterator[Reminder]:
    """To the organisers: one whose day comes near, and one whose day has passed."""
    within = (now - DRAFT_DAYS * DAY, now + DRAFT_DAYS * DAY)
    drafts = Seminar.objects.filter(
        state="draft", starts_at__range=within, created_at__lt=now - 2 * DAY
    )
    found = list(drafts.order_by("pk"))
    organisers = organisers_of_each(found, timezone.localdate(now))
    for seminar in found:
        for organiser in organisers[seminar.pk]:
            yield letters.draft_unpublished(seminar, to=organiser, is_past=seminar.has_started(now))


def _attendance_missing(now: dt.datetime) -> Iterator[Reminder]:
    """To the organisers, of a seminar that is over with somebody who had a seat and no mark."""
    unmarked = Registration.objects.confirmed().filter(seminar=OuterRef("pk"), outcome="")
    held = Seminar.objects.published().filter(
        Exists(unmarked), ends_at__lt=now, ends_at__gt=now - ATTENDANCE_PATIENCE
    )
    found = list(held.order_by("pk"))
    organisers = organisers_of_each(found, timezone.localdate(now))
    for seminar in found:
        stage = _stage_of(timezone.localdate(seminar.ends_at), now)
        if stage is not None:
            for organiser in organisers[seminar.pk]:
                yield letters.attendance_missing(seminar, to=organiser, stage=stage)


def _stage_of(ended_on: dt.date, now: dt.datetime) -> str | None:
    """The last that is due: one that was held up is left to the next."""
    found = None
    for stage, number in ATTENDANCE_STAGES.items():
        if opening_of(working_days_after(ended_on, number)) <= now:
            found = stage
    return found
