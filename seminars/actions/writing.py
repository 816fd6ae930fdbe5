"""The organiser's own words to those who are in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import connection, transaction
from django.utils.translation import gettext as _

from people import audit
from people.models import User
from seminars import letters
from seminars.models import Registration, Seminar
from seminars.refusals import NotChangeable


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

    Raises NotChangeable for a draft, when nobody is in those states, and the second time.
    """
    _wait_for_the_same(key)
    if seminar.is_draft:
        raise NotChangeable(_("Seminaret er ikke publisert ennå."))
    if letters.is_sent(key):
        raise NotChangeable(_("Brevet er allerede sendt."))
    recipients = recipients_of(seminar, states)
    if not recipients:
        raise NotChangeable(_("Ingen har den statusen nå."))
    for registration in recipients:
        registration.seminar = seminar
        letters.message(registration, key, subject=subject, words=text, by=by)
    audit.record(
        "seminars.write", seminar, by=by, states=sorted(states), recipients=len(recipients)
    )
    return len(recipients)


def recipients_of(seminar: Seminar, states: Collection[str]) -> list[Registration]:
    """One a person, the latest: somebody may have left and come back."""
    rows = Registration.objects.filter(seminar=seminar).select_related("user")
    latest = rows.order_by("user_id", "-pk").distinct("user_id")
    return [registration for registration in latest if registration.state in states]


def _wait_for_the_same(key: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"seminars.write:{key}"])
