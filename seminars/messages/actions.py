"""The organiser's own words to those who are in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from people import audit
from people.models import Unit, User
from seminars import letters
from seminars.messages.recipients import STATES_WRITTEN_TO, recipients_of
from seminars.models import Seminar, Session
from seminars.refusals import IsDone, NotChangeable


@transaction.atomic
def write_to_participants(
    *,
    seminar: Seminar,
    states: Collection[str],
    subject: str,
    text: str,
    by: User,
    now: dt.datetime,
    key: uuid.UUID,
    agencies: Collection[Unit] = (),
    sessions: Collection[Session] = (),
    people: Collection[User] = (),
) -> int:
    """Send the same letter to everybody in these states, or to the chosen of them. Returns to how
    many.

    `key` is made with the form, so a button pressed twice sends once; the second call waits for
    the first. The audit trail holds what was chosen and a number, never names or words.

    Raises NotChangeable for a draft and when nobody is in those states, IsDone the second time.
    """
    _wait_for_the_same(key)
    refusal = closed_to_writing(seminar)
    if refusal is not None:
        raise refusal
    if letters.is_sent(key):
        raise IsDone(_("Brevet er allerede sendt."))
    chosen = recipients_of(seminar, states, agencies=agencies, sessions=sessions, people=people)
    recipients = list(chosen.select_related("user"))
    if not recipients:
        raise NotChangeable(_("Ingen av dem du har valgt, har den statusen nå."))
    for registration in recipients:
        registration.seminar = seminar
        letters.message(registration, key, subject=subject, words=text, by=by)
    details: dict[str, Any] = {"states": sorted(states), "recipients": len(recipients)}
    if agencies:
        details["agencies"] = sorted(unit.pk for unit in agencies)
    if sessions:
        details["sessions"] = sorted(session.pk for session in sessions)
    if people:
        details["named"] = len(people)
    audit.record("seminars.write", seminar, by=by, **details)
    return len(recipients)


def closed_to_writing(seminar: Seminar) -> NotChangeable | None:
    """What stops the organiser from writing to people: page and action ask the same."""
    if seminar.is_draft:
        return NotChangeable(_("Seminaret er ikke publisert ennå."))
    if not seminar.registrations.filter(state__in=STATES_WRITTEN_TO).exists():
        return NotChangeable(_("Ingen har meldt seg på, så det er ingen å skrive til."))
    return None


def _wait_for_the_same(key: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"seminars.write:{key}"])
