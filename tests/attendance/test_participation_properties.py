"""Whatever a file of past participation says: twice is once, and rows may stand in any order."""

from __future__ import annotations

import random

import pytest
from django.db import transaction

from attendance.models import PastParticipation, PastSeminar
from tests.attendance.past_participation import HistoryFolder, lines, stored

DAYS = ["2019-01-01", "02.01.2019", "03.01.19", "2030-01-01", "31.02.2019", "43466"]
ENDS = ["", "", "2019-01-04", "05.01.2019", "2018-12-31", "31.12.2099"]
TITLES = ["Første", "FØRSTE", "første", "Andre kurs", "F?rste", ""]
OUTCOMES = ["Møtt", "Møtt", "Fullført", "No show", "Delvis", "Avmeldt", "Vet ikke"]
HOURS = ["", "", "1,5", "1:30", "7,5 t", "-1", "30", "x"]
PEOPLE = ["P1", "p1", "P2", "P3", "P8", "Q1", ""]
ORGANISERS = ["30", "Etat for læring", "1", "Noen", ""]


def some_rows(dice: random.Random) -> list[str]:
    return [
        ";".join(
            [
                dice.choice(PEOPLE),
                "",
                *(dice.choice(some) for some in (TITLES, DAYS, ENDS, OUTCOMES, HOURS, ORGANISERS)),
            ]
        )
        for _row in range(dice.randint(1, 120))
    ]


def everything() -> list[list[tuple]]:
    tables = (PastSeminar, PastParticipation)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def without_lines(errors: list[str]) -> list[str]:
    return sorted(error.split(", ", 2)[2].partition(": linje")[0] for error in errors)


@pytest.fixture(autouse=True)
def _however_much_is_set_aside(settings) -> None:
    settings.PARTICIPATION_IMPORT_SET_ASIDE_PERCENT = 100.0
    settings.PARTICIPATION_IMPORT_UNKNOWN_PERCENT = 100.0


@pytest.mark.parametrize("seed", range(12))
def test_twice_is_once_and_order_does_not_matter(history: HistoryFolder, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (the same files every time)
    history.run(lines(*some_rows(dice)))
    rows = some_rows(dice)
    told = []
    for _order in range(3):
        with transaction.atomic():
            answer = history.run(lines(*rows))
            told.append((stored(), without_lines(answer.errors)))
            before = everything()
            assert history.run(lines(*rows)).out[-1] == "Ingen endringer."
            assert everything() == before
            transaction.set_rollback(True)
        dice.shuffle(rows)
    assert told[0] == told[1] == told[2]
