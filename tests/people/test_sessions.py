"""A session lives in the database, and whoever it belongs to comes with what they are today."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from people.affiliation import affiliation_of
from people.backends import PersonBackend
from people.models import Position, User
from people.requests import affiliation_in
from tests.cast import Cast


@pytest.fixture
def kept(db: None) -> SessionStore:
    session = SessionStore()
    session["colour"] = "blue"
    session.save()
    return session


def test_a_session_keeps_what_it_was_given(kept: SessionStore) -> None:
    assert SessionStore(kept.session_key)["colour"] == "blue"


def test_a_session_that_was_ended_elsewhere_is_gone_at_once(kept: SessionStore) -> None:
    Session.objects.filter(pk=kept.session_key).delete()
    again = SessionStore(kept.session_key)
    assert (again.get("colour"), again.session_key) == (None, None)


def test_a_session_past_its_time_is_gone(kept: SessionStore) -> None:
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    assert SessionStore(kept.session_key).get("colour") is None


def test_a_session_that_was_tampered_with_is_empty(kept: SessionStore) -> None:
    Session.objects.update(session_data="not ours")
    assert SessionStore(kept.session_key).get("colour") is None


def test_whoever_is_signed_out_elsewhere_is_asked_to_sign_in(cast: Cast, signed_in) -> None:
    browser: Client = signed_in(cast.leader)
    assert browser.get("/seminarer/").status_code == 200
    Session.objects.all().delete()
    assert browser.get("/seminarer/").headers["Location"].startswith("/konto/logg-inn/")


def test_the_person_comes_with_their_standing(
    cast: Cast, rf, today, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        person = PersonBackend().get_user(cast.organiser.pk)
        assert person == cast.organiser
        standing = affiliation_in(rf.get("/"), person)
    assert standing == affiliation_of(User.objects.get(pk=cast.organiser.pk), today)
    assert (standing.has_position, standing.is_leader, standing.roles) == (
        True,
        False,
        {"organiser"},
    )


def test_nobody_is_nobody(cast: Cast) -> None:
    User.objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert PersonBackend().get_user(cast.leader.pk) is None
    assert PersonBackend().get_user(0) is None


def test_a_position_that_ends_is_seen_by_the_next_request(cast: Cast, signed_in, today) -> None:
    browser = signed_in(cast.employee)
    assert browser.get("/seminarer/").status_code == 200
    Position.objects.filter(user=cast.employee).update(
        valid_from=today - dt.timedelta(days=9), valid_to=today - dt.timedelta(days=1)
    )
    assert browser.get("/seminarer/").status_code == 403
