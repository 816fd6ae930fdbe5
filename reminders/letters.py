"""The reminders in words. Each is written once for its key, whatever the number of beats."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from attendance.codes import SeatCode
from commitments.models import FollowUp, Revision
from missions.models import MissionVersion, UpwardQuestion
from outbox.actions import queue_letter
from outbox.letters import absolute_url, render_letter
from outbox.models import Letter
from outbox.unsubscribe import unsubscribe_url
from people.models import User
from reminders.reminded_states import REMINDED
from seminars.letters import about_sessions
from seminars.models import Gathering, Invitation, Registration, Seminar

CODE_STAGE = "1d"
"""The letter that has the code of the seat in it: the last before the door."""

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Reminder:
    """A letter that is due and perhaps written already; the key tells."""

    key: str
    letter: str
    to: User
    about: Model
    path: str
    context: dict[str, Any]


def unwritten(keys: Iterable[str]) -> set[str]:
    """Those of the keys that no letter has yet."""
    asked = set(keys)
    return asked - set(Letter.objects.filter(key__in=asked).values_list("key", flat=True))


def seminar_soon_key(
    registration_pk: int, seminar_pk: int, starts_at: dt.datetime, *, stage: str
) -> str:
    """The day of the gathering is in the key: each is reminded of, and anew when it is moved."""
    day = timezone.localdate(starts_at)
    return f"seminar:{seminar_pk}:reminder:{stage}:{registration_pk}:{day:%Y%m%d}"


def seminar_soon(registration: Registration, gathering: Gathering, *, stage: str) -> Reminder:
    """Of one gathering: its own time, place and links, and on its eve the seat's code."""
    seminar = registration.seminar
    has_door = any(not session.is_digital for session in gathering.sessions)
    has_meeting = any(session.link for session in gathering.sessions)
    places = {session.place for session in gathering.sessions}
    return Reminder(
        key=seminar_soon_key(registration.pk, seminar.pk, gathering.starts_at, stage=stage),
        letter="seminar_soon",
        to=registration.user,
        about=registration,
        path=reverse("seminars:detail", args=[seminar.pk]),
        context={
            "seminar": seminar,
            "gathering": gathering,
            "place": places.pop() if len(places) == 1 else seminar.place,
            "is_first": gathering.starts_at <= seminar.starts_at,
            "contact": seminar.contact_details,
            "withdraw_url": _address("seminars:withdraw", seminar),
            "code": SeatCode(registration) if has_door and stage == CODE_STAGE else None,
            "has_door": has_door,
            "join_url": has_meeting and _address("attendance:meeting", seminar),
            "code_url": has_door and _address("attendance:my_code", seminar),
            **about_sessions(registration, gathering.sessions),
        },
    )


def _address(name: str, seminar: Seminar) -> str:
    return absolute_url(reverse(name, args=[seminar.pk]))


def first_letter_key(registration: Registration) -> str:
    """The key of the letter that said first that an answer is waited for."""
    about = f"{registration.pk}:{registration.calendar_sequence}"
    if registration.is_offered:
        return f"seminars:offered:{about}"
    return f"seminars:approval_wanted:{about}:{registration.approver_id}"


def offer_unanswered(registration: Registration) -> Reminder:
    seminar = registration.seminar
    return Reminder(
        key=f"seminar:{seminar.pk}:reminder:offer:{_answer_key(registration)}",
        letter="offer_unanswered",
        to=registration.user,
        about=registration,
        path=reverse("seminars:offer", args=[seminar.pk]),
        context={"seminar": seminar, "answer_by": registration.expires_at},
    )


def approval_unanswered(registration: Registration) -> Reminder:
    """To the line manager; who it is about stands behind the sign-in."""
    seminar, approver = registration.seminar, registration.approver
    assert approver is not None  # noqa: S101
    return Reminder(
        key=f"seminar:{seminar.pk}:reminder:approval:{_answer_key(registration)}:{approver.pk}",
        letter="approval_unanswered",
        to=approver,
        about=registration,
        path=reverse("seminars:approve", args=[seminar.pk, registration.pk]),
        context={"seminar": seminar, "answer_by": registration.expires_at},
    )


def _answer_key(registration: Registration) -> str:
    return f"{registration.pk}:{registration.calendar_sequence}"


