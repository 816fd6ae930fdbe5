"""What waits for one of the two in an agreement, and is due to be reminded of.

The same for each: two kind letters, some working days after it began to wait, and a last one two
weeks before it lapses by itself. What was held up for longer than a week is left to the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.db.models import Exists, OuterRef
from django.utils import timezone

from commitments.models import (
    PATIENCE,
    Agreement,
    FollowUp,
    Party,
    Preparation,
    Revision,
    RevisionState,
    Share,
)
from commitments.retention.actions import REST
from common.working_time import is_working_time, working_days_after
from people.models import User
from reminders import agreement_letters as letters
from reminders.letters import Reminder

DAY = dt.timedelta(days=1)
STAGES = (3, 10)
"""Working days after something began to wait for one of the two; a third would nag."""
LEFT_STAGE = 15
"""Working days after a draft was last written on, when it is asked about once."""
UNDECIDED_STAGE = 20
"""Working days after the leader changed, when the employee is asked about what they signed."""
PATIENCE_DAYS = 5
"""Working days in which a reminder that was held up is caught up."""
LAST_WARNING = 14 * DAY
"""Before something lapses, told to both."""


def agreements_due(now: dt.datetime, left: list[int]) -> Iterator[Reminder]:
    """Return what is due in agreements, in working hours alone: all of it can wait until then.

    `left` are the agreements whose leader leads there no more (`left_behind`).
    """
    if not is_working_time(now):
        return
    today = timezone.localdate(now)
    yield from _proposals(today, left)
    yield from _preparations(today, left)
    yield from _drafts(today, left)
    yield from _lapsing(today, left)
    yield from _talks(today, left)
    yield from _parted(today)


def _stage(since: dt.date, today: dt.date, stages: Iterable[int] = STAGES) -> int:
    """Return the number of the reminder that is due, or none."""
    for number, days in reversed(list(enumerate(stages, start=1))):
        day = working_days_after(since, days)
        if day <= today <= working_days_after(day, PATIENCE_DAYS):
            return number
    return 0


def _waiting(state: RevisionState, left: list[int]) -> Iterator[Revision]:
    waiting = Revision.objects.waiting().filter(state=state).exclude(agreement__in=left)
    yield from waiting.with_people()


def _has_turn(revision: Revision) -> User:
    agreement = revision.agreement
    return agreement.leader if revision.turn == Party.LEADER else agreement.employee


def _proposals(today: dt.date, left: list[int]) -> Iterator[Reminder]:
    """To whoever is to answer."""
    for proposal in _waiting(RevisionState.PROPOSED, left):
        asked = timezone.localdate(cast(dt.datetime, proposal.proposed_at))
        if number := _stage(asked, today):
            yield letters.answer_missing(proposal, to=_has_turn(proposal), number=number)


def _preparations(today: dt.date, left: list[int]) -> Iterator[Reminder]:
    """To whoever the other waits for; nothing of what either has answered."""
    ready = Preparation.objects.unrevealed().for_now().filter(ready_at__isnull=False)
    going_on = Revision.objects.waiting().filter(state=RevisionState.DRAFT)
    ready = ready.filter(agreement__in=going_on.values("agreement")).exclude(agreement__in=left)
    for one in ready.select_related("agreement__leader", "agreement__employee", "author"):
        since = timezone.localdate(cast(dt.datetime, one.ready_at))
        if number := _stage(since, today):
            other = one.agreement.counterpart_of(one.author)
            yield letters.preparation_missing(one, to=other, number=number)


def _drafts(today: dt.date, left: list[int]) -> Iterator[Reminder]:
    """Once, to whose turn it is, when nobody has written or prepared for three weeks."""
    for draft in _waiting(RevisionState.DRAFT, left):
        since = cast(dt.date, draft.lapses_on) - PATIENCE[RevisionState.DRAFT]
        if _stage(since, today, [LEFT_STAGE]):
            yield letters.draft_left(draft, to=_has_turn(draft))


def _lapsing(today: dt.date, left: list[int]) -> Iterator[Reminder]:
    """To both, two weeks before: the last letter while something can be done."""
    soon = Revision.objects.waiting().filter(
        lapses_on__gt=today, lapses_on__lte=today + LAST_WARNING
    )
    for revision in soon.exclude(agreement__in=left).with_people():
        for to in revision.agreement.signers:
            yield letters.lapses_soon(revision, to=to)


def _talks(today: dt.date, left: list[int]) -> Iterator[Reminder]:
    """To both, when its day has passed and it is not written down."""
    passed = FollowUp.objects.due(today - DAY).exclude(agreement__in=left)
    for talk in passed.select_related("agreement__leader", "agreement__employee"):
        number = _stage(talk.due_on, today)
        if today >= talk.lapses_on - LAST_WARNING:
            number = len(STAGES) + 1
        if number and today < talk.lapses_on:
            for to in talk.agreement.signers:
                yield letters.talk_not_written(talk, to=to, number=number)


def _parted(today: dt.date) -> Iterator[Reminder]:
    """To the employee, who alone decides over what a former leader left."""
    is_shared = Exists(Share.objects.active().filter(agreement=OuterRef("pk")))
    resting = Agreement.objects.parted().annotate(is_shared=is_shared)
    row: Any
    for row in resting.select_related("leader", "employee"):
        parted = timezone.localdate(cast(dt.datetime, row.leader_access_ended_at))
        ends_on = parted + REST
        if ends_on - LAST_WARNING <= today < ends_on:
            yield _decision(row, ends_on, number=2)
        elif not row.is_shared and _stage(parted, today, [UNDECIDED_STAGE]):
            yield _decision(row, ends_on, number=1)


def _decision(agreement: Any, ends_on: dt.date, *, number: int) -> Reminder:
    return letters.decision_missing(
        agreement, ends_on=ends_on, is_shared=agreement.is_shared, number=number
    )
