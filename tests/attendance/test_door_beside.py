"""A door beside what else goes on: another door, the editor, somebody who checked in alone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from attendance.door.actions import scan, undo_scan
from attendance.door.people import seen_twice
from attendance.models import Scan, ScanWay
from attendance.refusals import DoorIsClosed
from seminars.editing.actions import change_seminar
from seminars.models import Session
from seminars.refusals import NotChangeable
from seminars.seminar_content import SeminarContent
from tests.attendance.factories import seen
from tests.missions.test_race import Beside
from tests.seminars.factories import make_registration

HOUR = dt.timedelta(hours=1)


def by_oneself(participant, at):
    return dataclasses.replace(seen(participant, at), way=ScanWay.SELF)


# several doors


def test_who_checked_in_alone_and_at_a_door_was_at_one_door(
    session, participant, organiser, cast, noon
):
    sent = by_oneself(participant, noon)
    scan(session=session, seen=sent, by=participant.user, now=noon)
    scan(session=session, seen=seen(participant, noon, door="A"), by=organiser, now=noon + HOUR)
    assert seen_twice(session) == []
    later = noon + 2 * HOUR
    at_b = seen(participant, noon, door="B")
    scan(session=session, seen=at_b, by=cast.administrator, now=later)
    (told,) = seen_twice(session)
    assert [", A" in one or ", B" in one for one in told.seen] == [False, True, True]


def test_the_list_tells_each_device_whom_several_doors_have_seen(
    begun, session_of, cast, signed_in, organiser, now
):
    participant, session = session_of(begun)
    for by, door in ((organiser, "A"), (cast.administrator, "B")):
        scan(session=session, seen=seen(participant, now, door=door), by=by, now=now)
    url = reverse("attendance:door_list", args=[begun.pk, session.pk])
    told = signed_in(organiser).get(url).json()
    (line,) = told["twice"]
    assert line.startswith(f"{participant.user.name}: kl. ")
    assert line.index(", A (") < line.index(", B (")
    assert abs(dt.datetime.fromisoformat(told["now"]) - now) < HOUR


@pytest.fixture
def session_of(cast):
    def found(seminar):
        session = seminar.sessions.get()
        session.seminar = seminar
        return make_registration(seminar, cast.leader), session

    return found


# the name of the door


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Dør B", "Dør B"), ("  ", ""), ("Å" * 200, "Å" * 30), ("a\x00b", "ab"), ("باب", "باب")],
)
def test_whoever_gives_a_seat_goes_on_at_the_same_door(
    begun, cast, signed_in, organiser, typed, kept
):
    waiting = make_registration(begun, cast.leader, state="waitlisted")
    url = reverse("attendance:give_seat", args=[begun.pk, begun.sessions.get().pk, waiting.pk])
    page = signed_in(organiser).post(url, {"door": typed}, follow=True)
    assert Scan.objects.get().door == kept
    assert page.context["door"] == kept
    key = Scan.objects.get().key
    undo = reverse("attendance:undo", args=[begun.pk, begun.sessions.get().pk, key])
    page = signed_in(organiser).post(undo, {"door": typed}, follow=True)
    assert page.context["door"] == kept


# the editor


@pytest.fixture
def second(held, noon) -> Session:
    """Beside the one of `held`, and after it."""
    found = held.sessions.create(starts_at=noon + HOUR, ends_at=noon + 2 * HOUR, title="Del 2")
    held.refresh_from_db()
    found.seminar = held
    return found


def without(seminar, session):
    content = SeminarContent.of(seminar)
    kept = [one for one in content.sessions if one.pk != session.pk]
    return dataclasses.replace(content, sessions=kept)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_session_in_which_somebody_is_being_let_in_is_not_removed(
    held, second, participant, organiser, noon
):
    """The door is about to commit when the organiser saves."""
    content = without(held, second)
    with transaction.atomic():
        scan(session=second, seen=seen(participant, noon), by=organiser, now=noon)
        beside = Beside(
            lambda: change_seminar(seminar=held, content=content, by=organiser, now=noon)
        )
        assert beside.waits()
    assert isinstance(beside.result(), NotChangeable)
    assert Scan.objects.get().session == second


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_door_of_a_session_that_is_being_removed_says_so(
    held, second, participant, organiser, noon
):
    content = without(held, second)
    with transaction.atomic():
        change_seminar(seminar=held, content=content, by=organiser, now=noon)
        sent = seen(participant, noon)
        beside = Beside(lambda: scan(session=second, seen=sent, by=organiser, now=noon))
        assert beside.waits()
    assert isinstance(beside.result(), DoorIsClosed)
    assert Scan.objects.count() == 0


def test_what_was_undone_does_not_make_two_doors(session, participant, organiser, cast, noon):
    sent = seen(participant, noon, door="A", key=uuid.uuid4())
    scan(session=session, seen=sent, by=organiser, now=noon)
    undo_scan(session=session, key=sent.key, by=organiser, now=noon)
    at_b = seen(participant, noon, door="B")
    scan(session=session, seen=at_b, by=cast.administrator, now=noon)
    assert seen_twice(session) == []
