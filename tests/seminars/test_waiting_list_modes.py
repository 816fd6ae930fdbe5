"""A waiting list that the organiser has switched off, limited, or gives from by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from attendance.walk_ins.actions import register_walk_in
from common.errors import Refused
from outbox.models import Letter
from seminars.approvals.restore_actions import restore_declined
from seminars.editing.actions import change_seminar
from seminars.models import Registration, SeatPool, Seminar
from seminars.offers.actions import accept_offer
from seminars.page_queries import seminar_for
from seminars.participant_status import participant_status_of
from seminars.refusals import AlreadyRegistered, Full, ListIsFull, ListTooLong, NotRegistered
from seminars.seats.allocation import fill_free_seats, give_seat, reconcile_waiting_lists
from seminars.seats.invariants import faults
from seminars.seats.ways_in import register_for_seminar, register_on_behalf
from seminars.seats.withdrawal import withdraw_registration
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import enrol, make_registration, make_seminar
from tests.seminars.test_organising import content_of

MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def full(cast: Cast, **fields: Any) -> Seminar:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1, **fields)
    enrol(seminar, cast.employee, at=seminar.registration_opens_at + MINUTE)
    return seminar


def queued(seminar: Seminar, cast: Cast, *names: str) -> list[Registration]:
    first = seminar.registration_opens_at + DAY
    return [
        enrol(
            seminar,
            make_employee(cast.unit, name),
            state="waitlisted",
            at=first + number * MINUTE,
            unit=cast.unit,
            agency=cast.agency,
        )
        for number, name in enumerate(names)
    ]


# --- Switched off, or with an end ---


@pytest.mark.parametrize(
    ("fields", "waits", "words"),
    [
        ({"waiting_list_mode": "off"}, 0, "har ikke venteliste"),
        ({"waiting_list_limit": 1}, 1, "ventelisten er full"),
        ({"waiting_list_limit": 2, "waiting_list_mode": "manual"}, 2, "ventelisten er full"),
    ],
)
def test_nobody_waits_where_there_is_no_place(
    fields: dict[str, Any], waits: int, words: str, cast: Cast, now: dt.datetime, client: Client
) -> None:
    seminar = full(cast, **fields)
    queued(seminar, cast, *"ABC"[:waits])
    with pytest.raises(ListIsFull, match=words):
        register_for_seminar(seminar=seminar, by=cast.stranger, now=now)
    with pytest.raises(ListIsFull, match=words):
        register_on_behalf(seminar=seminar, user=cast.stranger, by=cast.organiser, now=now)
    standing = participant_status_of(
        cast.stranger, seminar_for(cast.stranger, seminar.pk, now), now
    )
    assert words in standing.refusal
    assert not standing.may_register
    client.force_login(cast.stranger)
    page = client.get(reverse("seminars:detail", args=[seminar.pk])).content.decode()
    assert words in page
    assert "Sett meg på venteliste" not in page
    cards = client.get(reverse("seminars:list")).context["cards"]
    assert [tag.text for card in cards for tag in card.tags] == ["Fullt"]
    assert faults(now=now) == []


def test_a_place_that_comes_free_on_the_list_can_be_had(cast: Cast, now: dt.datetime) -> None:
    seminar = full(cast, waiting_list_limit=1)
    (first,) = queued(seminar, cast, "A")
    withdraw_registration(registration=first, by=first.user, now=now)
    assert register_for_seminar(seminar=seminar, by=cast.stranger, now=now).is_waiting


@pytest.mark.parametrize(
    "fields", [{"waiting_list_mode": "off"}, {"waiting_list_limit": 1}], ids=str
)
def test_the_database_lets_nobody_onto_a_list_that_is_full(
    fields: dict[str, Any], cast: Cast
) -> None:
    seminar = full(cast, **fields)
    if "waiting_list_limit" in fields:
        queued(seminar, cast, "A")
    with pytest.raises(IntegrityError, match="has no place left"), transaction.atomic():
        make_registration(seminar, cast.stranger, state="waitlisted")
    row = Registration.objects.get(user=cast.employee)
    with pytest.raises(IntegrityError, match="has no place left"), transaction.atomic():
        Registration.objects.filter(pk=row.pk).update(state="waitlisted", confirmed_at=None)


@pytest.mark.parametrize(
    "fields", [{"waiting_list_mode": "off"}, {"waiting_list_limit": 1}], ids=str
)
def test_nobody_who_waits_is_sent_away_by_a_setting(
    fields: dict[str, Any], cast: Cast, now: dt.datetime
) -> None:
    seminar = full(cast)
    queued(seminar, cast, "A", "B")
    content = content_of(seminar, **fields)
    with pytest.raises(ListTooLong, match="2 personer står på ventelisten"):
        change_seminar(seminar=seminar, content=content, by=cast.organiser, now=now)
    with pytest.raises(IntegrityError, match="more than its list allows"), transaction.atomic():
        Seminar.objects.filter(pk=seminar.pk).update(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"waiting_list_mode": "lottery"},
        {"waiting_list_limit": 0},
        {"waiting_list_mode": "off", "waiting_list_limit": 3},
    ],
    ids=str,
)
def test_the_database_knows_the_modes(fields: dict[str, Any], seminar: Seminar) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Seminar.objects.filter(pk=seminar.pk).update(**fields)


# --- By hand ---


@pytest.fixture
def by_hand(cast: Cast) -> Seminar:
    return full(cast, waiting_list_mode="manual")


def free_the_seat(seminar: Seminar, now: dt.datetime) -> None:
    row = seminar.registrations.holding_seat().first()
    assert row is not None
    withdraw_registration(registration=row, by=row.user, now=now)


def test_a_seat_that_comes_free_waits_for_the_organiser(
    by_hand: Seminar, cast: Cast, now: dt.datetime
) -> None:
    first, second = queued(by_hand, cast, "A", "B")
    free_the_seat(by_hand, now)
    assert fill_free_seats(seminar=by_hand, by=None, now=now) == []
    assert reconcile_waiting_lists(now=now) == 0
    assert by_hand.registrations.holding_seat().count() == 0
    given = give_seat(registration=second, by=cast.organiser, now=now)
    assert (given.pk, given.state) == (second.pk, "registered")
    letter = Letter.objects.get(recipient=second.user)
    assert letter.kind == "seminars.promoted"
    assert "først på ventelisten" not in letter.text
    assert first.user not in [one.recipient for one in Letter.objects.all()]
    assert faults(now=now) == []


def test_nobody_new_passes_those_who_wait_for_the_organiser(
    by_hand: Seminar, cast: Cast, now: dt.datetime
) -> None:
    queued(by_hand, cast, "A")
    free_the_seat(by_hand, now)
    assert register_for_seminar(seminar=by_hand, by=cast.stranger, now=now).is_waiting
    assert faults(now=now) == []


def test_whoever_comes_when_nobody_waits_has_the_seat(
    by_hand: Seminar, cast: Cast, now: dt.datetime
) -> None:
    free_the_seat(by_hand, now)
    assert register_for_seminar(seminar=by_hand, by=cast.stranger, now=now).has_seat


def test_a_seat_of_ones_own_pool_is_had_though_others_wait(cast: Cast, now: dt.datetime) -> None:
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=2, waiting_list_mode="manual"
    )
    SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=1)
    enrol(seminar, cast.stranger, at=seminar.registration_opens_at)
    outsider = make_employee(cast.other_agency, "Utenfra")
    enrol(
        seminar,
        outsider,
        state="waitlisted",
        at=seminar.registration_opens_at + DAY,
        agency=cast.other_agency,
    )
    assert register_for_seminar(seminar=seminar, by=cast.employee, now=now).has_seat
    assert faults(now=now) == []


def test_giving_by_hand_asks_whom_the_seminar_asks(cast: Cast, now: dt.datetime) -> None:
    seminar = full(cast, waiting_list_mode="manual", offers_expire_after=24, approval_days=5)
    (waiting,) = queued(seminar, cast, "A")
    free_the_seat(seminar, now)
    offered = give_seat(registration=waiting, by=cast.organiser, now=now)
    assert offered.state == "offered"
    assert accept_offer(registration=offered, by=offered.user, now=now).state == "awaiting"


def test_what_cannot_be_given(by_hand: Seminar, cast: Cast, now: dt.datetime) -> None:
    (waiting,) = queued(by_hand, cast, "A")
    with pytest.raises(Full):
        give_seat(registration=waiting, by=cast.organiser, now=now)
    free_the_seat(by_hand, now)
    give_seat(registration=waiting, by=cast.organiser, now=now)
    with pytest.raises(AlreadyRegistered, match="allerede påmeldt"):
        give_seat(registration=waiting, by=cast.organiser, now=now)
    withdraw_registration(registration=waiting, by=waiting.user, now=now)
    with pytest.raises(NotRegistered):
        give_seat(registration=waiting, by=cast.organiser, now=now)


def test_in_a_queue_that_is_served_the_order_is_changed_instead(
    cast: Cast, now: dt.datetime
) -> None:
    seminar = full(cast)
    (waiting,) = queued(seminar, cast, "A")
    with pytest.raises(Refused, match="Flytt personen fram i køen"):
        give_seat(registration=waiting, by=cast.organiser, now=now)


def test_the_order_holds_again_when_the_organiser_says_so(
    by_hand: Seminar, cast: Cast, now: dt.datetime
) -> None:
    first, _second = queued(by_hand, cast, "A", "B")
    free_the_seat(by_hand, now)
    content = content_of(by_hand, waiting_list_mode="automatic")
    change_seminar(seminar=by_hand, content=content, by=cast.organiser, now=now)
    first.refresh_from_db()
    assert first.has_seat


def test_a_refusal_is_taken_back_while_the_seat_has_not_been_given(
    by_hand: Seminar, cast: Cast, now: dt.datetime
) -> None:
    declined = enrol(
        by_hand, cast.leader, state="declined", at=now - 3 * DAY, approver=cast.manager
    )
    queued(by_hand, cast, "A")
    free_the_seat(by_hand, now)
    assert restore_declined(registration=declined, by=cast.organiser, now=now).has_seat
    assert faults(now=now) == []


def test_whoever_waits_reads_who_chooses(
    by_hand: Seminar, cast: Cast, now: dt.datetime, client: Client
) -> None:
    register_for_seminar(seminar=by_hand, by=cast.stranger, now=now)
    assert "velger arrangøren hvem" in Letter.objects.get(recipient=cast.stranger).text
    client.force_login(cast.stranger)
    for name in ("detail", "receipt"):
        page = client.get(reverse(f"seminars:{name}", args=[by_hand.pk])).content.decode()
        assert "Arrangøren velger hvem på ventelisten som får plass" in page
        assert "Du er nummer" not in page


def test_a_free_seat_that_the_organiser_gives_is_not_called_taken(
    by_hand: Seminar, cast: Cast, now: dt.datetime, client: Client
) -> None:
    """«1 av 12 ledige» and «Alle plassene er tatt» stood in the same box."""
    queued(by_hand, cast, "A")
    client.force_login(cast.stranger)
    detail, listed = reverse("seminars:detail", args=[by_hand.pk]), reverse("seminars:list")
    assert "Alle plassene er tatt nå." in client.get(detail).content.decode()
    free_the_seat(by_hand, now)
    page = client.get(detail).content.decode()
    assert "Alle plassene er tatt" not in page
    assert "Arrangøren velger hvem på ventelisten som får de ledige plassene." in page
    assert "Fullt" not in client.get(listed).content.decode().partition("<main")[2]


def test_the_organiser_gives_from_the_page_that_says_since_when_each_waits(
    by_hand: Seminar, cast: Cast, now: dt.datetime, client: Client
) -> None:
    _first, second = queued(by_hand, cast, "A", "B")
    free_the_seat(by_hand, now)
    client.force_login(cast.organiser)
    page = client.get(reverse("seminars:queue", args=[by_hand.pk])).content.decode()
    assert "Står her siden" in page
    assert f"mailto:{second.user.email}" in page
    assert "Det er ledig plass. Arrangøren velger hvem som får den." in page
    url = reverse("seminars:give_seat", args=[by_hand.pk, second.pk])
    assert url in page
    assert client.get(url).status_code == 200
    answer = client.post(url, follow=True).content.decode()
    assert f"{second.user.name} er påmeldt." in answer


# --- At the door ---


@pytest.mark.parametrize("mode", ["automatic", "manual"])
@pytest.mark.parametrize("state", ["waitlisted", "offered", "awaiting"])
def test_whoever_waits_is_let_in_at_the_door(state: str, mode: str, cast: Cast) -> None:
    seminar = full(cast, waiting_list_mode=mode, approval_days=3, offers_expire_after=3)
    Seminar.objects.filter(pk=seminar.pk).update(capacity=2)
    at = seminar.starts_at + 5 * MINUTE
    row = enrol(
        seminar,
        cast.stranger,
        state=state,
        approver=cast.manager if state == "awaiting" else None,
        expires_at=None if state == "waitlisted" else seminar.ends_at,
    )
    register_walk_in(seminar=seminar, user=cast.stranger, by=cast.organiser, now=at)
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("registered", "attended")
    assert Letter.objects.filter(recipient=cast.stranger).count() == 1
    assert faults(now=at) == []


def test_at_the_door_of_a_full_hall_whoever_waits_is_turned_away_as_a_stranger_is(
    cast: Cast,
) -> None:
    seminar = full(cast)
    queued(seminar, cast, "A")
    at = seminar.starts_at + 5 * MINUTE
    (row,) = seminar.registrations.waiting()
    for user in (row.user, cast.stranger):
        with pytest.raises(Full):
            register_walk_in(seminar=seminar, user=user, by=cast.organiser, now=at)


def test_whoever_has_a_seat_is_not_let_in_twice(cast: Cast) -> None:
    seminar = full(cast)
    at = seminar.starts_at + 5 * MINUTE
    with pytest.raises(AlreadyRegistered, match="Personen er allerede påmeldt"):
        register_walk_in(seminar=seminar, user=cast.employee, by=cast.organiser, now=at)
