"""Two doors of one seminar, with the network and without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from attendance import codes
from attendance.models import Scan
from people.models import Role, User
from seminars.models import Seminar
from tests.cast import Cast
from tests.factories import make_role
from tests.journeys.door_steps import (
    at_door,
    is_held,
    let_in,
    may_sign_in,
    no_network,
    people_of,
    row_of,
    says,
    sign_in,
)
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.machine import wait_for
from tests.seminars.factories import make_participants, make_seminar

COUNT = 30
WIDTHS = (1360, 320)
TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map(one => one.outerHTML.slice(0, 200))"""
HELD = """async () => {
  const names = (await indexedDB.databases()).map(one => one.name).sort();
  const pages = await caches.has("lp-door");
  return [...names, pages ? "a page" : "no page"];
}"""
LIST_BYTES = """() => new Promise(resolve => {
  const asked = indexedDB.open("lp-door-list");
  asked.onsuccess = () => {
    const all = asked.result.transaction("lists").objectStore("lists").getAll();
    all.onsuccess = () => {
      asked.result.close();
      resolve(all.result.map(one => new TextDecoder("latin1").decode(one.data)));
    };
  };
})"""


@pytest.fixture
def seminar(cast: Cast, alone: None) -> Seminar:
    """Going on, and kept by two."""
    make_role(cast.hr, Role.ORGANISER, cast.other_agency)
    found = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=timezone.now() - dt.timedelta(minutes=30),
    )
    make_participants(found, cast.unit, COUNT)
    return found


