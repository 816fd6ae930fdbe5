"""What only shows while a page is used: menus, what a search says, and what a form remembers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from people.models import User
from tests.cast import Cast
from tests.journeys.conftest import PATIENCE
from tests.journeys.hands import press
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.seminars.factories import make_seminar

WIDTH = pytest.mark.parametrize("width", ["desktop"])


@WIDTH
def test_a_menu_closes_when_the_keyboard_goes_on_past_it(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    page = browser_of(cast.leader)
    menu = page.locator("details.lp-menu", has=page.get_by_text(cast.leader.name))
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    inside = menu.locator("a, button").count()
    for _number in range(inside):
        page.keyboard.press("Tab")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    expect(menu).not_to_have_attribute("open", "")


@WIDTH
def test_a_live_search_says_what_it_found_and_leaves_one_step_to_go_back(
    cast: Cast, browser_of: Callable[[User], Page], stack: Stack
) -> None:
    make_seminar(cast.other_agency, created_by=cast.organiser)
    page = browser_of(cast.leader)
    page.goto(reverse("home"))
    page.goto(reverse("seminars:list"))
    steps = page.evaluate("history.length")
    expect(page.locator("#sagt")).to_have_text("")
    page.locator("#search").press_sequentially("finnes ikke", delay=120)
    expect(page.locator("#sagt")).to_have_text("0 seminarer")
    expect(page.locator("#search")).to_be_focused()
    assert "q=finnes" in page.url
    assert page.evaluate("history.length") == steps
    page.go_back()
    expect(page).to_have_url(f"{stack.url}/")


@WIDTH
def test_an_address_typed_for_a_password_is_there_when_a_code_is_asked_for(
    chromium: Browser, stack: Stack, alone: None, width: str
) -> None:
    page = chromium.new_context(base_url=stack.url).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(reverse("account_login"))
    page.locator("input[type=email]").fill("liv.dahl@example.org")
    page.get_by_role("link", name="Få en kode på e-post").click()
    expect(page.locator("input[type=email]")).to_have_value("liv.dahl@example.org")
    page.reload()
    expect(page.locator("input[type=email]")).to_have_value("")


@WIDTH
def test_what_refreshes_itself_leaves_the_focus_where_it_is(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    page = browser_of(cast.organiser)
    page.clock.install()
    page.goto(reverse("seminars:seats", args=[seminar.pk]))
    link = page.locator("#oppdater")
    link.focus()
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.clock.fast_forward(21_000)
    page.clock.fast_forward(1_000)
    expect(link).to_be_focused()


@pytest.mark.parametrize("width", ["keyboard"])
def test_what_tab_does_not_come_to_is_not_pressed_by_the_keyboard(
    cast: Cast, browser_of: Callable[[User], Page], stack: Stack
) -> None:
    """What holds the journeys that are gone by the keyboard alone."""
    page = browser_of(cast.leader)
    page.goto(reverse("home"))
    link = page.get_by_role("navigation").get_by_role("link", name="Seminarer").first
    link.evaluate("one => { one.tabIndex = -1; }")
    with pytest.raises(AssertionError, match="does not come to"):
        press(link)
    link.evaluate("one => { one.tabIndex = 0; }")
    follow(link)
    expect(page).to_have_url(f"{stack.url}{reverse('seminars:list')}")
