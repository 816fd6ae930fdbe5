"""Who came to the demo's largest seminar: marked, read back and reported, and never lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from attendance.marking.actions import mark_attendance
from attendance.models import Attendance
from demo.cast import DEMO_CAST
from demo.load import load_demo
from people.models import User
from seminars.models import Registration, Seminar
from tests.journeys.steps import follow

STAYED_AWAY, EXCUSED = 7, 5
WIDTHS = (1360, 390, 320)
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(one => one.outerHTML.slice(0, 200))"""


@pytest.fixture
def flagship(alone: None) -> Seminar:
    """With 300 who have a seat and 30 who wait, and over since a few days.

    Loaded in a thread: sealing starts an event loop, and Playwright's is running in this one.
    """
    with ThreadPoolExecutor(max_workers=1) as other:
        other.submit(load_and_leave).result()
    return Seminar.objects.get(title="Tillitsbasert ledelse")


def load_and_leave() -> None:
    try:
        load_demo(today=timezone.localdate() - dt.timedelta(days=21))
    finally:
        connection.close()


def in_the_demo(role: str) -> User:
    return User.objects.get(email=next(one.email for one in DEMO_CAST if one.key == role))


def first_rows(page: Page, count: int) -> list[Registration]:
    """Return those with a seat that the page shows, in its order."""
    names = page.locator(".lp-mark").evaluate_all("rows => rows.map(row => row.id)")
    ids = [int(name.removeprefix("oppmote-")) for name in names[:count]]
    found = Registration.objects.select_related("user").in_bulk(ids)
    return [found[pk] for pk in ids]


def row_of(page: Page, registration: Registration) -> Locator:
    return page.get_by_role("group", name=f"Oppmøte for {registration.user.name}", exact=True)


def press(page: Page, registration: Registration, outcome: str) -> Locator:
    button = row_of(page, registration).get_by_role("button", name=outcome, exact=True)
    button.click()
    return button


def is_pressed(button: Locator, *, yes: bool = True) -> None:
    expect(button).to_have_attribute("aria-pressed", "true" if yes else "false")


def stored(registration: Registration) -> list[str]:
    rows = Attendance.objects.filter(registration=registration)
    return list(rows.values_list("outcome", flat=True))


def told_in_all(report: Page) -> dict[str, str]:
    """Return what the seminar's report sums up, by the headings of its columns."""
    total = report.get_by_role("row").filter(has=report.get_by_role("rowheader", name="Sum"))
    return {
        name: total.locator(f"[data-label='{name}']").inner_text()
        for name in ("Påmeldt", "Ikke ført")
    }


@pytest.mark.parametrize("width", ["desktop"])
def test_attendance_is_marked_read_back_and_reported(
    width: str,
    flagship: Seminar,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a list in which every id has seven digits
    page = browser_of(in_the_demo("organiser"))
    page.goto(f"/seminarer/{flagship.pk}/deltakere/")
    ones = first_rows(page, 20)
    assert min(one.pk for one in ones) > 1_234_567

    # and a report in which nobody is recorded
    report = browser_of(in_the_demo("hr"))
    report.goto(f"/rapporter/seminar/{flagship.pk}/")
    assert told_in_all(report) == {"Påmeldt": "300", "Ikke ført": "300"}

    # when some are marked, one by one
    for one in ones[:STAYED_AWAY]:
        is_pressed(press(page, one, "Ikke møtt"))
    for one in ones[STAYED_AWAY : STAYED_AWAY + EXCUSED]:
        is_pressed(press(page, one, "Gyldig fravær"))
    button = press(page, ones[15], "Møtt")
    is_pressed(button)
    expect(button).to_be_focused()
    button.press("Enter")
    is_pressed(button, yes=False)

    # then they are stored, and stand there when the page is opened again
    assert [stored(one) for one in ones[:16]] == (
        [["no_show"]] * STAYED_AWAY + [["excused"]] * EXCUSED + [[]] * 4
    )
    page.reload()
    is_pressed(row_of(page, ones[0]).get_by_role("button", name="Ikke møtt", exact=True))
    is_pressed(row_of(page, ones[15]).get_by_role("button", name="Møtt", exact=True), yes=False)
    for wide in WIDTHS:
        page.set_viewport_size({"width": wide, "height": 900})
        has_no_barriers(page)
        assert page.evaluate(TOO_WIDE) == []
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})

    # a colleague has marked one since this page was made: that mark stands, and both are told
    colleague = in_the_demo("administrator")
    mark_attendance(
        seminar=flagship, marks={ones[16].pk: "excused"}, by=colleague, now=timezone.now()
    )
    press(page, ones[16], "Møtt")
    expect(row_of(page, ones[16]).get_by_role("alert")).to_contain_text(
        f"{colleague.name} førte «Gyldig fravær»"
    )
    assert stored(ones[16]) == ["excused"]
    has_no_barriers(page)

    # when nobody answers, the row is as it was and the page says so
    page.context.set_offline(True)
    button = press(page, ones[17], "Ikke møtt")
    expect(page.get_by_role("alert").filter(has_text="Får ikke kontakt")).to_be_visible()
    is_pressed(button, yes=False)
    page.context.set_offline(False)
    is_pressed(press(page, ones[17], "Møtt"))
    expect(page.get_by_text("Får ikke kontakt")).to_have_count(0)

    # and when the portal refuses, it says why
    called_off = {"state": "cancelled", "cancelled_at": timezone.now(), "cancel_reason": "Streik"}
    published = {"state": "published", "cancelled_at": None, "cancel_reason": ""}
    Seminar.objects.filter(pk=flagship.pk).update(**called_off)
    button = press(page, ones[18], "Ikke møtt")
    expect(page.get_by_text("Oppmøte føres bare for et seminar som holdes.")).to_be_visible()
    is_pressed(button, yes=False)
    has_no_barriers(page)
    Seminar.objects.filter(pk=flagship.pk).update(**published)

    # when the rest are marked
    page.reload()
    follow(page.get_by_role("link", name="Merk resten som møtt"))
    has_no_barriers(page)
    follow(page.get_by_role("button", name="Merk resten som møtt"))
    attended = 300 - STAYED_AWAY - EXCUSED - 1
    expect(page.get_by_text(f"Oppmøte er lagret for {attended - 1} deltakere.")).to_be_visible()

    # then the report lacks nobody, and says who came of no seminar by itself
    assert Attendance.objects.filter(
        registration__seminar=flagship, outcome="attended"
    ).count() == (attended)
    report.reload()
    assert told_in_all(report) == {"Påmeldt": "300", "Ikke ført": "0"}
    expect(report.locator("main [data-label='Møtt']")).to_have_count(0)
    expect(report.get_by_text("telles per halvår for hele virksomheten")).to_be_visible()
    has_no_barriers(report)

    # whose session is gone comes to the sign-in page, whole, and back to the list
    page.context.clear_cookies(name="lederportalen_session")
    press(page, ones[19], "Ikke møtt")
    expect(page.get_by_role("heading", name="Logg inn", level=1)).to_be_visible()
    expect(page.get_by_text("det du sendte, ble ikke lagret")).to_be_visible()
    assert f"next=/seminarer/{flagship.pk}/deltakere/" in page.url
    assert stored(ones[19]) == ["attended"]
