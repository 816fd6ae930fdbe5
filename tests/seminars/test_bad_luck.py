"""Two tabs, a double click, a date that has passed, a hall that shrinks: what then is true?

Each ends in one truth in the rows, one clear sentence to whoever asked, and one audit record for
what happened; what was refused leaves none. All on real connections, each hand one of its own.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.errors import Refused
from people.models import AuditRecord, User
from seminars.editing.actions import cancel_seminar, change_seminar
from seminars.models import Registration, Seminar
from seminars.offers.actions import accept_offer, decline_offer
from seminars.pools.actions import reserve_seats
from seminars.refusals import CapacityTooLow, PoolDoesNotFit
from seminars.seats.allocation import reconcile_waiting_lists
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import (
    enrol,
    make_participants,
    make_registration,
    make_seminar,
)
from tests.seminars.test_organising import content_of
from tests.seminars.test_seat_race import all_at_once, patiently, states

HANDS = 12
SEATS = 8

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hall(transactional_db: None, cast: Cast) -> Seminar:
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=SEATS, offers_expire_after=24
    )


@pytest.fixture
def hands(cast: Cast) -> list[User]:
    return [make_employee(cast.unit, f"Hånd {number}") for number in range(HANDS)]


@pytest.fixture
def offer(hall: Seminar, cast: Cast) -> Registration:
    until = timezone.now() + dt.timedelta(hours=1)
    return make_registration(hall, cast.employee, state="offered", expires_at=until)


def trail() -> Counter[str]:
    return Counter(AuditRecord.objects.values_list("action", flat=True))


def said_at_once(person: User, url: str, data: dict[str, str], hands: list[User]) -> Counter[str]:
    """The same person presses the same button in as many tabs; what each tab says next."""
    said: list[str] = []

    def press(_hand: User) -> None:
        browser = Client()
        browser.force_login(person)
        while True:
            response = browser.post(url, data)
            words = [str(message) for message in get_messages(response.wsgi_request)]
            if not any("stor pågang" in one for one in words):
                break
        said.append(" ".join(words))

    assert all_at_once(press, hands) == {"done": len(hands)}
    return Counter(said)


# ---- the same button, several times --------------------------------------------------------------


def test_registering_in_many_tabs_is_one_registration(hall, cast, hands):
    url = reverse("seminars:register", args=[hall.pk])
    said = said_at_once(cast.employee, url, {}, hands[:6])
    assert said == {"": 1, "Du er allerede påmeldt.": 5}
    assert (states(hall), trail()) == ({"registered": 1}, {"seminars.register": 1})
    assert cast.employee.letters.count() == 1


def test_offer_that_is_clicked_twice_is_one_seat(hall, cast, hands, offer):
    url = reverse("seminars:offer", args=[hall.pk])
    said = said_at_once(cast.employee, url, {"answer": "accept"}, hands[:6])
    assert said == {"": 1, "Du har allerede plassen.": 5}
    assert (states(hall), trail()) == ({"registered": 1}, {"seminars.accept_offer": 1})
    assert cast.employee.letters.count() == 1


def test_offer_that_is_declined_twice_is_one_seat_freed(hall, cast, hands, offer):
    url = reverse("seminars:offer", args=[hall.pk])
    said = said_at_once(cast.employee, url, {"answer": "decline"}, hands[:6])
    assert said == {
        "Takk for svaret. Du har ikke lenger tilbud om plass.": 1,
        "Tilbudet er ikke lenger ditt: det er besvart, eller tiden gikk ut.": 5,
    }
    assert (states(hall), trail()) == ({"withdrawn": 1}, {"seminars.decline_offer": 1})


def test_withdrawal_that_is_pressed_twice_is_one(hall, cast, hands):
    make_registration(hall, cast.employee)
    url = reverse("seminars:withdraw", args=[hall.pk])
    said = said_at_once(cast.employee, url, {}, hands[:6])
    assert said.pop("Du er meldt av. Takk for at du sa fra.") == 1
    assert set(said) <= {
        "Påmeldingen er allerede avsluttet.",
        "Du er ikke påmeldt dette seminaret.",
    }
    assert (states(hall), trail()) == ({"withdrawn": 1}, {"seminars.withdraw": 1})
    assert cast.employee.letters.count() == 1


# ---- yes and no, in time and too late ------------------------------------------------------------


def test_yes_and_no_to_an_offer_at_once_are_one_answer(hall, cast, hands, offer):
    def answer(hand: User) -> None:
        action = accept_offer if hands.index(hand) % 2 else decline_offer
        patiently(lambda: action(registration=offer, by=cast.employee, now=timezone.now()))

    ends = all_at_once(answer, hands)
    assert ends["done"] == 1
    assert set(ends) <= {"done", "AlreadyRegistered", "OfferIsOver"}
    assert (states(hall), trail()) in [
        ({"registered": 1}, {"seminars.accept_offer": 1}),
        ({"withdrawn": 1}, {"seminars.decline_offer": 1}),
    ]
    assert cast.employee.letters.count() == 1


def test_offer_taken_in_the_second_it_ends_is_taken_or_over(hall, cast, hands, offer):
    """The sweep, a hand a second early and one in the very second; the seat is somebody's."""
    Seminar.objects.update(capacity=1)
    (waiting,) = make_participants(hall, cast.unit, 1, state="waitlisted")
    end = offer.expires_at
    said: list[str] = []

    def press(hand: User) -> None:
        number = hands.index(hand) % 3
        if number == 2:
            reconcile_waiting_lists(now=end)
            return
        at = end - dt.timedelta(seconds=number)
        try:
            patiently(lambda: accept_offer(registration=offer, by=cast.employee, now=at))
        except Refused as refusal:
            said.append(str(refusal))

    assert all_at_once(press, hands) == {"done": HANDS}
    offer.refresh_from_db()
    waiting.refresh_from_db()
    kinds = Counter(cast.employee.letters.values_list("kind", flat=True))
    truth = (offer.state, waiting.state, kinds, trail())
    assert truth in [
        ("registered", "waitlisted", {"seminars.confirmed": 1}, {"seminars.accept_offer": 1}),
        (
            "expired",
            "offered",
            {"seminars.offer_expired": 1},
            {"seminars.expire_offer": 1, "seminars.offer": 1},
        ),
    ]
    lost = {"Tilbudet er ikke lenger ditt: det er besvart, eller tiden gikk ut."}
    if offer.state == "registered":
        assert set(said) == {"Du har allerede plassen."}
    else:
        assert {one for one in said if not one.startswith("Tilbudet gikk ut ")} <= lost


