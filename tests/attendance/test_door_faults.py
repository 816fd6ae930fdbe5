"""What a door must stand: odd devices, two at once, sessions that are edited, and old pages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.door.actions import record_the_rest, scan, undo_scan
from attendance.marking.actions import mark_attendance
from attendance.models import Scan
from attendance.own_data import own_data
from attendance.refusals import DoorIsClosed, ScanIsUndone
from people.models import User
from seminars.editing.actions import change_seminar
from seminars.refusals import NotChangeable
from seminars.seminar_content import SeminarContent
from tests.attendance.factories import seen
from tests.missions.test_race import Beside
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
)

HOUR = dt.timedelta(hours=1)


# devices


@pytest.mark.parametrize(
    "spoilt",
    [
        {"at": 5},
        {"at": [1]},
        {"at": {"a": 1}},
        {"at": True},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "9999-12-31T23:59:59-14:00"},
        {"at": "0001-01-01T00:00:00"},
        {"door": "\ud800"},
        {"code": "\ud800"},
        {"code": 5},
        {"door": {"a": 1}},
        {"key": 5},
        {"registration": [1]},
        {"registration": "9" * 400},
    ],
)
def test_whatever_a_device_sends_the_door_goes_on(begun, cast, signed_in, organiser, now, spoilt):
    session = begun.sessions.get()
    participant = make_participants(begun, cast.unit, 1)[0]
    browser = signed_in(organiser)
    one = {"key": str(uuid.uuid4()), "at": now.isoformat(), "registration": participant.pk}
    url = reverse("attendance:scans", args=[begun.pk, session.pk])
    body = json.dumps({"scans": [one | spoilt]})
    assert browser.post(url, body, content_type="application/json").status_code == 200
    assert browser.get(reverse("attendance:door", args=[begun.pk, session.pk])).status_code == 200
    assert all(found.device_time for found in Scan.objects.all())


def test_a_number_that_no_session_has_is_not_found(signed_in, leader):
    url = f"/seminarer/inne/{'9' * 30}/abc/"
    assert signed_in(leader).get(url).status_code == 404


# what is edited


def test_a_session_with_scans_is_not_removed_and_the_organiser_is_told(
    held, session, participant, organiser, signed_in, noon
):
    scan(session=session, seen=seen(participant, noon), by=organiser, now=noon)
    held.sessions.create(starts_at=noon + HOUR, ends_at=noon + 2 * HOUR, title="Del 2")
    held.refresh_from_db()
    content = SeminarContent.of(held)
    kept = [one for one in content.sessions if one.pk != session.pk]
    content = dataclasses.replace(content, sessions=kept)
    with pytest.raises(NotChangeable, match="oppmøte"):
        change_seminar(seminar=held, content=content, by=organiser, now=noon)


# the rest


def test_nobody_is_absent_from_what_has_not_begun(held, session, participant, organiser, noon):
    later = noon + dt.timedelta(days=7)
    second = held.sessions.create(starts_at=later, ends_at=later + HOUR, title="Dag 2")
    second.seminar = held
    with pytest.raises(DoorIsClosed):
        record_the_rest(session=second, by=organiser, now=noon)
    with pytest.raises(DoorIsClosed):
        record_the_rest(session=second, by=organiser, now=later - HOUR)
    assert record_the_rest(session=second, by=organiser, now=later) == 1


# undone


def test_what_was_undone_says_not_welcome_when_it_is_sent_again(
    session, participant, organiser, noon
):
    sent = seen(participant, noon)
    scan(session=session, seen=sent, by=organiser, now=noon)
    undo_scan(session=session, key=sent.key, by=organiser, now=noon)
    with pytest.raises(ScanIsUndone, match="angret"):
        scan(session=session, seen=sent, by=organiser, now=noon)


# the list against the door


@pytest.mark.parametrize("outcome", ["no_show", "excused", ""])
def test_a_mark_in_the_list_holds_for_a_session_that_was_left_for_another(
    held, cast, organiser, noon, outcome
):
    first, second = make_choice(held, 20, 20, starts_at=noon)
    held.refresh_from_db()
    participant = make_participants(held, cast.unit, 1)[0]
    choice = choose(participant, first)
    first.seminar = held
    scan(session=first, seen=seen(participant, noon), by=organiser, now=noon)
    choice.session = second
    choice.save()
    mark_attendance(seminar=held, marks={participant.pk: outcome}, by=organiser, now=noon + HOUR)
    participant.refresh_from_db()
    assert participant.outcome == outcome


# own data


def test_one_reads_in_ones_own_data_that_a_check_in_was_undone(
    session, participant, organiser, noon
):
    sent = seen(participant, noon)
    scan(session=session, seen=sent, by=organiser, now=noon)
    undo_scan(session=session, key=sent.key, by=organiser, now=noon)
    scans = next(one for one in own_data(participant.user, noon.date()) if one.key == "scans")
    assert scans.columns[-1].key == "undone_at"
    assert scans.rows[0][-1] == noon


def test_a_door_asks_no_more_the_more_come(begun, cast, signed_in, organiser):
    url = reverse("attendance:door", args=[begun.pk, begun.sessions.get().pk])
    browser = signed_in(organiser)
    make_participants(begun, cast.unit, 2)
    browser.get(url)
    with CaptureQueriesContext(connection) as few:
        browser.get(url)
    make_participants(begun, cast.unit, 12)
    with CaptureQueriesContext(connection) as many:
        browser.get(url)
    assert len(few) == len(many)


# the database


@pytest.mark.parametrize("year", [1, 9999])
def test_a_clock_that_no_page_could_show_is_not_stored(session, participant, organiser, noon, year):
    sent = dataclasses.replace(
        seen(participant, noon), device_time=dt.datetime(year, 6, 1, tzinfo=dt.UTC)
    )
    with pytest.raises(IntegrityError, match="can_be_read"), transaction.atomic():
        scan(session=session, seen=sent, by=organiser, now=noon)


# two at once


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["list", "rest"])
def test_whoever_is_let_in_meanwhile_is_not_written_down_as_absent(
    session, held, participant, organiser, noon, way
):
    """The door has let them in and is about to commit when the organiser presses."""

    def written_down() -> None:
        later = noon + HOUR
        if way == "rest":
            record_the_rest(session=session, by=organiser, now=later)
        else:
            marks, shown = {participant.pk: "no_show"}, {participant.pk: ""}
            mark_attendance(seminar=held, marks=marks, seen=shown, by=organiser, now=later)

    with transaction.atomic():
        scan(session=session, seen=seen(participant, noon), by=organiser, now=noon)
        beside = Beside(written_down)
        assert beside.waits()
    assert beside.result() is None
    participant.refresh_from_db()
    assert participant.outcome == "attended"


# a free seat


def test_whoever_was_offered_another_session_is_not_said_to_be_in(cast, signed_in, organiser, now):
    seminar = make_seminar(cast.other_agency, created_by=organiser, starts_at=now - HOUR)
    here, beside = make_choice(seminar, 20, 20, starts_at=now - HOUR)
    offered = make_registration(seminar, cast.leader, state="offered")
    choose(offered, beside)
    browser = signed_in(organiser)
    for session, words in ((here, "en annen samling"), (beside, "er inne")):
        url = reverse("attendance:give_seat", args=[seminar.pk, session.pk, offered.pk])
        said = [str(one) for one in browser.post(url, follow=True).context["messages"]]
        assert words in said[0]
        offered.refresh_from_db()
        assert offered.has_seat == (session == beside)
        assert offered.outcome == ("attended" if session == beside else "")


# personal data


def test_the_seminars_personal_data_counts_scans_and_marks(begun, cast, signed_in, organiser, now):
    session = begun.sessions.get()
    session.seminar = begun
    first, second = make_participants(begun, cast.unit, 2)
    for one in (first, second):
        scan(session=session, seen=seen(one, now), by=organiser, now=now)
    mark_attendance(seminar=begun, marks={first.pk: "excused"}, by=organiser, now=now)
    held = signed_in(organiser).get(reverse("seminars:personal_data", args=[begun.pk]))
    counts = {one.what: one.count for one in held.context["held"]}
    assert counts["Innsjekkinger ved døren"] == 2
    assert counts["Oppmøte ført for hånd, med begrunnelser"] == 1


# searching


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("Åse Bø", True),
        (" åse bø ", True),
        ("Bø,  Åse", True),
        ("A\u030ase", True),  # as some phones write «Å»: two signs
        ("aase boe", True),
        ("Bø Ola", False),
        ("-", False),
        ("  ", True),
    ],
)
def test_a_name_is_found_however_it_is_typed(begun, cast, signed_in, organiser, typed, is_found):
    participant = make_participants(begun, cast.unit, 1)[0]
    User.objects.filter(pk=participant.user_id).update(name="Åse Bø")
    url = reverse("attendance:door", args=[begun.pk, begun.sessions.get().pk])
    response = signed_in(organiser).post(url, {"words": typed})
    assert [row.name for row in response.context["rows"]] == (["Åse Bø"] if is_found else [])
