"""The levels at which people lead."""

from __future__ import annotations

import datetime as dt

import pytest

from people.levels import at_levels, level_in_words, levels_in_use, levels_led
from people.models import Leadership, Level
from tests.factories import make_leader, make_leadership, make_unit


def test_levels_in_use_stand_from_the_top_down_and_only_once(cast, today):
    make_leader(cast.agency, "Bodil Direktør")
    make_leader(cast.municipality, "Karl Kommunedirektør")
    make_leader(cast.other_agency, "Anna Direktør")
    assert levels_in_use(on=today) == [
        "level:municipality",
        "level:agency",
        "depth:1",
        "depth:2",
        "name:avdeling",
        "name:bydel",
        "name:enhet",
        "name:etat",
    ]


def test_levels_led_are_those_of_the_day(cast, today):
    past = today - dt.timedelta(days=1000)
    make_leadership(cast.employee, cast.sibling_unit, since=past, until=past)
    assert levels_led(cast.manager, on=today) == {"name:avdeling", "depth:1"}
    assert levels_led(cast.employee, on=past) == {"name:enhet", "depth:2"}
    assert levels_led(cast.employee, on=today) == set()


def test_unit_outside_any_agency_has_no_depth(cast, today):
    loose = make_unit("Stab", parent=cast.municipality, level=Level.UNIT, level_name="stab")
    boss = make_leader(loose, "Stig Stab")
    assert levels_led(boss, on=today) == {"name:stab"}
    assert "depth:1" in levels_led(cast.manager, on=today)


@pytest.mark.parametrize(
    "level", ["level:agency", "depth:1", "depth:2", "name:bydel", "name:enhet"]
)
def test_rows_at_a_level_are_those_whose_leaders_lead_at_it(cast, today, level):
    """Asked from above and from below, the answer is the same."""
    make_leader(cast.agency, "Bodil Direktør")
    make_leader(cast.other_unit, "Siv Seksjonsleder")
    leaderships = Leadership.objects.valid_on(today)
    found = set(leaderships.filter(at_levels([level])).values_list("user", flat=True))
    expected = {
        row.user_id for row in leaderships.select_related("user")
        if level in levels_led(row.user, on=today)
    }  # fmt: skip
    assert found == expected != set()


def test_no_level_is_any_level(cast, today):
    assert Leadership.objects.filter(at_levels([])).count() == 2


def test_levels_are_said_in_words():
    words = [level_in_words(key) for key in ("level:agency", "depth:2", "name:klinikk")]
    assert words == ["virksomhet", "nivå 2 under virksomheten", "klinikk"]
