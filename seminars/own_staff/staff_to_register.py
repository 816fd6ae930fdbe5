"""Whom a line manager or a coordinator may register."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from people.models import Leadership, Position, Role, User, person_is_named
from people.reporting_line import positions_led_by
from people.tree import ids_in_role
from seminars.models import Registration, Seminar

MOST_LISTED = 200
"""A longer list is no help: one looks for a name instead."""


def staff_to_register(
    user: User, seminar: Seminar, *, on: dt.date, named: str = ""
) -> list[User] | None:
    """Return by name those whom `may_bring_in` lets through and who are not in the seminar yet.

    None where they are more than one can choose among.
    """
    units = ids_in_role(user.pk, Role.COORDINATOR, on)
    led = Position.objects.filter(pk__in=positions_led_by(user.pk, on))
    work = Position.objects.valid_on(on).filter(unit__in=units)
    lead = Leadership.objects.valid_on(on).filter(unit__in=units)
    own = Q()
    for rows in (led, work, lead):
        own |= Q(pk__in=rows.order_by().values("user"))
    found: QuerySet[User] = User.objects.filter(own, is_active=True)
    if named:
        found = found.filter(person_is_named(named, searched="search_text"))
    is_in = Registration.objects.active().filter(seminar=seminar).values("user")
    ordered = found.exclude(pk=user.pk).exclude(pk__in=is_in).order_by("sort_key", "pk")
    people_found = list(ordered[: MOST_LISTED + 1])
    return people_found if len(people_found) <= MOST_LISTED else None
