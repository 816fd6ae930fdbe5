"""An organiser asks, takes in, writes and follows; a participant answers and subscribes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import Role, User
from seminars.models import Answer, Needs, Question, SeatPool
from tests.cast import Cast
from tests.factories import make_role
from tests.journeys.conftest import IN_EVERY_MANNER
from tests.journeys.hands import choose, press, tick, write
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.seminars.factories import make_participants, make_seminar


@IN_EVERY_MANNER
def test_organiser_asks_and_the_participant_answers(
    cast: Cast,
    width: str,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a published seminar, and an organiser with a question to those who come
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    desk = browser_of(cast.organiser)
    desk.goto(f"/seminarer/{seminar.pk}/")
    press(desk.get_by_role("link", name="Spørsmål", exact=True))
    has_no_barriers(desk)
    press(desk.get_by_role("link", name="Lag et spørsmål"))
    has_no_barriers(desk)
    write(desk.get_by_label("Spørsmål").first, "Trenger du hotell?")
    tick(desk.get_by_label("Ett valg"))
    write(desk.get_by_label("Svaralternativer"), "Ja\nNei")
    tick(desk.get_by_label("Må besvares"))
    follow(desk.get_by_role("button", name="Lagre spørsmålet"))

    # and another that hangs on the answer to the first
    press(desk.get_by_role("link", name="Nytt spørsmål"))
    write(desk.get_by_label("Spørsmål").first, "Hvilken natt?")
    tick(desk.get_by_label("Fritekst"))
    choose(desk.get_by_label("Vises"), "Bare etter svaret «Ja» på «Trenger du hotell?»")
    press(desk.get_by_role("button", name="Lagre spørsmålet"))
    expect(desk.get_by_role("heading", name="Hvilken natt?")).to_be_visible()
    has_no_barriers(desk)

    # when the leader registers, the second is asked when the first makes it matter
    page = browser_of(cast.leader)
    page.goto(f"/seminarer/{seminar.pk}/meld-pa/")
    night = page.get_by_label("Hvilken natt?")
    # Without a script it stands below the first, which says when it is to be answered.
    expect(night).to_be_visible(visible=width == "no script")
    has_no_barriers(page)
    press(page.get_by_role("button", name="Meld meg på"))
    expect(page.get_by_text("Trenger du hotell? Du må svare på dette.")).to_be_visible()
    has_no_barriers(page)
    tick(page.get_by_label("Ja", exact=True))
    write(night, "Mandag")
    press(page.get_by_role("button", name="Meld meg på"))
    expect(page.get_by_role("heading", name="Du er påmeldt", level=1)).to_be_visible()

    # then the organiser reads the answers
    assert list(Answer.objects.values_list("values", flat=True)) == [["Ja"], ["Mandag"]]
    desk.reload()
    press(desk.get_by_role("link", name="Se 1 svar – Hvilken natt?"))
    expect(desk.get_by_role("cell", name="Mandag")).to_be_visible()
    has_no_barriers(desk)

    # and what the leader needs to eat is for the logistics role alone
    press(page.get_by_role("link", name="Trenger du spesiell mat eller tilrettelegging?"))
    tick(page.get_by_label("Uten gluten"))
    has_no_barriers(page)
    press(page.get_by_role("button", name="Lagre"))
    expect(page.get_by_text("Det du trenger, er lagret.")).to_be_visible()
    assert Needs.objects.get().diet == ["gluten_free"]
    make_role(cast.stranger, Role.LOGISTICS, cast.other_agency)
    kitchen = browser_of(cast.stranger)
    kitchen.goto(f"/seminarer/{seminar.pk}/")
    press(kitchen.get_by_role("link", name="Mat og tilrettelegging for deltakerne"))
    expect(kitchen.get_by_role("cell", name="Uten gluten")).to_be_visible()
    has_no_barriers(kitchen)

    # and the leader's calendar may follow the seminars by itself
    page.goto("/seminarer/kalender/abonnement/")
    has_no_barriers(page)
    press(page.get_by_role("button", name="Lag adressen"))
    expect(page.get_by_label("Adressen til kalenderen")).to_be_visible()
    has_no_barriers(page)


@IN_EVERY_MANNER
def test_organiser_takes_in_a_list_and_writes_to_them(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a seminar with some people in it, and seats held for an agency
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    SeatPool.objects.create(seminar=seminar, agency=cast.other_agency, seats=8)
    make_participants(seminar, cast.unit, 4)
    Question.objects.create(seminar=seminar, text="Hvor kommer du fra?", kind="text")
    page = browser_of(cast.organiser)

    # when the organiser tries a list
    page.goto(f"/seminarer/{seminar.pk}/deltakere/")
    has_no_barriers(page)
    press(page.get_by_role("link", name="Meld på fra liste"))
    has_no_barriers(page)
    listed = page.get_by_label("E-postadresser, HR-numre eller navn")
    write(listed, f"{cast.leader.email}\nukjent@example.org")
    press(page.get_by_role("button", name="Kontroller listen"))
    expect(page.get_by_text("Ingen ansatt har denne adressen.")).to_be_visible()
    has_no_barriers(page)

    # then those who can come in do so when the organiser says so
    press(page.get_by_role("button", name="Meld på disse"))
    expect(page.get_by_text("1 fikk plass, og 0 står på ventelisten.")).to_be_visible()

    # and they read what the organiser writes, and has read first
    press(page.get_by_role("link", name="Skriv til deltakerne"))
    has_no_barriers(page)
    write(page.get_by_label("Emne"), "Ta med kopp")
    write(page.get_by_label("Brevet", exact=False).last, "Det blir kaffe fra klokken åtte.")
    press(page.get_by_role("button", name="Se brevet"))
    expect(page.get_by_text("Brevet går til 5 personer.")).to_be_visible()
    has_no_barriers(page)
    follow(page.get_by_role("button", name="Send brevet"))
    letter = stack.mailbox.wait_for_letter(cast.leader.email, subject="Ta med kopp")
    assert "kaffe fra klokken åtte" in letter.get_body(("plain",)).get_content()

    # and what the organiser follows, copies and answers for is there without barriers
    for path in ("oversikt", "persondata", "kopier", "avlys", "rediger", "invitasjoner"):
        page.goto(f"/seminarer/{seminar.pk}/{path}/")
        has_no_barriers(page)
