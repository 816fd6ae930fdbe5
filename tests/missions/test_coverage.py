"""The tree of coverage: what is published, how old, and how many have read; never who."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from missions.coverage.figures import MOST_AT_ONCE, CoverageRow, coverage_below, coverage_of
from missions.models import MissionChange
from missions.responsibility import coverage_roots
from people.models import Role, Unit
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee, make_leadership, make_position, make_role, make_unit
from tests.missions.factories import make_acknowledgement, make_draft, make_mission


def row_of(unit: Unit, today: dt.date) -> CoverageRow:
    return coverage_of([unit.pk], today)[0]


def readers(unit: Unit, number: int) -> list:
    return [make_employee(unit, f"Person {one}") for one in range(number)]


def test_a_row_tells_what_a_unit_has_and_what_lies_below(cast: Cast, today) -> None:
    version = make_mission(cast.department, by=cast.manager, at=clock.now())
    make_mission(cast.unit)
    make_draft(cast.sibling_unit)
    assert row_of(cast.department, today) == CoverageRow(
        unit_id=cast.department.pk,
        name="Helse og mestring",
        level_name="avdeling",
        version_id=version.pk,
        published_at=clock.now(),
        units_below=2,
        published_below=1,
        people=None,
        have_read=None,
    )


def test_reading_is_counted_in_the_unit_itself_and_told_in_steps(cast: Cast, today) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    told = []
    for person in readers(cast.unit, 10):
        make_acknowledgement(version, person)
        row = row_of(cast.unit, today)
        told.append((row.have_read, row.people, row.read_at_least))
    assert told == [(read, 11, 5 if read >= 5 else 0) for read in range(1, 11)]


def test_reading_goes_on_through_a_minor_change_and_two_places_count_once(
    cast: Cast, today
) -> None:
    first = make_mission(cast.unit, by=cast.leader)
    make_acknowledgement(first, cast.employee)
    make_position(cast.employee, cast.unit, title="Kveldsvakt")
    latest = make_mission(cast.unit, by=cast.manager, change=MissionChange.MINOR)
    row = row_of(cast.unit, today)
    assert (row.version_id, row.people, row.have_read) == (latest.pk, 1, 1)


def test_closed_units_and_people_who_left_are_not_counted(cast: Cast, today) -> None:
    make_mission(cast.unit, by=cast.leader)
    cast.employee.positions.update(valid_to=today - dt.timedelta(days=1))
    assert row_of(cast.unit, today).people is None
    Unit.objects.filter(pk=cast.unit.pk).update(valid_to=today - dt.timedelta(days=1))
    assert row_of(cast.department, today).units_below == 1
    assert [row.name for row in coverage_below(cast.department.pk, today)] == [
        "Hjemmetjenesten sør"
    ]


def test_a_unit_that_closes_tomorrow_is_still_there(cast: Cast, today) -> None:
    Unit.objects.filter(pk=cast.unit.pk).update(valid_to=today + dt.timedelta(days=1))
    assert len(coverage_below(cast.department.pk, today)) == 2


def test_the_roots_are_what_one_leads_and_where_one_is_hr(cast: Cast, today) -> None:
    make_leadership(cast.leader, cast.sibling_unit)
    make_role(cast.leader, Role.HR, cast.other_agency)
    assert coverage_roots(cast.leader, today) == sorted(
        [cast.unit.pk, cast.sibling_unit.pk, cast.other_agency.pk]
    )
    assert coverage_roots(cast.employee, today) == []


def test_hr_sees_counts_and_no_names_and_no_draft(cast: Cast, signed_in) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    for person in readers(cast.unit, 9):
        make_acknowledgement(version, person)
    make_acknowledgement(version, cast.employee)
    make_draft(cast.sibling_unit, core_task="Hemmelig")
    url = reverse("missions:coverage_of_unit", args=[cast.department.pk])
    html = signed_in(cast.hr).get(url).content.decode()
    assert "Minst 5 av 10 i enheten selv har lest" in html
    assert [word in html for word in ("Person 1", "Even Moen", "Hemmelig")] == [False] * 3


def test_a_small_group_is_not_shown_to_anybody(cast: Cast, signed_in) -> None:
    make_mission(cast.unit, by=cast.leader)
    url = reverse("missions:coverage_of_unit", args=[cast.department.pk])
    for who in (cast.hr, cast.manager):
        html = signed_in(who).get(url).content.decode()
        assert "For få til å vise hvor mange i enheten selv som har lest" in html
        assert "0 av 1" not in html


def test_htmx_gets_the_rows_and_a_browser_the_page(cast: Cast, signed_in) -> None:
    url = reverse("missions:coverage_of_unit", args=[cast.department.pk])
    browser = signed_in(cast.manager)
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    page = browser.get(url).content.decode()
    assert ["<html" in html for html in (part, page)] == [False, True]
    assert ["Hjemmetjenesten nord" in html for html in (part, page)] == [True, True]


def tiles(html: str) -> list[tuple[str, bool]]:
    """Each unit of the page by name, and whether its tile is whole."""
    found = re.findall(
        r'<li class="lp-tile( lp-tile--published)?">.*?<a [^>]*>(.*?)</a>', html, re.S
    )
    return [(name, bool(published)) for published, name in found]


def test_the_only_unit_one_answers_for_stands_with_its_tiles_below(cast: Cast, signed_in) -> None:
    make_mission(cast.unit)
    page = signed_in(cast.manager).get(reverse("missions:coverage")).content.decode()
    assert tiles(page) == [
        ("Helse og mestring", False),
        ("Hjemmetjenesten nord", True),
        ("Hjemmetjenesten sør", False),
    ]
    assert "1 av 2 enheter under har publisert" in page
    assert re.findall(r'lp-chart__part" width="([\d.]+)"', page) == ["50.00"]
    assert ("<strong>Publisert</strong>" in page, page.count("<strong>Mangler</strong>")) == (
        True,
        2,
    )


def test_whoever_answers_for_several_unfolds_the_one_they_want(cast: Cast, signed_in) -> None:
    make_leadership(cast.manager, cast.other_agency)
    browser = signed_in(cast.manager)
    page = browser.get(reverse("missions:coverage")).content.decode()
    assert sorted(tiles(page)) == [(cast.other_agency.name, False), ("Helse og mestring", False)]
    url = reverse("missions:coverage_of_unit", args=[cast.department.pk])
    assert f'href="{url}"' in page
    part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
    assert [name for name, _ in tiles(part)] == ["Hjemmetjenesten nord", "Hjemmetjenesten sør"]
    assert f'id="dekning-{cast.department.pk}"' in part
    assert "2 enheter rett under" in part


@pytest.mark.parametrize("more", [MOST_AT_ONCE - 2, MOST_AT_ONCE - 1])
def test_too_many_units_are_folded_level_by_level(cast: Cast, signed_in, more: int) -> None:
    for number in range(more):
        make_mission(make_unit(f"Sone {number:02}", parent=cast.department, level_name="sone"))
    url = reverse("missions:coverage_of_unit", args=[cast.department.pk])
    page = signed_in(cast.manager).get(url).content.decode()
    opened = re.findall(r'<details class="lp-tile__level"( open)?>', page)
    assert opened == [" open" if more + 2 <= MOST_AT_ONCE else ""] * 2
    assert f"{more} av {more} har publisert" in page
    assert len(tiles(page)) == 1 + 2 + more


@pytest.mark.parametrize("name", ["coverage", "coverage_of_unit"])
def test_the_pages_cost_the_same_for_any_number_of_units(
    cast: Cast, signed_in, name, django_assert_max_num_queries
) -> None:
    for number in range(12):
        unit = make_unit(f"Sone {number}", parent=cast.department)
        make_mission(unit)
        readers(unit, 2)
    browser = signed_in(cast.manager)
    browser.get(reverse("home"))
    args = [cast.department.pk] if name == "coverage_of_unit" else []
    with django_assert_max_num_queries(8):
        assert browser.get(reverse(f"missions:{name}", args=args)).status_code == 200


@pytest.mark.parametrize(
    ("days", "age"), [(None, ""), (400, "1 år"), (45, "1 måned"), (16, "2 uker")]
)
def test_age_is_told_in_its_greatest_part(cast: Cast, today, days, age) -> None:
    if days:
        make_mission(cast.unit, at=clock.now() - dt.timedelta(days=days))
    assert row_of(cast.unit, today).age.replace("\xa0", " ") == age


def test_a_unit_and_the_one_above_are_counted_each_for_itself(cast: Cast, today) -> None:
    make_mission(cast.unit)
    rows = coverage_of([cast.department.pk, cast.unit.pk], today)
    assert {row.unit_id: (row.units_below, row.published_below) for row in rows} == {
        cast.department.pk: (2, 1),
        cast.unit.pk: (0, 0),
    }
