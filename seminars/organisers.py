"""Whom a letter about a seminar to its organiser goes to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from people.models import Role, RoleGrant, Unit, User
from people.tree import ids_above
from seminars.models import Seminar, SeminarRole, SeminarRoleGrant


def organisers_of(seminar: Seminar, today: dt.date) -> list[User]:
    """Return those who arrange it, as `arrangers_of` says, and its co-organisers."""
    return organisers_of_each([seminar], today)[seminar.pk]


def organisers_of_each(seminars: Sequence[Seminar], today: dt.date) -> dict[int, list[User]]:
    """Return the organisers of each seminar by its key, with as many questions as for one."""
    if not seminars:
        return {}
    found = _arrangers_of_each(seminars, today)
    held = SeminarRoleGrant.objects.held_on(today).filter(
        seminar__in=list(found), role=SeminarRole.CO_ORGANISER, user__is_active=True
    )
    for grant in held.select_related("user").order_by("user"):
        if grant.user not in found[grant.seminar_id]:
            found[grant.seminar_id].append(grant.user)
    return found


def arrangers_of(seminar: Seminar, today: dt.date) -> list[User]:
    """Return whoever made the seminar, if they arrange there still; otherwise all who do."""
    return _arrangers_of_each([seminar], today)[seminar.pk]


def _arrangers_of_each(seminars: Sequence[Seminar], today: dt.date) -> dict[int, list[User]]:
    above = ids_above({one.organiser_unit_id for one in seminars})
    parents = dict(Unit.objects.filter(pk__in=above).values_list("pk", "parent"))
    grants = RoleGrant.objects.valid_on(today).filter(role=Role.ORGANISER, unit__in=above)
    arranging: defaultdict[int, dict[int, User]] = defaultdict(dict)
    for grant in grants.filter(user__is_active=True).select_related("user").order_by("user"):
        arranging[grant.unit_id][grant.user_id] = grant.user
    found = {}
    for seminar in seminars:
        there: dict[int, User] = {}
        for unit in _line_up(seminar.organiser_unit_id, parents):
            there |= arranging[unit]
        maker = there.get(seminar.created_by_id or 0)
        found[seminar.pk] = [maker] if maker else [there[pk] for pk in sorted(there)]
    return found


def _line_up(unit: int | None, parents: Mapping[int, int | None]) -> Iterator[int]:
    while unit is not None:
        yield unit
        unit = parents.get(unit)
