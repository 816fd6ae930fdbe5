"""Asking the organiser to put one's own attendance right."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from attendance import letters
from attendance.refusals import NotInList, NotYet
from people import audit
from people.models import AuditRecord, User
from seminars.models import Registration
from seminars.organisers import organisers_of
from seminars.refusals import NotChangeable
from seminars.rules import may_mark_attendance

ASKED_AGAIN_AFTER = dt.timedelta(days=1)


def closed_to_asking(registration: Registration, now: dt.datetime) -> NotYet | NotChangeable | None:
    """What stops a person from asking that their attendance be put right."""
    seminar = registration.seminar
    if not seminar.is_published:
        return NotChangeable(_("Oppmøte føres bare for et seminar som holdes."))
    if not may_mark_attendance(seminar, now):
        return NotYet(_("Oppmøte kan føres fra dagen seminaret starter."))
    asked = audit.latest(registration, "attendance.ask_for_correction")
    if asked is not None and asked.at > now - ASKED_AGAIN_AFTER:
        return NotChangeable(_("Du har allerede spurt arrangøren. Vent på svar, eller ta kontakt."))
    return None


@transaction.atomic
def ask_for_correction(
    *, registration: Registration, words: str, by: User, now: dt.datetime
) -> AuditRecord:
    """Write to the seminar's organisers; the words are in the letter alone, and not kept here.

    Raises what `closed_to_asking` says, and NotInList for a registration that is not the seminar's.
    """
    seminar = registration.seminar
    rows = seminar.registrations.select_for_update(no_key=True, of=("self",))
    locked = rows.select_related("user").filter(pk=registration.pk).first()
    if locked is None:
        raise NotInList()
    locked.seminar = seminar
    if refusal := closed_to_asking(locked, now):
        raise refusal
    for organiser in organisers_of(seminar, timezone.localdate(now)):
        letters.correction_wanted(locked, words=words, to=organiser, now=now)
    return audit.record("attendance.ask_for_correction", locked, by=by)
