"""Two worlds in which the same people answer the opposite: who can tell which one they are in?

Everybody's pages, exports and letters are read in both. The unit's leader alone may see a
difference, and only when the round is over; that the leader does, is the search's own control.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outbox.models import Letter
from people.models import User
from portal.own_data import own_sections
from pulse.models import PulseRound
from reminders.due import due_reminders
from tests.cast import KINDS, Cast
from tests.missions.factories import make_mission
from tests.pulse.factories import DAY, make_pulse, say_all, settle
from tests.steady import steady_text

SignedIn = Callable[[User], Client]
Read = dict[tuple[str, str], object]

PEOPLE = 8
OPPOSITE = ("ja ja ja ja ja nei nei nei", "nei nei nei nei nei ja ja ja")


def read_everything(cast: Cast, browsers: dict[str, Client], pulse: PulseRound) -> Read:
    """What each of the cast meets on every page and in every file where the unit occurs."""
    unit, version = [pulse.unit_id], [pulse.version_id]
    pages = [
        ("home", []),
        ("missions:mine", []),
        ("missions:unit", unit),
        ("missions:for_unit", unit),
        ("missions:version", version),
        ("missions:readers", version),
        ("missions:questions", []),
        ("missions:contributions", []),
        ("missions:coverage", []),
        ("missions:coverage_of_unit", [cast.department.pk]),
        ("pulse:pulse", unit),
        ("pulse:open_pulse", unit),
        ("pulse:answer_pulse", [pulse.pk]),
        ("people:unit", unit),
        ("people:audit", []),
        ("commitments:list", []),
        ("outbox:mine", []),
        ("reports:participation", []),
        ("reports:participation_csv", []),
        ("reports:participation_xlsx", []),
        ("reports:agency", [cast.agency.pk]),
    ]
    found: Read = {}
    for kind, browser in browsers.items():
        for name, args in pages:
            response = browser.get(reverse(name, args=args))
            found[kind, name] = response.status_code, words_of(response)
        sections = own_sections(getattr(cast, kind), timezone.localdate())
        found[kind, "own data"] = [(one.key, one.rows) for one in sections]
    found["everybody", "letters"] = sorted(Letter.objects.values_list("key", "subject", "text"))
    found["everybody", "reminders"] = repr(due_reminders(timezone.now()))
    return found


def words_of(response: HttpResponse) -> str:
    """Without what is new in every response whatever it says."""
    if response.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(response.content)) as book:
            text = str([book.read(name) for name in book.namelist() if "core.xml" not in name])
    else:
        text = steady_text(response)
    return re.sub(r"\b\d\d[.:]\d\d([.:]\d\d)?\b", "", text)


def next_letter() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('outbox_letter', 'id'))")
        return int(cursor.fetchone()[0])


def number_letters_from(first: int) -> None:
    """A letter that both worlds send has one number in both: it is in the address of its page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('outbox_letter', 'id'), %s)", [first])


def differences(
    cast: Cast, signed_in: SignedIn, *, is_over: bool, words: tuple[str, str] = OPPOSITE
) -> set[tuple[str, str]]:
    """Where the two worlds are told apart."""
    # So old that no page's «for so long since» turns between the two readings.
    make_mission(cast.unit, by=cast.leader, at=timezone.now() - 100 * DAY)
    pulse = make_pulse(cast, colleagues=PEOPLE - 1)
    browsers = {kind: signed_in(getattr(cast, kind)) for kind in KINDS}
    moment, first = timezone.now(), next_letter()
    worlds = []
    for said in words:
        with transaction.atomic():
            number_letters_from(first)
            say_all(pulse, said)
            if is_over:
                settle(pulse)
                Letter.objects.filter(pk__gt=first).update(queued_at=moment)
            worlds.append(read_everything(cast, browsers, pulse))
            transaction.set_rollback(True)
    one, other = worlds
    return {place for place in one if one[place] != other[place]}


@pytest.mark.django_db
def test_while_a_round_is_open_nobody_can_tell_what_was_answered(
    cast: Cast, signed_in: SignedIn
) -> None:
    assert differences(cast, signed_in, is_over=False) == set()


@pytest.mark.django_db
def test_when_it_is_over_the_unit_s_leader_alone_can_tell(cast: Cast, signed_in: SignedIn) -> None:
    assert differences(cast, signed_in, is_over=True) == {("leader", "pulse:pulse")}


@pytest.mark.django_db
def test_not_even_the_leader_can_tell_who_said_what(cast: Cast, signed_in: SignedIn) -> None:
    swapped = ("ja ja ja ja ja nei nei nei", "nei nei nei ja ja ja ja ja")
    assert differences(cast, signed_in, is_over=True, words=swapped) == set()
