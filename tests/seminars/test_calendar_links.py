"""«Legg i Outlook» and «Legg i Google Kalender»: links that hold what the calendar file does."""

from __future__ import annotations

import datetime as dt
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from common.dates import OSLO
from seminars.calendar_links import calendar_links
from seminars.models import SeminarState
from tests.corpora.texts import VISIBLE
from tests.seminars.factories import make_registration, make_seminar


def asked_of(address: str) -> dict[str, str]:
    """What the calendar at the address reads, and no parameter twice."""
    found = parse_qs(urlsplit(address).query, keep_blank_values=True, strict_parsing=True)
    return {name: value for name, (value,) in found.items()}


@pytest.fixture
def make(cast):
    def make_one(starts_at=None, **fields):
        return make_seminar(
            cast.other_agency, created_by=cast.organiser, starts_at=starts_at, **fields
        )

    return make_one


def test_both_are_told_the_moments_in_utc(make, leader):
    seminar = make(dt.datetime(2027, 3, 27, 22, tzinfo=OSLO), hours=6, title="Våkenatt")
    (links,) = calendar_links(make_registration(seminar, leader), timezone.now())
    outlook, google = asked_of(links.outlook), asked_of(links.google)
    assert (outlook["startdt"], outlook["enddt"]) == (
        "2027-03-27T21:00:00Z",
        "2027-03-28T02:00:00Z",
    )
    assert google["dates"] == "20270327T210000Z/20270328T020000Z"
    assert (outlook["subject"], google["text"]) == ("Våkenatt", "Våkenatt")
    assert (outlook["location"], google["location"]) == ("Rådhuset", "Rådhuset")


@pytest.mark.parametrize("text", VISIBLE.values(), ids=list(VISIBLE))
def test_whatever_is_written_arrives_as_it_is(make, leader, text):
    seminar = make(title=text[:200], summary=text[:300], place_name=text[:200])
    seminar.refresh_from_db()
    (links,) = calendar_links(make_registration(seminar, leader), timezone.now())
    outlook, google = asked_of(links.outlook), asked_of(links.google)
    assert (outlook["subject"], google["text"]) == (seminar.title, seminar.title)
    assert google["details"].startswith(seminar.summary)
    first = str(escape(seminar.summary)).replace("\n", "<br>")
    assert outlook["body"].startswith(first)
    assert (urlsplit(links.outlook).hostname, urlsplit(links.google).hostname) == (
        "outlook.office.com",
        "calendar.google.com",
    )


def test_a_seminar_of_several_days_has_a_pair_of_links_each(make, signed_in, leader):
    seminar = make(dt.datetime(2027, 3, 10, 9, tzinfo=OSLO))
    later = dt.datetime(2027, 3, 12, 9, tzinfo=OSLO)
    seminar.sessions.create(starts_at=later, ends_at=later + dt.timedelta(hours=3), title="Dag to")
    make_registration(seminar, leader)
    content = signed_in(leader).get(reverse("seminars:detail", args=[seminar.pk])).content.decode()
    drawn = [part.partition('"')[0] for part in content.split('href="https://calendar.google.')[1:]]
    assert [asked_of(unescape(f"https://calendar.google.{one}"))["dates"] for one in drawn] == [
        "20270310T080000Z/20270310T143000Z",
        "20270312T080000Z/20270312T110000Z",
    ]


def test_links_lead_out_without_saying_from_where(make, signed_in, leader):
    seminar = make()
    make_registration(seminar, leader)
    response = signed_in(leader).get(reverse("seminars:detail", args=[seminar.pk]))
    content = response.content.decode()
    for host in ("https://outlook.office.com/", "https://calendar.google.com/"):
        (link,) = [one for one in content.split("<a ")[1:] if f'href="{host}' in one]
        assert 'rel="noopener noreferrer"' in link.partition(">")[0]
        assert host not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("state", "seminar_state", "count"),
    [
        ("registered", SeminarState.PUBLISHED, 1),
        ("waitlisted", SeminarState.PUBLISHED, 0),
        ("registered", SeminarState.CANCELLED, 0),
    ],
)
def test_they_are_for_whoever_has_a_seat(make, leader, state, seminar_state, count):
    registration = make_registration(make(state=seminar_state), leader, state=state)
    assert len(calendar_links(registration, timezone.now())) == count


def test_what_is_over_is_put_in_no_calendar(make, leader):
    seminar = make(timezone.now() - dt.timedelta(days=2))
    assert calendar_links(make_registration(seminar, leader), timezone.now()) == []


def test_without_a_registration_there_is_none():
    assert calendar_links(None, timezone.now()) == []
