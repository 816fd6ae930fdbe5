"""A pasted or uploaded list of people: read, looked up, and judged line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext

from people.models import User
from seminars.models import Registration, Seminar

MOST_LINES = 1_000
MOST_BYTES = 200_000
HEADINGS = {"e-post", "epost", "e-postadresse", "email", "e-mail", "hr-nummer", "ansattnummer"}


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    typed: str
    person: User | None
    problem: str = ""


def read_list(text: str, seminar: Seminar) -> list[Line]:
    """Each line with the person it names, or with what is wrong with it; two queries."""
    typed = typed_lines(text)
    people = people_named(words for _number, words in typed)
    found = {person.pk for person in people.values()}
    active = Registration.objects.active().filter(seminar=seminar, user__in=found)
    present = set(active.values_list("user", flat=True))
    seen: set[int] = set()
    return [_judged(number, words, people, present, seen) for number, words in typed]


def typed_lines(text: str) -> list[tuple[int, str]]:
    """The first cell of each line that has one, with the line's number."""
    cells = [re.split(r"[;,\t]", line, maxsplit=1)[0].strip(' "') for line in text.splitlines()]
    return [
        (number, cell)
        for number, cell in enumerate(cells, start=1)
        if cell and cell.lower() not in HEADINGS
    ]


def people_named(typed: Iterable[str]) -> dict[str, User]:
    """By what somebody may have typed for them: address in small letters, or HR number."""
    words = list(typed)
    addresses = [word.lower() for word in words]
    people = User.objects.filter(Q(email__in=addresses) | Q(hr_id__in=words))
    found = {person.email: person for person in people}
    return found | {person.hr_id: person for person in people if person.hr_id}


def _judged(
    number: int, words: str, people: dict[str, User], present: set[int], seen: set[int]
) -> Line:
    person = people.get(words) or people.get(words.lower())
    if person is None or not person.is_active:
        return Line(number, words, None, gettext("Ingen ansatt har denne adressen eller nummeret."))
    if person.pk in seen:
        return Line(number, words, person, gettext("Personen står på listen fra før."))
    seen.add(person.pk)
    if person.pk in present:
        return Line(number, words, person, gettext("Personen er allerede påmeldt."))
    return Line(number, words, person)
