"""A seminar for chosen people, where the line manager has a word: from terms to calendar."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import User
from seminars.models import Registration, RegistrationState
from tests.cast import Cast
from tests.journeys.conftest import IN_EVERY_MANNER
from tests.journeys.hands import press, tick, write
from tests.journeys.stack import Stack
from tests.seminars.factories import make_seminar


@IN_EVERY_MANNER
def test_organiser_sets_the_terms_and_the_line_manager_approves(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given an organiser who says whom the seminar is for, and sees how many that is
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    desk = browser_of(cast.organiser)
    desk.goto(f"/seminarer/{seminar.pk}/")
    press(desk.get_by_role("link", name="Målgrupper"))
    has_no_barriers(desk)
    press(desk.get_by_role("link", name="Ansatte i valgte virksomheter"))
    press(desk.get_by_role("button", name="Lagre målgruppen"))
    expect(desk.get_by_text("Velg minst én virksomhet.").first).to_be_visible()
    has_no_barriers(desk)
    tick(desk.get_by_label(cast.agency.name))
    press(desk.get_by_role("button", name="Se hvor mange det gjelder"))
    expect(desk.get_by_text("Gjelder 5 personer")).to_be_visible()
    press(desk.get_by_role("button", name="Lagre målgruppen"))
    expect(desk.get_by_text("Målgruppen er lagret.")).to_be_visible()
    has_no_barriers(desk)

    # and that line managers have three days to approve
    desk.goto(f"/seminarer/{seminar.pk}/rediger/")
    write(desk.get_by_label("Dager nærmeste leder får til å godkjenne"), "3")
    press(desk.get_by_role("button", name="Lagre endringene"))
    expect(desk.get_by_text("Nærmeste leder må godkjenne påmeldingen.")).to_be_visible()
    has_no_barriers(desk)

    # when one of those registers, then a seat is held for them
    person = browser_of(cast.employee)
    person.goto(f"/seminarer/{seminar.pk}/meld-pa/")
    has_no_barriers(person)
    press(person.locator("main form button[type=submit]"))
    expect(
        person.get_by_role("heading", name="Plassen venter på godkjenning", level=1)
    ).to_be_visible()
    has_no_barriers(person)
    registration = Registration.objects.get()
    assert registration.state == RegistrationState.AWAITING
    waits = stack.mailbox.wait_for_letter(cast.employee.email, subject="venter på godkjenning")
    assert "text/calendar" not in {part.get_content_type() for part in waits.walk()}

    # and the line manager has a letter without a name, that leads to where to answer
    letter = stack.mailbox.wait_for_letter(cast.leader.email, subject="venter på svar fra deg")
    text = letter.get_body(("plain",)).get_content()
    assert f"/seminarer/{seminar.pk}/godkjenning/{registration.pk}/" in text
    assert cast.employee.name not in text
    manager = browser_of(cast.leader)
    manager.goto("/")
    expect(manager.get_by_role("heading", name="Venter på godkjenning fra deg")).to_be_visible()
    has_no_barriers(manager)
    press(manager.get_by_role("link", name="Svar på påmeldingen"))
    has_no_barriers(manager)

    # a no without a reason is asked for one, and the answer becomes a yes instead
    press(manager.get_by_role("button", name="Nei, avslå påmeldingen"))
    expect(manager.get_by_text("Skriv hvorfor, så personen forstår det.").first).to_be_visible()
    has_no_barriers(manager)
    press(manager.get_by_role("button", name="Ja, godkjenn påmeldingen"))
    expect(manager).to_have_url(f"/seminarer/{seminar.pk}/virksomhetens-plasser/")
    expect(
        manager.get_by_text(f"Påmeldingen til {cast.employee.name} er godkjent.")
    ).to_be_visible()
    has_no_barriers(manager)

    # then the seat is the employee's, with an entry for the calendar
    registration.refresh_from_db()
    assert registration.state == RegistrationState.REGISTERED
    confirmation = stack.mailbox.wait_for_letter(cast.employee.email, subject="Du har plass")
    assert "text/calendar" in {part.get_content_type() for part in confirmation.walk()}
