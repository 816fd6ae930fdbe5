"""The conversations themselves: when and where, what the two say, and what each notes alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters, next_follow_up
from commitments.evidence import chain
from commitments.letters import TakenOut
from commitments.locking import AgreementRefused, lock_agreement, lock_open_agreement
from commitments.models import (
    Agreement,
    EventKind,
    FollowUp,
    Outcome,
    PrivateNote,
    Revision,
)
from common.clock import is_repeated
from common.dates import local
from common.edit_conflicts import Seen
from people import audit
from people.models import User


@dataclass(frozen=True)
class Said:
    """What the two said about one commitment."""

    word: str
    why: str = ""


@dataclass(frozen=True)
class Appointment:
    """When and where the two will talk."""

    starts_at: dt.datetime
    minutes: int = 60
    place: str = ""


@transaction.atomic
def arrange_follow_up(
    *,
    agreement: Agreement,
    appointment: Appointment,
    by: User,
    now: dt.datetime,
    seen: Seen | None = None,
) -> FollowUp:
    """Give the planned conversation its time and place, or plan one; both calendars are told.

    Both get a letter with an invitation, the one who arranged it too: moving it is the same
    invitation with a higher sequence. Sent twice, it is arranged once. Raises EditConflict when the
    other has arranged what was not `seen`, and AgreementRefused when nothing is signed, and for a
    time that has passed or is another than what lies proposed.
    """
    locked = lock_open_agreement(agreement.pk, by=by, now=now)
    before = locked.follow_ups.outstanding().first()
    if seen is not None:
        stored, typed = appointment_stored(before), _appointment_in_fields(appointment)
        seen.refuse_conflict(stored, typed)
        if before is not None and stored == typed:
            return before
    if appointment.starts_at <= now:
        raise AgreementRefused(_("Velg et senere tidspunkt."))
    _settle_the_day(locked, timezone.localdate(appointment.starts_at), now)
    planned = before or FollowUp(agreement=locked, revision=newest_signed(locked))
    is_moved = planned.starts_at is not None
    planned.starts_at = appointment.starts_at
    planned.due_on = timezone.localdate(appointment.starts_at)
    planned.minutes = appointment.minutes
    planned.place = appointment.place
    planned.arranged_at = now
    planned.calendar_sequence += 1
    planned.save()
    audit.record("commitments.arrange_follow_up", locked, by=by, follow_up=planned.pk)
    letters.write_arranged(planned, by=by, is_moved=is_moved, now=now)
    return planned


def appointment_stored(planned: FollowUp | None) -> dict[str, Any]:
    """What is arranged now, by the names of the form's fields."""
    if planned is None:
        return {}
    return {
        "day": planned.due_on,
        "time": _time_in_field(planned.starts_at) if planned.starts_at else None,
        "minutes": planned.minutes,
        "place": planned.place,
    }


def _appointment_in_fields(appointment: Appointment) -> dict[str, Any]:
    return {
        "day": local(appointment.starts_at).date(),
        "time": _time_in_field(appointment.starts_at),
        "minutes": appointment.minutes,
        "place": appointment.place,
    }


def _time_in_field(starts_at: dt.datetime) -> dt.time | dt.datetime:
    """The moment itself where its clock comes twice: two such times compare as equal."""
    clock = local(starts_at)
    return starts_at.astimezone(dt.UTC) if is_repeated(clock) else clock.time()


def _settle_the_day(agreement: Agreement, day: dt.date, now: dt.datetime) -> None:
    """Raises AgreementRefused while something proposed names another day than this one."""
    refusal = next_follow_up.why_not_on(agreement, day, timezone.localdate(now))
    if refusal:
        raise AgreementRefused(refusal)
    next_follow_up.let_go_of_drafted_day(agreement, day)


def take_out_of_calendars(agreement: Agreement, *, why: TakenOut, now: dt.datetime) -> None:
    """The planned conversation loses its time, and leaves both calendars if it was there."""
    planned = FollowUp.objects.filter(
        agreement=agreement,
        held_at__isnull=True,
        lapsed_at__isnull=True,
        starts_at__isnull=False,
    ).first()
    if planned is None:
        return
    planned.agreement = agreement
    planned.calendar_sequence += 1
    letters.write_taken_out(planned, why=why, now=now)
    FollowUp.objects.filter(pk=planned.pk).update(
        starts_at=None, arranged_at=None, place="", calendar_sequence=F("calendar_sequence") + 1
    )


