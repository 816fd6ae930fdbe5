"""What docs/leaving.md says of people who leave and units that merge, held against the models."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db.models import ForeignKey, ManyToManyField, Model

from common.rooms import KEPT, ONESELF, PersonalDataRecord, beat_schedule, rooms
from people.models import Unit, User

DOCS = Path(settings.BASE_DIR) / "docs" / "leaving.md"
LABEL = re.compile(r"`([a-z]+\.\w+\.\w+)`")
NAMED_TEST = re.compile(r"`(test_\w+)`")


def section(heading: str) -> list[list[str]]:
    """The rows of the table under a heading, cell by cell."""
    text = DOCS.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


PEOPLE, UNITS = section("What hangs on a person"), section("What hangs on a unit")


def refers_to(model: type[Model]) -> set[str]:
    return {
        f"{one._meta.label}.{field.name}"
        for one in apps.get_models(include_auto_created=True)
        if not one._meta.proxy and one._meta.app_label != "admin"
        for field in [*one._meta.concrete_fields, *one._meta.many_to_many]
        if isinstance(field, ForeignKey | ManyToManyField) and field.related_model is model
    }


def labels(rows: list[list[str]]) -> list[str]:
    return [label for row in rows for label in LABEL.findall(row[1])]


@pytest.mark.parametrize(
    ("rows", "model"), [(PEOPLE, User), (UNITS, Unit)], ids=["people", "units"]
)
def test_everything_that_refers_to_a_person_or_a_unit_has_one_row(
    rows: list[list[str]], model: type[Model]
) -> None:
    assert sorted(labels(rows)) == sorted(refers_to(model))
    assert {len(row) for row in rows} == {6}
    assert all(cell for row in rows for cell in row[:5])


@cache
def names_of_tests() -> set[str]:
    found: set[str] = set()
    for path in (Path(settings.BASE_DIR) / "tests").rglob("test_*.py"):
        found |= set(re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M))
    return found


@pytest.mark.parametrize("row", [*PEOPLE, *UNITS], ids=lambda row: row[0])
def test_the_tests_that_a_row_names_are_there(row: list[str]) -> None:
    assert set(NAMED_TEST.findall(row[5])) <= names_of_tests()


def test_the_rooms_say_of_erasure_what_the_table_says() -> None:
    needs = {one.label for room in rooms() for one in room.needs_person}
    goes = {label for room in rooms() for label in room.goes_with_person}
    said = {label: row[4] for row in PEOPLE for label in LABEL.findall(row[1])}
    # The list of people is reached through its table.
    of_list = {"seminars.Audience.people"}
    assert needs & goes == set()
    assert needs | goes <= set(said)
    for label in set(said) - of_list:
        is_said = "needs" if label in needs else "goes" if label in goes else "stays"
        assert is_said in said[label].split(", "), label
    assert {one for cell in said.values() for one in cell.split(", ")} == {"needs", "goes", "stays"}


# What «Personvern» promises

RECORDS = [record for room in rooms() for record in room.records]
ENDS = re.compile(r"[Ss]lett|tømme|glemm|fjerner|Så lenge|Til |I ett år")
DONE_BY_ITSELF = re.compile(r"Slettes|slettes|Innholdet|tømmes|Så lenge|arkivplan|I ett år")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: str(record.what)[:40])
def test_each_promise_of_an_end_names_what_keeps_it(record: PersonalDataRecord) -> None:
    """A duty that beat starts, a command, the person's own doing; or that nothing ends it."""
    sentence = str(record.how_long)
    means = set(record.ended_by)
    assert means
    is_kept = "Kan ikke endres eller slettes" in sentence
    assert (KEPT in means) is is_kept
    assert means - {KEPT, ONESELF} <= set(beat_schedule()) | set(get_commands())
    if not is_kept:
        assert ENDS.search(sentence)
    if DONE_BY_ITSELF.search(sentence) and not is_kept:
        assert means - {ONESELF}, sentence
    if "arkivplan" in sentence:
        assert means & set(get_commands())
