"""A pasted or uploaded list of people: read, looked up, and judged person by person."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from common.norwegian import search_words
from common.tables import Row
from people.models import Leadership, Position, User
from seminars.models import Registration, Seminar
from seminars.others_on_line import Other, others_on_lines
from seminars.people_list import Beside, Named, PeopleList, people_list
from seminars.people_lookup import people_by_key, people_by_name

MOST_LINES = 1_000
"""People that one list may name."""
MOST_LETTERS = 400_000
MOST_BYTES = 4_000_000
MOST_NAMESAKES = 5


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person of the list, or what was written where one should stand."""

    number: int
    typed: str
    person: User | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The people of a list, found or not, and which column they were read in."""

    lines: list[ListedPerson]
    said: str = ""


def read_list(tables: Sequence[Sequence[Row]], seminar: Seminar) -> Found:
    """Return each person of the tables, or what is wrong; some queries, whatever the length."""
    found = [find_people(rows) for rows in tables]
    lines = [line for one in found for line in one.lines]
    people = {line.person.pk for line in lines if line.person}
    active = Registration.objects.active().filter(seminar=seminar, user__in=people)
    present = set(active.values_list("user", flat=True))
    seen: set[int] = set()
    said = " ".join(filter(None, (one.said for one in found)))
    return Found([_judged(line, present, seen) for line in lines], said)


def find_people(rows: Sequence[Row]) -> Found:
    """Return whom the list names, whatever seminar it is for."""
    listed = people_list(rows)
    known = people_by_key(
        {one.address for one in listed.named if one.address},
        {hr_id for one in listed.named for hr_id in one.hr_ids},
    )
    namesakes = people_by_name(
        name for one in listed.named if _by_key(one, known) is None for name in one.names
    )
    units = UnitsBeside.of(listed, namesakes)
    lines = [_looked_up(one, known, namesakes, units) for one in listed.named]
    return Found(_with_others(lines, listed.beside), listed.said)


def _with_others(lines: list[ListedPerson], beside: list[Beside]) -> list[ListedPerson]:
    """Return the lines with whom else each row names, or with the row told, behind its own."""
    people: dict[int, list[User]] = defaultdict(list)
    unknown: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        if line.person is None:
            unknown[line.number].append(line.typed)
        else:
            people[line.number].append(line.person)
    # A row of one that nobody is found by is told as it stands, and that is all of it.
    whole = {
        one.number: one.line
        for one in beside
        if len(unknown.get(one.number, ())) == 1 and one.number not in people
    }
    judged = [one for one in beside if one.number not in whole]
    told = [replace(line, typed=whole.get(line.number, line.typed)) for line in lines]
    others = [_as_line(one) for one in others_on_lines(judged, people, unknown)]
    return sorted([*told, *others], key=lambda line: line.number)


def _as_line(other: Other) -> ListedPerson:
    if other.person is not None and not other.beside.bare:
        return ListedPerson(other.beside.number, other.typed, other.person)
    if other.person is not None:
        problem = gettext("Står på samme linje som en adresse. Skriv én person på hver linje.")
        return ListedPerson(other.beside.number, other.typed, None, problem)
    problem = gettext(
        "Linjen ser ut til å nevne flere enn én person. Skriv én person på hver linje."
    )
    return ListedPerson(other.beside.number, other.beside.line, None, problem)


def count_named(rows: Sequence[Row]) -> int:
    """Return how many the list names, without looking anybody up."""
    return len(people_list(rows).named)


def _by_key(one: Named, known: dict[str, User]) -> User | None:
    if one.address:
        return known.get(one.address)
    return next((known[hr_id] for hr_id in one.hr_ids if hr_id in known), None)


@dataclass(frozen=True, slots=True)
class UnitsBeside:
    """What tells namesakes apart: the unit that stands on the line of one person."""

    words: dict[int, str]
    """Of each line that names one alone, folded."""
    worked_in: dict[int, set[str]]
    """By person, folded names of units and agencies, former ones too, as an older list has them."""

    @classmethod
    def of(cls, listed: PeopleList, namesakes: dict[str, list[User]]) -> UnitsBeside:
        named = Counter(one.number for one in listed.named)
        words = {one.number: _folded(one.line) for one in listed.beside if named[one.number] == 1}
        alike = {person.pk for some in namesakes.values() if len(some) > 1 for person in some}
        worked_in: dict[int, set[str]] = defaultdict(set)
        for held in (Position, Leadership) if alike else ():
            rows = held.objects.filter(user__in=alike).order_by()
            for key, *names in rows.values_list("user", "unit__name", "unit__agency__name"):
                worked_in[key].update(filter(None, map(_folded, filter(None, names))))
        return cls(words, worked_in)

    def only_one_of(self, people: list[User], number: int) -> User | None:
        line = self.words.get(number, "")
        there = [
            person
            for person in people
            if any(f" {name} " in f" {line} " for name in self.worked_in.get(person.pk, ()))
        ]
        return there[0] if len(there) == 1 else None


def _folded(text: str) -> str:
    return " ".join(search_words(text))


def _looked_up(
    one: Named, known: dict[str, User], namesakes: dict[str, list[User]], units: UnitsBeside
) -> ListedPerson:
    people = [namesakes[name] for name in one.names if namesakes.get(name)]
    person = _by_key(one, known)
    if person is None and people and len(people[0]) == 1:
        person = people[0][0]
    elif person is None and people:
        person = units.only_one_of(people[0], one.number)
    if person is not None:
        return ListedPerson(one.number, one.typed, person)
    return ListedPerson(one.number, one.typed, None, _unknown(one, people[0] if people else []))


def _unknown(one: Named, namesakes: list[User]) -> str:
    if namesakes:
        return _several(namesakes)
    if one.address:
        return gettext("Ingen ansatt har denne adressen.")
    if "@" in one.typed:
        return gettext("Adressen er ikke hel. Skriv hele e-postadressen.")
    if re.fullmatch(r"\S*\d\S*", one.typed):
        return gettext("Ingen ansatt har dette HR-nummeret.")
    if re.search(r"[^\W\d_]", one.typed):
        return gettext("Ingen ansatt heter dette. Skriv e-postadressen.")
    return gettext("Linjen er ikke forstått. Skriv e-postadressen.")


def _several(namesakes: list[User]) -> str:
    keys = [person.listed_as for person in namesakes[:MOST_NAMESAKES]]
    if len(namesakes) > MOST_NAMESAKES:
        keys.append("…")
    words = gettext("Flere passer: %(keys)s. Skriv adressen eller HR-nummeret til den du mener.")
    return words % {"keys": ", ".join(keys)}


def _judged(line: ListedPerson, present: set[int], seen: set[int]) -> ListedPerson:
    person = line.person
    if person is None:
        return line
    if person.pk in seen:
        problem = gettext("Personen står på listen fra før.")
        return ListedPerson(line.number, line.typed, person, problem)
    seen.add(person.pk)
    if person.pk in present:
        return ListedPerson(
            line.number, line.typed, person, gettext("Personen er allerede påmeldt.")
        )
    return line
