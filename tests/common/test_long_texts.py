"""Text of any length is read in time that grows with its length alone.

A hostile person sends a million letters in one field. Nothing here measures time: what goes through
the text once for each of its letters would not come to an end.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from common import addresses, drawable, norwegian, text
from common.forms import CharField, EmailField, URLField
from common.tables import rows_of_text
from people import names
from seminars import people_list
from seminars.models import search

LENGTH = 100_000
PATTERNS = [
    "a", "a.", "a ", "a@", "a@b ", "a@b,", "@", "a/", "'", "(", "()", "(a ", "<", "<a>", "a,", "a:",
    "1. ", "- ", "e-post ", "mailto:a", "mailto:a?", "%40", "=", "٣", "ﷺ", "\u0301", "e\u0301",
    "\u200d", "👩\u200d", "\u202e", "\r", "\n", "\t", "\u00a0",
]  # fmt: skip


def of_one_text() -> dict[str, Callable[[str], Any]]:
    """The functions that take in what people typed, as one text."""
    found = {}
    for module in (addresses, drawable, norwegian, text, names, people_list, search):
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__:
                needed = [
                    one
                    for one in inspect.signature(function).parameters.values()
                    if one.default is one.empty
                ]
                of_a_text = [one.annotation for one in needed] == ["str"]
                if of_a_text and not name.startswith("_") and name != "code_point":
                    found[f"{module.__name__}.{name}"] = function
    return found


READERS = of_one_text()


def test_the_readers_are_found() -> None:
    known = {"common.addresses.addresses_in", "common.text.clean_text", "people.names.called"}
    assert known - set(READERS) == set()


@pytest.mark.no_cover
@pytest.mark.parametrize("reader", READERS)
def test_a_long_text_is_read_to_its_end(reader: str) -> None:
    for pattern in PATTERNS:
        answer = READERS[reader]((pattern * LENGTH)[:LENGTH])
        if inspect.isgenerator(answer):
            list(answer)


# Two kinds by turns would be short work: what is costly is to sort them.
MARKS = "a" + "\u0301" * (10 * LENGTH) + "\u0327" * (10 * LENGTH)


@pytest.mark.no_cover
def test_a_field_full_of_marks_is_read_without_sorting_them() -> None:
    assert len(CharField(max_length=100).clean(MARKS)) <= 1 + text.MOST_MARKS
    for field in (EmailField(), URLField()):
        with pytest.raises(ValidationError):
            field.clean(MARKS)


@pytest.mark.no_cover
def test_a_search_for_marks_comes_to_its_end() -> None:
    assert len(norwegian.search_words(MARKS)) == 1


@pytest.mark.no_cover
def test_a_long_list_of_people_is_read_to_its_end() -> None:
    for pattern in [*PATTERNS, "a;", "Navn;E-post\na;a@b\n", '"a', '"\n', "Kopi: a\n", "(a\n"]:
        rows = rows_of_text((pattern * LENGTH)[:LENGTH])
        people_list.people_list(rows)
