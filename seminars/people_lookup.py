"""People of a list looked up by address, HR number or name, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from common.norwegian import SearchFold, holds_words, search_words
from people.models import FormerName, User

NAMES_AT_A_TIME = 25


def people_by_key(addresses: set[str], hr_ids: set[str]) -> dict[str, User]:
    """Return by address in small letters, and by HR number; those who may still sign in.

    A number that is nobody's as typed («p100002») is looked for in capitals, as HR writes it.
    """
    numbers = hr_ids | {number.upper() for number in hr_ids}
    people = User.objects.filter(Q(email__in=addresses) | Q(hr_id__in=numbers), is_active=True)
    by_number = {person.hr_id: person for person in people if person.hr_id}
    found = {person.email: person for person in people if person.email}
    for number in hr_ids:
        person = by_number.get(number) or by_number.get(number.upper())
        if person is not None:
            found[number] = person
    return found


def people_by_name(names: Iterable[str]) -> dict[str, list[User]]:
    """Return who has every word of the name among their own, by the name; some at a time."""
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
    people = User.objects.alias(named=SearchFold("name"))
    asked = (holds_words("search_text", name) & _holds_or_is("named", name) for name in names)
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
