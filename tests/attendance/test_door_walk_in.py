"""Whoever comes without having registered, as the door lets them in: hosts and organisers alike."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from attendance.models import Attendance, AttendanceMark, Scan
from outbox.models import Letter
from tests.messages import messages_in
from tests.seminars.factories import (
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
    make_seminar_role,
)


@pytest.fixture
def session(begun):
    return begun.sessions.get()


@pytest.fixture
def url(begun, session):
    return reverse("attendance:walk_in", args=[begun.pk, session.pk])


@pytest.fixture
def host(begun, cast):
    make_seminar_role(begun, cast.coordinator, "host")
    return cast.coordinator


def sent(person, **values) -> dict[str, str]:
    return {"person": person.email, "key": str(uuid.uuid4()), "door": "B", **values}


def test_a_host_lets_in_whom_the_list_does_not_have(begun, cast, signed_in, host, url):
    told = messages_in(signed_in(host).post(url, sent(cast.stranger), follow=True))
    assert told == [f"{cast.stranger.name} er inne."]
    scan = Scan.objects.get()
    assert (scan.way, scan.door, scan.by) == ("walk_in", "B", host)
    assert begun.registrations.get(user=cast.stranger).outcome == "attended"
    assert Letter.objects.filter(recipient=cast.stranger).count() == 1
    assert AttendanceMark.objects.count() == 0


def test_pressed_twice_it_is_one_scan(cast, signed_in, host, url):
    browser, data = signed_in(host), sent(cast.stranger)
    for _ in range(2):
        assert messages_in(browser.post(url, data, follow=True)) == [
            f"{cast.stranger.name} er inne."
        ]
    assert (Scan.objects.count(), Letter.objects.count()) == (1, 1)


def test_the_next_person_on_the_same_page_is_another(cast, signed_in, host, url):
    browser, data = signed_in(host), sent(cast.stranger)
    browser.post(url, data)
    browser.post(url, data | {"person": cast.leader.email})
    assert Attendance.objects.filter(outcome="attended").count() == 2


def test_whoever_has_a_seat_after_all_is_let_in_with_it(begun, cast, signed_in, host, url):
    own = make_registration(begun, cast.stranger)
    browser = signed_in(host)
    assert messages_in(browser.post(url, sent(cast.stranger), follow=True)) == [
        f"{cast.stranger.name} er inne."
    ]
    own.refresh_from_db()
    assert (own.outcome, begun.registrations.count(), Letter.objects.count()) == ("attended", 1, 0)
    (told,) = messages_in(browser.post(url, sent(cast.stranger), follow=True))
    assert told.startswith(f"{cast.stranger.name} er allerede inne, kl. ")


def test_a_full_hall_refuses_in_the_form_and_keeps_who_was_chosen(cast, signed_in, now):
    full = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=now - dt.timedelta(hours=1),
        capacity=1,
    )
    make_participants(full, cast.unit, 1)
    url = reverse("attendance:walk_in", args=[full.pk, full.sessions.get().pk])
    answer = signed_in(cast.organiser).post(url, sent(cast.stranger))
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert cast.stranger.name in answer.content.decode()
    assert (Scan.objects.count(), Letter.objects.count()) == (0, 0)


def test_of_sessions_side_by_side_they_are_in_the_one_they_came_to(begun, cast, signed_in, host):
    here, _there = make_choice(begun, 20, 20)
    type(here).objects.filter(pk=here.pk).update(
        starts_at=begun.starts_at, ends_at=begun.starts_at + dt.timedelta(hours=2)
    )
    url = reverse("attendance:walk_in", args=[begun.pk, here.pk])
    signed_in(host).post(url, sent(cast.stranger))
    row = begun.registrations.get(user=cast.stranger)
    assert [choice.session_id for choice in row.choices.all()] == [here.pk]
    assert Scan.objects.get().session_id == here.pk


def test_a_closed_door_is_told_before_anything_is_typed(cast, signed_in, now):
    coming = make_seminar(cast.other_agency, created_by=cast.organiser)
    url = reverse("attendance:walk_in", args=[coming.pk, coming.sessions.get().pk])
    browser = signed_in(cast.organiser)
    assert "Ingen kan slippes inn nå" in browser.get(url).content.decode()
    assert browser.post(url, sent(cast.stranger)).context["form"].non_field_errors()
    assert Scan.objects.count() == 0
