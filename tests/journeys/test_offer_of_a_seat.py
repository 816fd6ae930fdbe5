"""A seat that one gives back is offered to the next; a coordinator fills the agency's seats."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import User
from seminars.models import Registration, RegistrationState, SeatPool
from tests.cast import Cast
from tests.journeys.stack import Stack
from tests.seminars.factories import make_registration, make_seminar


def test_whoever_waits_is_offered_the_seat_that_another_gives_back(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a full seminar that asks the next in the queue, and a leader who comes too late
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=1, offers_expire_after=48
    )
    make_registration(seminar, cast.stranger)
    page = browser_of(cast.leader)
    page.goto(f"/seminarer/{seminar.pk}/meld-pa/")
    has_no_barriers(page)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("heading", name="Du står på venteliste", level=1)).to_be_visible()
    registration = Registration.objects.get(user=cast.leader)
    assert registration.state == RegistrationState.WAITLISTED

    # when the one who has the seat gives it back
    other = browser_of(cast.stranger)
    other.goto(f"/seminarer/{seminar.pk}/meld-av/")
    has_no_barriers(other)
    other.get_by_role("button", name="Meld meg av").click()
    expect(other).to_have_url(f"/seminarer/{seminar.pk}/")

    # then the leader has a letter that leads to the page where one answers
    letter = stack.mailbox.wait_for_letter(cast.leader.email, subject="Tilbud om plass")
    address = f"/seminarer/{seminar.pk}/tilbud/"
    assert address in letter.get_body(("plain",)).get_content()
    page.goto("/")
    expect(page.get_by_text("Du er tilbudt en plass")).to_be_visible()
    has_no_barriers(page)
    page.get_by_role("link", name="Svar på tilbudet").click()
    expect(page).to_have_url(address)
    has_no_barriers(page)
    registration.refresh_from_db()
    assert registration.state == RegistrationState.OFFERED

    # and a yes makes the seat the leader's, with an entry for the calendar
    page.get_by_role("button", name="Ja, jeg tar plassen").click()
    expect(page.get_by_role("heading", name="Du er påmeldt", level=1)).to_be_visible()
    has_no_barriers(page)
    registration.refresh_from_db()
    assert registration.state == RegistrationState.REGISTERED
    confirmation = stack.mailbox.wait_for_letter(cast.leader.email, subject="Du har plass")
    assert "text/calendar" in {part.get_content_type() for part in confirmation.walk()}


def test_coordinator_fills_the_seats_of_the_agency(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a seminar with seats held for the agency
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=10)
    pool = SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=2)

    # when its coordinator finds them on «Min side», and names one who does not work there
    page = browser_of(cast.coordinator)
    expect(page.get_by_text("2 av 2 igjen")).to_be_visible()
    has_no_barriers(page)
    page.get_by_role("link", name=seminar.title).click()
    has_no_barriers(page)
    address = page.get_by_role("combobox", name="Hvem vil du melde på?")
    address.fill(cast.stranger.email)
    page.get_by_role("button", name="Meld på").click()
    expect(page.get_by_text("Ingen du kan velge her, passer med").first).to_be_visible()
    expect(address).to_have_value(cast.stranger.email)
    has_no_barriers(page)

    # and then chooses one who does
    address.fill("")
    page.get_by_role("option", name=cast.leader.name).click()
    page.get_by_role("button", name="Meld på").click()
    expect(page.get_by_text(f"{cast.leader.name} er påmeldt.")).to_be_visible()
    expect(page.get_by_role("link", name=f"Bytt {cast.leader.name}")).to_be_visible()
    has_no_barriers(page)

    # then the seat is one of the agency's, and the leader hears of it
    registration = Registration.objects.get()
    assert (registration.user, registration.pool) == (cast.leader, pool)
    assert registration.registered_by == cast.coordinator
    stack.mailbox.wait_for_letter(cast.leader.email, subject="Du har plass")
    page.goto("/")
    expect(page.get_by_text("1 av 2 igjen")).to_be_visible()
