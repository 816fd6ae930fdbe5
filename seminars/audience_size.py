"""Whom audiences are for, and how many they are, before anybody has registered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from people.levels import at_levels
from people.models import Leadership, Position, RoleGrant, User
from seminars.eligibility import leaves_somebody_out
from seminars.models import AudienceKind, Seminar
from seminars.seminar_content import AudienceContent


def people_reached(audience: AudienceContent, *, on: dt.date) -> int:
    """Of those who may sign in today, how many it lets in as they work and lead on the day."""
    return User.objects.filter(_works_here(on), _belongs(audience, on)).count()


def people_reached_by_each(
    audiences: Sequence[AudienceContent], *, on: dt.date
) -> tuple[list[int], int]:
    """As above for each, and how many persons they are for in all; one query."""
    ways = [_belongs(audience, on) for audience in audiences]
    together = reduce(or_, ways, Q()) if ways else Q()
    counts = {f"of_{number}": Count("pk", filter=way) for number, way in enumerate(ways)}
    found = User.objects.filter(_works_here(on)).aggregate(
        **counts, all=Count("pk", filter=together)
    )
    return [found[name] for name in counts], found["all"]


def people_of_audiences(seminar: Seminar, *, on: dt.date) -> QuerySet[User]:
    """Return those of who may sign in today that the seminar is for, as they work on the day."""
    return User.objects.filter(_works_here(on), _is_for(seminar, on))


def people_outside(seminar: Seminar, people: Collection[User], *, on: dt.date) -> list[User]:
    """Return those of the people that its audiences do not let in on the day, in their order."""
    if not people or not leaves_somebody_out(seminar):
        return []
    asked = User.objects.filter(_is_for(seminar, on), pk__in=[person.pk for person in people])
    inside = set(asked.values_list("pk", flat=True))
    return [person for person in people if person.pk not in inside]


def _is_for(seminar: Seminar, on: dt.date) -> Q:
    rows = seminar.audiences.prefetch_related("agencies", "people")
    ways = [_belongs(AudienceContent.of(row), on) for row in rows]
    return reduce(or_, ways, Q()) if ways else Q()


def _works_here(on: dt.date) -> Q:
    holding = (Position.objects.valid_on(on), RoleGrant.objects.valid_on(on))
    return Q(is_active=True) & reduce(or_, [Q(pk__in=rows.values("user")) for rows in holding])


def _belongs(audience: AudienceContent, on: dt.date) -> Q:
    match audience.kind:
        case AudienceKind.LEADERS:
            return _leads(audience, on)
        case AudienceKind.LED_ON if audience.led_on:
            return _leads(audience, audience.led_on)
        case AudienceKind.AGENCIES:
            places = (Position.objects.valid_on(on), Leadership.objects.valid_on(on))
            inside = {"unit__agency__in": [unit.pk for unit in audience.agencies]}
            works, leads = [rows.filter(**inside).values("user") for rows in places]
            return Q(pk__in=works) | Q(pk__in=leads)
        case AudienceKind.LISTED:
            return Q(pk__in=[person.pk for person in audience.people])
        case _:
            return Q(pk__isnull=False)


def _leads(audience: AudienceContent, day: dt.date) -> Q:
    rows = Leadership.objects.valid_on(day).filter(at_levels(audience.levels))
    return Q(pk__in=rows.values("user"))
