"""Pages whose button writes letters that may wait until work begins say when they go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from common.letters_wait import letters_wait
from common.sending_times import near
from people.models import User
from seminars.models import Seminar, WaitingListMode
from tests.seminars.factories import make_registration, make_seminar

Page = Callable[[Seminar, User], str]


def substitute(seminar: Seminar, person: User) -> str:
    registration = make_registration(seminar, person)
    return reverse("seminars:substitute", args=[seminar.pk, registration.pk])


def give_seat(seminar: Seminar, person: User) -> str:
    Seminar.objects.filter(pk=seminar.pk).update(waiting_list_mode=WaitingListMode.MANUAL)
    registration = make_registration(seminar, person, state="waitlisted")
    return reverse("seminars:give_seat", args=[seminar.pk, registration.pk])


def remove(seminar: Seminar, person: User) -> str:
    registration = make_registration(seminar, person)
    return reverse("seminars:remove_participant", args=[seminar.pk, registration.pk])


def register_other(seminar: Seminar, person: User) -> str:
    return reverse("attendance:register_other", args=[seminar.pk])


@pytest.fixture
def evening(monkeypatch) -> dt.datetime:
    """Nobody is at work: half past nine, the day before what each test makes a month ahead."""
    at = timezone.localtime().replace(hour=21, minute=30, second=0, microsecond=0)
    monkeypatch.setattr("people.requests.timezone.now", lambda: at)
    return at


@pytest.mark.parametrize("page", [substitute, give_seat, remove, register_other])
def test_the_page_says_when_letters_go(page: Page, cast, signed_in, organiser, evening):
    starts_at = evening + dt.timedelta(days=30)
    seminar = make_seminar(cast.other_agency, created_by=organiser, starts_at=starts_at)
    url = page(seminar, cast.employee)
    (told,) = letters_wait(
        "seminars.promoted", evening, when=near(seminar.starts_at, seminar.ends_at)
    )
    assert told in signed_in(organiser).get(url).content.decode()


def test_a_list_says_when_letters_go(cast, signed_in, organiser, evening):
    starts_at = evening + dt.timedelta(days=30)
    seminar = make_seminar(cast.other_agency, created_by=organiser, starts_at=starts_at)
    url = reverse("seminars:register_list", args=[seminar.pk])
    checked = signed_in(organiser).post(url, {"lines": cast.employee.email})
    assert all(words in checked.content.decode() for words in checked.context["letters_wait"])
    assert len(checked.context["letters_wait"]) == 1
