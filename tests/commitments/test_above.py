"""The leader above learns that a conversation has not been held, and not one thing more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.eligible_pairs import Pair
from commitments.ending.actions import end_agreement
from commitments.follow_up.actions import hold_follow_up
from commitments.follow_up.overdue import unheld_by
from commitments.models import Agreement
from commitments.pausing.actions import pause_agreement, resume_agreement
from commitments.proposing.actions import comment_on_agreement
from commitments.writing.actions import start_agreement
from common import dates
from missions.models import MissionVersion
from people.models import Unit, User
from tests.cast import KINDS, Cast
from tests.commitments.factories import (
    SECRETS,
    agree,
    make_signed,
    newest,
    plan_talk,
    propose,
    save,
    sign,
)
from tests.commitments.test_parting import new_leader
from tests.factories import make_employee, make_leader, make_unit
from tests.missions.factories import make_mission

SignedIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)
TITLE = "Samtaler som ikke er holdt"
TAG = "En samtale er ikke holdt"


def days_late(days: int) -> dt.date:
    return timezone.localdate() - days * DAY


def page_of(user: User, signed_in: SignedIn) -> str:
    return signed_in(user).get(reverse("commitments:unheld")).content.decode()


def body(page: str) -> str:
    """What stands on the page itself; one's own name stands in the frame."""
    return page.partition("<main")[2].partition("</main>")[0]


def plan(leader: User, unit: Unit, *names: str, day: dt.date | None = None) -> None:
    """Something signed with each of these, and a conversation ahead, or on the day."""
    if not MissionVersion.objects.published().filter(mission__unit=unit).exists():
        make_mission(unit)
    for name in names:
        employee = make_employee(unit, name)
        pair = Pair(leader, employee, unit, "Konsulent")
        draft = newest(start_agreement(pair=pair, by=employee, now=timezone.now()))
        agreed = agree(propose(save(draft, by=employee), by=employee), by=leader)
        plan_talk(sign(sign(agreed, by=employee), by=leader), day or days_late(-30))


COLLEAGUES = ("Siri Sen", "Tor Tamm", "Unni Uhr", "Vidar Vik")


@pytest.fixture
def late(cast: Cast) -> Agreement:
    """Eight days past its day, one of five, with words that could leak."""
    day = days_late(8)
    signed = make_signed(cast, follow_up_on=day)
    plan(cast.leader, cast.unit, *COLLEAGUES)
    comment_on_agreement(revision=signed, text=SECRETS[3], by=cast.leader, now=timezone.now())
    return signed.agreement


def test_the_leader_above_sees_which_leader_and_nothing_else(
    late: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    page = body(page_of(cast.manager, signed_in))
    assert (page.count(cast.leader.name), page.count(TAG)) == (1, 1)
    assert cast.employee.name not in page
    assert cast.employee.given_name not in page
    for style in (dates.long_date, dates.short_date, dates.day_month):
        assert style(late.follow_ups.get().due_on) not in page
    assert all(secret not in page for secret in SECRETS)
    assert f"/avtaler/{late.pk}/" not in page


def test_two_late_ones_look_like_one(late: Agreement, cast: Cast, signed_in: SignedIn) -> None:
    before = body(page_of(cast.manager, signed_in))
    plan(cast.leader, cast.unit, "Yrsa Yri", day=days_late(20))
    assert body(page_of(cast.manager, signed_in)) == before


@pytest.mark.parametrize("how", ["held", "seven days late", "paused", "ended", "parted"])
def test_what_is_not_late_says_nothing(cast: Cast, signed_in: SignedIn, how: str) -> None:
    day = days_late(7 if how == "seven days late" else 8)
    agreement = make_signed(cast, follow_up_on=day).agreement
    plan(cast.leader, cast.unit, *COLLEAGUES, "Yrsa Yri")
    now = timezone.now()
    if how == "held":
        hold_follow_up(
            follow_up=agreement.follow_ups.get(), said={}, next_on=None, by=cast.leader, now=now
        )
    elif how == "paused":
        pause_agreement(agreement=agreement, resumes_on=None, by=cast.leader, now=now)
    elif how == "ended":
        end_agreement(agreement=agreement, reason="x", by=cast.leader, now=now)
    elif how == "parted":
        new_leader(cast)
    page = body(page_of(cast.manager, signed_in))
    assert TAG not in page
    assert "Ingenting å vise" in page or how == "parted"


def test_no_leader_but_the_one_right_above_learns_it(
    late: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    top = make_leader(cast.agency, "Tone Topp")
    beside = make_leader(cast.sibling_unit, "Bo Berg")
    for person in (top, beside, cast.leader):
        assert cast.leader.name not in body(page_of(person, signed_in))
        assert TAG not in body(page_of(person, signed_in))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("leader", "manager")])
