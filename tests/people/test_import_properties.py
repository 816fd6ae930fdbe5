"""Whatever HR's files say from one day to the next, an import ends well and a second is idle."""

import datetime as dt
import random

import pytest
from django.db import transaction
from django.db.models import F

from people.models import FormerName, Leadership, Position, Role, RoleGrant, Unit, User
from tests.factories import make_role
from tests.people.staff_files import StaffFolder
from tests.people.staff_model import NEVER, Line, Place, Told

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
    addresses = dice.sample(range(8), 6)
    names, languages = dice.choices("xy", k=6), dice.choices(["nb", "en", ""], k=6)
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
        name = f"Navn {person}{names[person]}"
        rows.append(
            f"P{person};{name};{some_address(addresses[person])};{place};{title};"
            f"{'ja' if leads else ''};{languages[person]};{first or ''};{last or ''}"
        )
    return rows


def some_address(number: int) -> str:
    """Of eight people two have none, which are not the same."""
    return f"p{number}@solvik.example" if number < 6 else ""


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


def rows_by_name() -> dict[str, list[tuple]]:
    """Everything that an import writes, without the keys that rows happen to have."""
    units = Unit.objects.order_by("hr_id").values_list(
        "hr_id", "name", "short_name", "level", "level_name", "parent__hr_id", "agency__hr_id"
    )
    links = Unit.successors.through.objects.values_list("from_unit__hr_id", "to_unit__hr_id")
    names = FormerName.objects.values_list("user__hr_id", "name", "until")
    return {
        "units": list(units),
        "successors": sorted(links),
        "people": sorted(people_without_keys()),
        "former names": sorted(names),
        **dated_rows(NEVER),
    }


def people_without_keys() -> list[tuple]:
    people = User.objects.values_list("hr_id", "name", "first_name", "email", "language")
    return [(*row[:3], row[3] or "", row[4]) for row in people]


def dated_rows(until: dt.date) -> dict[str, list[tuple]]:
    """What holds on any day up to that one, and from when to when."""
    tables = {
        "days of units": (Unit, ["hr_id"]),
        "positions": (Position, ["user__hr_id", "unit__hr_id", "title"]),
        "leaderships": (Leadership, ["unit__hr_id", "user__hr_id"]),
        "roles": (RoleGrant, ["user__hr_id", "role"]),
    }
    return {
        name: sorted(
            (*row[:-2], str(row[-2]), str(min(row[-1] or NEVER, until)))
            for row in table.objects.filter(valid_from__lte=until).values_list(
                *fields, F("valid_from"), F("valid_to")
            )
        )
        for name, (table, fields) in tables.items()
    }


def undated_rows(units: list[str], people: list[str]) -> list[list[tuple]]:
    """What has no day of its own, of those that there were before."""
    links = Unit.successors.through.objects.values_list("from_unit__hr_id", "to_unit__hr_id")
    return [
        sorted(
            Unit.objects.filter(hr_id__in=units).values_list(
                "hr_id", "name", "short_name", "level", "level_name", "parent", "agency"
            )
        ),
        sorted(links),
        sorted(User.objects.filter(hr_id__in=people).values_list("hr_id", "name", "email")),
    ]


def a_few_roles(dice: random.Random, on: dt.date) -> None:
    for user in User.objects.filter(is_to_come=False).order_by("hr_id"):
        if dice.random() < 0.2 and not user.role_grants.exists():
            make_role(user, Role.HR, Unit.objects.get(hr_id="1"), since=on)


def lived_through(staff: StaffFolder, seed: int, *, plans: int) -> list[dict[str, list[tuple]]]:
    """What there is after each file of its own day, with so many files for days ahead between."""
    dice, other = random.Random(seed), random.Random(seed + 1000)  # noqa: S311
    told, on = [], START
    with transaction.atomic():
        for _run in range(6):
            units = some_units(dice, on)
            staff.write(units, some_people(dice, units, on))
            staff.run(on=on)
            told.append(rows_by_name())
            a_few_roles(dice, on)
            following = on + dice.choice([0, 1, 20]) * DAY
            for _plan in range(plans):
                import_ahead(staff, other, today=on, on=following + other.randint(1, 30) * DAY)
            on = following
        transaction.set_rollback(True)
    return told