def invitation_unanswered(invited: Invitation) -> Reminder:
    seminar = invited.seminar
    return Reminder(
        key=f"seminar:{seminar.pk}:reminder:invitation:{invited.pk}",
        letter="invitation_unanswered",
        to=invited.user,
        about=invited,
        path=reverse("seminars:detail", args=[seminar.pk]),
        context={"seminar": seminar},
    )


def draft_unpublished(seminar: Seminar, *, to: User, is_past: bool) -> Reminder:
    """The day is in the key: a draft that is moved is asked about anew."""
    stage, day = "past" if is_past else "near", timezone.localdate(seminar.starts_at)
    return Reminder(
        key=f"seminar:{seminar.pk}:reminder:draft:{stage}:{day:%Y%m%d}:{to.pk}",
        letter="draft_unpublished",
        to=to,
        about=seminar,
        path=reverse("seminars:edit", args=[seminar.pk]),
        context={"seminar": seminar, "is_past": is_past},
    )


def attendance_missing(seminar: Seminar, *, to: User, stage: str) -> Reminder:
    return Reminder(
        key=f"seminar:{seminar.pk}:reminder:attendance:{stage}:{to.pk}",
        letter="attendance_missing",
        to=to,
        about=seminar,
        path=reverse("seminars:participants", args=[seminar.pk]),
        context={"seminar": seminar},
    )


def signature_missing(revision: Revision, *, to: User, number: int) -> Reminder:
    agreement = revision.agreement
    return Reminder(
        key=f"agreement:{agreement.pk}:reminder:sign:{revision.pk}:{number}:{to.pk}",
        letter="signature_missing",
        to=to,
        about=agreement,
        path=reverse("commitments:sign", args=[agreement.pk]),
        context={"other": agreement.counterpart_of(to), "agreed_at": revision.agreed_at},
    )


def signature_missing_for_leader(revision: Revision, *, to: User, number: int) -> Reminder:
    """To a substitute, who is not told whose agreement it is with the leader."""
    agreement = revision.agreement
    return Reminder(
        key=f"agreement:{agreement.pk}:reminder:sign:{revision.pk}:{number}:{to.pk}",
        letter="signature_missing_for_leader",
        to=to,
        about=agreement,
        path=reverse("commitments:sign", args=[agreement.pk]),
        context={"leader": agreement.leader},
    )


def follow_up_near(follow_up: FollowUp, *, to: User, stage: str) -> Reminder:
    """The day is in the key: a conversation that is moved is reminded of anew."""
    agreement = follow_up.agreement
    return Reminder(
        key=f"follow_up:{follow_up.pk}:reminder:{stage}:{follow_up.due_on:%Y%m%d}:{to.pk}",
        letter="follow_up_near",
        to=to,
        about=agreement,
        path=reverse("commitments:detail", args=[agreement.pk]),
        context={
            "other": agreement.counterpart_of(to),
            "due_on": follow_up.due_on,
            "follow_up": follow_up,
        },
    )


def mission_unread(version: MissionVersion, *, to: User) -> Reminder:
    """The version that asks to be read is in the key: a minor change asks nobody again."""
    return Reminder(
        key=f"mission:{version.mission_id}:reminder:unread:{version.reading}:{to.pk}",
        letter="mission_unread",
        to=to,
        about=version,
        path=reverse("missions:version", args=[version.pk]),
        context={"version": version, "unit": version.mission.unit},
    )


def question_unanswered(question: UpwardQuestion, *, to: User) -> Reminder:
    return Reminder(
        key=f"mission:question_asked:{question.pk}:reminder:{to.pk}",
        letter="question_unanswered",
        to=to,
        about=question,
        path=reverse("missions:answer", args=[question.pk]),
        context={
            "question": question,
            "unit": question.version.mission.unit,
            "above": question.above.mission.unit,
        },
    )


def write(reminder: Reminder) -> Letter:
    """Write it, and tell whoever reads the log of one that no waiting state accounts for."""
    if reminder.letter not in REMINDED:
        logger.warning("%s stands in no row of reminders/reminded_states.py.", reminder.letter)
    context = reminder.context | {
        "url": absolute_url(reminder.path),
        "unsubscribe_url": unsubscribe_url(reminder.to),
    }
    words = render_letter(f"reminders/{reminder.letter}", to=reminder.to, context=context)
    return queue_letter(
        key=reminder.key,
        kind=f"reminders.{reminder.letter}",
        to=reminder.to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        reply_to=words.reply_to,
        images=words.images,
        about=reminder.about,
        is_reminder=True,
    )
