"""A pasted or uploaded list of people: read, looked up, and judged person by person."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from common.norwegian import SearchFold, holds_words, search_words
from common.tables import Row
from people.models import FormerName, User, name_and_email
from seminars.models import Registration, Seminar
from seminars.people_list import Named, people_list

MOST_LINES = 1_000
"""People that one list may name."""
MOST_LETTERS = 400_000
MOST_BYTES = 4_000_000
NAMES_AT_A_TIME = 25
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
    known = _people_by_key(listed.named)
    namesakes = _people_by_name(
        name for one in listed.named if _by_key(one, known) is None for name in one.names
    )
    lines = [_looked_up(one, known, namesakes) for one in listed.named]
    return Found([line for line in lines if line is not None], listed.said)


def count_named(rows: Sequence[Row]) -> int:
    """Return how many the list names, without looking anybody up."""
    return len(people_list(rows).named)


def _people_by_key(named: Iterable[Named]) -> dict[str, User]:
    """By address in small letters, and by HR number; those who may still sign in."""
    listed = list(named)
    addresses = {one.address for one in listed if one.address}
    hr_ids = {hr_id for one in listed for hr_id in one.hr_ids}
    people = User.objects.filter(Q(email__in=addresses) | Q(hr_id__in=hr_ids), is_active=True)
    found = {person.email: person for person in people}
    return found | {person.hr_id: person for person in people if person.hr_id}


def _by_key(one: Named, known: dict[str, User]) -> User | None:
    if one.address:
        return known.get(one.address)
    return next((known[hr_id] for hr_id in one.hr_ids if hr_id in known), None)


def _people_by_name(names: Iterable[str]) -> dict[str, list[User]]:
    """Who has every word of the name among their own, by the name; some at a time."""
    words = {name: set(search_words(name)) for name in names if name}
    wanted = [name for name, some in words.items() if any(len(word) > 2 for word in some)]
    found: dict[str, list[User]] = defaultdict(list)
    for start in range(0, len(wanted), NAMES_AT_A_TIME):
        some = wanted[start : start + NAMES_AT_A_TIME]
        for person in _who_may_be_named(some):
            own = [person.name, *(former.name for former in person.former_names.all())]
            own_words = [set(search_words(one)) for one in own]
            for name in some:
                if _is_named(words[name], own_words):
                    found[name].append(person)
    return found


def _who_may_be_named(names: list[str]) -> QuerySet[User]:
    """Return whose name, or former name, holds the letters; the index is on name and address."""
    people = User.objects.alias(searched=name_and_email(), named=SearchFold("name"))
    asked = (holds_words("searched", name) & _holds_or_is("named", name) for name in names)
    former = (Q(pk__in=FormerName.objects.of_people_named(name).values("user")) for name in names)
    condition = reduce(or_, [*asked, *former])
    return people.filter(condition, is_active=True).prefetch_related("former_names")


def _holds_or_is(folded: str, name: str) -> Q:
    """One word alone has to be the whole: thousands have «Hansen» in their name."""
    words = search_words(name)
    return Q((folded, words[0])) if len(words) == 1 else holds_words(folded, name)


def _is_named(typed: set[str], names: list[set[str]]) -> bool:
    """Every word typed is a whole word of the name; one word alone has to be all of it."""
    return any(typed <= own if len(typed) > 1 else typed == own for own in names)


def _looked_up(
    one: Named, known: dict[str, User], namesakes: dict[str, list[User]]
) -> ListedPerson | None:
    people = [namesakes[name] for name in one.names if namesakes.get(name)]
    if one.aside:
        return _beside(one, known, people)
    person = _by_key(one, known)
    if person is None and people and len(people[0]) == 1:
        person = people[0][0]
    if person is not None:
        return ListedPerson(one.number, one.typed, person)
    return ListedPerson(one.number, one.typed, None, _unknown(one, people[0] if people else []))


def _beside(one: Named, known: dict[str, User], people: list[list[User]]) -> ListedPerson | None:
    """The words beside an address are most often the person's own name or title, and no news."""
    person = known.get(one.aside)
    if not people or person in people[0]:
        return None
    problem = gettext("Står på samme linje som en adresse. Skriv én person på hver linje.")
    return ListedPerson(one.number, one.typed, None, problem)


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
    addresses = [person.email for person in namesakes[:MOST_NAMESAKES]]
    if len(namesakes) > MOST_NAMESAKES:
        addresses.append("…")
    return gettext("Flere passer: %(addresses)s. Skriv adressen til den du mener.") % {
        "addresses": ", ".join(addresses)
    }


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
