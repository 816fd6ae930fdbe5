"""A leader finds a seminar, takes a seat, and has it in the calendar."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import User
from seminars.models import Registration, RegistrationState
from tests.cast import Cast
from tests.journeys.conftest import IN_EVERY_MANNER
from tests.journeys.hands import press, write
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.seminars.factories import make_participants, make_seminar


@IN_EVERY_MANNER
def test_leader_registers_and_gets_a_letter_with_a_calendar_part(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a published seminar among others
    make_seminar(cast.other_agency, created_by=cast.organiser, title="Klart språk")
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, title="Tillitsbasert ledelse på Grønland"
    )

    # when the leader searches for it, not quite as it is spelt, and registers with one press
    page = browser_of(cast.leader)
    page.goto("/seminarer/")
    write(page.get_by_role("searchbox"), "tillit groenland")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("heading", name="Klart språk")).to_have_count(0)
    has_no_barriers(page)
    press(page.get_by_role("link", name=seminar.title))
    has_no_barriers(page)
    press(page.get_by_role("button", name="Meld meg på"))

    # then the leader has a seat, and reads so
    expect(page.get_by_role("heading", name="Du er påmeldt", level=1)).to_be_visible()
    has_no_barriers(page)
    registration = Registration.objects.get(user=cast.leader)
    assert registration.state == RegistrationState.REGISTERED

    # and the letter has come, for the calendar too
    letter = stack.mailbox.wait_for_letter(cast.leader.email, subject=seminar.title)
    assert letter.get_content_type() == "multipart/alternative"
    parts = [part.get_content_type() for part in letter.iter_parts()]
    assert parts == ["text/plain", "text/html", "text/calendar"]
    calendar = list(letter.iter_parts())[-1]
    assert calendar.get_param("method") == "REQUEST"
    assert f"UID:{registration.calendar_uid}" in calendar.get_content()


@IN_EVERY_MANNER
def test_leader_withdraws_and_the_first_in_the_queue_has_the_seat(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a full seminar where the manager waits first in the queue
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=3)
    make_participants(seminar, cast.other_unit, 2)

    page = browser_of(cast.leader)
    page.goto(f"/seminarer/{seminar.pk}/meld-pa/")
    press(page.get_by_role("button", name="Meld meg på"))
    expect(page.get_by_role("heading", name="Du er påmeldt", level=1)).to_be_visible()
    waiting = browser_of(cast.manager)
    waiting.goto(f"/seminarer/{seminar.pk}/")
    press(waiting.get_by_role("button", name="Sett meg på venteliste"))
    expect(waiting.get_by_role("heading", name="Du står på venteliste", level=1)).to_be_visible()
    has_no_barriers(waiting)

    # when the leader withdraws in two clicks
    page.goto(f"/seminarer/{seminar.pk}/")
    follow(page.get_by_role("link", name="Meld meg av"))
    has_no_barriers(page)
    follow(page.get_by_role("button", name="Meld meg av"))
    # then the leader's calendar is told, and the manager has the seat
    cancelled = stack.mailbox.wait_for_letter(cast.leader.email, subject="meldt av")
    assert list(cancelled.iter_parts())[-1].get_param("method") == "CANCEL"
    waiting.goto(f"/seminarer/{seminar.pk}/")
    expect(waiting.get_by_role("heading", name="Du er påmeldt")).to_be_visible()
    promoted = stack.mailbox.wait_for_letter(cast.manager.email, subject="fått plass")
    assert list(promoted.iter_parts())[-1].get_param("method") == "REQUEST"
