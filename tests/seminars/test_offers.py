"""Seats that are offered: held, taken, declined, expired, and the order of who is asked."""

from __future__ import annotations

import datetime as dt

import pytest

from people.models import AuditRecord
from seminars.models import Registration, Seminar
from seminars.offers.actions import accept_offer, decline_offer
from seminars.refusals import AlreadyRegistered, NotChangeable, NotRegistered, OfferIsOver
from seminars.seats.allocation import reconcile_waiting_lists
from seminars.seats.offer_period import offer_ends_at
from seminars.seats.waiting_list import page_of_queue
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from seminars.waiting_list.actions import move_in_queue
from tests.cast import Cast
from tests.seminars.factories import make_participants, make_registration, make_seminar

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def asking(cast: Cast) -> Seminar:
    """One seat, and a day to answer."""
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=1, offers_expire_after=24
    )


@pytest.fixture
def queue(asking: Seminar, cast: Cast) -> list[Registration]:
    make_registration(asking, cast.leader)
    return make_participants(asking, cast.unit, 3, state="waitlisted")


@pytest.fixture
def offered(asking: Seminar, cast: Cast, queue, now) -> Registration:
    seated = Registration.objects.get(user=cast.leader)
    withdraw_registration(registration=seated, by=cast.leader, now=now)
    return Registration.objects.get(pk=queue[0].pk)


def fresh(*rows: Registration) -> list[str]:
    return [Registration.objects.get(pk=row.pk).state for row in rows]


def kinds(row: Registration) -> list[str]:
    return list(row.user.letters.order_by("pk").values_list("kind", flat=True))


def audited(row: Registration) -> list[str]:
    records = AuditRecord.objects.filter(object_id=str(row.pk)).order_by("pk")
    return list(records.values_list("action", flat=True))


def test_freed_seat_is_offered_to_the_first_and_held(asking, queue, offered, now):
    assert (offered.state, offered.expires_at) == ("offered", now + 24 * HOUR)
    assert fresh(*queue) == ["offered", "waitlisted", "waitlisted"]
    assert (kinds(offered), audited(offered)) == (["seminars.offered"], ["seminars.offer"])
    assert Seminar.objects.with_seat_counts().get().seats_left == 0


def test_accepted_offer_is_a_seat_with_its_calendar(queue, offered, now):
    accept_offer(registration=offered, by=offered.user, now=now + HOUR)
    row = Registration.objects.get(pk=offered.pk)
    assert (row.state, row.confirmed_at, row.expires_at) == ("registered", now + HOUR, None)
    assert kinds(row) == ["seminars.offered", "seminars.confirmed"]
    assert row.user.letters.get(kind="seminars.confirmed").calendar_method == "REQUEST"


def test_declined_offer_goes_to_the_next(queue, offered, now):
    decline_offer(registration=offered, by=offered.user, now=now)
    assert fresh(*queue) == ["withdrawn", "offered", "waitlisted"]
    assert audited(offered) == ["seminars.offer", "seminars.decline_offer"]


def test_withdrawing_from_an_offer_frees_the_seat(queue, offered, now):
    withdraw_registration(registration=offered, by=offered.user, now=now)
    assert fresh(*queue) == ["withdrawn", "offered", "waitlisted"]


def test_second_press_of_the_button_changes_nothing(offered, now):
    accept_offer(registration=offered, by=offered.user, now=now)
    with pytest.raises(AlreadyRegistered, match="har allerede plassen"):
        accept_offer(registration=offered, by=offered.user, now=now)
    with pytest.raises(AlreadyRegistered):
        decline_offer(registration=offered, by=offered.user, now=now)
    assert audited(offered) == ["seminars.offer", "seminars.accept_offer"]


