"""What organisers are told of their seats: one letter a day, and only what is new."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.working_time import is_working_day
from outbox.models import Letter
from seminars.models import SeatNews, Seminar
from seminars.participants.seat_news_actions import tell_of_seats
from seminars.tasks import tell_of_seats as tell_of_seats_task
from tests.cast import Cast
from tests.seminars.factories import make_participants, make_registration, make_seminar

DAY = dt.timedelta(days=1)


def told(now: dt.datetime) -> list[str]:
    """The kinds of what is new, and told, at that moment."""
    before = set(SeatNews.objects.values_list("pk", flat=True))
    tell_of_seats(now=now)
    return [one.kind for one in SeatNews.objects.exclude(pk__in=before)]


@pytest.fixture
def now() -> dt.datetime:
    """A Monday morning to come, at the hour at which the portal writes."""
    here = timezone.localtime().replace(hour=10, minute=40)
    monday = here + (7 - here.weekday()) * DAY
    while not all(is_working_day((monday + days * DAY).date()) for days in range(5)):
        monday += 7 * DAY
    return monday


@pytest.fixture
def small(cast: Cast, now: dt.datetime) -> Seminar:
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=2, starts_at=now + 40 * DAY
    )


def test_organiser_hears_when_it_is_full_and_when_it_is_free_again(
    small: Seminar, cast: Cast, now: dt.datetime
) -> None:
    assert told(now) == []
    first, _second = make_participants(small, cast.unit, 2)
    assert told(now) == ["full"]
    assert told(now + DAY) == []
    small.registrations.filter(pk=first.pk).update(state="withdrawn", withdrawn_at=now)
    assert told(now + 2 * DAY) == ["free"]
    assert told(now + 3 * DAY) == []
    make_registration(small, cast.stranger)
    assert told(now + 4 * DAY) == ["full"]


def test_a_seat_freed_and_taken_between_two_letters_is_no_news(
    small: Seminar, cast: Cast, now: dt.datetime
) -> None:
    first, _second = make_participants(small, cast.unit, 2)
    told(now)
    small.registrations.filter(pk=first.pk).update(state="withdrawn", withdrawn_at=now)
    make_registration(small, cast.stranger)
    assert told(now + DAY) == []


def test_what_happens_after_the_letter_waits_for_the_next_day(
    small: Seminar, cast: Cast, now: dt.datetime
) -> None:
    make_participants(small, cast.unit, 2)
    other = make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=1, starts_at=now + 40 * DAY
    )
    assert told(now) == ["full"]
    make_registration(other, cast.stranger)
    assert told(now) == []
    assert told(now + DAY) == ["full"]
    assert Letter.objects.filter(recipient=cast.organiser).count() == 2


def test_a_seat_that_goes_to_the_queue_is_no_news(
    small: Seminar, cast: Cast, now: dt.datetime
) -> None:
    """For the few minutes until the sweep it is free, and somebody waits for it."""
    first, _second = make_participants(small, cast.unit, 2)
    make_participants(small, cast.unit, 1, state="waitlisted")
    told(now)
    small.registrations.filter(pk=first.pk).update(state="withdrawn", withdrawn_at=now)
    assert told(now + DAY) == []


def test_organiser_who_chooses_hears_that_there_is_a_seat_to_give(
    small: Seminar, cast: Cast, now: dt.datetime
) -> None:
    Seminar.objects.filter(pk=small.pk).update(waiting_list_mode="manual")
    make_participants(small, cast.unit, 1)
    make_participants(small, cast.unit, 3, state="waitlisted")
    assert told(now) == ["choose"]
    letter = Letter.objects.get(recipient=cast.organiser)
    assert "Ledige plasser: 1. På ventelisten: 3. Du velger hvem som får plass." in letter.text
    assert told(now + DAY) == []


def test_organiser_hears_of_a_seat_that_comes_free_when_nobody_moves_up_any_more(
    small: Seminar, cast: Cast, now: dt.datetime
) -> None:
    first, _second = make_participants(small, cast.unit, 2)
    make_participants(small, cast.unit, 1, state="waitlisted")
    told(now)
    small.registrations.filter(pk=first.pk).update(state="withdrawn", withdrawn_at=now)
    Seminar.objects.filter(pk=small.pk).update(
        registration_closes_at=now, promotion_ends_at=now + DAY / 2
    )
    assert told(now + DAY) == ["choose"]


@pytest.mark.parametrize(
    ("taken", "days", "kinds"),
    [(2, 16, []), (2, 14, ["few"]), (2, 1, ["few"]), (3, 14, []), (0, 14, ["few"]), (2, -1, [])],
)
def test_organiser_hears_once_that_few_come(
    taken: int, days: int, kinds: list[str], cast: Cast, now: dt.datetime
) -> None:
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=9, starts_at=now + days * DAY
    )
    make_participants(seminar, cast.unit, taken)
    assert told(now) == kinds
    assert told(now + DAY) == []


@pytest.mark.parametrize(
    "fields", [{"state": "draft"}, {"state": "cancelled"}, {"opens": 3}], ids=str
)
def test_nothing_is_told_of_what_nobody_can_register_for(
    fields: dict[str, Any], cast: Cast, now: dt.datetime
) -> None:
    opens = fields.pop("opens", None)
    if opens:
        fields["registration_opens_at"] = now + opens * DAY
    make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=now + 10 * DAY, **fields)
    assert told(now) == []


def test_one_letter_tells_of_all_ones_seminars(
    small: Seminar, cast: Cast, now: dt.datetime
) -> None:
    make_participants(small, cast.unit, 2)
    make_seminar(
        cast.other_agency, created_by=cast.organiser, title="Tom sal", starts_at=now + 9 * DAY
    )
    tell_of_seats(now=now)
    tell_of_seats(now=now)
    letter = Letter.objects.get()
    assert (letter.recipient, letter.kind) == (cast.organiser, "seminars.seat_news")
    assert letter.subject == "Plassene på 2 av seminarene du arrangerer"
    assert "Alle 2 plassene er tatt. På ventelisten: 0." in letter.text
    assert "Tom sal" in letter.text
    assert "Bare 0 av 30 plasser er tatt" in letter.text


def test_nothing_is_written_on_days_of_rest(small: Seminar, cast: Cast, now: dt.datetime) -> None:
    make_participants(small, cast.unit, 2)
    assert [told(now + days * DAY) for days in (5, 6, 7)] == [[], [], ["full"]]


def test_beat_writes_on_the_working_days(small: Seminar, cast: Cast) -> None:
    make_participants(small, cast.unit, 2)
    tell_of_seats_task()
    assert Letter.objects.count() == int(is_working_day(timezone.localdate()))


def test_a_thing_is_told_once_a_day(small: Seminar, now: dt.datetime) -> None:
    SeatNews.objects.create(seminar=small, kind="full", told_on=now)
    for fields in ({"kind": "full"}, {"kind": "hot"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SeatNews.objects.create(seminar=small, told_on=now, **fields)
