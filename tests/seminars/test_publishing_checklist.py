"""What a draft lacks stops it from being published, and what is odd about it is told."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urldefrag

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone

from common.dates import OSLO
from people.models import Leadership, User
from seminars.editing.actions import publish_seminar
from seminars.models import SeatPool, Seminar, SeminarState
from seminars.page_queries import seminar_for
from seminars.publishing_checklist import checklist_of, missing_of
from seminars.refusals import NotChangeable
from tests.cast import Cast
from tests.editing import typed_on
from tests.seminars.factories import make_choice, make_seminar

TUESDAY = dt.datetime(2027, 6, 8, 9, tzinfo=OSLO)
NOW = dt.datetime(2027, 5, 3, 10, tzinfo=OSLO)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def whole(cast: Cast) -> Seminar:
    """A draft about which there is nothing to say."""
    return draft(cast)


def draft(cast: Cast, **changes) -> Seminar:
    starts_at = changes.pop("starts_at", TUESDAY)
    fields = {
        "description": "En dag om tillit.",
        "contact": cast.organiser,
        "room": "Møterom 3",
        "created_at": NOW - DAY,
        "registration_opens_at": NOW - DAY,
        "registration_closes_at": starts_at - 7 * DAY,
    }
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=starts_at,
        state=SeminarState.DRAFT,
        **fields | changes,
    )
    seminar.audiences.create(kind="leaders")
    return seminar


def told(seminar: Seminar, by: User, now: dt.datetime = NOW) -> tuple[list[str], list[str]]:
    found = checklist_of(seminar_for(by, seminar.pk, now), now)
    return [one.text for one in found.missing], [one.text for one in found.odd]


def test_of_a_whole_draft_nothing_is_said(whole, organiser):
    assert told(whole, organiser) == ([], [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"place_name": ""}, "Fyll inn sted eller lenke"),
        ({"summary": ""}, "Skriv kort om seminaret"),
        ({"starts_at": NOW - HOUR, "registration_opens_at": NOW - 30 * DAY}, "er passert. Flytt"),
        ({"starts_at": NOW - DAY, "registration_opens_at": NOW - 30 * DAY}, "Lag en kopi"),
    ],
)
def test_what_is_missing_is_told_and_stops_it(cast, organiser, changes, words):
    seminar = draft(cast, **changes)
    ((text), *_more), _odd = told(seminar, organiser)
    assert words in text
    with pytest.raises(NotChangeable, match=words):
        publish_seminar(seminar=seminar, by=organiser, now=NOW)


def test_all_that_is_missing_is_told_at_once(cast, organiser):
    seminar = draft(cast, place_name="", summary="")
    with pytest.raises(NotChangeable) as refused:
        publish_seminar(seminar=seminar, by=organiser, now=NOW)
    missing = missing_of(seminar, NOW)
    assert len(missing) == 2
    assert str(refused.value) == " ".join(one.text for one in missing)


ASCENSION_DAY = dt.datetime(2027, 5, 6, 9, tzinfo=OSLO)
SUNDAY = TUESDAY + 5 * DAY
ODD = [
    ({"contact": None}, "hvem de kan spørre"),
    ({"description": ""}, "ingen beskrivelse"),
    ({"room": ""}, "Verken rom eller adresse"),
    ({"starts_at": SUNDAY}, "ikke en arbeidsdag: søndag"),
    ({"starts_at": ASCENSION_DAY, "registration_closes_at": NOW + DAY}, "arbeidsdag: torsdag"),
    ({"hours": 30}, "slutter ikke den dagen den starter"),
    ({"starts_at": TUESDAY - 4 * HOUR}, "svært tidlig eller sent"),
    ({"starts_at": TUESDAY + 11 * HOUR, "hours": 2.5}, "svært tidlig eller sent"),
    ({"registration_opens_at": NOW - 60 * DAY}, "skulle åpnet"),
    ({"registration_closes_at": NOW - HOUR}, "fristen gikk ut"),
    ({"registration_closes_at": TUESDAY + HOUR}, "etter at seminaret starter"),
]


@pytest.mark.parametrize(("changes", "words"), ODD)
def test_what_is_odd_is_told_and_stops_nothing(cast, organiser, changes, words):
    seminar = draft(cast, **changes)
    missing, (text, *more) = told(seminar, organiser)
    assert (missing, more) == ([], [])
    assert words in text
    publish_seminar(seminar=seminar, by=organiser, now=NOW)
    assert Seminar.objects.get(pk=seminar.pk).is_published is True


def test_seats_for_none_are_odd(whole, cast, organiser):
    SeatPool.objects.create(seminar=whole, agency=cast.agency, seats=whole.capacity)
    _missing, (for_none,) = told(whole, organiser)
    assert for_none.startswith("Alle plassene er holdt av")


def test_that_it_is_for_all_is_said_where_one_publishes_and_is_not_odd(
    cast, signed_in, organiser, now
):
    seminar = make_seminar(cast.other_agency, created_by=organiser, state=SeminarState.DRAFT)
    said = checklist_of(seminar_for(organiser, seminar.pk, now), now)
    assert [one.text for one in said.odd if "Alle ansatte" in one.text] == []
    browser, url = signed_in(organiser), reverse("seminars:publish", args=[seminar.pk])
    assert "Alle ansatte kan melde seg på." in browser.get(url).content.decode()
    seminar.audiences.create(kind="leaders")
    content = browser.get(url).content.decode()
    assert "Alle ansatte kan melde seg på." not in content
    leaders = Leadership.objects.valid_on(timezone.localdate(now)).values("user").distinct().count()
    assert f"Bare målgruppen kan melde seg på: Ledere, {leaders} personer i dag." in content


def test_what_is_missing_is_told_once_where_one_publishes(cast, signed_in, organiser):
    seminar = make_seminar(
        cast.other_agency, created_by=organiser, state=SeminarState.DRAFT, place_name=""
    )
    url = reverse("seminars:publish", args=[seminar.pk])
    content = signed_in(organiser).get(url).content.decode()
    assert content.count("Fyll inn sted eller lenke") == 1
    assert lxml.html.fromstring(content).xpath("//main//form") == []


def test_a_published_one_keeps_a_place_or_a_link(seminar, signed_in, organiser):
    """By the rule that publishing asks, at the field, with what was typed still there."""
    browser = signed_in(organiser)
    url = reverse("seminars:edit", args=[seminar.pk])
    typed = typed_on(browser.get(url).content.decode())
    response = browser.post(url, typed | {"place_name": "", "meeting_url": "", "title": "Nytt"})
    page = lxml.html.fromstring(response.content.decode())
    assert "Fyll inn sted eller lenke" in response.content.decode()
    assert page.xpath("//*[@name='title']/@value") == ["Nytt"]
    assert page.xpath("//*[@name='place_name']/@aria-invalid") == ["true"]
    seminar.refresh_from_db()
    assert (seminar.place_name, seminar.title) == ("Rådhuset", "Tillitsbasert ledelse")
    link = {"place_name": "", "meeting_url": "https://m.example.org"}
    assert browser.post(url, typed | link).status_code == 302


def test_a_draft_may_lack_both_still(cast, signed_in, organiser):
    seminar = make_seminar(cast.other_agency, created_by=organiser, state=SeminarState.DRAFT)
    browser, url = signed_in(organiser), reverse("seminars:edit", args=[seminar.pk])
    typed = typed_on(browser.get(url).content.decode())
    assert browser.post(url, typed | {"place_name": ""}).status_code == 302


def test_a_digital_one_needs_no_room(cast, organiser):
    link = "https://meet.example.org/1"
    assert told(draft(cast, place_name="", room="", meeting_url=link), organiser) == ([], [])


def test_what_is_said_leads_to_the_field(cast, signed_in, organiser, now):
    """On the draft's page and on the one that asks, with the real clock."""
    seminar = make_seminar(
        cast.other_agency,
        created_by=organiser,
        state=SeminarState.DRAFT,
        place_name="",
        summary="",
        hours=30,
        created_at=now,
    )
    SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=seminar.capacity)
    browser = signed_in(organiser)
    said = checklist_of(seminar_for(organiser, seminar.pk, now), now)
    hrefs = [one.href for one in (*said.missing, *said.odd)]
    assert len(hrefs) >= 7
    for href in hrefs:
        address, field = urldefrag(href)
        shown = lxml.html.fromstring(browser.get(address).content.decode())
        assert not field or len(shown.xpath(f"//*[@id='{field}']")) == 1
    for name in ("seminars:detail", "seminars:publish"):
        page = browser.get(reverse(name, args=[seminar.pk])).content.decode()
        links = lxml.html.fromstring(page).xpath("//main//li/a/@href")
        assert [href for href in hrefs if href not in links] == []
    browser.post(reverse("seminars:publish", args=[seminar.pk]))
    assert Seminar.objects.get(pk=seminar.pk).is_draft is True


def test_nobody_else_is_told(seminar, signed_in, organiser, leader):
    Seminar.objects.filter(pk=seminar.pk).update(contact=None, description="")
    for person in (organiser, leader):
        page = signed_in(person).get(reverse("seminars:detail", args=[seminar.pk]))
        assert page.context["checklist"] is None


def test_a_session_for_all_at_the_time_of_another_is_odd(whole, cast, organiser):
    """Parallel sessions to choose between are meant to be at one time."""
    make_choice(whole, 20, 20)
    _missing, odd = told(whole, organiser)
    assert [words for words in odd if "holdes også" in words] == []
    first = whole.sessions.order_by("starts_at").first()
    when = {"starts_at": first.starts_at, "ends_at": first.ends_at}
    whole.sessions.create(title="Digital oppsummering", **when)
    _missing, odd = told(whole, organiser)
    told_of = [words for words in odd if "holdes også" in words]
    assert len(told_of) == 2
    assert told_of[0].endswith("og da holdes også: Digital oppsummering.")
