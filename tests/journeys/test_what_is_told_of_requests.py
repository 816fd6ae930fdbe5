"""What the page says and does when a part of it is asked for: searched, refreshed, failed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from attendance.models import Attendance
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import make_draft
from tests.journeys.steps import follow
from tests.seminars.factories import make_participants, make_registration, make_seminar

ROUND = 21_000
"""A little longer than between two refreshes of the seats."""


def mark_of(page: Page, name: str, outcome: str) -> Locator:
    row = page.get_by_role("group", name=f"Oppmøte for {name}")
    return row.get_by_role("button", name=outcome, exact=True)


def test_marks_that_are_not_stored_are_not_shown_as_stored(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    # given a seminar under way, and its list open
    begun = timezone.now() - dt.timedelta(hours=1)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=begun)
    make_registration(seminar, cast.leader)
    page = browser_of(cast.organiser)
    page.goto(f"/seminarer/{seminar.pk}/deltakere/")
    came = mark_of(page, "Liv Dahl", "Møtt")

    # when the portal fails, the page says so, and the mark is as it was
    page.route("**/oppmote/**", lambda route: route.fulfill(status=500, body="<h1>Feil</h1>"))
    came.click()
    expect(page.get_by_role("alert").filter(has_text="er ikke lagret")).to_be_visible()
    expect(came).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_role("heading", name="Feil")).to_have_count(0)
    page.unroute("**/oppmote/**")

    # and when the person has signed out in another window, the whole page leads to signing in
    Session.objects.all().delete()
    came.click()
    page.wait_for_url("**/konto/logg-inn/**")
    assert f"/seminarer/{seminar.pk}/deltakere/" in page.url.replace("%2F", "/")
    assert not Attendance.objects.exists()


def test_a_search_is_read_aloud_and_a_refresh_takes_no_focus(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    # given a list of some people
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    make_registration(seminar, cast.leader)
    make_participants(seminar, cast.unit, 3)
    page = browser_of(cast.organiser)

    # when one is searched for, a region that stays says how many were found
    page.goto(f"/seminarer/{seminar.pk}/deltakere/")
    said = page.locator("#sagt").element_handle()
    page.get_by_role("searchbox").fill("Liv")
    expect(page.locator("#sagt")).to_have_text("1 person")
    assert said.is_visible() is not None
    assert said.evaluate("one => one.isConnected")

    # and the seats are refreshed by themselves, but not under whoever stands in them
    page.clock.install()
    page.goto(f"/seminarer/{seminar.pk}/oversikt/")
    make_participants(seminar, cast.unit, 1)
    update = page.get_by_role("link", name="Oppdater")
    update.focus()
    with page.expect_response("**/oversikt/"):
        page.clock.run_for(ROUND)
    page.wait_for_timeout(300)
    expect(update).to_be_focused()
    expect(page.locator("#plasser dd").first).to_contain_text("4")
    page.locator("h1").evaluate("one => document.activeElement.blur()")
    with page.expect_response("**/oversikt/"):
        page.clock.run_for(ROUND)
    expect(page.locator("#plasser dd").first).to_contain_text("5")


def test_a_new_row_is_where_one_goes_on(cast: Cast, browser_of: Callable[[User], Page]) -> None:
    draft = make_draft(cast)
    page = browser_of(cast.employee)
    page.goto(f"/avtaler/{draft.agreement_id}/rediger/")
    before = page.get_by_role("group", name="Forpliktelse ").count()
    follow(page.get_by_role("button", name="Legg til en forpliktelse"))
    expect(page.locator(".lp-pledge-form:focus legend").first).to_have_text(
        f"Forpliktelse {before + 1}"
    )
    desk = browser_of(cast.organiser)
    desk.goto("/seminarer/arrangor/nytt/")
    desk.locator("summary", has_text="Kursholdere").click()
    follow(desk.get_by_role("button", name="Legg til en kursholder"))
    expect(desk.locator(".lp-formset-row:focus")).to_contain_text("Kursholder")
