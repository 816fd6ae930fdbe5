"""Long lists of an organiser's: searched by name and unit, and come back to where one was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from seminars.models import Registration, Seminar
from tests.cast import Cast
from tests.factories import make_user
from tests.seminars.factories import make_registration

SignedIn = Callable[[User], Client]


def url(name: str, seminar: Seminar, *args: int) -> str:
    return reverse(f"seminars:{name}", args=[seminar.pk, *args])


@pytest.fixture
def queue(seminar: Seminar, cast: Cast) -> list[Registration]:
    Seminar.objects.filter(pk=seminar.pk).update(capacity=1)
    make_registration(seminar, cast.manager)
    names = ("Ole Åsvær-O'Brien", "Bjørg Ødegård", "Åse")
    return [
        make_registration(
            seminar, make_user(name), state="waitlisted", unit=cast.other_unit, agency=cast.agency
        )
        for name in names
    ]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("", [1, 2, 3]),
        ("ødegård", [2]),
        ("ASVAER o'brien", [1]),
        ("åse", [3]),
        ("Fjordbyen", [1, 2, 3]),
        ("ingen heter dette", []),
        ("!?", []),
        ("x" * 300, []),
    ],
)
def test_queue_is_searched_and_each_keeps_their_place(
    seminar: Seminar,
    cast: Cast,
    queue: list[Registration],
    signed_in: SignedIn,
    words: str,
    places: list[int],
) -> None:
    browser = signed_in(cast.organiser)
    page = browser.get(url("queue", seminar), {"q": words}).context["page"]
    assert [entry.place for entry in page] == places


def test_queue_is_come_back_to_where_one_was(
    seminar: Seminar, cast: Cast, queue: list[Registration], signed_in: SignedIn
) -> None:
    browser = signed_in(cast.organiser)
    shown = browser.get(url("queue", seminar), {"q": "ødegård", "page": "1"}).content.decode()
    move = url("move_in_queue", seminar, queue[1].pk) + "?q=%C3%B8deg%C3%A5rd&amp;page=1"
    assert move in shown
    seen = {"place": 1, "reason": "Må ha det til jul."}
    answer = browser.post(move.replace("&amp;", "&"), seen)
    assert answer.headers["Location"] == url("queue", seminar) + "?q=%C3%B8deg%C3%A5rd&page=1"


@pytest.mark.parametrize("words", ["hjemmetjenesten", "LIV", "leader@example"])
def test_participants_are_found_by_unit_too_and_come_back_to(
    seminar: Seminar, cast: Cast, signed_in: SignedIn, words: str
) -> None:
    found = make_registration(seminar, cast.leader, unit=cast.unit, agency=cast.agency)
    make_registration(seminar, cast.stranger)
    browser = signed_in(cast.organiser)
    page = browser.get(url("participants", seminar), {"q": words})
    assert [row.registration for row in page.context["rows"]] == [found]
    remove = url("remove_participant", seminar, found.pk) + f"?q={words}"
    answer = browser.post(remove, {"reason": "Etter avtale."})
    assert answer.headers["Location"].startswith(url("participants", seminar) + "?q=")
    assert browser.get(answer.headers["Location"]).context["form"]["q"].value() == words


def test_invited_are_searched(seminar: Seminar, cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.organiser)
    for person, unit in ((cast.leader, cast.unit), (cast.manager, cast.agency)):
        seminar.invitations.create(user=person, unit=unit, agency=cast.agency)
    for words, expected in (("liv", 1), ("hjemmetjenesten", 1), ("fjordbyen", 2), ("!!", 0)):
        page = browser.get(url("invitations", seminar), {"q": words}).context["page"]
        assert page.paginator.count == expected, words
    nobody = browser.get(url("invitations", seminar), {"q": "finnes ikke"}).content.decode()
    assert "Ingen av de inviterte passer" in nobody
    assert 'value="finnes ikke"' in nobody
