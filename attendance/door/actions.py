"""Letting people in at a door of one session, and taking it back."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from attendance import codes
from attendance.derivation import NOT_RECORDED
from attendance.derived import write_derived
from attendance.door.rules import (
    LET_IN,
    UNDONE_WITHIN,
    DoorAnswer,
    DoorSeat,
    closed_to_recording_the_rest,
    closed_to_scans,
    door_answer,
    happened_at,
    is_of_session,
)
from attendance.marking.actions import mark_attendance
from attendance.models import Scan, ScanWay, UndoneScan
from attendance.refusals import (
    DoorIsClosed,
    NotOfThisSession,
    ScanIsAnothers,
    ScanIsUndone,
    TooLateToUndo,
)
from attendance.walk_ins.actions import give_seat_at_the_door
from common.dates import clock
from people import audit
from people.models import User
from seminars.models import AttendanceOutcome, Registration, Session
from seminars.seats.active_registration import active_registration


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What the door says, of whom, and the scan that stands for their being in."""

    answer: DoorAnswer
    registration: Registration | None = None
    scan: Scan | None = None
    is_new: bool = False
    """Whether this very scan let them in: it may be taken back for a minute."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one device saw: its own key and clock, and either a code or a person in the list."""

    key: uuid.UUID
    device_time: dt.datetime
    way: ScanWay
    door: str = ""
    code: str = ""
    registration_pk: int | None = None


@transaction.atomic
def scan(*, session: Session, seen: Sighting, by: User, now: dt.datetime) -> ScanResult:
    """Let somebody in at the session's door, or say why not; the same key twice is one scan.

    Only whoever has a certain seat is let in. The second time a person comes, at whatever door,
    the first scan stands and the new one is kept beside it. Nothing of the seminar is locked but
    the one registration, and the session against being removed, so that doors do not wait for
    each other.

    Raises DoorIsClosed when the session is not held at that time or is removed, ScanIsAnothers when
    the key is one that somebody used for another scan, and ScanIsUndone when that scan was taken
    back.
    """
    _keep_from_removal(session)
    at = happened_at(session, device_time=seen.device_time, now=now)
    refusal = closed_to_scans(session.seminar, session, at=at, now=now)
    if refusal is not None:
        raise refusal
    pk = seen.registration_pk
    if seen.code:
        answer, pk = _of_code(seen.code, session)
        if answer is not None:
            return ScanResult(answer)
    if pk is None:
        return ScanResult(DoorAnswer.NOT_REGISTERED)
    rows = Registration.objects.select_for_update(no_key=True, of=("self",))
    registration = (
        rows.filter(seminar=session.seminar_id, pk=pk).select_related("user", "agency").first()
    )
    if registration is None:
        return ScanResult(DoorAnswer.NOT_REGISTERED)
    registration.seminar = session.seminar
    return _let_in(registration, session, seen, at=at, by=by, now=now)


