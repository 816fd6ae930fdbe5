"""What a person is told of their own place: by state, before a seminar, after it and called off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.working_time import opening_of, working_day_from
from people.models import User
from seminars.browsing.standing_words import HEADINGS
from seminars.editing.consequences import consequences_of_cancelling
from seminars.models import IS_ACTIVE, Invitation, SeatPool, Seminar
from tests import clock
from tests.cast import Cast
from tests.seminars.factories import make_participants, make_registration, make_seminar

SignIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)

TOLD = {
    # state: (to come, over or called off)
    "registered": ("Du er påmeldt", "Du var påmeldt"),
    "waitlisted": ("Du står på venteliste", "Du sto på venteliste"),
    "offered": ("Du har fått tilbud om plass", "Du fikk tilbud om plass"),
    "awaiting": ("Plassen venter på godkjenning", "Plassen ventet på godkjenning"),
}
WHEN = {"to come": (21, "published"), "over": (-9, "published"), "called off": (21, "cancelled")}
OF_WHAT_IS_TO_COME = (
    "Du får brev med en gang det er din tur",
    "Svar på tilbudet",
    "må godkjenne påmeldingen innen",
    "Meld meg av",
    "Legg i kalenderen",
    "ledige",
)


def test_every_state_of_those_who_are_in_has_its_words() -> None:
    assert set(HEADINGS) == set(IS_ACTIVE) == set(TOLD)


def standing_in(cast: Cast, state: str, when: str) -> Seminar:
    days, of_seminar = WHEN[when]
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=timezone.now() + days * DAY,
        state=of_seminar,
    )
    approver = cast.manager if state == "awaiting" else None
    expires_at = timezone.now() + DAY if state in ("offered", "awaiting") else None
    make_registration(
        seminar,
        cast.leader,
        state=state,
        unit=cast.unit,
        agency=cast.agency,
        approver=approver,
        expires_at=expires_at,
    )
    return seminar


@pytest.mark.django_db
@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("state", TOLD)
def test_the_page_says_it_in_the_tense_of_its_state(
    cast: Cast, signed_in: SignIn, state: str, when: str
) -> None:
    seminar = standing_in(cast, state, when)
    answer = signed_in(cast.leader).get(reverse("seminars:detail", args=[seminar.pk]))
    is_past = when != "to come"
    assert answer.context["own_heading"] == TOLD[state][is_past]
    content = answer.content.decode()
    assert TOLD[state][not is_past] not in content
    if is_past:
        assert [words for words in OF_WHAT_IS_TO_COME if words in content] == []


@pytest.mark.django_db
def test_the_list_says_it_in_the_same_tense(cast: Cast, signed_in: SignIn) -> None:
    for when in ("to come", "over"):
        standing_in(cast, "registered", when)
    browser = signed_in(cast.leader)
    coming = browser.get(reverse("seminars:list")).content.decode()
    assert "Du er påmeldt" in coming
    assert "Oppmøtet ditt" not in coming
    past = browser.get(reverse("seminars:list"), {"period": "past"}).content.decode()
    assert "Oppmøtet ditt er ikke ført" in past
    assert "Du er påmeldt" not in past
    assert "ledige" not in past.partition('id="treff"')[2]


@pytest.mark.django_db
def test_list_and_page_count_the_same_seats_as_free(cast: Cast, signed_in: SignIn) -> None:
    """The own agency's are free to its people and to nobody else."""
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=20)
    pool = SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=6)
    make_registration(seminar, cast.employee, pool=pool, unit=cast.unit, agency=cast.agency)
    for user, left in ((cast.leader, 19), (cast.stranger, 14)):
        browser = signed_in(user)
        page = browser.get(reverse("seminars:detail", args=[seminar.pk]))
        assert page.context["standing"].seats_left == left
        (card,) = browser.get(reverse("seminars:list")).context["cards"]
        assert card.seats == f"{left} av 20 plasser ledige"


@pytest.mark.django_db
def test_calling_off_is_told_by_who_would_get_a_letter(cast: Cast) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    for_good = "Avlysningen kan ikke angres."
    nobody = "Ingen er påmeldt, på venteliste eller invitert, så ingen får brev."
    at_work = opening_of(working_day_from(clock.today()))
    at_night = at_work - dt.timedelta(hours=3)
    assert consequences_of_cancelling(seminar, at_night) == [nobody, for_good]
    make_participants(seminar, cast.unit, 2)
    make_participants(seminar, cast.unit, 1, state="waitlisted")
    for one in (cast.manager, cast.leader):
        Invitation.objects.create(seminar=seminar, user=one, unit=cast.unit, agency=cast.agency)
    make_registration(seminar, cast.leader, state="withdrawn")
    assert consequences_of_cancelling(seminar, at_night)[3].startswith("Brev om dette sendes når")
    assert consequences_of_cancelling(seminar, at_work) == [
        "2 personer med plass får brev, og seminaret tas ut av kalenderen deres.",
        "1 person på ventelisten får brev.",
        "1 person som er invitert og ikke har svart, får brev.",
        for_good,
    ]
