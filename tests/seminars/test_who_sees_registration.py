"""Who sees that somebody is registered, page by page; the terms by the button name each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import User
from seminars.models import Seminar
from tests.cast import KINDS, Cast
from tests.commitments.factories import make_substitution
from tests.factories import make_position, make_user
from tests.seminars.factories import make_registration, make_seminar, make_seminar_role

SignedIn = Callable[[User], Client]

NAME = "Nanna Qvigstad"
NAMED = {
    "organiser": "Arrangøren",
    "host": "den som står ved døren",
    "leader": "Lederen din",
    "substitute": "stedfortrederen for lederen",
    "manager": "lederne over",
    "coordinator": "koordinatoren i virksomheten",
}
"""Each who sees the name, as the terms call them."""


@pytest.fixture
def going_on(cast: Cast) -> Seminar:
    start = timezone.now() - dt.timedelta(hours=1)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=start)
    cast.employee.name = NAME
    cast.employee.save()
    make_registration(seminar, cast.employee, unit=cast.unit, agency=cast.agency)
    return seminar


def pages_of(seminar: Seminar) -> list[str]:
    session = seminar.sessions.get()
    named = ("detail", "own_staff", "participants", "queue", "seats", "needs_overview")
    return [
        *(reverse(f"seminars:{name}", args=[seminar.pk]) for name in named),
        reverse("attendance:door", args=[seminar.pk, session.pk]),
        reverse("reports:seminar", args=[seminar.pk]),
        reverse("team"),
    ]


def test_the_terms_name_everybody_who_sees_that_one_is_registered(
    cast: Cast, going_on: Seminar, signed_in: SignedIn
) -> None:
    people = {kind: getattr(cast, kind) for kind in KINDS if kind != "employee"}
    people |= {"host": cast.stranger, "substitute": make_user("Sara Sund")}
    make_seminar_role(going_on, people["host"], "host")
    make_position(people["substitute"], cast.other_unit)
    make_substitution(cast, substitute=people["substitute"])
    del people["stranger"]
    seeing = {
        kind: [page for page in pages_of(going_on) if NAME in told(signed_in, person, page)]
        for kind, person in people.items()
    }
    assert {kind for kind, pages in seeing.items() if pages} == set(NAMED), seeing
    later = make_seminar(cast.other_agency, created_by=cast.organiser, title="Senere")
    shown = told(signed_in, cast.employee, reverse("seminars:detail", args=[later.pk]))
    assert [words for words in NAMED.values() if words not in shown] == []


def told(signed_in: SignedIn, person: User, page: str) -> str:
    return signed_in(person).get(page).content.decode()
