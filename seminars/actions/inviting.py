"""Asking leaders to a seminar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from people import audit
from people.models import Leadership, Unit, User
from people.organisation import subtree_ids
from seminars import letters
from seminars.actions.seats import lock_seminar
from seminars.models import Invitation, Seminar
from seminars.refusals import closed_to_all


@transaction.atomic
def invite_leaders(
    *, seminar: Seminar, units: Iterable[Unit], by: User, now: dt.datetime
) -> list[Invitation]:
    """Ask everybody who leads one of the units, or a unit below them, today.

    Each gets a letter; nobody is asked twice, so a second call asks those who are new. Raises
    NotOpen when the seminar is not published or is over, SeatsAreBusy.
    """
    chosen = [unit.pk for unit in units]
    seminar = lock_seminar(seminar.pk)
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


def _invitations(
    seminar: Seminar, unit_ids: list[int], *, by: User, now: dt.datetime
) -> list[Invitation]:
    """One a person, for the unit she has led the longest of those asked."""
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