def test_nobody_else_has_the_page(
    late: Agreement, cast: Cast, signed_in: SignedIn, kind: str
) -> None:
    assert signed_in(getattr(cast, kind)).get(reverse("commitments:unheld")).status_code == 403
    page = signed_in(getattr(cast, kind)).get(reverse("commitments:list")).content.decode()
    assert TITLE not in page


def test_who_leads_leaders_finds_it_and_who_does_not_is_spared(
    late: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    def listed(user: User) -> str:
        return signed_in(user).get(reverse("commitments:list")).content.decode()

    assert TITLE in listed(cast.manager)
    assert TITLE not in listed(cast.leader)
    assert "Ingen ledere under deg" in page_of(cast.leader, signed_in)


def test_the_page_asks_no_more_for_many_leaders(
    late: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    def asked() -> int:
        browser = signed_in(cast.manager)
        browser.get(reverse("commitments:unheld"))
        with CaptureQueriesContext(connection) as captured:
            browser.get(reverse("commitments:unheld"))
        return len(captured)

    before = asked()
    for number in range(12):
        make_leader(make_unit(f"Enhet {number}", parent=cast.department), f"Leder {number}")
    assert asked() == before <= 10


def test_the_leaders_own_talk_with_the_leader_above_is_not_on_it(
    cast: Cast, signed_in: SignedIn
) -> None:
    """It is the leader above who has not held it, and the one above that who may know."""
    make_mission(cast.unit)
    plan(cast.manager, cast.department, *COLLEAGUES)
    pair = Pair(cast.manager, cast.leader, cast.unit, "Leder")
    draft = newest(start_agreement(pair=pair, by=cast.leader, now=timezone.now()))
    agreed = agree(propose(save(draft, by=cast.leader), by=cast.leader), by=cast.manager)
    plan_talk(sign(sign(agreed, by=cast.leader), by=cast.manager), days_late(9))
    assert TAG not in body(page_of(cast.manager, signed_in))


# Where it could be guessed with whom


@pytest.mark.parametrize(("others", "is_named"), [(0, False), (3, False), (4, True)])
def test_a_leader_is_named_when_it_can_be_with_five(
    cast: Cast, signed_in: SignedIn, others: int, is_named: bool
) -> None:
    make_signed(cast, follow_up_on=days_late(8))
    plan(cast.leader, cast.unit, *COLLEAGUES[:others])
    page = body(page_of(cast.manager, signed_in))
    assert (cast.leader.name in page, TAG in page) == (is_named, is_named)
    assert ("Ingenting å vise" in page) is not is_named


def test_who_rests_or_has_moved_is_nobody_it_could_be_with(cast: Cast) -> None:
    """Five agreements, and four people it can be with: the leader above knows who is on leave."""
    make_signed(cast, follow_up_on=days_late(8))
    plan(cast.leader, cast.unit, *COLLEAGUES)
    today, now = timezone.localdate(), timezone.now()
    assert unheld_by([cast.leader], today).leaders == [cast.leader]
    resting = Agreement.objects.get(employee__name="Siri Sen")
    pause_agreement(agreement=resting, resumes_on=None, by=cast.leader, now=now)
    assert unheld_by([cast.leader], today).leaders == []
    resume_agreement(agreement=resting, by=cast.leader, now=now)
    assert unheld_by([cast.leader], today).leaders == [cast.leader]
    resting.employee.positions.update(unit=cast.other_unit)
    assert unheld_by([cast.leader], today).leaders == []


@pytest.mark.parametrize(
    ("there", "is_told"), [((), False), (COLLEAGUES[:3], False), (COLLEAGUES, True)]
)
def test_leaders_with_few_are_spoken_of_together(
    cast: Cast, signed_in: SignedIn, there: tuple[str, ...], is_told: bool
) -> None:
    """Two leaders with five people between them; which of the two, nobody above learns."""
    make_signed(cast, follow_up_on=days_late(8))
    beside = make_leader(cast.sibling_unit, "Bo Berg")
    plan(beside, cast.sibling_unit, *there)
    page = body(page_of(cast.manager, signed_in))
    assert (page.count(TAG), "En leder med få avtaler" in page) == (int(is_told), is_told)
    assert [name for name in (cast.leader.name, beside.name) if name in page] == []
    assert cast.employee.name not in page


def test_nothing_is_said_of_few_who_have_held_theirs(cast: Cast) -> None:
    make_signed(cast, follow_up_on=days_late(-8))
    beside = make_leader(cast.sibling_unit, "Bo Berg")
    plan(beside, cast.sibling_unit, *COLLEAGUES)
    told = unheld_by([cast.leader, beside], timezone.localdate())
    assert (told.leaders, told.is_among_few) == ([], False)
