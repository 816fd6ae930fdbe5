"""What a person sees of what they attended before the portal, and takes with them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from attendance.models import PastParticipation, PastSeminar
from people.affiliation import affiliation_of
from people.models import User
from portal.my_page import my_page
from portal.own_data import own_sections
from tests.cast import Cast

CARD = "attendance/my_page/past.html"
DAY = dt.date(2019, 3, 4)


def take_part(cast: Cast, user: User, title: str, **fields) -> PastParticipation:
    day = fields.pop("day", DAY)
    seminar, _is_new = PastSeminar.objects.get_or_create(
        title=title,
        title_key=title.casefold(),
        organiser_unit=cast.other_agency,
        first_day=day,
        defaults={"last_day": fields.pop("last_day", day)},
    )
    values = {"outcome": "attended", "minutes": 90} | fields
    return PastParticipation.objects.create(seminar=seminar, user=user, **values)


@pytest.fixture
def page(cast: Cast, signed_in):
    def read(user: User) -> str:
        return signed_in(user).get(reverse("attendance:past")).content.decode()

    return read


def test_one_sees_ones_own_the_latest_first(cast: Cast, page) -> None:
    take_part(cast, cast.employee, "Kø & ê", last_day=DAY + dt.timedelta(days=1), outcome="partly")
    take_part(cast, cast.employee, "Nyere", day=DAY + dt.timedelta(days=9), minutes=600)
    take_part(cast, cast.employee, "Uteble", outcome="no_show", minutes=60)
    text = page(cast.employee)
    assert text.index("Nyere") < text.index("Kø &amp; ê")
    assert [one in text for one in ("04.03.2019–05.03.2019", "Delvis", "Etat for læring")] == [
        True
    ] * 3
    assert "Til sammen 11,5 timer" in text


def test_nobody_sees_those_of_others(cast: Cast, page) -> None:
    take_part(cast, cast.employee, "Bare mitt")
    others = [cast.leader, cast.hr, cast.organiser, cast.administrator]
    assert [("Bare mitt" in page(one)) for one in [cast.employee, *others]] == [True, *[False] * 4]
    today = timezone.localdate()
    assert not PastParticipation.objects.visible_to(AnonymousUser(), on=today).exists()


def test_without_any_the_page_says_so(cast: Cast, page) -> None:
    assert "Ingenting er lest inn om deg" in page(cast.leader)


def cards_of(user: User) -> list[str]:
    now = timezone.now()
    found = my_page(user, affiliation_of(user, timezone.localdate(now)), now)
    return [card.template for card in found.own]


def test_my_page_leads_there_only_whoever_has_any(cast: Cast, signed_in) -> None:
    take_part(cast, cast.employee, "Nytt")
    assert [CARD in cards_of(user) for user in (cast.employee, cast.leader)] == [True, False]
    home = signed_in(cast.employee).get(reverse("home")).content.decode()
    assert f'href="{reverse("attendance:past")}"' in home


def test_it_asks_nothing_of_anybody(cast: Cast) -> None:
    """The next step is what it was."""
    now = timezone.now()
    on = timezone.localdate(now)
    before = my_page(cast.employee, affiliation_of(cast.employee, on), now).next_step
    take_part(cast, cast.employee, "Nytt")
    assert my_page(cast.employee, affiliation_of(cast.employee, on), now).next_step == before


def test_it_is_in_ones_own_data_and_in_nobody_elses(cast: Cast) -> None:
    take_part(cast, cast.employee, "Nytt", outcome="excused")
    today = timezone.localdate()
    told = {
        user: next(one for one in own_sections(user, today) if one.key == "past_participations")
        for user in (cast.employee, cast.hr)
    }
    assert [row[:-1] for row in told[cast.employee].rows] == [
        ["Nytt", DAY, DAY, "Etat for læring", "Gyldig fravær", 90]
    ]
    assert told[cast.hr].rows == []


def test_privacy_says_that_it_is_kept(client) -> None:
    text = client.get(reverse("privacy")).content.decode()
    assert "Hvilke seminarer du deltok på før portalen" in text
    assert "Bare du. Det telles ikke i HRs tall" in text
