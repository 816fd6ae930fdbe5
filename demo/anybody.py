"""Everybody whom one can be in the demo, and how they are found: by name, unit, title or role."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Case, Q, QuerySet, When

from common.norwegian import SearchFold, search_fold, search_words
from common.text import clean_line
from demo.cast import DEMO_CAST
from demo.names import DOMAIN
from people.choosing.candidates import FOUND_LISTED, options_of
from people.models import Leadership, Position, Role, RoleGrant, Unit, User, person_is_named

LONGEST = 200
LONGEST_KEY = 18
"""Digits: any more would be a larger number than a row can have."""
SHORTEST_ROLE = 2
"""Letters of a role's name that are enough: «HR» is one."""


@dataclass(frozen=True)
class FoundPerson:
    """One person in the list, told apart from others of the name."""

    key: int
    name: str
    about: str
    """Title, unit and roles."""


@dataclass(frozen=True)
class PeopleFound:
    """Those who fit, and whether there are more than are shown."""

    people: list[FoundPerson]
    has_more: bool


def invented_people() -> QuerySet[User]:
    """Return those with an address of the demo's own: nobody real can have one (RFC 2606)."""
    return User.objects.filter(email__iendswith=f"@{DOMAIN}", is_active=True)


def chosen_person(sent: str) -> User | None:
    """Return whom the sign-in page named: one of the cast by their word, others by their key."""
    emails = {person.key: person.email for person in DEMO_CAST}
    if sent in emails:
        return invented_people().filter(email=emails[sent]).first()
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= LONGEST_KEY):
        return None
    return invented_people().filter(pk=int(sent)).first()


def people_found(typed: str, today: dt.date) -> PeopleFound:
    """Return those whom every word is said of; whoever has a role comes first."""
    words = search_words(clean_line(typed)[:LONGEST])
    if not words:
        return PeopleFound([], has_more=False)
    fits = reduce(and_, (_fits_word(word, today) for word in words))
    with_role = When(pk__in=RoleGrant.objects.valid_on(today).values("user"), then=0)
    found = invented_people().filter(fits).order_by(Case(with_role, default=1), "sort_key", "pk")
    people = list(found[: FOUND_LISTED + 1])
    return PeopleFound(
        _told_apart(people[:FOUND_LISTED], today), has_more=len(people) > FOUND_LISTED
    )


def _fits_word(word: str, today: dt.date) -> Q:
    units = Unit.objects.valid_on(today).named_like(word).order_by().values("pk")
    working, leading = Position.objects.valid_on(today), Leadership.objects.valid_on(today)
    titled = working.alias(folded=SearchFold("title")).filter(folded__contains=word)
    having = RoleGrant.objects.valid_on(today).filter(role__in=_roles_named(word))
    rows: list[QuerySet[Any]] = [
        working.filter(unit__in=units),
        leading.filter(unit__in=units),
        titled,
        having,
    ]
    said = person_is_named(word, searched="search_text")
    for one in rows:
        said |= Q(pk__in=one.order_by().values("user"))
    return said


def _roles_named(word: str) -> list[str]:
    if len(word) < SHORTEST_ROLE:
        return []
    return [role.value for role in Role if search_fold(str(role.label)).startswith(word)]


def _told_apart(people: list[User], today: dt.date) -> list[FoundPerson]:
    roles: defaultdict[int, list[str]] = defaultdict(list)
    for grant in RoleGrant.objects.valid_on(today).filter(user__in=people).order_by("role"):
        roles[grant.user_id].append(str(grant.get_role_display()))
    return [
        FoundPerson(one.key, one.name, ", ".join(filter(None, [one.about, *roles[one.key]])))
        for one in options_of(people, today)
    ]