@transaction.atomic
def hold_follow_up(
    *,
    follow_up: FollowUp,
    said: Mapping[int, Said],
    next_on: dt.date | None,
    by: User,
    now: dt.datetime,
    notes: str = "",
) -> FollowUp:
    """Write down that the two have talked, a word for each commitment, and when they talk next.

    `said` is by the commitments' ids, `notes` is what both read. One held before its time leaves
    the calendars. Raises AgreementRefused when it is held already, or when a word is for a
    commitment of another revision than the one talked about.
    """
    agreement = lock_open_agreement(follow_up.agreement_id, by=by, now=now)
    planned = agreement.follow_ups.filter(pk=follow_up.pk, held_at__isnull=True).first()
    if planned is not None and planned.lapsed_at is not None:
        raise AgreementRefused(
            _("Samtalen var ikke skrevet ned på lenge, og står ikke lenger på planen. Avtal en ny.")
        )
    if planned is None:
        raise AgreementRefused(_("Samtalen er allerede skrevet ned."))
    if planned.starts_at is not None and planned.starts_at > now:
        take_out_of_calendars(agreement, why=TakenOut.HELD, now=now)
    FollowUp.objects.filter(pk=planned.pk).update(held_at=now, held_by=by, notes=notes)
    _write_outcomes(planned, said)
    if next_on is not None:
        _settle_the_day(agreement, next_on, now)
        FollowUp.objects.create(
            agreement=agreement, revision=newest_signed(agreement), due_on=next_on
        )
    talked = FollowUp.objects.get(pk=planned.pk)
    chain.record(EventKind.TALKED, talked, agreement=agreement, by=by, at=now)
    audit.record("commitments.hold_follow_up", agreement, by=by, follow_up=planned.pk)
    return talked


def _write_outcomes(follow_up: FollowUp, said: Mapping[int, Said]) -> None:
    known = set(follow_up.revision.commitments.values_list("pk", flat=True))
    if not set(said) <= known:
        raise AgreementRefused(_("Avtalen er endret siden siden ble åpnet. Last den på nytt."))
    Outcome.objects.bulk_create(
        Outcome(follow_up=follow_up, commitment_id=pk, word=one.word, why=one.why)
        for pk, one in said.items()
    )


def newest_signed(agreement: Agreement) -> Revision:
    """What is talked about. Raises AgreementRefused while nothing is signed."""
    newest: Revision | None = agreement.revisions.signed().order_by("-number").first()
    if newest is None:
        raise AgreementRefused(_("Dere kan avtale samtaler når avtalen er signert."))
    return newest


@transaction.atomic
def write_private_note(
    *, follow_up: FollowUp, text: str, by: User, now: dt.datetime, seen: Seen | None = None
) -> PrivateNote | None:
    """Keep what one of the two notes in private; empty words take the note away.

    It leaves no trace in the audit trail: that somebody takes notes is nobody's business.
    Raises AgreementRefused for anybody who does not read the agreement, and EditConflict when
    another note is stored than was `seen`.
    """
    agreement = lock_agreement(follow_up.agreement_id)
    if agreement.party_of(by) is None:
        raise AgreementRefused(_("Bare de to avtalen gjelder, kan gjøre noe med den."))
    talk = agreement.follow_ups.filter(pk=follow_up.pk).first()
    if talk is None:
        raise AgreementRefused(_("Samtalen er ikke en av samtalene i denne avtalen."))
    if seen is not None:
        own = PrivateNote.objects.filter(follow_up=talk, author=by).first()
        seen.refuse_conflict({"text": own.text if own else ""}, {"text": text})
    if not text:
        PrivateNote.objects.filter(follow_up=talk, author=by).delete()
        return None
    note, _is_new = PrivateNote.objects.update_or_create(
        follow_up=talk, author=by, defaults={"text": text, "written_at": now}
    )
    return note
