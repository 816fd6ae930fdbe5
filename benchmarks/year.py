"""Fourteen months of a municipality, with HR's files, people's acts and every duty when it is due.

What is measured is that nothing is wrong (docs/the-year.md). The first faults of each kind are told
with the seed, the day and the last acts before them.
"""

from __future__ import annotations

import datetime as dt
import time

from django.core.management import call_command

from benchmarks.report import Report
from benchmarks.size import Size
from benchmarks.staff_import import empty_the_database
from tests.year.year import Year, YearPlan

SEED = 2027
FIRST_DAY = dt.date(2027, 1, 11)
"""Fourteen months from it hold both changes of clocks, New Year and 29 February."""


def run(report: Report, size: Size) -> None:
    call_command("prepare", verbosity=0)
    empty_the_database()
    plan = YearPlan(SEED, FIRST_DAY, days=size.days, people=size.lived_by, units=size.lived_in)
    year, began = Year(plan), time.process_time()
    ledger = year.live(report.note)
    empty_the_database()
    if ledger.faults:
        report.note(str(ledger))
    report.add("year.days", plan.days, "days")
    report.add("year.acts", ledger.acts.total(), "acts")
    report.add("year.refused", ledger.refused.total(), "acts")
    report.add("year.duties", year.beat.runs, "runs")
    report.add("year.imports", year.imports, "runs")
    report.add("year.letters", year.letters, "letters")
    report.add("year.faults", len(ledger.faults), "faults", most=0)
    report.add("year.processor", (time.process_time() - began) / plan.days, "s/day")