def _keep_from_removal(session: Session) -> None:
    """Hold the session's row as its scans' foreign key does when they are committed.

    Asked before the registration is locked: the editor takes them in that order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM seminars_session WHERE id = %s FOR KEY SHARE", [session.pk])
        if cursor.rowcount == 0:
            raise DoorIsClosed(_("Samlingen er tatt ut av seminaret, så ingen kan sjekkes inn."))


def _of_code(code: str, session: Session) -> tuple[DoorAnswer | None, int | None]:
    """The registration that a true code names, or what is said of any other code.

    A code of another seminar is told by its own key, so that a made-up number tells nothing.
    """
    pk = codes.registration_in(code)
    named = Registration.objects.filter(pk=pk).select_related("seminar").first() if pk else None
    if named is None or not codes.is_true(code, codes.key_of(named.seminar)):
        return DoorAnswer.UNKNOWN_CODE, None
    if named.seminar_id != session.seminar_id:
        return DoorAnswer.OTHER_SEMINAR, None
    return None, pk


def _let_in(
    registration: Registration,
    session: Session,
    seen: Sighting,
    *,
    at: dt.datetime,
    by: User,
    now: dt.datetime,
) -> ScanResult:
    first = first_scan(registration, session)
    if sent := _already_sent(registration, session, seen, by=by):
        # The answer was lost on its way, and the device sends again.
        if hasattr(sent, "undone"):
            raise ScanIsUndone()
        is_first = first is None or first.pk == sent.pk
        answer = DoorAnswer.WELCOME if is_first else DoorAnswer.ALREADY_IN
        return ScanResult(answer, registration, first or sent, is_new=is_first)
    seat = DoorSeat(
        registration.state,
        is_of_session=is_of_session(registration, session),
        is_in=first is not None,
    )
    answer = door_answer(seat)
    if answer not in LET_IN:
        return ScanResult(answer, registration)
    made = Scan.objects.create(
        key=seen.key,
        registration=registration,
        session=session,
        door=seen.door,
        way=seen.way,
        by=by,
        device_time=seen.device_time,
        happened_at=at,
        received_at=now,
    )
    write_derived([registration], by=by, now=now)
    if answer == DoorAnswer.ALREADY_IN:
        return ScanResult(answer, registration, first_scan(registration, session))
    return ScanResult(answer, registration, made, is_new=True)


def _already_sent(
    registration: Registration, session: Session, seen: Sighting, *, by: User
) -> Scan | None:
    sent = Scan.objects.filter(key=seen.key).select_related("undone").first()
    if sent is None:
        return None
    if (sent.registration_id, sent.session_id, sent.by_id) != (registration.pk, session.pk, by.pk):
        raise ScanIsAnothers()
    return sent


def first_scan(registration: Registration, session: Session) -> Scan | None:
    """Return the scan by which the person is in: the first that nobody has taken back."""
    rows = Scan.objects.standing().filter(registration=registration, session=session)
    return rows.in_order().first()


@transaction.atomic
def undo_scan(*, session: Session, key: uuid.UUID, by: User, now: dt.datetime) -> Scan | None:
    """Take back what the same person let in within the last minute; None where there is none.

    Raises TooLateToUndo afterwards: then attendance is corrected with a reason.
    """
    found = Scan.objects.filter(session=session, key=key, by=by).first()
    if found is None:
        return None
    registration = Registration.objects.select_for_update(no_key=True).get(pk=found.registration_id)
    if UndoneScan.objects.filter(scan=found).exists():
        return found
    if now > found.received_at + UNDONE_WITHIN:
        words = _("Innsjekkingen kl. %(time)s kan ikke angres lenger. Rett den med en begrunnelse.")
        raise TooLateToUndo(words % {"time": clock(found.happened_at)})
    UndoneScan.objects.create(scan=found, by=by, at=now)
    audit.record("attendance.undo_scan", registration, by=by, session=session.pk)
    write_derived([registration], by=by, now=now)
    return found


@transaction.atomic
def let_in_unregistered(
    *, session: Session, user: User, by: User, now: dt.datetime, door: str, key: uuid.UUID
) -> ScanResult:
    """Give a free seat to somebody who stands at the door, and let them in.

    Sends and raises what `give_seat_at_the_door` does, and what `scan` raises. Of sessions held
    side by side the person is in the one that they came to; NotOfThisSession for whoever had a
    seat in the one beside it, and then nothing is given. Whoever has a seat is let in with it.
    """
    group = session.choice_group_id
    registration = active_registration(session.seminar, user)
    if registration is None or not registration.has_seat:
        registration = give_seat_at_the_door(
            seminar=session.seminar,
            user=user,
            by=by,
            now=now,
            choices={group: session.pk} if group else None,
        )
    seen = Sighting(
        key=key,
        device_time=now,
        way=ScanWay.WALK_IN,
        door=door,
        registration_pk=registration.pk,
    )
    result = scan(session=session, seen=seen, by=by, now=now)
    if result.answer not in LET_IN:
        raise NotOfThisSession()
    return result


@transaction.atomic
def record_the_rest(*, session: Session, by: User, now: dt.datetime) -> int:
    """Write down «no show» of everybody with a seat in the session of whom nothing is recorded.

    Whoever is let in meanwhile stays in. Returns how many. Raises DoorIsClosed before the session
    begins and when its door is closed, and what `mark_attendance` raises.
    """
    if refusal := closed_to_recording_the_rest(session, now):
        raise refusal
    with_seat = session.seminar.registrations.confirmed()
    if session.is_parallel:
        with_seat = with_seat.filter(choices__session=session)
    unrecorded = with_seat.exclude(session_attendance__session=session)
    marks = dict.fromkeys(unrecorded.values_list("pk", flat=True), AttendanceOutcome.NO_SHOW.value)
    result = mark_attendance(
        seminar=session.seminar,
        marks=marks,
        seen=dict.fromkeys(marks, NOT_RECORDED),
        session=session,
        by=by,
        now=now,
    )
    return result.stored
