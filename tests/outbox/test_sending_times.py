"""When letters go out: each kind has a row, and none that can wait goes at a time of rest."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings

from common.dates import OSLO
from common.rooms import sending_times
from common.sending_times import Near, SendingTime, near
from outbox.actions import let_go, queue_letter, queue_letters, take_back
from outbox.delivery import sweep
from outbox.letters import Rendered
from outbox.models import Letter
from people.models import User
from tests.cast import Cast

pytestmark = pytest.mark.django_db

NIGHT = dt.datetime(2027, 2, 10, 0, 5, tzinfo=OSLO)
SATURDAY = dt.datetime(2027, 2, 13, 11, 0, tzinfo=OSLO)
GOOD_FRIDAY = dt.datetime(2027, 3, 26, 11, 0, tzinfo=OSLO)
EASTER_MONDAY = dt.datetime(2027, 3, 29, 11, 0, tzinfo=OSLO)
AT_WORK = dt.datetime(2027, 2, 10, 11, 0, tzinfo=OSLO)
MONDAY = dt.datetime(2027, 2, 15, 8, 0, tzinfo=OSLO)
WORDS = {"subject": "E", "text": "T", "html": "<p>H</p>"}


def write(kind: str, to: User, now: dt.datetime, **more: object) -> Letter:
    key = f"{kind}:{to.pk}:{more.pop('label', '')}"
    return queue_letter(key=key, kind=kind, to=to, now=now, **WORDS, **more)  # type: ignore[arg-type]


def templates() -> set[str]:
    """The kinds of all letters there are: one template a letter."""
    folder = Path(settings.BASE_DIR) / "templates" / "letters"
    found = [path for path in folder.glob("*/*.html") if not path.name.startswith("_")]
    return {f"{path.parent.name}.{path.stem}" for path in found}


def test_every_letter_has_a_row_with_its_reason_and_every_row_a_letter() -> None:
    table = sending_times()
    whole_rooms = {kind.removesuffix("*") for kind in table if kind.endswith(".*")}
    alone = {kind for kind in templates() if not kind.startswith(tuple(whole_rooms))}
    assert {kind for kind in table if not kind.endswith("*")} == alone
    assert whole_rooms == {"account.", "reminders."}
    assert [kind for kind, (_time, why) in table.items() if not why] == []


@pytest.mark.parametrize("now", [NIGHT, SATURDAY, GOOD_FRIDAY, EASTER_MONDAY])
def test_a_sweep_at_rest_sends_only_what_goes_at_once(now: dt.datetime, cast: Cast) -> None:
    for kind in sending_times():
        write(kind, cast.employee, now)
    sent = {pk for some in sweep(now=now).values() for pk in some}
    at_once = {kind for kind, (time, _why) in sending_times().items() if time.name == "AT_ONCE"}
    assert set(Letter.objects.filter(pk__in=sent).values_list("kind", flat=True)) == at_once
    assert "seminars.offered" not in at_once


def test_at_work_everything_goes(cast: Cast) -> None:
    for kind in sending_times():
        write(kind, cast.employee, AT_WORK)
    assert set(Letter.objects.values_list("next_attempt_at", flat=True)) == {AT_WORK}


def test_whoever_has_caused_it_has_their_receipt_at_once(cast: Cast) -> None:
    own = write("commitments.signed", cast.employee, SATURDAY, by=cast.employee)
    other = write("commitments.signed", cast.leader, SATURDAY, by=cast.employee)
    assert (own.next_attempt_at, other.next_attempt_at) == (SATURDAY, MONDAY)


def test_what_is_near_does_not_wait(cast: Cast) -> None:
    day = dt.timedelta(days=1)
    for_monday = near(MONDAY, MONDAY + day)
    in_a_week = near(MONDAY + 7 * day, MONDAY + 8 * day)
    over = Near(NIGHT, NIGHT + day)
    sent = [
        write("seminars.cancelled", cast.employee, SATURDAY, near=when, label=n).next_attempt_at
        for n, when in enumerate([for_monday, in_a_week, over])
    ]
    assert sent == [SATURDAY, MONDAY, MONDAY]
    seat = write("seminars.seat_news", cast.employee, SATURDAY, near=for_monday)
    assert seat.next_attempt_at == MONDAY


def test_letters_to_very_many_wait_too(cast: Cast) -> None:
    words = Rendered(subject="E", text="T", html="H")
    queue_letters(kind="pulse.invitation", letters=[("k", cast.employee, words)], now=SATURDAY)
    assert Letter.objects.get().next_attempt_at == MONDAY


def test_what_waits_about_a_thing_goes_before_the_receipt_of_what_is_done_with_it(
    cast: Cast,
) -> None:
    about, other = cast.leader, cast.employee
    mine = write("seminars.offered", cast.employee, SATURDAY, about=about)
    anothers = write("seminars.offered", cast.leader, SATURDAY, about=about)
    elsewhere = write("seminars.promoted", cast.employee, SATURDAY, about=other)
    later = SATURDAY + dt.timedelta(hours=1)
    write("seminars.confirmed", cast.employee, later, about=about, by=cast.employee)
    for letter in (mine, anothers, elsewhere):
        letter.refresh_from_db()
    assert [one.next_attempt_at for one in (mine, anothers, elsewhere)] == [later, MONDAY, MONDAY]
    let_go(about=other, to=cast.employee, now=later)
    elsewhere.refresh_from_db()
    assert elsewhere.next_attempt_at == later


def test_a_question_that_is_settled_is_taken_back_while_it_waits(cast: Cast) -> None:
    gone = write("seminars.offered", cast.employee, AT_WORK, about=cast.leader)
    write("seminars.offered", cast.leader, SATURDAY, about=cast.leader)
    kept = write("seminars.promoted", cast.leader, SATURDAY, about=cast.leader)
    take_back("seminars.offered", about=cast.leader, now=SATURDAY)
    assert list(Letter.objects.order_by("pk")) == [gone, kept]


def test_the_table_tells_one_time_from_another() -> None:
    times = {time for time, _why in sending_times().values()}
    assert times == set(SendingTime)
