"""Who may be chosen in one place, searched as people are looked for, and told apart."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from common.addresses import clean_address
from common.norwegian import NOTHING, search_fold, search_words
from common.text import clean_line
from people.models import Leadership, Position, Unit, User, person_is_named
from people.without_address import label_of

OWN_LISTED = 30
"""One's own people who stand there before anything is typed; of more, one looks for a name."""
FOUND_LISTED = 20


@dataclass(frozen=True)
class Candidates:
    """Those who may be chosen in one place: nobody else is found, or accepted when sent."""

    find: Callable[[], QuerySet[User]]
    """Asked for when somebody is looked for or chosen: a page is shown without."""
    on: dt.date
    own: QuerySet[User] | None = None
    """Listed before anything is typed, and first of those found."""
    by_address: QuerySet[User] | None = None
    """Known besides, to whoever writes the whole address: these are never browsed."""

    @classmethod
    def nobody(cls, on: dt.date) -> Candidates:
        return cls(User.objects.get_queryset().none, on)

    @cached_property
    def people(self) -> QuerySet[User]:
        return self.find()

    def matching(self, words: str) -> list[User]:
        """Return whom every word typed fits, by name, address or unit, their own first; one more
        than are listed says that there are others."""
        found = self._active(self.people).filter(_fits(words, self.on))
        if self.own is not None:
            is_own = When(pk__in=self.own.order_by().values("pk"), then=0)
            found = found.order_by(Case(is_own, default=1), "sort_key", "pk")
        else:
            found = found.order_by("sort_key", "pk")
        people = list(found[: FOUND_LISTED + 1])
        named = self.addressed(words)
        return people if named is None or named in people else [named, *people]

    def listed(self) -> list[User]:
        """Return one's own people; one more than are listed says that there are others."""
        if self.own is None:
            return []
        own = self._active(self.own).filter(pk__in=self.people.order_by().values("pk"))
        return list(own.order_by("sort_key", "pk")[: OWN_LISTED + 1])

    def addressed(self, words: str) -> User | None:
        """Return the one whose whole address was typed."""
        address = clean_address(words)
        if "@" not in address:
            return None
        for people in (self.people, self.by_address):
            if people is not None:
                person = self._active(people).filter(email=address).first()
                if person is not None:
                    return person
        return None

    def person(self, key: int, words: str) -> User | None:
        """Return the one with this key, if they may be chosen here.

        Whoever is known by the whole address alone comes with it.
        """
        person = self._active(self.people).filter(pk=key).first()
        if person is None:
            named = self.addressed(words)
            return named if named is not None and named.pk == key else None
        return person

    @staticmethod
    def _active(people: QuerySet[User]) -> QuerySet[User]:
        return people.filter(is_active=True)


def known_to(user: User, *, on: dt.date, own: QuerySet[User] | None = None) -> Candidates:
    """Return whom a person may know, and by their whole address everybody who may be let in."""
    everybody = User.objects.get_queryset()
    return Candidates(
        lambda: User.objects.visible_to(user, on=on), on, own=own, by_address=everybody
    )


def _fits(words: str, on: dt.date) -> Q:
    """Each word is in the person's name or address, or in the name of a unit they are in."""
    typed = search_words(clean_line(words))
    if not typed:
        return NOTHING
    return reduce(and_, (_fits_word(word, on) for word in typed))


def _fits_word(word: str, on: dt.date) -> Q:
    units = Unit.objects.valid_on(on).named_like(word).order_by().values("pk")
    works = Position.objects.valid_on(on).filter(unit__in=units).order_by()
    leads = Leadership.objects.valid_on(on).filter(unit__in=units).order_by()
    is_there = Q(pk__in=works.values("user")) | Q(pk__in=leads.values("user"))
    return person_is_named(word, searched="search_text") | is_there


@dataclass(frozen=True, slots=True)
class PersonOption:
    """One person as they stand in a list to choose from."""

    key: int
    name: str
    about: str
    """Title and unit; with the address, where two could be taken for each other."""
    words: str
    """What stands in the field once they are chosen."""


def options_of(people: Iterable[User], on: dt.date, *, typed: str = "") -> list[PersonOption]:
    """Return the people as they are told apart; two queries, whatever their number."""
    listed = list(people)
    places = _places_of(listed, on)
    namesakes = Counter(search_fold(person.name) for person in listed)
    address = clean_address(typed)
    made = []
    for person in listed:
        told = person.listed_as if namesakes[search_fold(person.name)] > 1 else ""
        about = ", ".join(filter(None, [places.get(person.pk, ""), told]))
        # Whoever is known by the whole address alone is sent along with it.
        words = address if person.email == address else person.name
        made.append(PersonOption(person.pk, label_of(person, person.name), about, words))
    return made


def _places_of(people: list[User], on: dt.date) -> dict[int, str]:
    """By person: title and unit of the first position, or the unit they lead."""
    keys = [person.pk for person in people]
    places: dict[int, str] = {}
    rows = Position.objects.valid_on(on).filter(user__in=keys).select_related("unit")
    for position in rows.order_by("valid_from", "pk"):
        words = ", ".join(filter(None, [position.title, position.unit.name]))
        places.setdefault(position.user_id, words)
    led = Leadership.objects.valid_on(on).filter(user__in=keys).select_related("unit")
    for leadership in led.order_by("valid_from", "pk"):
        words = _("leder, %(unit)s") % {"unit": leadership.unit.name}
        places.setdefault(leadership.user_id, words)
    return places