def test_offer_taken_in_the_second_it_ends_is_over_for_good(queue, offered, now):
    end = offered.expires_at
    for _press in range(2):
        with pytest.raises(OfferIsOver):
            accept_offer(registration=offered, by=offered.user, now=end)
    assert fresh(*queue) == ["expired", "offered", "waitlisted"]
    assert audited(offered) == ["seminars.offer", "seminars.expire_offer"]
    assert kinds(offered) == ["seminars.offered", "seminars.offer_expired"]


def test_sweep_ends_offers_and_asks_the_next(queue, offered, now):
    assert reconcile_waiting_lists(now=offered.expires_at) == 1
    assert fresh(*queue) == ["expired", "offered", "waitlisted"]
    assert reconcile_waiting_lists(now=offered.expires_at) == 0


def test_newcomer_gets_no_seat_that_is_offered(cast, asking, offered, now):
    row = register_for_seminar(seminar=asking, by=cast.manager, now=now)
    assert row.state == "waitlisted"


def test_who_was_offered_is_told_so_when_registering_again(asking, offered, now):
    with pytest.raises(AlreadyRegistered, match="tilbud om plass"):
        register_for_seminar(seminar=asking, by=offered.user, now=now)


def test_offer_in_a_cancelled_seminar_cannot_be_taken(offered, now):
    Seminar.objects.update(state="cancelled", cancelled_at=now, cancel_reason="Sykdom")
    with pytest.raises(NotChangeable, match="avlyst"):
        accept_offer(registration=offered, by=offered.user, now=now)


@pytest.mark.parametrize(
    ("before_close", "lasts"),
    [(240, 24), (40, 10), (3, 1), (1, 1), (0.5, None), (-5, None)],
)
def test_offers_are_shorter_near_the_date(asking, before_close, lasts):
    now = asking.registration_closes_at - dt.timedelta(hours=before_close)
    assert offer_ends_at(asking, now) == (None if lasts is None else now + lasts * HOUR)


def test_after_closing_the_seat_is_given_without_asking(cast, asking, queue):
    late = asking.registration_closes_at + HOUR
    seated = Registration.objects.get(user=cast.leader)
    withdraw_registration(registration=seated, by=cast.leader, now=late)
    assert fresh(queue[0]) == ["registered"]


def test_each_in_the_queue_has_a_place_and_a_reason(asking, queue, offered, now):
    entries = page_of_queue(asking, now, None).object_list
    assert [entry.place for entry in entries] == [0, 1, 2]
    assert entries[0].reason.startswith("Har et tilbud")
    assert entries[1].reason.startswith("Alle plassene er tatt, men 1 har et tilbud")


def test_moving_in_the_queue_deals_out_the_times_anew(cast, asking, queue, now):
    times = [row.queued_at for row in queue]
    move_in_queue(
        registration=queue[2], place=1, reason="Holder innlegg", by=cast.organiser, now=now
    )
    waiting = list(asking.registrations.waiting())
    assert [row.pk for row in waiting] == [queue[2].pk, queue[0].pk, queue[1].pk]
    assert [row.queued_at for row in waiting] == times
    record = AuditRecord.objects.get(action="seminars.move_in_queue")
    assert (record.reason, record.details) == ("Holder innlegg", {"was": 3, "place": 1})


def test_queue_of_one_moment_gets_times_in_order(cast, asking, now):
    people = make_participants(asking, cast.unit, 3, state="waitlisted")
    Registration.objects.update(queued_at=now)
    move_in_queue(registration=people[0], place=9, reason="-", by=cast.organiser, now=now)
    order = [row.pk for row in asking.registrations.waiting()]
    assert order == [people[1].pk, people[2].pk, people[0].pk]


def test_only_who_waits_can_be_moved(cast, queue, offered, now):
    with pytest.raises(NotChangeable):
        move_in_queue(registration=offered, place=2, reason="-", by=cast.organiser, now=now)
    seated = Registration.objects.get(user=cast.leader)
    with pytest.raises(NotRegistered):
        move_in_queue(registration=seated, place=2, reason="-", by=cast.organiser, now=now)
