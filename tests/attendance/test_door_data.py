"""What a door's page holds on the machine, and what it may do there."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from attendance import codes
from attendance.door.actions import scan
from attendance.door.device_data import KEPT_AFTER, digest_of
from attendance.models import Scan
from tests.attendance.factories import seen
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
)

MOST_BYTES = 60_000


@pytest.fixture
def session(begun):
    found = begun.sessions.get()
    found.seminar = begun
    return found


def asked(browser, session, name):
    return browser.get(reverse(f"attendance:{name}", args=[session.seminar_id, session.pk]))


def test_the_list_knows_each_by_name_and_by_the_digest_of_their_code(
    begun, cast, signed_in, organiser, session, now
):
    participant = make_participants(begun, cast.unit, 1)[0]
    scan(session=session, seen=seen(participant, now, door="B"), by=organiser, now=now)
    answer = asked(signed_in(organiser), session, "door_list")
    (row,) = answer.json()["rows"]
    code = codes.code_of(participant.pk, codes.key_of(begun))
    assert row.pop("when").endswith(", B")
    assert row == {
        "id": participant.pk,
        "name": participant.user.name,
        "unit": cast.unit.name,
        "agency": participant.agency.name,
        "state": "registered",
        "isOfSession": True,
        "isIn": True,
        "outcome": "attended",
        "elsewhere": "",
        "code": digest_of(code),
    }
    for secret in (code, participant.user.email, bytes(codes.key_of(begun)).hex()):
        assert secret not in answer.content.decode()


def test_whoever_chose_another_session_is_told_where(cast, signed_in, organiser, now):
    seminar = make_seminar(
        cast.other_agency, created_by=organiser, starts_at=now - dt.timedelta(hours=1)
    )
    here, there = make_choice(seminar, 20, 20)
    row = make_registration(seminar, cast.leader)
    choose(row, there)
    (known,) = asked(signed_in(organiser), here, "door_list").json()["rows"]
    assert (known["isOfSession"], "Skal være på" in known["elsewhere"]) == (False, True)


def test_three_hundred_take_little_room(cast, signed_in, organiser, now):
    full = make_seminar(
        cast.other_agency,
        created_by=organiser,
        capacity=300,
        starts_at=now - dt.timedelta(hours=1),
    )
    make_participants(full, cast.unit, 300)
    answer = asked(signed_in(organiser), full.sessions.get(), "door_list")
    rows = answer.json()["rows"]
    assert len(rows) == 300
    # As door_store.js packs it; the encryption adds 28 bytes.
    assert len(gzip.compress(json.dumps(rows).encode())) < MOST_BYTES


def test_the_list_is_gone_with_the_sign_in_or_the_day_after(
    begun, cast, signed_in, organiser, session, settings
):
    browser = signed_in(organiser)
    began = timezone.now()

    def until() -> dt.datetime:
        return dt.datetime.fromisoformat(asked(browser, session, "door_list").json()["until"])

    longest = dt.timedelta(seconds=settings.SESSION_LONGEST_SECONDS)
    assert abs(until() - began - longest) < dt.timedelta(minutes=5)
    settings.SESSION_LONGEST_SECONDS = 10 * 24 * 60 * 60
    assert until() == session.ends_at + KEPT_AFTER


def test_the_page_that_is_kept_holds_nobody(begun, cast, signed_in, organiser, session, now):
    first = make_participants(begun, cast.unit, 2)[0]
    for by, door in ((organiser, "A"), (cast.administrator, "B")):
        scan(session=session, seen=seen(first, now, door=door), by=by, now=now)
    browser = signed_in(organiser)
    assert first.user.name in asked(browser, session, "door").content.decode()
    page = asked(browser, session, "door_shell").content.decode()
    for row in begun.registrations.select_related("user"):
        assert row.user.name not in page


def test_the_door_may_have_a_worker_and_the_camera_and_no_other_page_may(
    signed_in, organiser, session
):
    browser = signed_in(organiser)
    for name in ("door", "door_shell"):
        headers = asked(browser, session, name).headers
        policy = headers["Content-Security-Policy"].split("; ")
        assert {"worker-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"} <= set(policy)
        assert "camera=(self)" in headers["Permissions-Policy"]
        assert "microphone=()" in headers["Permissions-Policy"]
    elsewhere = browser.get("/").headers
    assert "worker-src" not in elsewhere["Content-Security-Policy"]
    assert "wasm" not in elsewhere["Content-Security-Policy"]
    assert "camera=()" in elsewhere["Permissions-Policy"]


def test_the_worker_is_a_script_beside_its_door(signed_in, organiser, session):
    worker = asked(signed_in(organiser), session, "door_worker")
    assert worker.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-store" in worker.headers["Cache-Control"]
    door = reverse("attendance:door", args=[session.seminar_id, session.pk])
    assert worker.wsgi_request.path.startswith(door)


def test_the_script_takes_a_scan_back(begun, cast, signed_in, organiser, session, now):
    participant = make_participants(begun, cast.unit, 1)[0]
    made = scan(session=session, seen=seen(participant, now), by=organiser, now=now).scan
    browser = signed_in(organiser)
    address = reverse("attendance:undo", args=[begun.pk, session.pk, made.key])
    as_script = {"headers": {"Accept": "application/json"}}
    assert browser.post(address, **as_script).json() == {"refused": ""}
    assert Scan.objects.standing().count() == 0


def test_a_scan_that_is_old_is_not_taken_back_by_the_script(
    begun, cast, signed_in, organiser, session, now
):
    participant = make_participants(begun, cast.unit, 1)[0]
    then = now - dt.timedelta(minutes=5)
    made = scan(session=session, seen=seen(participant, then), by=organiser, now=then).scan
    address = reverse("attendance:undo", args=[begun.pk, session.pk, made.key])
    answer = signed_in(organiser).post(address, headers={"Accept": "application/json"})
    assert "kan ikke angres lenger" in answer.json()["refused"]
    assert Scan.objects.standing().count() == 1


def test_whoever_is_in_already_is_told_with_every_door(
    begun, cast, signed_in, organiser, session, now
):
    participant = make_participants(begun, cast.unit, 1)[0]
    earlier = now - dt.timedelta(minutes=5)
    scan(session=session, seen=seen(participant, earlier, door="A"), by=cast.administrator, now=now)
    address = reverse("attendance:scans", args=[begun.pk, session.pk])
    key = "11111111-1111-4111-8111-111111111111"
    sent = {"key": key, "at": now.isoformat(), "registration": participant.pk, "door": "B"}
    answer = signed_in(organiser).post(address, {"scans": [sent]}, "application/json")
    (told,) = answer.json()["answers"]
    assert told["answer"] == "already_in"
    assert [one.split(", ")[1] for one in told["seen"]] == ["A", "B"]


def test_every_page_says_whose_it_is_so_that_anothers_list_is_taken_away(
    client, signed_in, organiser
):
    assert f'data-user="{organiser.pk}"' in signed_in(organiser).get("/").content.decode()
    client.logout()
    assert 'data-user=""' in client.get("/personvern/").content.decode()
