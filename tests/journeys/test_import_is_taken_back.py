"""HR's file comes without leaders: it stops, is accepted all the same, and is taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from people.models import Leadership, Role, StaffImportRun, Unit, User
from tests.factories import make_role
from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import follow
from tests.people.staff_files import StaffFolder
from tests.people.test_import_runs import MANY_LED, MANY_UNITS, led_no_more

DAY = dt.timedelta(days=1)


def confirm_who_one_is(page: Page) -> None:
    """Asked before what is done by the press of a button, unless it was just now."""
    password = page.locator("input[type=password]")
    if password.count():
        password.fill(PASSWORD)
        follow(page.get_by_role("button", name="Bekreft"))


@pytest.mark.parametrize("width", ["phone"])
def test_a_bad_file_is_stopped_accepted_and_then_undone(
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
    before = list(Leadership.objects.order_by("pk").values_list())
    hr = User.objects.get(hr_id="P3")
    make_role(hr, Role.HR, Unit.objects.get(hr_id="1"))

    # when tonight's file has lost twenty leaders
    staff.write(people=led_no_more(MANY_LED))
    staff.stop()

    # then HR reads what it stopped at and how the file was read, and accepts it by mistake
    page = browser_of(hr)
    page.goto(reverse("people:staff_imports"))
    follow(page.get_by_role("table").get_by_role("link").first)
    expect(page.get_by_role("heading", name="Lest som")).to_be_visible()
    expect(page.get_by_text("Enheter som mister lederen: 20 av 22")).to_be_visible()
    has_no_barriers(page)
    follow(page.get_by_role("link", name="Godta: Enheter som mister lederen"))
    confirm_who_one_is(page)
    follow(page.get_by_role("button", name="Godta"))
    expect(page.get_by_text("Godtatt av Olav Aas")).to_be_visible()
    staff.run()
    assert Leadership.objects.valid_on(today).count() == 2

    # and takes the run back
    page.goto(reverse("people:staff_imports"))
    follow(page.get_by_role("table").get_by_role("link").first)
    has_no_barriers(page)
    follow(page.get_by_role("link", name="Ta kjøringen tilbake"))
    confirm_who_one_is(page)
    expect(page.get_by_text("Avsluttede lederforhold: 20")).to_be_visible()
    has_no_barriers(page)
    follow(page.get_by_role("button", name="Ta tilbake"))
    expect(page.locator(".lp-messages")).to_contain_text("Importen er tatt tilbake")
    has_no_barriers(page)

    # then everybody leads as before, and the file as it should be changes nothing
    assert list(Leadership.objects.order_by("pk").values_list()) == before
    undone = StaffImportRun.objects.first()
    assert undone is not None
    assert undone.by == hr
    staff.write(people=MANY_LED)
    assert staff.run() == ["Ingen endringer."]
