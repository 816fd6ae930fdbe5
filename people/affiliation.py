"""What a person is in the municipality today: asked for once a request, and used by all of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from common.compiled import CompiledQuery, given_day, given_key
from common.rooms import entrusted_tasks
from people.models import Role, User


@dataclass(frozen=True)
class Affiliation:
    """Does this person work here, do they lead, and in which roles?"""

    has_position: bool
    is_leader: bool
    roles: frozenset[str]
    entrusted: frozenset[str] = field(default_factory=frozenset)
    """What else they are trusted with in the rooms, by name («seminars.co_organiser»)."""

    @property
    def works_here(self) -> bool:
        """Has a position, or a role for those who work for the municipality without one."""
        return self.has_position or bool(self.roles)

    def has_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


_PERSON: CompiledQuery[User] = CompiledQuery(
    lambda: User.objects.get_queryset().with_affiliation(given_day("on")).filter(pk=given_key("pk"))
)


def person_today(pk: int, today: dt.date) -> User | None:
    """The person with their standing at hand; one query, whatever the number of roles."""
    return _PERSON.first(pk=pk, on=today)


def affiliation_of(user: User, today: dt.date) -> Affiliation:
    person = _PERSON.first(pk=user.pk, on=today)
    return Affiliation(False, False, frozenset()) if person is None else affiliation_at_hand(person)


def affiliation_at_hand(person: User) -> Affiliation:
    """Of somebody read by `person_today`."""
    entrusted = frozenset(one.name for one in entrusted_tasks() if getattr(person, one.annotation))
    return Affiliation(person.has_position, person.is_leader, frozenset(person.roles), entrusted)
