"""What becomes of roles on a unit that has closed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from accounts.roles.letters import MovedRole, write_roles_moved
from people.actions import carry_role_over, end_role_of_closed_unit
from people.models import MISSING_FOR, RoleGrant, Unit, User
from people.organisation import administrators_over
from people.powers import gives_power
from people.succession import followers_of, not_settled


@gives_power
@transaction.atomic
def carry_roles_over(*, now: dt.datetime) -> int:
    """Carry roles on closed units to the one unit that follows; answers with how many are settled.

    Where none follows, or several, the role ends after some days: nobody can say of which part it
    would be. On a unit that an import of staff has closed they stand as long as that can be taken
    back. Each holder, and each administrator whom it concerns, gets one letter about all of it.
    """
    today = timezone.localdate(now)
    grants = list(
        RoleGrant.objects.not_ended(today)
        .filter(unit__valid_to__lt=today)
        .exclude(unit__in=not_settled(now))
        .select_related("user", "unit", "granted_by")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    )
    following = followers_of({grant.unit_id for grant in grants}, today)
    units = Unit.objects.in_bulk(following.values())
    moved = []
    for grant in grants:
        to = units.get(following.get(grant.unit_id, 0))
        if to is not None:
            moved.append(_moved(grant, to))
            carry_role_over(grant=grant, to=to, today=today)
        elif grant.unit.valid_to is not None and grant.unit.valid_to < today - MISSING_FOR:
            moved.append(_moved(grant, None))
            end_role_of_closed_unit(grant=grant, today=today)
    _tell(moved, today)
    return len(moved)


def _moved(grant: RoleGrant, to: Unit | None) -> MovedRole:
    return MovedRole(grant.pk, grant.user, grant.role, grant.unit, to)


def _tell(moved: list[MovedRole], today: dt.date) -> None:
    """As the roles are now: an administrator whose own role was carried along hears of the rest."""
    concerned: defaultdict[User, list[MovedRole]] = defaultdict(list)
    for one in moved:
        administrators = administrators_over(one.to or one.unit, on=today)
        for person in {one.holder, *administrators}:
            if person.is_active:
                concerned[person].append(one)
    for person, about in concerned.items():
        write_roles_moved(about, to=person)
