"""Whatever HR's files say from one day to the next, an import ends well and a second is idle."""

import datetime as dt
import random

import pytest

from people.models import Leadership, Position, Unit, User
from tests.people.staff_files import StaffFolder

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
START = dt.date(2026, 1, 1)


def some_units(dice: random.Random, on: dt.date) -> list[str]:
    """A municipality with up to six units below it, each under one that stands before it."""
    numbers = dice.sample(range(2, 9), dice.randint(1, 6))
    rows = ["1;Solvik kommune;kommune;"]
    for place, number in enumerate(numbers):
        above = dice.choice([1, *numbers[:place]])
        level = dice.choice(["virksomhet", "enhet"])
        rows.append(f"{number};Enhet {number}{dice.choice('ab')};{level};{above}")
    if dice.random() < 0.3:
        rows.append(f"9;Slått sammen;enhet;1;;;;;{dice.choice(numbers)}")
    return rows


def some_people(dice: random.Random, units: list[str], on: dt.date) -> list[str]:
    places = [row.split(";")[0] for row in units if not row.startswith("9;")]
    addresses = dice.sample(range(6), 6)
    rows, led, held = [], set(), set()
    for _position in range(dice.randint(1, 12)):
        person, place, title = dice.randrange(6), dice.choice(places), dice.choice("AB")
        if (person, place, title) in held:
            continue
        held.add((person, place, title))
        leads = place not in led and dice.random() < 0.5
        led |= {place} if leads else set()
        first = some_day(dice, on) if dice.random() < 0.5 else None
        last = (first or on) + dice.randint(0, 40) * DAY if dice.random() < 0.3 else None
        rows.append(
            f"P{person};Navn {person};p{addresses[person]}@solvik.example;{place};{title};"
            f"{'ja' if leads else ''};;{first or ''};{last or ''}"
        )
    return rows


def some_day(dice: random.Random, on: dt.date) -> dt.date:
    return on + dice.randint(-60, 30) * DAY


def state() -> list[list[tuple]]:
    tables = (Unit, Unit.successors.through, User, Position, Leadership)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def named(people: list[str]) -> set[tuple[str, ...]]:
    return {tuple(row.split(";")[cell] for cell in (0, 3, 4)) for row in people}


def begun(people: list[str], on: dt.date) -> set[tuple[str, ...]]:
    """Listed with a first day that has come and without a last day that has passed."""
    rows = [row for row in people if "" < row.split(";")[7] <= str(on)]
    return named([row for row in rows if (row.split(";")[8] or "9999") >= str(on)])


def held_on(on: dt.date) -> set[tuple[str, ...]]:
    rows = Position.objects.valid_on(on)
    return set(rows.values_list("user__hr_id", "unit__hr_id", "title"))


def held_for_one_day(on: dt.date) -> set[tuple[str, ...]]:
    """Begun and taken out on the day itself."""
    rows = Position.objects.filter(valid_from=on, valid_to=on)
    return set(rows.values_list("user__hr_id", "unit__hr_id", "title"))


@pytest.mark.parametrize("seed", [*range(8), 58, 85])
def test_any_run_of_files_is_imported_and_repeated_without_a_change(
    staff: StaffFolder, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 (the same files every time)
    on = START
    for _run in range(6):
        units = some_units(dice, on)
        people = some_people(dice, units, on)
        staff.write(units, people)
        staff.run(on=on)
        before = state()
        assert staff.run(on=on) == ["Ingen endringer."]
        assert state() == before
        assert held_on(on) - named(people) <= held_for_one_day(on)
        assert begun(people, on) <= held_on(on)
        on += dice.choice([0, 1, 20]) * DAY
