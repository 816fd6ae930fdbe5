"""Seats that are offered: held, taken, declined, expired, and the order of who is asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from common.working_time import after_working_time, before_working_time, working_time_between
from people.models import AuditRecord
from seminars.models import Registration, Seminar, Session
from seminars.offers.actions import accept_offer, decline_offer
from seminars.refusals import (
    AlreadyRegistered,
    NotChangeable,
    NotOpen,
    NotRegistered,
    OfferIsOver,
)
from seminars.seats.allocation import reconcile_waiting_lists
from seminars.seats.invariants import faults
from seminars.seats.offer_period import (
    SHORTEST,
    approval_ends_at,
    can_be_approved,
    moves_up,
    offer_ends_at,
    promotions_end_at,
)
from seminars.seats.waiting_list import page_of_queue
from seminars.seats.ways_in import register_for_seminar, register_on_behalf
from seminars.seats.withdrawal import withdraw_registration
from seminars.waiting_list.actions import move_in_queue
from tests.cast import Cast
from tests.seminars.factories import make_participants, make_registration, make_seminar

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture
def asking(cast: Cast) -> Seminar:
    """One seat, and two working days to answer."""
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=1, offers_expire_after=16
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
    assert (offered.state, offered.expires_at) == ("offered", after_working_time(now, 16 * HOUR))
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
    ("hours", "left", "lasts"),
    [(16, 100, 16), (16, 64, 16), (16, 40, 10), (16, 16, 4), (16, 4, 4), (2, 100, 2), (2, 2, 2)],
)
def test_offers_count_working_hours_and_are_shorter_near_the_start(asking, hours, left, lasts):
    asking.offers_expire_after = hours
    now = before_working_time(asking.starts_at, left * HOUR)
    assert moves_up(asking, now)
    end = offer_ends_at(asking, now)
    assert (working_time_between(now, end), end <= asking.starts_at) == (lasts * HOUR, True)


def test_seminar_that_asks_nobody_has_no_offers(asking, now):
    asking.offers_expire_after = None
    assert offer_ends_at(asking, now) is None


def test_offer_leaves_the_line_manager_time_to_approve(asking):
    asking.approval_days = 3
    now = promotions_end_at(asking)
    end = offer_ends_at(asking, now)
    assert working_time_between(end, asking.starts_at) == SHORTEST
    assert can_be_approved(asking, end)
    assert not can_be_approved(asking, before_working_time(asking.starts_at, SHORTEST - MINUTE))


@given(
    offers=st.none() | st.integers(1, 60),
    approval=st.none() | st.integers(1, 10),
    start=st.integers(0, 400 * 24 * 60),
    before=st.integers(0, 60 * 24 * 60),
    said=st.none() | st.integers(0, 30 * 24 * 60),
)
def test_who_moves_up_has_the_time_that_is_promised(offers, approval, start, before, said):
    """Whenever the seminar is, and whatever the organiser has said: never dropped, never less."""
    starts_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + start * MINUTE
    seminar = Seminar(
        starts_at=starts_at,
        offers_expire_after=offers,
        approval_days=approval,
        promotion_ends_at=None if said is None else starts_at - said * MINUTE,
    )
    now = starts_at - before * MINUTE
    if not moves_up(seminar, now):
        assert now >= min(promotions_end_at(seminar), starts_at)
        return
    end = offer_ends_at(seminar, now)
    assert (end is None) == (offers is None)
    if end is not None:
        assert working_time_between(now, end) >= min(SHORTEST, offers * HOUR)
    answered = end or now
    assert answered <= starts_at
    if approval is not None:
        assert can_be_approved(seminar, answered)
        until = approval_ends_at(seminar, answered)
        assert working_time_between(answered, until) >= SHORTEST
        assert until <= starts_at


def test_after_closing_the_seat_is_still_offered(cast, asking, queue):
    late = asking.registration_closes_at + MINUTE
    asking.starts_at = late + 14 * DAY
    Session.objects.update(starts_at=asking.starts_at, ends_at=asking.starts_at + HOUR)
    seated = Registration.objects.get(user=cast.leader)
    withdraw_registration(registration=seated, by=cast.leader, now=late)
    row = Registration.objects.get(pk=queue[0].pk)
    assert (row.state, row.expires_at) == ("offered", offer_ends_at(asking, late))
    assert kinds(row) == ["seminars.offered"]


@pytest.mark.parametrize("hours", [None, 16])
def test_after_the_last_moment_nobody_moves_up(cast, asking, queue, hours):
    """Not with a seat in the calendar that nobody asked for, either."""
    last = asking.registration_closes_at + HOUR
    Seminar.objects.update(offers_expire_after=hours, promotion_ends_at=last)
    asking.refresh_from_db()
    late = promotions_end_at(asking) + MINUTE
    assert late <= last + MINUTE
    seated = Registration.objects.get(user=cast.leader)
    withdraw_registration(registration=seated, by=cast.leader, now=late)
    assert reconcile_waiting_lists(now=late) == 0
    assert fresh(*queue) == ["waitlisted"] * 3
    assert [kinds(row) for row in queue] == [[]] * 3
    invariants = {fault.invariant for fault in faults(now=late + HOUR)}
    assert "no free seat while somebody waits for it" not in invariants
    assert page_of_queue(asking, late, None).object_list[0].reason.startswith("Siste opprykk var")


def test_until_the_last_moment_they_do(cast, asking, queue):
    Seminar.objects.update(
        offers_expire_after=None, promotion_ends_at=asking.registration_closes_at + HOUR
    )
    seated = Registration.objects.get(user=cast.leader)
    last = asking.registration_closes_at + HOUR
    withdraw_registration(registration=seated, by=cast.leader, now=last)
    assert fresh(*queue) == ["registered", "waitlisted", "waitlisted"]


def test_nobody_joins_or_passes_a_queue_that_has_ended(cast, asking, queue):
    Seminar.objects.update(
        offers_expire_after=None,
        registration_closes_at=asking.starts_at - DAY,
        promotion_ends_at=asking.starts_at - DAY,
    )
    late = asking.starts_at - HOUR
    with pytest.raises(NotOpen, match="Siste opprykk fra ventelisten var"):
        register_on_behalf(seminar=asking, user=cast.stranger, by=cast.organiser, now=late)
    Seminar.objects.update(registration_closes_at=asking.starts_at, promotion_ends_at=None)
    Seminar.objects.update(offers_expire_after=16, capacity=2)
    late = promotions_end_at(Seminar.objects.get()) + MINUTE
    with pytest.raises(NotOpen, match="er det arrangøren som deler ut"):
        register_for_seminar(seminar=asking, by=cast.stranger, now=late)
    row = register_on_behalf(seminar=asking, user=cast.stranger, by=cast.organiser, now=late)
    assert row.state == "registered"


def test_database_keeps_the_last_moment_after_the_closing_date(asking):
    with pytest.raises(IntegrityError, match="seminar_promotes_until_registration_closes"):
        Seminar.objects.update(promotion_ends_at=asking.registration_closes_at - MINUTE)


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
