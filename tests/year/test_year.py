"""A month with 29 February and the night that summer time begins, lived through in full."""

from __future__ import annotations

import datetime as dt

import pytest

from benchmarks.staff_import import empty_the_database
from tests.year.year import Year, YearPlan

MONTH = YearPlan(seed=2028, first_day=dt.date(2028, 2, 26), days=31, people=110)
DAYS = YearPlan(seed=7, first_day=dt.date(2027, 10, 29), days=5, people=40, units=11)
"""Over the night that summer time ends."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.no_cover]


def test_a_month_is_lived_through_without_a_fault() -> None:
    year = Year(MONTH)
    ledger = year.live()
    assert ledger.faults == [], str(ledger)
    # What is not done cannot go wrong: a month has so much of each in it, at the least.
    done = {
        "seminars.register": 40,
        "seminars.withdraw": 8,
        "commitments.propose_agreement": 3,
        "commitments.sign_agreement": 1,
        "missions.publish_mission": 10,
        "grant_role": 3,
    }
    assert {
        name: ledger.acts[name] for name, least in done.items() if ledger.acts[name] < least
    } == {}
    assert (year.imports, year.letters > 300, year.beat.runs > 800) == (29, True, True)


def test_the_same_seed_is_the_same_year() -> None:
    first = Year(DAYS).live()
    empty_the_database()
    again = Year(DAYS).live()
    assert first.told == again.told
    assert (first.faults, len(first.told) > 20) == ([], True)