def import_ahead(staff: StaffFolder, dice: random.Random, *, today: dt.date, on: dt.date) -> None:
    """Files of another organisation, which change nothing that holds before their day."""
    units = list(Unit.objects.values_list("hr_id", flat=True))
    people = list(User.objects.values_list("hr_id", flat=True))
    before = undated_rows(units, people), dated_rows(on - DAY)
    planned = some_units(dice, on)
    staff.write(planned, some_people(dice, planned, on))
    staff.run(on=on, today=today)
    kept = list(User.objects.values_list("hr_id", flat=True))
    open_units = list(Unit.objects.values_list("hr_id", flat=True))
    assert undated_rows(units, people)[2] == [row for row in before[0][2] if row[0] in kept]
    assert undated_rows(units, people)[:2] == [
        [row for row in before[0][0] if row[0] in open_units],
        before[0][1],
    ]
    assert dated_rows(on - DAY) == before[1]
    assert staff.run(on=on, today=today) == ["Ingen endringer."]


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(8))
def test_plans_that_are_called_off_leave_no_trace(staff: StaffFolder, seed: int) -> None:
    as_it_is = lived_through(staff, seed, plans=2)
    as_if_never = lived_through(staff, seed, plans=0)
    for number, (with_plans, without) in enumerate(zip(as_it_is, as_if_never, strict=True)):
        for kind, rows in without.items():
            assert with_plans[kind] == rows, (number, kind)


def told_units(dice: random.Random, on: dt.date) -> list[Place]:
    numbers = dice.sample(range(2, 9), dice.randint(1, 6))
    places = [Place("1", "Solvik kommune", "kommune", "", None)]
    for place, number in enumerate(numbers):
        above = str(dice.choice([1, *numbers[:place]]))
        places.append(
            Place(str(number), f"Enhet {number}{dice.choice('ab')}", "enhet", above, None)
        )
    return places


def told_lines(dice: random.Random, places: list[Place], on: dt.date) -> list[Line]:
    addresses, names = dice.sample(range(8), 6), dice.choices("xy", k=6)
    lines: dict[tuple, Line] = {}
    led = set()
    for _line in range(dice.randint(1, 12)):
        person, unit, title = dice.randrange(6), dice.choice(places).unit, dice.choice("AB")
        leads = unit not in led and dice.random() < 0.5
        first = on + dice.randint(1, 30) * DAY if dice.random() < 0.3 else None
        last = (first or on) + dice.randint(0, 40) * DAY if dice.random() < 0.3 else None
        if (person, unit, title) in lines:
            continue
        led |= {unit} if leads else set()
        lines[person, unit, title] = Line(
            f"P{person}",
            f"Navn {person}{names[person]}",
            some_address(addresses[person]),
            unit,
            title,
            leads,
            first,
            last,
        )
    return list(lines.values())


def compare(told: Told, first: dt.date) -> None:
    positions = Position.objects.values_list(
        "user__hr_id", "unit__hr_id", "title", "valid_from", "valid_to"
    )
    leaders = Leadership.objects.values_list("unit__hr_id", "user__hr_id", "valid_from", "valid_to")
    positions, leaders = list(positions), list(leaders)
    for day in told.days_from(first):
        held = {row[:3] for row in positions if row[3] <= day <= (row[4] or NEVER)}
        loose = {key for on, key in told.half_days if on == day}
        assert held - loose == told.positions[day] - loose, day
        led = {row[0]: row[1] for row in leaders if row[2] <= day <= (row[3] or NEVER)}
        assert led == told.leaders[day], day
    units = Unit.objects.values_list("hr_id", "valid_from", "valid_to", "name", "parent__hr_id")
    rows = list(units)
    assert {row[0]: (row[1], row[2] or NEVER) for row in rows} == told.units
    assert {row[0]: (row[3], row[4] or "") for row in rows} == told.placed
    people = User.objects.filter(is_to_come=False)
    assert {
        hr_id: (name, email or "")
        for hr_id, name, email in people.values_list("hr_id", "name", "email")
    } == told.people
    roles = RoleGrant.objects.values_list("user__hr_id", "valid_from", "valid_to")
    assert {person: (first, last or NEVER) for person, first, last in roles} == told.roles


@pytest.mark.no_cover
@pytest.mark.parametrize("seed", range(12))
def test_every_day_holds_what_the_files_told_of_it(staff: StaffFolder, seed: int) -> None:
    """Days ahead that come true, that are called off, and that are planned anew."""
    dice = random.Random(seed)  # noqa: S311 (the same files every time)
    told, today = Told(until=START + 400 * DAY), START
    for run in range(14):
        is_ahead = run > 0 and dice.random() < 0.5
        on = today + dice.randint(1, 40) * DAY if is_ahead else today
        places = told_units(dice, on)
        lines = told_lines(dice, places, on)
        staff.write([place.text() for place in places], [line.text() for line in lines])
        staff.run(on=on, today=today)
        told.tell(places, lines, on=on, today=today)
        compare(told, START)
        if not is_ahead:
            today = on + dice.choice([0, 1, 5, 30]) * DAY
            for user in User.objects.filter(hr_id__in=[line.person for line in lines]):
                if user.hr_id not in told.roles and dice.random() < 0.2:
                    make_role(user, Role.HR, Unit.objects.get(hr_id="1"), since=on)
                    told.roles[user.hr_id] = (on, NEVER)
