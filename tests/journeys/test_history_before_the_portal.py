"""A list of old courses is imported, and each finds their own, under «Før portalen»."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from playwright.sync_api import Page, expect

from people.models import User
from tests.cast import Cast
from tests.journeys.steps import follow

TITLE = "Å lede på nytt – for førstelinjeledere"


def test_the_old_courses_are_where_ones_own_are(
    alone: None,
    cast: Cast,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    # given a list from before
    history = tmp_path / "history.csv"
    rows = [
        "Ansattnr;Kurs;Dato;Status;Timer",
        f"{cast.leader.hr_id};{TITLE};04.03.2019;Fullført;7,5 t",
        f"{cast.employee.hr_id};{TITLE};04.03.2019;Møtte ikke;",
    ]
    history.write_text("\n".join(rows), encoding="utf-8")
    organiser = ["--organiser", cast.other_agency.hr_id]
    call_command("import_participation", str(history), *organiser, verbosity=0)

    # when the leader looks at what is theirs
    page = browser_of(cast.leader)
    page.goto("/")
    has_no_barriers(page)
    follow(page.get_by_role("link", name="Seminarer du deltok på før portalen"))

    # then their own is there, and no more
    expect(page.get_by_text(TITLE)).to_have_count(1)
    expect(page.get_by_text("Til sammen 7,5 timer")).to_be_visible()
    expect(page.get_by_text("Ikke møtt")).to_have_count(0)
    has_no_barriers(page)
