"""The calendar of a month: where it opens, what it says is empty, and how each seminar stands."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from common.dates import OSLO
from seminars.browsing.months import Month
from seminars.models import Seminar, SeminarState
from tests.seminars.factories import make_choice, make_participants, make_registration, make_seminar


@pytest.fixture
def make(cast):
    def make_one(starts_at: dt.datetime, **fields) -> Seminar:
        return make_seminar(
            cast.other_agency, created_by=cast.organiser, starts_at=starts_at, **fields
        )

    return make_one


def calendar(browser, **query):
    return browser.get(reverse("seminars:calendar"), query)


def noon(date: dt.date) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(12, tzinfo=OSLO))


def month_after(today: dt.date, months: int) -> dt.date:
    """The tenth of that month."""
    later = Month.of(today)
    for _number in range(months):
        later = later.next
    return later.first.replace(day=10)


def entries_on(response) -> dict[dt.date, list]:
    days = [day for week in response.context["weeks"] for day in week]
    return {day.date: day.entries for day in days if day.entries}


def test_opens_on_the_first_month_in_which_something_is_held(make, signed_in, leader, today):
    make(noon(month_after(today, 3)))
    make(noon(month_after(today, 4)))
    make(noon(month_after(today, 1)), state=SeminarState.DRAFT)
    response = calendar(signed_in(leader))
    assert response.context["month"] == Month.of(month_after(today, 3))
    empty = response.context["empty"]
    assert (empty.first, empty.last) == (Month.of(today), Month.of(month_after(today, 2)))
    assert empty.words in response.content.decode()


def test_opens_on_this_month_while_something_is_left_of_it(make, signed_in, leader, today):
    make(dt.datetime.combine(today, dt.time(23, 30, tzinfo=OSLO)), hours=0.25)
    response = calendar(signed_in(leader))
    assert (response.context["month"], response.context["empty"]) == (Month.of(today), None)


def test_what_is_over_this_month_does_not_keep_it_open(make, signed_in, leader, today):
    before = noon(today) - dt.timedelta(days=1)
    make(before, hours=1)
    make(noon(month_after(today, 1)))
    response = calendar(signed_in(leader))
    assert response.context["month"] == Month.of(today).next


def test_a_month_that_is_asked_for_wins_and_leads_on(make, signed_in, leader, today):
    make(noon(month_after(today, 3)))
    asked, then = Month.of(month_after(today, 2)), Month.of(month_after(today, 3))
    response = calendar(signed_in(leader), maned=asked.key)
    assert (response.context["month"], response.context["empty"].then) == (asked, then)
    content = response.content.decode()
    assert "Ingen kommende seminarer i" in content
    assert f'href="?maned={then.key}"' in content


def test_a_past_month_says_what_was_held_and_not_what_is_to_come(make, signed_in, leader):
    make(dt.datetime(2025, 3, 10, 9, tzinfo=OSLO))
    browser = signed_in(leader)
    assert calendar(browser, maned="2025-03").context["empty"] is None
    content = calendar(browser, maned="2025-02").content.decode()
    assert "Ingen seminarer i februar 2025." in content
    assert 'href="?maned=2025-03"' in content


def test_without_any_seminar_to_come_it_opens_on_this_month(signed_in, leader, today):
    response = calendar(signed_in(leader))
    assert response.context["month"] == Month.of(today)
    assert response.context["empty"].then is None
    assert 'class="pkt-link" href="?maned=' not in response.content.decode()


def test_a_draft_and_one_called_off_open_no_month(make, cast, signed_in, today):
    at = noon(month_after(today, 2))
    make(at, state=SeminarState.DRAFT)
    make(at, state=SeminarState.CANCELLED)
    assert calendar(signed_in(cast.organiser)).context["month"] == Month.of(today)


def test_parallel_sessions_are_one_entry_of_their_day(make, signed_in, leader):
    starts_at = dt.datetime(2027, 3, 10, 9, tzinfo=OSLO)
    seminar = make(starts_at, hours=2, capacity=20)
    make_choice(seminar, 10, 10, starts_at=starts_at + dt.timedelta(hours=3))
    shown = entries_on(calendar(signed_in(leader), maned="2027-03"))
    assert {day: [one.hours for one in rows] for day, rows in shown.items()} == {
        dt.date(2027, 3, 10): ["09.00–14.00"]
    }


def test_what_ends_at_midnight_is_not_held_the_day_after(make, signed_in, leader):
    make(dt.datetime(2027, 3, 10, tzinfo=OSLO), hours=48)
    shown = entries_on(calendar(signed_in(leader), maned="2027-03"))
    assert {day: [one.hours for one in rows] for day, rows in shown.items()} == {
        dt.date(2027, 3, 10): ["Hele dagen"],
        dt.date(2027, 3, 11): ["Hele dagen"],
    }


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ("registered", "own", "Du er påmeldt"),
        ("waitlisted", "waiting", "Du står på venteliste"),
        ("offered", "waiting", "Du har fått tilbud om plass"),
        ("awaiting", "waiting", "Venter på godkjenning"),
    ],
)
def test_one_own_place_is_said_in_words(make, cast, signed_in, leader, today, state, kind, words):
    seminar = make(noon(month_after(today, 1)), capacity=1)
    approver = cast.manager if state == "awaiting" else None
    make_registration(seminar, leader, state=state, approver=approver)
    response = calendar(signed_in(leader))
    ((entry,),) = entries_on(response).values()
    assert (entry.mark.kind.css, entry.mark.text) == (kind, words)
    drawn = response.content.decode().partition('<table class="lp-calendar"')[2]
    assert f"</span>{words}</span>" in drawn


@pytest.mark.parametrize(
    ("fields", "mark"),
    [
        ({}, "Fullt – venteliste"),
        ({"waiting_list_mode": "off"}, "Fullt"),
        ({"capacity": 2}, None),
        ({"state": SeminarState.CANCELLED}, "Avlyst"),
    ],
)
def test_full_and_called_off_are_said_in_words(
    make, cast, signed_in, organiser, today, fields, mark
):
    seminar = make(noon(month_after(today, 1)), **{"capacity": 1} | fields)
    make_participants(seminar, cast.unit, 1)
    response = calendar(signed_in(organiser), maned=Month.of(month_after(today, 1)).key)
    ((entry,),) = entries_on(response).values()
    assert (entry.mark.text if entry.mark else None) == mark


def test_the_legend_stands_above_the_month(signed_in, leader):
    content = calendar(signed_in(leader)).content.decode()
    legend = content.partition('aria-label="Tegnforklaring"')[2].partition("</ul>")[0]
    words = ("Du har plass", "Du venter på plass eller svar", "Fullt", "Avlyst")
    assert [one for one in words if one in legend] == list(words)


def test_titles_are_read_aloud_in_the_language_they_are_written_in(make, signed_in, leader, today):
    make(noon(month_after(today, 1)), title="Nærvær")
    leader.language = "en"
    leader.save()
    content = calendar(signed_in(leader)).content.decode()
    assert '<span class="lp-calendar__title" lang="nb">Nærvær' in content
