"""The people and units a file speaks of, found among those the portal knows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q

from people.models import Position, Unit, User


class WhyUnknown(Enum):
    NOBODY = "nobody"
    HAS_LEFT = "has_left"
    TWO_PEOPLE = "two_people"
    """The number is one person's, and the address another's."""


@dataclass(frozen=True, slots=True)
class _Person:
    pk: int
    has_left: bool


class KnownPeople:
    """Everybody, by HR number and by address; asked once, as a file speaks of thousands."""

    def __init__(self, today: dt.date) -> None:
        not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
        employed = set(Position.objects.filter(not_ended).values_list("user_id", flat=True))
        self._by_number: dict[str, _Person] = {}
        self._by_address: dict[str, _Person] = {}
        for pk, hr_id, email, is_active in User.objects.order_by().values_list(
            "pk", "hr_id", "email", "is_active"
        ):
            is_gone = pk not in employed if hr_id else not is_active
            person = _Person(pk, is_gone)
            if email:
                self._by_address[email] = person
            if hr_id:
                self._by_number[hr_id] = person

    def find(self, hr_id: str, address: str) -> int | WhyUnknown:
        """Return who it is. A number that is there decides: an address is given to others later."""
        by_address = self._by_address.get(address)
        if not hr_id:
            found = by_address
        else:
            found = self._by_number.get(hr_id) or self._by_number.get(hr_id.upper())
            if found and by_address and found.pk != by_address.pk:
                return WhyUnknown.TWO_PEOPLE
        if found is None:
            return WhyUnknown.NOBODY
        return WhyUnknown.HAS_LEFT if found.has_left else found.pk


class KnownUnits:
    """Every unit that there has been, by HR number and by name."""

    def __init__(self) -> None:
        self._by_number: dict[str, Unit] = {}
        self._by_name: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in Unit.objects.only("hr_id", "name", "valid_from", "valid_to"):
            self._by_number[unit.hr_id] = unit
            self._by_name[unit.name.casefold()].append(unit)

    def find(self, written: str, *, on: dt.date) -> list[Unit]:
        """Return the one with the number, else those so named: of several, who was there then."""
        if unit := self._by_number.get(written):
            return [unit]
        named = self._by_name.get(written.casefold(), [])
        then = [unit for unit in named if unit.is_valid_on(on)]
        return then if len(named) > 1 and then else named
