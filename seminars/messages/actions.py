"""The organiser's own words to those who are in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from people import audit
from people.models import User
from seminars import letters
from seminars.models import (
    IS_ACTIVE,
    Registration,
    RegistrationQuerySet,
    RegistrationState,
    Seminar,
)
from seminars.refusals import IsDone, NotChangeable

MAY_BE_WRITTEN_TO = (*IS_ACTIVE, RegistrationState.WITHDRAWN.value)
"""Whoever is in, and those who have withdrawn themselves."""


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
) -> int:
    """Send the same letter to everybody in these states. Returns to how many.

    `key` is made with the form, so a button pressed twice sends once; the second call waits for
    the first. The audit trail holds states and a number, never the words.

    Raises NotChangeable for a draft and when nobody is in those states, IsDone the second time.
    """
    _wait_for_the_same(key)
    refusal = closed_to_writing(seminar)
    if refusal is not None:
        raise refusal
    if letters.is_sent(key):
        raise IsDone(_("Brevet er allerede sendt."))
    recipients = list(recipients_of(seminar, states).select_related("user"))
    if not recipients:
        raise NotChangeable(_("Ingen har den statusen nå."))
    for registration in recipients:
        registration.seminar = seminar
        letters.message(registration, key, subject=subject, words=text, by=by)
    audit.record(
        "seminars.write", seminar, by=by, states=sorted(states), recipients=len(recipients)
    )
    return len(recipients)


def closed_to_writing(seminar: Seminar) -> NotChangeable | None:
    """What stops the organiser from writing to people: page and action ask the same."""
    if seminar.is_draft:
        return NotChangeable(_("Seminaret er ikke publisert ennå."))
    if not seminar.registrations.filter(state__in=MAY_BE_WRITTEN_TO).exists():
        return NotChangeable(_("Ingen har meldt seg på, så det er ingen å skrive til."))
    return None


def recipients_of(seminar: Seminar, states: Collection[str]) -> RegistrationQuerySet:
    """One a person, the latest: somebody may have left and come back.

    Whoever is in has nothing later, so the others alone are asked about that.
    """
    later = Registration.objects.filter(
        seminar=OuterRef("seminar"), user=OuterRef("user"), pk__gt=OuterRef("pk")
    )
    chosen = Registration.objects.filter(seminar=seminar, state__in=states)
    return chosen.filter(Q(state__in=IS_ACTIVE) | ~Exists(later)).order_by("user_id")


def _wait_for_the_same(key: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"seminars.write:{key}"])
