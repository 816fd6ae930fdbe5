"""Whoever waits to the end is told once, the organiser gets the list, and nobody waits for ever."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q

from outbox.models import Letter
from people.models import AuditRecord
from reports.figures import participation_by, total
from reports.scope import Scope
from seminars.models import Registration, Seminar
from seminars.refusals import NotRegistered
from seminars.seats.offer_period import promotions_end_at
from seminars.seats.withdrawal import withdraw_registration
from seminars.waiting_list.last_word import TOLD_AFTER, end_waiting_lists
from tests.cast import Cast
from tests.seminars.factories import make_participants, make_registration, make_seminar

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
OSLO = ZoneInfo("Europe/Oslo")
START = dt.datetime(2027, 2, 16, 9, 0, tzinfo=OSLO)
NOON_BEFORE = dt.datetime(2027, 2, 15, 12, 0, tzinfo=OSLO)


@pytest.fixture
def seminar(cast: Cast) -> Seminar:
    """On a Tuesday; the last moves up at noon on the Monday."""
    return make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        capacity=1,
        starts_at=START,
        promotion_ends_at=NOON_BEFORE,
    )


@pytest.fixture
def queue(seminar: Seminar, cast: Cast) -> list[Registration]:
    make_registration(seminar, cast.leader)
    return make_participants(seminar, cast.unit, 3, state="waitlisted")


def kinds(row: Registration) -> list[str]:
    return list(row.user.letters.order_by("pk").values_list("kind", flat=True))


def states(*rows: Registration) -> list[str]:
    return [Registration.objects.get(pk=row.pk).state for row in rows]


def test_nobody_is_told_while_somebody_may_move_up(queue: list[Registration]) -> None:
    assert end_waiting_lists(now=NOON_BEFORE) == 0
    assert [kinds(row) for row in queue] == [[], [], []]


def test_each_is_told_once_and_the_organiser_gets_the_list(
    cast: Cast, seminar: Seminar, queue: list[Registration]
) -> None:
    late = NOON_BEFORE + MINUTE
    assert [end_waiting_lists(now=late + n * 5 * MINUTE) for n in range(3)] == [3, 0, 0]
    assert [kinds(row) for row in queue] == [["seminars.not_seated"]] * 3
    assert states(*queue) == ["waitlisted"] * 3
    told = queue[0].user.letters.get()
    assert told.subject == f"Det ble ikke plass til deg på «{seminar.title}»"
    assert "Siste opprykk var mandag 15. februar 2027 kl. 12.00" in told.text
    assert "er det arrangøren som deler den ut" in told.text
    letter = cast.organiser.letters.get(kind="seminars.waiting_list_ended")
    assert letter.subject == f"3 personer fikk ikke plass på «{seminar.title}»"
    places = [letter.text.index(row.user.name) for row in queue]
    assert places == sorted(places)
    assert f"/{seminar.pk}/venteliste/" in letter.text
    record = AuditRecord.objects.get(action="seminars.end_waiting_list")
    assert (record.object_id, record.details) == (str(seminar.pk), {"told": 3})


def test_who_got_a_seat_hears_nothing_of_it(cast: Cast, queue: list[Registration]) -> None:
    seated = Registration.objects.get(user=cast.leader)
    withdraw_registration(registration=seated, by=cast.leader, now=NOON_BEFORE)
    assert end_waiting_lists(now=NOON_BEFORE + MINUTE) == 2
    assert kinds(queue[0]) == ["seminars.promoted"]


def test_seminar_without_a_moment_has_its_last_word_at_the_start(
    seminar: Seminar, queue: list[Registration]
) -> None:
    Seminar.objects.update(promotion_ends_at=None)
    assert end_waiting_lists(now=START - MINUTE) == 0
    assert end_waiting_lists(now=START) == 3


def test_later_moment_lets_people_move_up_again_and_has_a_last_word_of_its_own(
    seminar: Seminar, queue: list[Registration]
) -> None:
    end_waiting_lists(now=NOON_BEFORE + MINUTE)
    Seminar.objects.update(promotion_ends_at=NOON_BEFORE + 3 * HOUR)
    assert end_waiting_lists(now=NOON_BEFORE + HOUR) == 0
    assert end_waiting_lists(now=NOON_BEFORE + 4 * HOUR) == 3
    assert kinds(queue[0]) == ["seminars.not_seated"] * 2


def test_when_it_is_over_nobody_waits_any_more(
    cast: Cast, seminar: Seminar, queue: list[Registration]
) -> None:
    end_waiting_lists(now=NOON_BEFORE + MINUTE)
    over = seminar.ends_at + MINUTE
    before = total(participation_by("seminar", of_seminar(seminar), everything(), over).values())
    assert (before.waiting, before.unseated) == (3, 0)
    assert [end_waiting_lists(now=over + n * DAY) for n in range(3)] == [0, 0, 0]
    assert states(*queue) == ["unseated"] * 3
    after = total(participation_by("seminar", of_seminar(seminar), everything(), over).values())
    assert (after.registered, after.waiting, after.unseated) == (1, 0, 3)
    record = AuditRecord.objects.get(action="seminars.close_waiting_list")
    assert record.details == {"ended": 3}
    assert [kinds(row) for row in queue] == [["seminars.not_seated"]] * 3
    with pytest.raises(NotRegistered):
        withdraw_registration(registration=queue[0], by=queue[0].user, now=over)


def of_seminar(seminar: Seminar) -> Q:
    return Q(seminar=seminar)


def everything() -> Scope:
    return Scope((), is_everything=True)


def test_portal_that_was_down_tells_them_afterwards(
    seminar: Seminar, queue: list[Registration]
) -> None:
    assert end_waiting_lists(now=seminar.ends_at + 3 * DAY) == 3
    assert states(*queue) == ["unseated"] * 3
    told = queue[0].user.letters.get()
    assert "er det arrangøren som deler den ut" not in told.text


def test_what_was_over_long_ago_ends_without_a_letter(
    seminar: Seminar, queue: list[Registration]
) -> None:
    assert end_waiting_lists(now=seminar.ends_at + TOLD_AFTER + MINUTE) == 0
    assert states(*queue) == ["unseated"] * 3
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("state", ["cancelled", "draft"])
def test_seminar_that_is_not_held_has_no_last_word(cast: Cast, state: str) -> None:
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=START, state=state
    )
    rows = make_participants(seminar, cast.unit, 2, state="waitlisted")
    assert end_waiting_lists(now=seminar.ends_at + DAY) == 0
    assert (states(*rows), Letter.objects.count()) == (["waitlisted"] * 2, 0)


def test_last_word_at_night_waits_for_the_morning(
    seminar: Seminar, queue: list[Registration]
) -> None:
    friday = NOON_BEFORE - 3 * DAY
    Seminar.objects.update(registration_closes_at=friday, promotion_ends_at=friday)
    saturday = NOON_BEFORE - 2 * DAY
    end_waiting_lists(now=saturday)
    letter = queue[0].user.letters.get()
    assert letter.next_attempt_at == dt.datetime(2027, 2, 15, 8, 0, tzinfo=OSLO)
    assert list(Letter.objects.due(saturday)) == []


def test_last_word_does_not_wait_until_it_is_too_late(
    seminar: Seminar, queue: list[Registration]
) -> None:
    Seminar.objects.update(promotion_ends_at=START - 2 * HOUR)
    moment = START - 2 * HOUR + MINUTE  # seven in the morning; at eight there is still an hour
    end_waiting_lists(now=moment)
    assert queue[0].user.letters.get().next_attempt_at == START - HOUR
    promoted = promotions_end_at(Seminar.objects.get())
    assert promoted == START - 2 * HOUR
    saturday = make_registration_on_saturday(seminar)
    end_waiting_lists(now=saturday)
    last = Letter.objects.filter(kind="seminars.not_seated").latest("pk")
    assert last.next_attempt_at == saturday


def make_registration_on_saturday(seminar: Seminar) -> dt.datetime:
    """One that begins on a Saturday, where Monday's letter would be silly."""
    start = dt.datetime(2027, 2, 20, 10, 0, tzinfo=OSLO)
    other = make_seminar(
        seminar.organiser_unit,
        created_by=seminar.created_by,
        title="På en lørdag",
        starts_at=start,
        promotion_ends_at=start - 2 * HOUR,
    )
    make_participants(other, seminar.organiser_unit, 1, state="waitlisted")
    return start - HOUR


def test_settled_seminars_are_not_looked_at_again(
    seminar: Seminar, queue: list[Registration], django_assert_num_queries
) -> None:
    over = seminar.ends_at + MINUTE
    end_waiting_lists(now=over)
    with django_assert_num_queries(1):
        end_waiting_lists(now=over + HOUR)
