"""Asking leaders to a seminar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from people import audit
from people.models import Leadership, Unit, User
from people.organisation import subtree_ids
from seminars import letters
from seminars.models import Invitation, Seminar
from seminars.registration_window import closed_to_all


@transaction.atomic
def invite_leaders(
    *, seminar: Seminar, units: Iterable[Unit], by: User, now: dt.datetime
) -> list[Invitation]:
    """Ask everybody who leads one of the units, or a unit below them, today.

    Each gets a letter; nobody is asked twice, so a second call asks those who are new, and one at
    the same time waits for this to end. Not under the seminar's own lock: some thousand letters
    take their time, and people register meanwhile.

    Raises NotOpen when the seminar is not published or is over.
    """
    chosen = [unit.pk for unit in units]
    _wait_for_other_invitations(seminar)
    seminar.refresh_from_db(fields=["state", "ends_at"])
    refusal = closed_to_all(seminar, now)
    if refusal is not None:
        raise refusal
    invitations = Invitation.objects.bulk_create(
        _invitations(seminar, chosen, by=by, now=now), batch_size=1000
    )
    for invited in invitations:
        letters.invitation(invited)
    audit.record("seminars.invite", seminar, by=by, units=chosen, invited=len(invitations))
    return invitations


def _wait_for_other_invitations(seminar: Seminar) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('seminars.invite'), %s)", [seminar.pk]
        )


def _invitations(
    seminar: Seminar, unit_ids: list[int], *, by: User, now: dt.datetime
) -> list[Invitation]:
    """One a person, for the unit they have led the longest of those asked."""
    asked_before = Invitation.objects.filter(seminar=seminar).values("user")
    leaders = (
        Leadership.objects.valid_on(timezone.localdate(now))
        .filter(unit__in=subtree_ids(unit_ids), user__is_active=True)
        .exclude(user__in=asked_before)
        .select_related("user", "unit")
        .order_by("valid_from", "pk")
    )
    invitations: dict[int, Invitation] = {}
    for leadership in leaders:
        invited = Invitation(
            seminar=seminar,
            user=leadership.user,
            unit=leadership.unit,
            agency_id=leadership.unit.agency_id,
            was_leader=True,
            invited_at=now,
            invited_by=by,
        )
        invitations.setdefault(leadership.user_id, invited)
    return list(invitations.values())
