"""A seminar of several gatherings lives until its last: moments against what may be done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from attendance.marking.actions import mark_attendance
from attendance.walk_ins.actions import register_walk_in
from common.errors import Refused
from outbox.models import Letter
from people.models import User
from seminars.editing.actions import cancel_seminar, change_seminar
from seminars.models import Registration, Seminar, Session, gatherings_of, last_gathering_at
from seminars.parallel_sessions.actions import change_choices
from seminars.participant_status import participant_status_of
from seminars.participants.departure_actions import _coming
from seminars.requirements.actions import write_needs
from seminars.seats.allocation import fill_free_seats, reconcile_waiting_lists
from seminars.seats.invariants import faults
from seminars.seats.offer_period import approval_ends_at
from seminars.seats.ways_in import register_for_seminar, register_on_behalf
from seminars.seats.withdrawal import remove_participant, withdraw_registration
from seminars.substitution.actions import substitute_participant
from seminars.waiting_list.actions import move_in_queue
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import choose, enrol, make_choice, make_registration, make_seminar
from tests.seminars.test_organising import content_of

OSLO = ZoneInfo("Europe/Oslo")
FIRST = dt.datetime(2026, 11, 3, 9, 0, tzinfo=OSLO)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
SECOND, LAST = FIRST + 7 * DAY, FIRST + 14 * DAY
MOMENTS = {
    "before": FIRST - 3 * DAY,
    "at the first": FIRST + HOUR,
    "between": FIRST + 3 * DAY,
    "at the second": SECOND + HOUR,
    "before the last": LAST - DAY,
    "at the last": LAST + HOUR,
    "after": LAST + 3 * DAY,
}


@pytest.fixture
def course(cast: Cast) -> Seminar:
    """Three days a week apart, the last of them with a break at noon."""
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=FIRST,
        capacity=2,
        registration_opens_at=FIRST - 60 * DAY,
        registration_closes_at=LAST - HOUR,
    )
    for starts_at in (SECOND, LAST, LAST + 4 * HOUR):
        Session.objects.create(
            seminar=seminar, title="Samling", starts_at=starts_at, ends_at=starts_at + 3 * HOUR
        )
    seminar.refresh_from_db()
    return seminar


def test_gatherings_are_the_days_on_which_sessions_begin(course: Seminar) -> None:
    assert [(one.starts_at, one.ends_at) for one in course.gatherings()] == [
        (FIRST, FIRST + 6.5 * HOUR),
        (SECOND, SECOND + 3 * HOUR),
        (LAST, LAST + 7 * HOUR),
    ]
    assert course.last_gathering_at == LAST
    assert last_gathering_at(one.starts_at for one in course.sessions.all()) == LAST


def test_a_night_belongs_to_the_day_on_which_it_begins_in_oslo(course: Seminar) -> None:
    late = dt.datetime(2026, 11, 17, 23, 30, tzinfo=dt.UTC)  # the 18th, in Oslo
    Session.objects.create(seminar=course, starts_at=late, ends_at=late + HOUR)
    course.refresh_from_db()
    assert course.last_gathering_at == late
    assert course.gatherings()[-1].starts_at == late


def test_last_gathering_follows_its_sessions(course: Seminar) -> None:
    course.sessions.filter(starts_at__gte=LAST).delete()
    course.refresh_from_db()
    assert course.last_gathering_at == SECOND
    course.sessions.filter(starts_at=SECOND).update(starts_at=LAST + DAY, ends_at=LAST + DAY + HOUR)
    course.refresh_from_db()
    assert course.last_gathering_at == LAST + DAY


@pytest.mark.parametrize(
    ("moment", "started", "to_come", "now_on", "between", "next_at", "late_in", "ended"),
    [
        ("before", False, True, False, False, FIRST, True, False),
        ("at the first", True, True, True, False, SECOND, True, False),
        ("between", True, True, False, True, SECOND, True, False),
        ("at the second", True, True, True, False, LAST, True, False),
        ("before the last", True, True, False, True, LAST, True, False),
        ("at the last", True, False, True, False, None, False, False),
        ("after", True, False, False, False, None, False, True),
    ],
)
def test_each_question_has_its_answer_at_each_moment(
    moment: str,
    started: bool,
    to_come: bool,
    now_on: bool,
    between: bool,
    next_at: dt.datetime | None,
    late_in: bool,
    ended: bool,
    course: Seminar,
) -> None:
    now = MOMENTS[moment]
    assert course.has_started(now) is started
    assert course.has_gathering_to_come(now) is to_come
    assert course.is_held_now(now) is now_on
    assert course.is_between_gatherings(now) is between
    assert course.next_gathering_at(now) == next_at
    assert course.takes_newcomers(now) is not started
    assert course.has_ended(now) is ended
    rows = Seminar.objects.filter(pk=course.pk)
    assert rows.with_gathering_to_come(now).exists() is to_come
    assert rows.taking_newcomers(now).exists() is not started
    assert _coming(now).filter(pk=course.pk).exists() is to_come
    rows.update(admits_latecomers=True)
    course.refresh_from_db()
    assert course.takes_newcomers(now) is late_in
    assert rows.taking_newcomers(now).exists() is late_in


def test_a_break_on_one_day_is_part_of_its_gathering(course: Seminar) -> None:
    noon = LAST + 3.5 * HOUR
    assert course.is_held_now(noon)
    assert not course.has_gathering_to_come(noon)


@dataclass
class Play:
    """One seminar with a seat taken, a seat free, and people to act."""

    seminar: Seminar
    cast: Cast
    seated: Registration
    now: dt.datetime

    def register(self) -> Any:
        register_for_seminar(seminar=self.seminar, by=self.cast.stranger, now=self.now)

    def register_another(self) -> Any:
        register_on_behalf(
            seminar=self.seminar, user=self.cast.stranger, by=self.cast.organiser, now=self.now
        )

    def let_in_at_the_door(self) -> Any:
        register_walk_in(
            seminar=self.seminar, user=self.cast.stranger, by=self.cast.organiser, now=self.now
        )

    def withdraw(self) -> Any:
        withdraw_registration(registration=self.seated, by=self.seated.user, now=self.now)

    def remove(self) -> Any:
        remove_participant(
            registration=self.seated, by=self.cast.organiser, reason="", now=self.now
        )

    def swap_as_organiser(self) -> Any:
        self._swap(self.cast.organiser)

    def swap_as_leader(self) -> Any:
        self._swap(self.cast.leader)

    def _swap(self, by: User) -> Any:
        other = make_employee(self.cast.unit, "Vikar Viksund")
        substitute_participant(registration=self.seated, user=other, by=by, now=self.now)

    def say_needs(self) -> Any:
        write_needs(
            registration=self.seated,
            diet=["vegan"],
            access=[],
            details="",
            by=self.seated.user,
            now=self.now,
        )

    def mark(self) -> Any:
        mark_attendance(
            seminar=self.seminar,
            marks={self.seated.pk: "attended"},
            by=self.cast.organiser,
            now=self.now,
        )

    def cancel(self) -> Any:
        cancel_seminar(seminar=self.seminar, reason="Sykdom", by=self.cast.organiser, now=self.now)

    def promote(self) -> Any:
        if not fill_free_seats(seminar=self.seminar, by=None, now=self.now):
            raise Refused("nobody")

    def sweep(self) -> Any:
        if not reconcile_waiting_lists(now=self.now):
            raise Refused("nobody")


@pytest.fixture
def play(course: Seminar, cast: Cast) -> Play:
    seated = enrol(course, cast.employee, at=FIRST - 20 * DAY)
    return Play(course, cast, seated, FIRST)


ALWAYS = "before, at the first, between, at the second, before the last, at the last, after"
NOT_LATE: dict[str, str] = {
    "register": "before",
    "register_another": ALWAYS.removesuffix(", after"),
    "let_in_at_the_door": "at the first, at the second, at the last",
    "withdraw": "before, at the first, between, at the second, before the last",
    "remove": "before, at the first, between, at the second, before the last",
    "swap_as_organiser": "before, at the first, between, at the second, before the last",
    "swap_as_leader": "before",
    "say_needs": "before, at the first, between, at the second, before the last",
    "mark": ALWAYS.removeprefix("before, "),
    "cancel": ALWAYS.removesuffix(", after"),
}
LATE: dict[str, str] = NOT_LATE | {
    "register": "before, at the first, between, at the second, before the last",
    "swap_as_leader": "before, at the first, between, at the second, before the last",
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("action", NOT_LATE)
@pytest.mark.parametrize("admits_latecomers", [False, True])
def test_each_action_is_open_at_its_moments(
    action: str, moment: str, admits_latecomers: bool, play: Play
) -> None:
    Seminar.objects.filter(pk=play.seminar.pk).update(admits_latecomers=admits_latecomers)
    play.seminar.refresh_from_db()
    play.now = MOMENTS[moment]
    may = moment in (LATE if admits_latecomers else NOT_LATE)[action].split(", ")
    assert _is_done(getattr(play, action)) is may


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("way", ["promote", "sweep"])
@pytest.mark.parametrize("admits_latecomers", [False, True])
def test_whoever_waits_comes_up_as_long_as_newcomers_do(
    way: str, moment: str, admits_latecomers: bool, play: Play
) -> None:
    Seminar.objects.filter(pk=play.seminar.pk).update(admits_latecomers=admits_latecomers)
    make_registration(play.seminar, play.cast.stranger, state="waitlisted", at=FIRST - 9 * DAY)
    play.seminar.refresh_from_db()
    play.now = MOMENTS[moment]
    is_served = play.seminar.takes_newcomers(play.now)
    assert is_served is (moment in LATE["register"] if admits_latecomers else moment == "before")
    assert _is_done(getattr(play, way)) is is_served


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("admits_latecomers", [False, True])
def test_a_queue_is_reordered_as_long_as_it_is_served(
    moment: str, admits_latecomers: bool, play: Play
) -> None:
    Seminar.objects.filter(pk=play.seminar.pk).update(admits_latecomers=admits_latecomers)
    waiting = make_registration(play.seminar, play.cast.stranger, state="waitlisted")
    play.seminar.refresh_from_db()
    now, organiser = MOMENTS[moment], play.cast.organiser

    def move() -> None:
        move_in_queue(registration=waiting, place=1, reason="Vei", by=organiser, now=now)

    assert _is_done(move) is play.seminar.takes_newcomers(now)


def _is_done(act: Callable[[], Any]) -> bool:
    try:
        act()
    except Refused:
        return False
    return True


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_page_offers_what_the_action_does(moment: str, play: Play) -> None:
    now = MOMENTS[moment]
    seminar = Seminar.objects.with_seat_counts().with_parts().get(pk=play.seminar.pk)
    own = participant_status_of(play.seated.user, seminar, now)
    assert own.may_withdraw is (moment in NOT_LATE["withdraw"].split(", "))
    other = participant_status_of(play.cast.stranger, seminar, now)
    assert other.may_register is (moment == "before")
    is_between = moment in ("between", "before the last")
    next_at = own.next_gathering and own.next_gathering.starts_at
    assert next_at == (seminar.next_gathering_at(now) if is_between else None)


def test_a_full_course_puts_nobody_on_a_list_that_is_not_served(play: Play) -> None:
    enrol(play.seminar, play.cast.manager, at=FIRST - 20 * DAY)
    play.now = MOMENTS["between"]
    with pytest.raises(Refused, match="Alle plassene er tatt"):
        play.register_another()


def test_whoever_leaves_between_takes_only_what_is_to_come_out_of_the_calendar(play: Play) -> None:
    play.now = MOMENTS["between"]
    play.withdraw()
    assert [start for start, method in _told(play.seated.user) if method == "CANCEL"] == [
        SECOND,
        LAST,
        LAST + 4 * HOUR,
    ]


def test_whoever_comes_late_is_invited_to_what_is_to_come(play: Play) -> None:
    Seminar.objects.filter(pk=play.seminar.pk).update(admits_latecomers=True)
    play.now = MOMENTS["before the last"]
    play.register()
    assert _told(play.cast.stranger) == [(LAST, "REQUEST"), (LAST + 4 * HOUR, "REQUEST")]


def test_a_cancellation_between_leaves_what_was_held_in_the_calendar(play: Play) -> None:
    play.now = MOMENTS["before the last"]
    play.cancel()
    assert _told(play.seated.user) == [(LAST, "CANCEL"), (LAST + 4 * HOUR, "CANCEL")]


def test_a_change_tells_calendars_of_what_is_to_come_and_of_what_was(play: Play) -> None:
    """The second gathering is moved to yesterday: it must not stand where it stood."""
    now = MOMENTS["between"]
    content = content_of(play.seminar)
    moved = [one if one.starts_at != SECOND else _moved(one, now - DAY) for one in content.sessions]
    content = content_of(play.seminar, sessions=moved)
    change_seminar(seminar=play.seminar, content=content, by=play.cast.organiser, now=now)
    starts = [start for start, _method in _told(play.seated.user)]
    assert FIRST not in starts
    assert sorted(starts) == [now - DAY, LAST, LAST + 4 * HOUR]


def _moved(session: Any, starts_at: dt.datetime) -> Any:
    from dataclasses import replace

    return replace(session, starts_at=starts_at, ends_at=starts_at + HOUR)


def _told(user: User) -> list[tuple[dt.datetime, str]]:
    found = []
    for letter in Letter.objects.filter(recipient=user).exclude(calendar="").order_by("pk"):
        whole = Calendar.from_ical(letter.calendar)
        found += [
            (event.decoded("dtstart"), str(whole["method"])) for event in whole.walk("VEVENT")
        ]
    return found


def test_an_approval_between_is_asked_for_before_the_next_gathering(course: Seminar) -> None:
    course.approval_days = 60
    now = MOMENTS["between"]
    until = approval_ends_at(course, now)
    assert until is not None
    assert now < until < SECOND


def test_attendance_of_who_left_between_stands_and_can_be_put_right(play: Play) -> None:
    play.now = MOMENTS["at the first"]
    play.mark()
    play.now = MOMENTS["between"]
    play.withdraw()
    play.seated.refresh_from_db()
    assert (play.seated.state, play.seated.outcome) == ("withdrawn", "attended")
    assert faults(now=play.now) == []
    mark_attendance(
        seminar=play.seminar,
        marks={play.seated.pk: "excused"},
        by=play.cast.organiser,
        now=MOMENTS["at the second"],
    )
    play.seated.refresh_from_db()
    assert play.seated.outcome == "excused"


def test_a_choice_stands_fast_when_its_session_begins(course: Seminar, cast: Cast) -> None:
    early = make_choice(course, 2, 2, title="Økt 1", starts_at=FIRST + HOUR)
    late = make_choice(course, 2, 2, title="Økt 2", starts_at=SECOND + HOUR)
    registration = make_registration(course, cast.employee, at=FIRST - 20 * DAY)
    choose(registration, early[0])
    choose(registration, late[0])

    def change(session: Session) -> None:
        change_choices(
            registration=registration,
            choices={session.choice_group_id or 0: session.pk},
            by=cast.organiser,
            now=MOMENTS["between"],
        )

    with pytest.raises(Refused, match="har startet, så valget der kan ikke endres"):
        change(early[1])
    change(late[1])
    registration = Registration.objects.get(pk=registration.pk)
    chosen = [one for one in registration.own_sessions if one.is_parallel]
    assert chosen == [early[0], late[1]]
    own = gatherings_of(registration.own_sessions)
    assert [len(one.sessions) for one in own] == [2, 2, 2]
