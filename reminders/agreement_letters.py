"""The reminders of agreements in words; see `agreements_due`."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from commitments.models import Agreement, FollowUp, Preparation, Revision
from people.models import User
from reminders.letters import Reminder


def answer_missing(proposal: Revision, *, to: User, number: int) -> Reminder:
    return _reminder(
        "answer_missing",
        f"answer:{proposal.pk}:{number}",
        proposal.agreement,
        to=to,
        proposed_at=proposal.proposed_at,
        lapses_on=proposal.lapses_on,
    )


def preparation_missing(preparation: Preparation, *, to: User, number: int) -> Reminder:
    return _reminder(
        "preparation_missing",
        f"prepare:{preparation.pk}:{preparation.ready_at:%Y%m%d}:{number}",
        preparation.agreement,
        to=to,
        page="prepare",
    )


def draft_left(draft: Revision, *, to: User) -> Reminder:
    """The day is in the key: a draft that is written on and left again is asked about anew."""
    return _reminder(
        "draft_left",
        f"draft:{draft.pk}:{draft.lapses_on:%Y%m%d}",
        draft.agreement,
        to=to,
        lapses_on=draft.lapses_on,
    )


def lapses_soon(revision: Revision, *, to: User) -> Reminder:
    agreement = revision.agreement
    return _reminder(
        "lapses_soon",
        f"lapses:{revision.pk}:{revision.state}:{revision.lapses_on:%Y%m%d}",
        agreement,
        to=to,
        lapses_on=revision.lapses_on,
        state=revision.state,
        is_change=agreement.revisions.signed().exists(),
    )


def talk_not_written(talk: FollowUp, *, to: User, number: int) -> Reminder:
    """The day is in the key: a conversation that is moved is asked about anew."""
    return _reminder(
        "talk_not_written",
        f"talk:{talk.pk}:{talk.due_on:%Y%m%d}:{number}",
        talk.agreement,
        to=to,
        page="follow_up",
        due_on=talk.due_on,
        lapses_on=talk.lapses_on,
    )


def decision_missing(
    agreement: Agreement, *, ends_on: dt.date, is_shared: bool, number: int
) -> Reminder:
    return _reminder(
        "decision_missing",
        f"decide:{number}",
        agreement,
        to=agreement.employee,
        ends_on=ends_on,
        is_shared=is_shared,
    )


def _reminder(
    letter: str,
    key: str,
    agreement: Agreement,
    *,
    to: User,
    page: str = "detail",
    **context: object,
) -> Reminder:
    return Reminder(
        key=f"agreement:{agreement.pk}:reminder:{key}:{to.pk}",
        letter=letter,
        to=to,
        about=agreement,
        path=reverse(f"commitments:{page}", args=[agreement.pk]),
        context={"other": agreement.counterpart_of(to), **context},
    )
