"""Every figure against hand-made data, and what must never move it."""

import datetime as dt

import pytest

from people.models import Level, Position, Role, RoleGrant, Unit
from reports.figures import Participation, total
from reports.participation import agency_seminars, participation_report, seminar_agencies
from reports.period import Period, half_year_of, preset_period
from reports.scope import scope_of
from tests.cast import Cast
from tests.factories import make_role, make_unit
from tests.reports.factories import held, invite, oslo, put

MARCH = Period(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
DAY = dt.date(2026, 3, 10)
NOW = oslo(dt.date(2026, 4, 20))
TODAY = NOW.date()


@pytest.fixture
def everything(cast: Cast):
    make_role(cast.hr, Role.HR, cast.municipality)
    return scope_of(cast.hr, TODAY)


def figures(scope, period: Period = MARCH, now: dt.datetime = NOW) -> dict[str, Participation]:
    rows = participation_report(scope, period, now).rows
    return {str(row.agency): row.figures for row in rows}


def test_each_figure_is_counted_for_the_agency_it_belongs_to(cast: Cast, everything) -> None:
    seminar = held(cast, DAY)
    for _ in range(7):
        invite(seminar, cast.unit)
    for outcome, number in {"attended": 4, "no_show": 2, "excused": 1, "": 3}.items():
        for _ in range(number):
            put(seminar, cast.unit, outcome=outcome)
    put(seminar, cast.unit, state="waitlisted")
    put(seminar, cast.unit, state="offered")
    put(seminar, cast.unit, state="awaiting", approver=cast.leader)
    put(seminar, cast.unit, state="withdrawn")
    put(seminar, cast.unit, state="removed")
    put(seminar, cast.other_unit, outcome="attended")
    assert figures(everything) == {
        "Bydel Fjordbyen": Participation(
            invited=7,
            registered=10,
            waiting=3,
            not_recorded=3,
        ),
        "Etat for læring": Participation(registered=1),
    }


def test_the_sum_is_of_all_rows(cast: Cast, everything) -> None:
    seminar = held(cast, DAY)
    put(seminar, cast.unit, outcome="attended")
    put(seminar, cast.other_unit)
    invite(seminar, cast.other_unit)
    report = participation_report(everything, MARCH, NOW)
    assert report.total == Participation(invited=1, registered=2, not_recorded=1)


def test_what_is_not_recorded_waits_until_the_seminar_is_over(cast: Cast, everything) -> None:
    put(held(cast, DAY), cast.unit)
    during = oslo(DAY, hour=10)
    assert figures(everything, now=during)["Bydel Fjordbyen"] == Participation(registered=1)
    assert figures(everything)["Bydel Fjordbyen"].not_recorded == 1


def test_the_outcome_of_one_who_withdrew_does_not_count(cast: Cast, everything) -> None:
    put(held(cast, DAY), cast.unit, state="withdrawn", outcome="attended")
    assert figures(everything)["Bydel Fjordbyen"] == Participation()


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_seminars_that_are_not_held_do_not_count(cast: Cast, everything, state) -> None:
    seminar = held(cast, DAY)
    put(seminar, cast.unit)
    invite(seminar, cast.unit)
    type(seminar).objects.filter(pk=seminar.pk).update(
        state=state,
        published_at=None if state == "draft" else oslo(DAY),
        cancelled_at=None if state == "draft" else oslo(DAY),
        cancel_reason="Syk" if state == "cancelled" else "",
    )
    assert figures(everything)["Bydel Fjordbyen"] == Participation()


@pytest.mark.parametrize(
    ("day", "hour", "counts"),
    [
        (dt.date(2026, 2, 28), 23, 0),
        (dt.date(2026, 3, 1), 0, 1),
        (dt.date(2026, 3, 31), 23, 1),
        (dt.date(2026, 4, 1), 0, 0),
    ],
)
def test_a_seminar_counts_in_the_period_it_starts_in_by_the_clock_in_oslo(
    cast: Cast, everything, day, hour, counts
) -> None:
    seminar = held(cast, DAY)
    put(seminar, cast.unit, outcome="attended")
    start = oslo(day, hour)
    seminar.sessions.update(starts_at=start, ends_at=start + dt.timedelta(minutes=30))
    assert figures(everything)["Bydel Fjordbyen"].registered == counts


def test_figures_stay_when_people_move_and_units_change(cast: Cast, everything) -> None:
    registration = put(held(cast, DAY), cast.unit, outcome="attended")
    before = figures(everything)
    Position.objects.filter(user=registration.user).delete()
    Position.objects.create(
        user=registration.user, unit=cast.other_unit, title="Ny", valid_from=TODAY
    )
    Unit.objects.filter(pk=cast.unit.pk).update(parent=cast.other_agency, agency=cast.other_agency)
    assert figures(everything) == before


def test_figures_stay_with_the_agency_when_a_unit_moves_to_another(cast: Cast) -> None:
    put(held(cast, DAY), cast.unit, outcome="attended")
    make_role(cast.stranger, Role.HR, cast.other_agency)
    Unit.objects.filter(pk=cast.unit.pk).update(parent=cast.other_agency, agency=cast.other_agency)
    assert figures(scope_of(cast.hr, TODAY)) == {"Bydel Fjordbyen": Participation(registered=1)}
    assert figures(scope_of(cast.stranger, TODAY)) == {"Etat for læring": Participation()}


def test_hr_of_a_part_is_not_given_what_a_unit_did_in_another_agency(cast: Cast) -> None:
    put(held(cast, DAY), cast.other_unit, outcome="attended")
    make_role(cast.stranger, Role.HR, cast.department)
    Unit.objects.filter(pk=cast.other_unit.pk).update(parent=cast.department, agency=cast.agency)
    assert figures(scope_of(cast.stranger, TODAY)) == {"Bydel Fjordbyen": Participation()}


def test_hr_of_a_sector_between_counts_people_without_an_agency_there(cast: Cast) -> None:
    sector = make_unit("Byrådsavdeling", parent=cast.municipality, level=Level.UNIT)
    put(held(cast, DAY), sector)
    put(held(cast, DAY), cast.municipality)
    make_role(cast.stranger, Role.HR, sector)
    assert figures(scope_of(cast.stranger, TODAY)) == {
        "None": Participation(registered=1, not_recorded=1)
    }


def test_people_without_an_agency_have_a_row_of_their_own(cast: Cast, everything) -> None:
    seminar = held(cast, DAY)
    put(seminar, cast.municipality)
    put(seminar, None, user=cast.stranger)
    rows = participation_report(everything, MARCH, NOW).rows
    assert (rows[-1].agency, rows[-1].figures.registered) == (None, 2)


def test_hr_of_an_agency_counts_that_agency_alone(cast: Cast) -> None:
    seminar = held(cast, DAY)
    put(seminar, cast.unit)
    put(seminar, cast.other_unit)
    put(seminar, cast.municipality)
    scope = scope_of(cast.hr, TODAY)
    assert figures(scope) == {"Bydel Fjordbyen": Participation(registered=1, not_recorded=1)}


def test_hr_of_a_department_counts_its_part_of_the_agency(cast: Cast) -> None:
    seminar = held(cast, DAY)
    outside = make_unit("Barnehager", parent=cast.agency)
    put(seminar, cast.unit)
    put(seminar, outside)
    make_role(cast.stranger, Role.HR, cast.department)
    scope = scope_of(cast.stranger, TODAY)
    assert figures(scope) == {"Bydel Fjordbyen": Participation(registered=1, not_recorded=1)}


def test_two_grants_are_counted_together_and_once(cast: Cast) -> None:
    seminar = held(cast, DAY)
    put(seminar, cast.unit)
    put(seminar, cast.other_unit)
    make_role(cast.hr, Role.HR, cast.department)
    make_role(cast.hr, Role.HR, cast.other_agency)
    counted = figures(scope_of(cast.hr, TODAY))
    assert {name: row.registered for name, row in counted.items()} == {
        "Bydel Fjordbyen": 1,
        "Etat for læring": 1,
    }


def test_a_grant_that_is_over_gives_nothing(cast: Cast) -> None:
    RoleGrant.objects.filter(user=cast.hr).update(valid_to=TODAY - dt.timedelta(days=1))
    assert scope_of(cast.hr, TODAY).granted == ()


def test_an_agency_that_closed_before_the_period_is_shown_with_figures_alone(
    cast: Cast, everything
) -> None:
    Unit.objects.filter(pk=cast.other_agency.pk).update(valid_to=dt.date(2026, 2, 1))
    assert set(figures(everything)) == {"Bydel Fjordbyen"}
    put(held(cast, DAY), cast.other_unit)
    assert set(figures(everything)) == {"Bydel Fjordbyen", "Etat for læring"}


def test_an_agency_that_opens_after_the_period_is_not_shown(cast: Cast, everything) -> None:
    Unit.objects.filter(pk=cast.other_agency.pk).update(valid_from=dt.date(2026, 4, 1))
    assert set(figures(everything)) == {"Bydel Fjordbyen"}


def test_the_seminars_behind_an_agency_add_up_to_its_row(cast: Cast, everything) -> None:
    for day in (3, 17):
        seminar = held(cast, dt.date(2026, 3, day), title=f"Seminar {day}")
        put(seminar, cast.unit, outcome="attended")
        put(seminar, cast.other_unit)
        invite(seminar, cast.department)
    rows = agency_seminars(cast.agency, everything, MARCH, NOW)
    assert [row.seminar.title for row in rows] == ["Seminar 17", "Seminar 3"]
    assert total(row.figures for row in rows) == figures(everything)["Bydel Fjordbyen"]


def test_the_agencies_behind_a_seminar(cast: Cast, everything) -> None:
    seminar = held(cast, DAY)
    put(seminar, cast.unit, outcome="no_show")
    put(seminar, cast.municipality)
    put(held(cast, DAY), cast.other_unit)
    rows = seminar_agencies(seminar, everything, NOW)
    assert [(str(row.agency), row.figures.registered) for row in rows] == [
        ("Bydel Fjordbyen", 1),
        ("None", 1),
    ]


def test_the_chart_shows_the_fifteen_largest(cast: Cast, everything) -> None:
    seminar = held(cast, DAY)
    for number in range(17):
        agency = make_unit(f"Etat {number:02}", parent=cast.municipality)
        for _ in range(1 + (number == 9)):
            put(seminar, agency)
    report = participation_report(everything, MARCH, NOW)
    assert (len(report.largest), str(report.largest[0].agency)) == (15, "Etat 09")
    assert report.most_registered == 2


@pytest.mark.parametrize(
    ("preset", "today", "expected"),
    [
        ("year", dt.date(2026, 11, 23), (dt.date(2026, 1, 1), dt.date(2026, 11, 23))),
        ("", dt.date(2026, 1, 1), (dt.date(2026, 1, 1), dt.date(2026, 1, 1))),
        ("12m", dt.date(2026, 11, 23), (dt.date(2025, 11, 24), dt.date(2026, 11, 23))),
        ("ahead", dt.date(2026, 11, 23), (dt.date(2026, 11, 23), dt.date(2027, 5, 24))),
        ("12m", dt.date(2028, 2, 29), (dt.date(2027, 3, 1), dt.date(2028, 2, 29))),
    ],
)
def test_ready_made_periods(preset, today, expected) -> None:
    assert preset_period(preset, today) == Period(*expected)


def test_the_days_of_a_period_are_oslos_also_when_the_clock_changes() -> None:
    period = Period(dt.date(2026, 3, 29), dt.date(2026, 3, 29))
    assert period.end - period.start == dt.timedelta(hours=24)  # wall clock
    assert period.end.timestamp() - period.start.timestamp() == 23 * 3600


@pytest.mark.parametrize(
    ("day", "first", "last", "before"),
    [
        ((2026, 1, 1), (2026, 1, 1), (2026, 6, 30), (2025, 7, 1)),
        ((2026, 6, 30), (2026, 1, 1), (2026, 6, 30), (2025, 7, 1)),
        ((2026, 7, 1), (2026, 7, 1), (2026, 12, 31), (2026, 1, 1)),
        ((2026, 12, 31), (2026, 7, 1), (2026, 12, 31), (2026, 1, 1)),
    ],
)
def test_the_half_year_of_a_day(day, first, last, before) -> None:
    half_year = half_year_of(dt.date(*day))
    assert half_year == Period(dt.date(*first), dt.date(*last))
    assert half_year.before.first == dt.date(*before)
