"""Sessions held side by side: chosen, changed and counted, with the keyboard too."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import Role, User
from seminars.models import Question
from tests.cast import Cast
from tests.factories import make_role
from tests.journeys.stack import Stack
from tests.seminars.factories import choose, make_choice, make_registration, make_seminar


def test_leader_chooses_among_parallel_sessions_and_chooses_anew(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a seminar of which the second part is three sessions side by side, one of them full
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=4)
    full, room, _other = make_choice(seminar, 1, 4, 4)
    choose(make_registration(seminar, cast.employee), full)
    for text in ("Hva vil du lære?", "Hva kan du dele?"):
        Question.objects.create(seminar=seminar, text=text, kind="text")

    # and a leader who has a seat elsewhere in the same hours
    meanwhile = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title="Klart språk",
        starts_at=seminar.starts_at + dt.timedelta(hours=1),
    )
    make_registration(meanwhile, cast.leader)

    # when the leader wants to register, then the page tells what collides, and what is full
    page = browser_of(cast.leader)
    page.goto(f"/seminarer/{seminar.pk}/")
    expect(page.get_by_text("Økt 2: velg én")).to_be_visible()
    has_no_barriers(page)
    page.get_by_role("link", name="Meld meg på").click()
    expect(page.get_by_role("heading", name="Du har noe annet samtidig")).to_be_visible()
    expect(page.get_by_text("«Klart språk»").first).to_be_visible()
    expect(page.get_by_role("radio", name=re.compile("^A "))).to_be_disabled()
    has_no_barriers(page)

    # a form without a choice comes back with what was written
    page.get_by_label("Hva vil du lære?").fill("Å lytte")
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_text("Velg hvilken samling du vil gå på.").first).to_be_visible()
    expect(page.get_by_label("Hva vil du lære?")).to_have_value("Å lytte")
    has_no_barriers(page)

    # with one the leader has a seat, and that session in the calendar
    page.get_by_role("radio", name=re.compile("^B ")).check()
    page.get_by_role("button", name="Meld meg på").click()
    expect(page.get_by_role("heading", name="Du er påmeldt", level=1)).to_be_visible()
    has_no_barriers(page)
    stack.mailbox.wait_for_letter(cast.leader.email, subject="Du har plass")

    # when the leader chooses anew, then a letter puts the new one in
    page.goto(f"/seminarer/{seminar.pk}/")
    page.get_by_role("link", name="Velg samling").click()
    expect(page.get_by_role("radio", name=re.compile("^B "))).to_be_checked()
    has_no_barriers(page)
    page.get_by_role("radio", name=re.compile("^C ")).check()
    page.get_by_role("button", name="Lagre valget").click()
    expect(page.get_by_text("Valget ditt er lagret.")).to_be_visible()
    letter = stack.mailbox.wait_for_letter(cast.leader.email, subject="Ny samling for deg")
    assert "text/calendar" in {part.get_content_type() for part in letter.walk()}
    assert room.choices.count() == 0

    # and the organiser sees who goes where
    desk = browser_of(cast.organiser)
    desk.goto(f"/seminarer/{seminar.pk}/deltakere/")
    expect(desk.get_by_role("heading", name="Hvem går hvor")).to_be_visible()
    has_no_barriers(desk)
    desk.goto(f"/seminarer/{seminar.pk}/rediger/")
    has_no_barriers(desk)
    desk.goto(f"/seminarer/{seminar.pk}/deltakere/legg-til/")
    has_no_barriers(desk)

    # and changes the order of the questions from the keyboard
    desk.goto(f"/seminarer/{seminar.pk}/sporsmal/")
    has_no_barriers(desk)
    desk.get_by_role("button", name="Flytt ned Hva vil du lære?").press("Enter")
    expect(desk.get_by_role("heading", level=2).first).to_have_text("Hva kan du dele?")
    has_no_barriers(desk)


def test_logistics_finds_its_seminars_in_the_menu(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given one who sees to food and accessibility, and a seminar to do it for
    make_role(cast.hr, Role.LOGISTICS, cast.other_agency)
    make_seminar(cast.other_agency, created_by=cast.organiser)

    # when that person looks in the menu, then it is one click away
    page = browser_of(cast.hr)
    page.goto("/")
    menu = page.get_by_role("link", name="Tilrettelegging", exact=True).first
    if not menu.is_visible():
        page.locator("summary", has_text="Meny").click()
    page.get_by_role("link", name="Tilrettelegging", exact=True).locator("visible=true").click()
    expect(page.get_by_role("heading", name="Mat og tilrettelegging", level=1)).to_be_visible()
    has_no_barriers(page)
    page.get_by_role("link", name="Tillitsbasert ledelse").click()
    expect(page.get_by_role("heading", name="Mat og tilrettelegging", level=1)).to_be_visible()
    has_no_barriers(page)
