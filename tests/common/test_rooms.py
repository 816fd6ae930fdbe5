"""A new room adds itself: the portal knows none by name."""

from __future__ import annotations

import datetime as dt

import pytest
from celery.schedules import crontab
from django.apps import apps
from django.conf import settings
from django.test import Client
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common import rooms
from common.duties import Duty
from common.my_page import Card, NextStep, Part, Step, Visit
from common.own_data import Section
from common.rooms import MenuEntry, PersonalDataRecord, Room
from outbox.models import Envelope
from people import trail
from people.models import Role, User
from portal.own_data import own_sections
from tests.cast import Cast

TODAY = dt.date(2026, 11, 24)


def in_words(text: str) -> object:
    return format_lazy("{words}", words=text)


def toys_of(visit: Visit) -> Part:
    played = [NextStep("Lek videre", "", "/", "Lek")] if visit.answers["plays"] else [None]
    return Part(
        steps=[Step(1, lambda: None), Step(2, lambda: played[0])],
        cards=[Card(55, "outbox/my_page/letters.html", {"letters": []})],
    )


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room(
        app="toys",
        letters=in_words("Leker"),  # type: ignore[arg-type]
        menu=(
            MenuEntry(
                text="Lekerommet",
                url_name="accessibility",
                place=15,
                leads_somewhere=lambda affiliation: affiliation.has_any(Role.HR),
            ),
        ),
        records=(
            PersonalDataRecord(
                *map(in_words, ("Lekene", "Til lek", "Alle", "En dag")),  # type: ignore[arg-type]
                ended_by=("toy-duty",),
            ),
        ),
        short_questions=lambda user, today, now: {"plays": user.pk},
        my_page=toys_of,
        own_data=lambda user, today: [Section("toys", "Lekene dine", [], [[user.pk, today]])],
        actions={"toys.play": in_words("lekte")},  # type: ignore[dict-item]
        things={"toys.toy": in_words("leke")},  # type: ignore[dict-item]
        duties=(Duty("wind-toys-up", "toys.tasks.wind_up", crontab(minute="7")),),
    )
    monkeypatch.setattr(rooms, "_ROOMS", dict(rooms._ROOMS))
    rooms.register(room)
    return room


def test_a_new_room_is_everywhere_without_a_change_elsewhere(cast: Cast, toy: Room) -> None:
    privacy = Client().get("/personvern/").content.decode()
    assert [words in privacy for words in ("Lekene", "Til lek", "En dag")] == [True] * 3
    told = [one for one in own_sections(cast.employee, TODAY) if one.key == "toys"]
    assert [one.rows for one in told] == [[[cast.employee.pk, TODAY]]]
    assert (trail.action_in_words("toys.play"), trail.thing_in_words("toys.toy")) == (
        "lekte",
        "leke",
    )
    assert Envelope(kind="toys.broken").room == "Leker"
    wound_up = {"task": "toys.tasks.wind_up", "schedule": crontab(minute="7")}
    assert rooms.beat_schedule()["wind-toys-up"] == wound_up


def test_its_step_and_card_are_on_my_page(
    cast: Cast, toy: Room, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(cast.employee)
    page = client.get("/").content.decode()
    assert "Lek videre" in page
    assert page.count("Portalen har ikke sendt deg noe ennå.") == 2
    monkeypatch.delitem(rooms._ROOMS, "toys")
    page = client.get("/").content.decode()
    assert ("Lek videre" in page, page.count("Portalen har ikke sendt deg noe ennå.")) == (False, 1)


@pytest.mark.parametrize(("who", "is_shown"), [("hr", True), ("employee", False)])
def test_its_menu_is_for_those_it_leads_somewhere(
    cast: Cast, toy: Room, client: Client, who: str, is_shown: bool
) -> None:
    person: User = getattr(cast, who)
    client.force_login(person)
    page = client.get("/brev/").content.decode()
    assert ("Lekerommet" in page) is is_shown
    if is_shown:
        assert page.index(">Seminarer") < page.index("Lekerommet") < page.index(">Oppdrag")


def test_a_room_that_is_gone_leaves_nothing(cast: Cast) -> None:
    assert "Lekene" not in Client().get("/personvern/").content.decode()
    assert rooms.letters_of("toys.broken") is None


def test_each_of_our_apps_that_people_meet_says_what_it_adds() -> None:
    ours = {one.name for one in apps.get_app_configs() if "/site-packages/" not in one.path}
    without = {"common", "evidence", "demo", "accounts.oidc"}
    assert {room.app for room in rooms.rooms()} == ours - without
    places = [settings.INSTALLED_APPS.index(room.app) for room in rooms.rooms()]
    assert places == sorted(places)


def test_letters_of_signing_in_are_called_by_their_own_prefix() -> None:
    assert str(rooms.letters_of("account.login_code")) == str(_("Innlogging"))