@pytest.mark.parametrize("width", ["desktop"])
def test_two_doors_go_on_without_network_and_nobody_is_lost(
    width: str,
    cast: Cast,
    seminar: Seminar,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    people = people_of(seminar)
    first, second = browser_of(cast.organiser), browser_of(cast.hr)
    at_door(first, seminar, "dør A")
    at_door(second, seminar, "dør B")

    # while there is a network, a press is answered on the page, and counted
    address = first.url
    let_in(first, people[0])
    says(first, "Velkommen", people[0])
    expect(row_of(first, people[0])).to_contain_text("dør A")
    expect(first.locator("[data-door-count]")).to_contain_text("1 av 30")
    let_in(second, people[0])
    says(second, "Allerede inne", people[0])
    for wide in WIDTHS:
        first.set_viewport_size({"width": wide, "height": 900})
        has_no_barriers(first)
        assert first.evaluate(TOO_WIDE) == []

    # three letters are enough, and what a hand scanner types is a code
    first.get_by_label("Navn eller kode").fill(people[1].user.name)
    expect(first.locator("li[data-person]:visible")).to_have_count(1)
    code = codes.code_of(people[1].pk, codes.key_of(seminar))
    first.get_by_label("Navn eller kode").fill(code)
    first.get_by_label("Navn eller kode").press("Enter")
    says(first, "Velkommen", people[1])
    first.get_by_role("button", name="Angre", exact=True).click()
    says(first, "Innsjekkingen er angret.")
    expect(row_of(first, people[1]).get_by_role("button", name="Slipp inn")).to_be_visible()
    assert Scan.objects.standing().filter(registration=people[1]).count() == 0

    # when both have lost the network, each goes on by itself
    with no_network(first), no_network(second):
        for one in people[1:15]:
            let_in(first, one)
            says(first, "Velkommen", one)
        for one in people[10:25]:
            let_in(second, one)
            says(second, "Velkommen", one)
        expect(first.get_by_text("Uten nett: 14 innsjekkinger venter")).to_be_visible()
        let_in(first, people[25])
        first.get_by_role("button", name="Angre", exact=True).click()
        says(first, "Innsjekkingen er angret.")
        expect(first.get_by_text("Uten nett: 14 innsjekkinger venter")).to_be_visible()

        # a code is known by its digest, and one that is in already is told so
        field = second.get_by_label("Navn eller kode")
        field.fill(codes.code_of(people[10].pk, codes.key_of(seminar)))
        field.press("Enter")
        says(second, "Allerede inne", people[10])
        field.fill("LP12.ABCDEFGHIJKLMNOP")
        field.press("Enter")
        says(second, "Kan ikke leses uten nett")

        # one of them is loaded anew
        first.reload()
        expect(first.get_by_text("Uten nett: 14 innsjekkinger venter")).to_be_visible()
        expect(row_of(first, people[3])).to_contain_text("dør A")
        assert first.url == address
        let_in(first, people[26])
        says(first, "Velkommen", people[26])
        for wide in WIDTHS:
            first.set_viewport_size({"width": wide, "height": 900})
            has_no_barriers(first)
            assert first.evaluate(TOO_WIDE) == []

    # then what waited is sent, in whatever order they come back
    expect(first.get_by_text("venter på å bli sendt")).to_have_count(0)
    expect(second.get_by_text("venter på å bli sendt")).to_have_count(0)
    inside = {one.registration_id for one in Scan.objects.standing()}
    assert inside == {one.pk for one in [people[0], *people[1:25], people[26]]}
    assert Scan.objects.filter(registration=people[25]).count() == 0

    # and each of the five who came through both is told of at one of the doors, with both
    def told() -> list[str]:
        return [
            said
            for page in (first, second)
            for said in page.locator("[data-door-told] li").all_inner_texts()
        ]

    wait_for(lambda: len(told()) >= 5)
    lines = told()
    assert len(lines) == 5
    for one in people[10:15]:
        (line,) = [said for said in lines if said.startswith(f"{one.user.name}:")]
        assert "dør A" in line
        assert "dør B" in line
    for page in (first, second):
        has_no_barriers(page)


def test_the_page_works_without_its_script(
    cast: Cast, seminar: Seminar, chromium: Browser, stack: Stack, shown_pages: list[Page]
) -> None:
    person = people_of(seminar)[0]
    context = chromium.new_context(base_url=stack.url, locale="nb-NO", java_script_enabled=False)
    page = context.new_page()
    shown_pages.append(page)
    may_sign_in(cast.organiser)
    page.goto(f"/konto/logg-inn/?next=/seminarer/{seminar.pk}/dor/{seminar.sessions.get().pk}/")
    sign_in(page, cast.organiser)
    expect(page.get_by_role("button", name="Les kode med kameraet")).to_have_count(0)
    page.get_by_label("Navn eller kode").fill(person.user.name)
    page.get_by_role("button", name="Søk").click()
    page.get_by_role("button", name=f"Slipp inn {person.user.name}", exact=True).click()
    says(page, "Velkommen", person)
    page.get_by_role("button", name="Angre", exact=True).click()
    expect(page.get_by_text("Innsjekkingen er angret.")).to_be_visible()
    assert Scan.objects.standing().count() == 0


@pytest.mark.parametrize("width", ["phone"])
def test_the_list_is_one_persons_and_goes_with_them_and_the_queue_waits(
    width: str,
    cast: Cast,
    seminar: Seminar,
    browser_of: Callable[[User], Page],
) -> None:
    people = people_of(seminar)
    page = browser_of(cast.organiser)
    at_door(page, seminar, "")
    assert page.evaluate(HELD) == ["lp-door-list", "lp-door-queue", "a page"]
    (held,) = page.evaluate(LIST_BYTES)
    assert people[0].user.name not in held

    # a scan that could not be sent
    with no_network(page):
        let_in(page, people[0])
        says(page, "Velkommen", people[0])
        expect(page.get_by_text("Uten nett: 1 innsjekking venter")).to_be_visible()
        page.context.clear_cookies(name="lederportalen_session")

    # whose sign-in is over is told so: the list is gone, and the scan is not
    expect(page.get_by_text("Du er logget ut.")).to_be_visible()
    expect(page.locator("li[data-person]")).to_have_count(0)
    expect(page.locator("#svar")).to_be_empty()
    assert Scan.objects.count() == 0
    follow(page.get_by_role("link", name="Logg inn igjen"))
    assert page.evaluate(HELD) == ["lp-door-queue", "no page"]
    sign_in(page, cast.organiser)

    # and is sent when they are back
    expect(row_of(page, people[0])).to_contain_text("Inne")
    assert Scan.objects.get().registration == people[0]

    # signing out takes the list, and another's page sends nothing of what waits
    is_held(page)
    with no_network(page):
        let_in(page, people[1])
        says(page, "Velkommen", people[1])
        expect(page.get_by_text("Uten nett: 1 innsjekking venter")).to_be_visible()
        page.context.clear_cookies()
    page.goto("/personvern/")
    wait_for(lambda: page.evaluate("localStorage.getItem('lp-door') === null"))
    may_sign_in(cast.hr)
    page.goto(f"/konto/logg-inn/?next=/seminarer/{seminar.pk}/dor/{seminar.sessions.get().pk}/")
    sign_in(page, cast.hr)
    expect(page.get_by_text("1 innsjekking på denne enheten venter på at den")).to_be_visible()
    assert Scan.objects.count() == 1