# ---- while it is cancelled, closed, or made smaller ----------------------------------------------


def test_registering_while_it_is_cancelled_is_in_and_told_or_refused(hall, cast, hands):
    Seminar.objects.update(capacity=HANDS)
    refused: list[str] = []

    def press(hand: User) -> None:
        now = timezone.now()
        if hand == hands[HANDS // 2]:
            patiently(
                lambda: cancel_seminar(seminar=hall, reason="Syk", by=cast.organiser, now=now)
            )
            return
        try:
            patiently(lambda: register_for_seminar(seminar=hall, by=hand, now=now))
        except Refused as refusal:
            refused.append(str(refusal))

    assert all_at_once(press, hands) == {"done": HANDS}
    seated = states(hall)["registered"]
    assert refused == ["Seminaret er avlyst."] * (HANDS - 1 - seated)
    assert trail() == Counter({"seminars.register": seated, "seminars.cancel": 1})
    for hand in hands:
        methods = list(hand.letters.order_by("pk").values_list("calendar_method", flat=True))
        assert methods in [[], ["REQUEST", "CANCEL"]]


def test_registering_while_the_closing_date_is_moved_is_in_or_refused(hall, cast, hands):
    past = timezone.now() - dt.timedelta(minutes=1)
    content = content_of(hall, registration_closes_at=past)
    refused: list[str] = []

    def press(hand: User) -> None:
        now = timezone.now()
        if hand == hands[HANDS // 2]:
            patiently(
                lambda: change_seminar(seminar=hall, content=content, by=cast.organiser, now=now)
            )
            return
        try:
            patiently(lambda: register_for_seminar(seminar=hall, by=hand, now=now))
        except Refused as refusal:
            refused.append(str(refusal))

    assert all_at_once(press, hands) == {"done": HANDS}
    assert {one.startswith("Påmeldingsfristen gikk ut ") for one in refused} <= {True}
    rows = hall.registrations.count()
    assert rows == HANDS - 1 - len(refused)
    assert trail()["seminars.register"] == rows


def test_hall_made_smaller_while_people_register_never_oversells(hall, cast, hands):
    smaller = content_of(hall, capacity=3)
    refused: list[str] = []

    def press(hand: User) -> None:
        now = timezone.now()
        if hands.index(hand) % 4 == 3:
            try:
                patiently(
                    lambda: change_seminar(
                        seminar=hall, content=smaller, by=cast.organiser, now=now
                    )
                )
            except CapacityTooLow as refusal:
                refused.append(str(refusal))
            return
        patiently(lambda: register_for_seminar(seminar=hall, by=hand, now=now))

    assert all_at_once(press, hands) == {"done": HANDS}
    hall.refresh_from_db()
    found = states(hall)
    changed = trail()["seminars.change"]
    assert (hall.capacity, found["registered"]) == ((3, 3) if changed else (SEATS, SEATS))
    assert sum(found.values()) == trail()["seminars.register"] == HANDS - 3
    assert len(refused) == 3 - changed
    for words in refused:
        assert "har plass. Antall plasser kan ikke være lavere enn det." in words
    assert faults(now=timezone.now()) == []


def test_pool_and_people_at_once_share_the_hall(hall, cast, hands):
    """The others take open seats while a pool of five is held: it fits, or it is refused."""
    others = [make_employee(cast.other_unit, f"Annen {number}") for number in range(HANDS)]
    refused: list[str] = []

    def press(hand: User) -> None:
        number, now = hands.index(hand), timezone.now()
        if number % 6 == 5:
            try:
                patiently(
                    lambda: reserve_seats(
                        seminar=hall, agency=cast.agency, seats=5, release_at=None,
                        by=cast.organiser, now=now,
                    )
                )  # fmt: skip
            except PoolDoesNotFit as refusal:
                refused.append(str(refusal))
            return
        patiently(lambda: register_for_seminar(seminar=hall, by=others[number], now=now))

    assert all_at_once(press, hands) == {"done": HANDS}
    held = sum(hall.seat_pools.values_list("seats", flat=True))
    assert held in (0, 5)
    assert states(hall)["registered"] == SEATS - held
    assert len(refused) + trail()["seminars.reserve_seats"] == 2
    assert {one.startswith("Salen har plass til ") for one in refused} <= {True}
    assert faults(now=timezone.now()) == []


# ---- bad input on the organiser's pages ----------------------------------------------------------


def test_closing_date_has_one_sentence_and_no_record(hall, cast):
    now = timezone.now()
    Seminar.objects.update(registration_closes_at=now - dt.timedelta(minutes=1))
    browser = Client()
    browser.force_login(cast.employee)
    response = browser.post(reverse("seminars:register", args=[hall.pk]), follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1] == (reverse("seminars:detail", args=[hall.pk]), 302)
    words = [str(message) for message in response.context["messages"]]
    assert len(words) == 1
    assert words[0].startswith("Påmeldingsfristen gikk ut ")
    assert words[0] in page
    assert (Registration.objects.count(), trail()) == (0, {})


def test_pool_larger_than_the_hall_says_how_many_fit_at_the_field(hall, cast):
    make_participants(hall, cast.other_unit, 3)
    browser = Client()
    browser.force_login(cast.organiser)
    url = reverse("seminars:pools", args=[hall.pk])
    response = browser.post(url, {"agency": cast.agency.pk, "seats": SEATS - 2})
    assert response.context["form"].errors == {
        "seats": ["Salen har plass til 5 for denne virksomheten, utenom det andre har."]
    }
    assert response.context["form"]["seats"].value() == str(SEATS - 2)
    assert (hall.seat_pools.count(), trail()) == (0, {})


def test_capacity_below_the_registered_leaves_the_hall_and_no_record(hall, cast):
    make_participants(hall, cast.unit, 3)
    with pytest.raises(CapacityTooLow, match="3 personer har plass"):
        change_seminar(
            seminar=hall,
            content=content_of(hall, capacity=2, title="Ny tittel"),
            by=cast.organiser,
            now=timezone.now(),
        )
    hall.refresh_from_db()
    assert (hall.capacity, hall.title, trail()) == (SEATS, "Tillitsbasert ledelse", {})


def test_withdrawing_and_registering_at_once_keep_one_place_each(hall, cast, hands):
    """Somebody who changes their mind in two tabs is in or out, and the seat is not lost."""
    Seminar.objects.update(capacity=1, offers_expire_after=None)
    row = enrol(hall, cast.employee)
    waiting = enrol(hall, make_employee(cast.unit, "Venter"), state="waitlisted")

    def press(hand: User) -> None:
        now = timezone.now()
        if hands.index(hand) % 2:
            patiently(lambda: withdraw_registration(registration=row, by=cast.employee, now=now))
        else:
            patiently(lambda: register_for_seminar(seminar=hall, by=cast.employee, now=now))

    ends = all_at_once(press, hands)
    assert set(ends) <= {"done", "AlreadyRegistered", "NotRegistered"}
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert (row.state, waiting.state) == ("withdrawn", "registered")
    active = hall.registrations.active().filter(user=cast.employee)
    assert list(active.values_list("state", flat=True)) in ([], ["waitlisted"])
    assert trail()["seminars.withdraw"] == 1
    assert faults(now=timezone.now()) == []
