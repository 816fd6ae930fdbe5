"""Roles given and ended, with a letter to each whom it concerns: none of it happens unseen."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.roles import letters
from people import actions
from people.models import Role, RoleGrant, Unit, User
from people.organisation import administrators_over, line_manager_of
from people.powers import gives_power


@gives_power
@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    unit: Unit,
    by: User | None,
    today: dt.date,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
) -> RoleGrant:
    """Give the role, and tell its holder and whoever watches over the unit.

    Raises RoleRefused as `people.actions.grant_role` does.
    """
    watchers = _watchers(unit, user, by, today)
    grant = actions.grant_role(
        user=user,
        role=role,
        unit=unit,
        by=by,
        valid_from=valid_from,
        valid_to=valid_to,
        today=today,
    )
    letters.write_role_given(grant, by=by)
    for person in watchers:
        letters.write_role_given_to_another(grant, to=person, by=by)
    return grant


@transaction.atomic
def end_role(*, grant: RoleGrant, by: User, today: dt.date) -> None:
    """End the role now, and tell the same. Raises RoleRefused as `people.actions.end_role` does."""
    watchers = _watchers(grant.unit, grant.user, by, today)
    letters.write_role_ended(grant, to=grant.user, by=by)
    for person in watchers:
        letters.write_role_ended(grant, to=person, by=by)
    actions.end_role(grant=grant, by=by, today=today)


def _watchers(unit: Unit, holder: User, by: User | None, today: dt.date) -> list[User]:
    """The administrators of the unit and above it, whoever did it among them: it may have been
    done with their browser and not by them. Where there is no other, the nearest leader.
    """
    over = [person for person in administrators_over(unit, on=today) if person != holder]
    if any(person != by for person in over):
        return over
    leader = line_manager_of(by or holder, on=today, unit=unit)
    return over if leader is None or leader in (*over, holder) else [*over, leader]
