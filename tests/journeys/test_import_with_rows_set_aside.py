"""Rows of a night's file cannot be read: HR reads which, mends them, and accepts what is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.tasks import tell_administrators
from outbox.models import Letter
from people.models import Leadership, Role, StaffImportRun, Unit, User
from tests.factories import make_role
from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import follow
from tests.people.staff_files import StaffFolder
from tests.people.test_import_runs import MANY_LED, MANY_UNITS, led_no_more

DAY = dt.timedelta(days=1)
WHOLE = [
    "P20;Åse Ødegård-Ngo;aase@solvik.example;201;Helsefagarbeider",
    "P21;Núria Þórsdóttir;nuria@solvik.example;202;Sykepleier",
    "P22;Bo Li;bo@solvik.example;30;Rådgiver",
]
BROKEN = [
    WHOLE[0].replace("@", "(at)"),
    WHOLE[1].replace("202", "#N/A"),
    WHOLE[2].replace("Bo Li", ""),
]


def what_is_wrong(page: Page) -> dict[int, str]:
    """The column that is named, by the line of the people's file."""
    rows = page.get_by_role("region", name="Rader satt til side").locator("tbody tr")
    read = [row.locator("th, td").all_inner_texts() for row in rows.all()]
    return {int(line): column for _file, line, column, _wrong in read}


def open_last_run(page: Page) -> None:
    page.goto(reverse("people:staff_imports"))
    follow(page.get_by_role("table").get_by_role("link").first)


@pytest.mark.parametrize("width", ["phone"])
def test_rows_set_aside_are_mended_and_a_stopped_run_is_accepted(
    alone: None,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    # given a municipality that was imported yesterday, and HR of it
    today = timezone.localdate()
    staff = StaffFolder(tmp_path, today)
    staff.write(units=MANY_UNITS, people=MANY_LED)
    staff.run(on=today - DAY)
    hr = User.objects.get(hr_id="P3")
    make_role(hr, Role.HR, Unit.objects.get(hr_id="1"))

    # when a reform ends many leaderships tonight, and three new rows are damaged
    people = [*led_no_more(MANY_LED), *BROKEN]
    staff.write(people=people)
    with pytest.raises(CommandError, match="Enheter som mister lederen"):
        staff.run_unchecked()

    # then HR gets a letter, and reads where the file is wrong and why the import stopped
    tell_administrators()
    letter = Letter.objects.get(recipient=hr)
    assert "3 rader kunne ikke leses" in letter.text
    page = browser_of(hr)
    page.goto(reverse("people:staff_import", args=[StaffImportRun.objects.latest("pk").pk]))
    expect(page.get_by_text("Enheter som mister lederen: 20 av 22")).to_be_visible()
    wrong = what_is_wrong(page)
    assert list(wrong.values()) == ["epost", "enhet", "navn"]
    has_no_barriers(page)

    # and mends two rows by the lines that the page names; the third is not known yet
    for line, whole in zip(list(wrong)[:2], WHOLE, strict=False):
        people[line - 2] = whole
    staff.write(people=people)
    follow(page.get_by_role("link", name="Godta: Enheter som mister lederen"))
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill(PASSWORD)
        follow(page.get_by_role("button", name="Bekreft"))
    follow(page.get_by_role("button", name="Godta"))
    expect(page.get_by_text("Godtatt av Olav Aas")).to_be_visible()

    # then the next run takes all but that row, and says which it left
    left = staff.run_and_set_aside()
    assert [f"linje {list(wrong)[2]}" in line for line in left] == [True]
    assert Leadership.objects.valid_on(today).count() == 2
    names = set(User.objects.filter(hr_id__in=["P20", "P21", "P22"]).values_list("name", flat=True))
    assert names == {"Åse Ødegård-Ngo", "Núria Þórsdóttir"}
    open_last_run(page)
    assert list(what_is_wrong(page).values()) == ["navn"]
    expect(page.get_by_role("link", name="Godta")).to_have_count(0)
    has_no_barriers(page)

    # and when that one is mended too, nothing is left to do
    people[list(wrong)[2] - 2] = WHOLE[2]
    staff.write(people=people)
    staff.run()
    open_last_run(page)
    assert what_is_wrong(page) == {}
    assert User.objects.get(hr_id="P22").name == "Bo Li"
