"""What is due to whom at a moment.

Each kind has a time when it falls due and a time after which it would only be silly; in between
it is caught up, however long the portal was down. Nothing is sent at a time of rest
(`common/working_time.py`): what falls due then comes on the last working day before. Nobody is
reminded of what they were told of after it fell due: whoever gets a seat two days before hears of
it then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from django.utils import timezone

from commitments.models import FollowUp, Revision
from commitments.signing_authority import substitutions_for
from commitments.unmanaged_agreements import left_behind
from common.working_time import LONGEST_REST, next_working_day
from missions.models import UpwardQuestion
from missions.readers import unread_since
from missions.responsibility import answering_for
from people.models import Substitution
from reminders import letters
from reminders.agreements_due import agreements_due
from reminders.gatherings import NearGathering, gatherings_near
from reminders.letters import Reminder
from reminders.seminars import seminar_reminders
from seminars.models import Registration

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """When a reminder falls due before what it is about, and from when it is not sent any more.

    Raises ValueError for a window that is never open: a number that is changed silences nothing.
    """

    opens: dt.timedelta
    closes: dt.timedelta
    has_whole_days: bool = False
    """Both days are within it; else it closes at a moment."""

    def __post_init__(self) -> None:
        is_open = self.closes < self.opens or (self.has_whole_days and self.closes == self.opens)
        if not is_open:
            raise ValueError(f"Opens {self.opens} before and closes {self.closes} before: never.")


SEMINAR_STAGES = {"7d": Window(7 * DAY, 3 * DAY), "1d": Window(DAY, DAY / 12)}

SIGNATURE_STAGES = [2 * DAY, 9 * DAY, 16 * DAY]
"""After two days and then weekly, three times in all: the third unanswered letter is a talk."""
SIGNATURE_PATIENCE = LONGEST_REST
"""What was held up for longer is left to the next: two alike never come on one day. No rest is as
long, so none of them is lost at Easter."""

MISSION_DUE = 14 * DAY
MISSION_PATIENCE = 14 * DAY
"""Asked once more after two weeks; after two more it is a talk, not a letter."""

QUESTION_DAYS = 3
"""A question upward is reminded of so many days before the answer is needed, and not after."""

FOLLOW_UP_STAGES = {
    "7d": Window(7 * DAY, 4 * DAY, has_whole_days=True),
    "0d": Window(0 * DAY, 0 * DAY, has_whole_days=True),
}
"""Before the day of the conversation."""
NOT_BEFORE = dt.time(7)
"""What falls due on a day is sent when people are up."""


def due_reminders(now: dt.datetime) -> list[Reminder]:
    left = left_behind(timezone.localdate(now))
    return [
        *_seminars_soon(now),
        *_signatures_missing(now, left),
        *_follow_ups_near(now, left),
        *_missions_unread(now),
        *_questions_unanswered(now),
        *agreements_due(now, left),
        *seminar_reminders(now),
    ]


def _seminars_soon(now: dt.datetime) -> Iterator[Reminder]:
    for stage, window in SEMINAR_STAGES.items():
        due = gatherings_near(now + window.closes, now, days_before=window.opens.days)
        missing = _not_reminded(due, stage)
        people = Registration.objects.with_sessions_at_hand()
        found = people.in_bulk({one.registration for one in missing})
        for near in missing:
            registration = found[near.registration]
            yield letters.seminar_soon(registration, near.of(registration), stage=stage)


def _not_reminded(due: Iterable[NearGathering], stage: str) -> list[NearGathering]:
    """A window is open for days, and asked about every few minutes: most have had their letter, and
    of those no more is read than its key is made of."""
    keys = {
        letters.seminar_soon_key(one.registration, one.seminar, one.starts_at, stage=stage): one
        for one in due
    }
    unwritten = letters.unwritten(keys)
    return [one for key, one in keys.items() if key in unwritten]


def _signatures_missing(now: dt.datetime, left: list[int]) -> Iterator[Reminder]:
    """To who has not signed, and beside a leader to whoever may sign for them that day."""
    today = timezone.localdate(now)
    waiting = list(_awaiting_signature(now, left))
    held = substitutions_for([revision.agreement for revision, _number in waiting], today)
    for revision, number in waiting:
        for signer in revision.missing_signers:
            yield letters.signature_missing(revision, to=signer, number=number)
            if signer == revision.agreement.leader:
                yield from _to_substitute(revision, held.get(revision.agreement_id), number=number)


def _awaiting_signature(now: dt.datetime, left: list[int]) -> Iterator[tuple[Revision, int]]:
    """With the number of the reminder that is due, where the two still lead and are led."""
    found = Revision.objects.awaiting_signature(agreed_before=now - SIGNATURE_STAGES[0])
    for revision in found.exclude(agreement__in=left):
        waited = now - cast(dt.datetime, revision.agreed_at)
        number = sum(waited >= stage for stage in SIGNATURE_STAGES)
        if waited < SIGNATURE_STAGES[number - 1] + SIGNATURE_PATIENCE:
            yield revision, number


def _to_substitute(
    revision: Revision, held: Substitution | None, *, number: int
) -> Iterator[Reminder]:
    """Not of what fell due before they were named, for that letter has told them already."""
    fell_due = cast(dt.datetime, revision.agreed_at) + SIGNATURE_STAGES[number - 1]
    if held is not None and held.named_at <= fell_due:
        yield letters.signature_missing_for_leader(revision, to=held.substitute, number=number)


def _follow_ups_near(now: dt.datetime, left: list[int]) -> Iterator[Reminder]:
    here = timezone.localtime(now)
    if here.time() < NOT_BEFORE:
        return
    for stage, window in FOLLOW_UP_STAGES.items():
        # What falls due on a day of rest is sent on the last working day before it.
        nearest, farthest = here.date() + window.closes, _until_work(here.date()) + window.opens
        due = FollowUp.objects.due_between(nearest, farthest).exclude(agreement__in=left)
        for follow_up in due.select_related("revision"):
            if _was_told_before(follow_up, follow_up.due_on - window.opens):
                agreement = follow_up.agreement
                for person in agreement.signers:
                    yield letters.follow_up_near(follow_up, to=person, stage=stage)


def _missions_unread(now: dt.datetime) -> Iterator[Reminder]:
    """To those who worked there when it was published, still do, and have not said they read it."""
    asked = unread_since(
        after=now - MISSION_DUE - MISSION_PATIENCE,
        until=now - MISSION_DUE,
        today=timezone.localdate(now),
    )
    for version, reader in asked:
        yield letters.mission_unread(version, to=reader)


def _questions_unanswered(now: dt.datetime) -> Iterator[Reminder]:
    """To whoever answers for the mission above that day: perhaps another than was asked."""
    here = timezone.localtime(now)
    if here.time() < NOT_BEFORE:
        return
    today = here.date()
    days = (_until_work(today) - today).days + QUESTION_DAYS
    for question in UpwardQuestion.objects.due_within(days, today).with_both_ends():
        answerer = answering_for(question.above.mission.unit, today)
        if answerer is not None:
            yield letters.question_unanswered(question, to=answerer)


def _was_told_before(follow_up: FollowUp, opens: dt.date) -> bool:
    """Nobody is reminded on the day they were invited, of what they were invited to."""
    planned = _planned_on(follow_up)
    return planned <= opens if follow_up.arranged_at is None else planned < opens


def _until_work(today: dt.date) -> dt.date:
    """The last day before there is work again: today, or the end of the rest that begins."""
    return next_working_day(today) - DAY


def _planned_on(follow_up: FollowUp) -> dt.date:
    """When both were told of the time it has, else at the latest when its text was signed."""
    told = follow_up.arranged_at or cast(dt.datetime, follow_up.revision.signed_at)
    return timezone.localdate(told)
