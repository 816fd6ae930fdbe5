"""A seminar made anew from one that was held before."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import AuditRecord
from seminars.editing.copy_actions import copy_seminar
from seminars.models import Invitation, ProgrammeItem, Question, SeatPool, Seminar, Speaker
from tests.seminars.factories import make_participants, make_seminar

OSLO = timezone.get_default_timezone()


def oslo(*moment):
    return dt.datetime(*moment, tzinfo=OSLO)


def full_seminar(cast):
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=oslo(2026, 3, 10, 9),
        registration_opens_at=oslo(2026, 2, 1, 8),
        registration_closes_at=oslo(2026, 3, 3, 12),
    )
    seminar.sessions.create(
        starts_at=oslo(2026, 3, 11, 9), ends_at=oslo(2026, 3, 11, 12), title="Del to"
    )
    ProgrammeItem.objects.create(seminar=seminar, starts_at=oslo(2026, 3, 10, 9), title="Kaffe")
    Speaker.objects.create(seminar=seminar, name="Kari Berg")
    SeatPool.objects.create(
        seminar=seminar, agency=cast.agency, seats=5, release_at=oslo(2026, 3, 1, 12)
    )
    hotel = Question.objects.create(
        seminar=seminar, text="Hotell?", kind="one", options=["Ja", "Nei"]
    )
    Question.objects.create(
        seminar=seminar, text="Netter?", kind="text", shown_if=hotel, shown_if_option="Ja"
    )
    make_participants(seminar, cast.unit, 2)
    Invitation.objects.create(seminar=seminar, user=cast.leader)
    return Seminar.objects.get(pk=seminar.pk)


def test_copy_keeps_the_clock_past_summer_time_and_brings_no_people(cast, now):
    seminar = full_seminar(cast)
    copy = copy_seminar(seminar=seminar, starts_on=dt.date(2026, 4, 14), by=cast.organiser, now=now)
    sessions = [(row.starts_at, row.ends_at, row.title) for row in copy.sessions.all()]
    assert sessions == [
        (oslo(2026, 4, 14, 9), oslo(2026, 4, 14, 15, 30), ""),
        (oslo(2026, 4, 15, 9), oslo(2026, 4, 15, 12), "Del to"),
    ]
    assert (copy.starts_at, copy.ends_at) == (sessions[0][0], sessions[1][1])
    assert copy.registration_closes_at == oslo(2026, 4, 7, 12)
    assert (copy.state, copy.published_at, copy.title) == ("draft", None, seminar.title)
    assert copy.programme.get().starts_at == oslo(2026, 4, 14, 9)
    assert copy.speakers.get().name == "Kari Berg"
    assert (copy.seat_pools.get().seats, copy.seat_pools.get().release_at) == (
        5,
        oslo(2026, 4, 5, 12),
    )
    first, second = copy.questions.all()
    assert (second.shown_if, second.shown_if_option) == (first, "Ja")
    assert (copy.registrations.count(), copy.invitations.count()) == (0, 0)
    record = AuditRecord.objects.get()
    assert (record.action, record.details) == ("seminars.copy", {"copied_from": seminar.pk})


def test_copy_of_a_cancelled_one_is_a_draft(cast, now):
    seminar = make_seminar(cast.agency, created_by=cast.organiser, state="cancelled")
    copy = copy_seminar(seminar=seminar, starts_on=dt.date(2030, 1, 15), by=cast.organiser, now=now)
    assert (copy.state, copy.cancelled_at, copy.cancel_reason) == ("draft", None, "")


def test_audience_comes_along_without_its_persons(cast, seminar, now):
    audience = seminar.audiences.create(kind="listed")
    audience.people.add(cast.leader)
    copy = copy_seminar(seminar=seminar, starts_on=dt.date(2030, 1, 15), by=cast.organiser, now=now)
    assert list(copy.audiences.get().people.all()) == []


def test_page_leads_on_to_the_copy(seminar, signed_in, organiser):
    browser, url = signed_in(organiser), reverse("seminars:copy", args=[seminar.pk])
    assert browser.get(url).status_code == 200
    refused = browser.post(url, {"starts_on": "2020-01-01"})
    assert refused.context["form"].errors == {"starts_on": ["Velg en dag som ikke har vært."]}
    response = browser.post(url, {"starts_on": "2030-01-15"})
    copy = Seminar.objects.latest("pk")
    assert response["Location"] == reverse("seminars:edit", args=[copy.pk])
    assert browser.get(response["Location"]).status_code == 200


SUMMER_TIME_BEGINS = dt.date(2027, 3, 28)


@pytest.mark.parametrize(
    ("clocks", "copied"),
    [
        (((2, 30), (3, 0)), ((3, 0), (3, 30))),
        (((2, 0), (2, 30)), ((3, 0), (3, 30))),
        (((1, 30), (2, 30)), ((1, 30), (3, 0))),
        (((2, 0), (3, 0)), ((3, 0), (4, 0))),
        (((1, 0), (4, 0)), ((1, 0), (4, 0))),
    ],
)
def test_a_time_that_the_new_day_has_not_is_moved_on_and_told(
    cast, signed_in, organiser, clocks, copied
):
    (start, end), day = clocks, dt.date(2027, 2, 28)
    seminar = make_seminar(
        cast.agency,
        created_by=cast.organiser,
        starts_at=oslo(day.year, day.month, day.day, *start),
        hours=(end[0] * 60 + end[1] - start[0] * 60 - start[1]) / 60,
    )
    browser = signed_in(organiser)
    url = reverse("seminars:copy", args=[seminar.pk])
    response = browser.post(url, {"starts_on": SUMMER_TIME_BEGINS.isoformat()})
    copy = Seminar.objects.latest("pk")
    assert response["Location"] == reverse("seminars:edit", args=[copy.pk])
    day = SUMMER_TIME_BEGINS
    wanted = [oslo(day.year, day.month, day.day, *clock) for clock in copied]
    assert [copy.starts_at, copy.ends_at] == wanted
    page = browser.get(response["Location"]).content.decode()
    assert ("er flyttet fram" in page) is (clocks != copied)
