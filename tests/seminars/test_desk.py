"""What the organiser follows: seats by agency, and the personal data that is left."""

from __future__ import annotations

import datetime as dt

import lxml.html
from django.urls import reverse

from attendance.models import Attendance
from outbox.emptying import empty_old_letters
from outbox.models import Letter
from seminars.models import Answer, Invitation, Needs, Question, SeatPool
from seminars.retention.actions import erase_answers, erase_needs
from seminars.retention.personal_data import held_by
from seminars.seats.ways_in import register_on_behalf
from tests.factories import make_unit
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar_role,
)


def seats(browser, seminar, **headers):
    return browser.get(reverse("seminars:seats", args=[seminar.pk]), headers=headers)


def shown(response):
    rows = response.context["rows"]
    return [(row.name, row.taken, row.held, row.waiting) for row in rows]


def test_seats_are_counted_by_agency(seminar, cast, signed_in, organiser):
    pool = SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=4)
    SeatPool.objects.create(seminar=seminar, agency=cast.other_agency, seats=3)
    for registration in make_participants(seminar, cast.unit, 2):
        registration.pool = pool
        registration.save(update_fields=["pool"])
    make_participants(seminar, cast.unit, 1, state="waitlisted")
    make_participants(seminar, cast.unit, 1, state="withdrawn")
    make_registration(seminar, cast.organiser)
    response = seats(signed_in(organiser), seminar)
    assert shown(response) == [
        ("Bydel Fjordbyen", 2, 2, 1),
        (None, 1, 0, 0),
        ("Etat for læring", 0, 3, 0),
    ]
    content = response.content.decode()
    assert ("2 tatt, 2 holdt av" in content, "Uten virksomhet" in content) == (True, True)
    assert '<rect class="lp-chart__part" width="50.00" height="10"/>' in content


def test_seats_are_asked_for_anew_as_a_part(seminar, signed_in, organiser):
    content = seats(signed_in(organiser), seminar, hx_request="true").content.decode()
    assert ("<html" in content, 'hx-trigger="every 20s"' in content) == (False, True)
    assert "Ingen er påmeldt ennå." in content


def test_seats_ask_as_much_whatever_the_number(
    seminar, cast, signed_in, organiser, django_assert_num_queries
):
    for number in range(10):
        agency = make_unit(f"Bydel {number}", parent=cast.municipality)
        make_participants(seminar, agency, 1)
        SeatPool.objects.create(seminar=seminar, agency=agency, seats=1)
    browser = signed_in(organiser)
    with django_assert_num_queries(6):
        seats(browser, seminar)


def test_personal_data_is_counted_by_kind(seminar, cast, leader, now):
    (registration,) = make_participants(seminar, cast.unit, 1)
    choose(registration, make_choice(seminar, 15, 15)[0])
    question = Question.objects.create(seminar=seminar, text="Hotell?", kind="text")
    Answer.objects.create(registration=registration, question=question, values=["Nei"])
    Needs.objects.create(registration=registration, diet=["vegan"])
    Attendance.objects.create(
        registration=registration, outcome="attended", marked_by=cast.organiser
    )
    Invitation.objects.create(seminar=seminar, user=cast.manager)
    make_seminar_role(seminar, cast.hr, "host")
    seminar.audiences.create(kind="listed").people.add(cast.hr)
    register_on_behalf(seminar=seminar, user=leader, by=cast.organiser, now=now)
    held = held_by(seminar)
    _of_the_first_session, letter = Letter.objects.order_by("pk")
    assert [row.count for row in held] == [1, 1, 2, 2, 1, 0, 0, 0, 1, 1, 1, 2]
    assert [row.goes_at for row in held] == [
        seminar.ends_at + dt.timedelta(days=14),
        seminar.ends_at + dt.timedelta(days=180),
        *[None] * 9,
        letter.queued_at + dt.timedelta(days=365),
    ]


def test_what_the_page_says_goes_is_gone_then(seminar, cast, signed_in, organiser):
    (registration,) = make_participants(seminar, cast.unit, 1)
    question = Question.objects.create(seminar=seminar, text="Hotell?", kind="text")
    Answer.objects.create(registration=registration, question=question, values=["Nei"])
    Needs.objects.create(registration=registration, diet=["vegan"])
    needs, answers = [row.goes_at for row in held_by(seminar)[:2]]
    hour = dt.timedelta(hours=1)
    erase_needs(now=needs + hour)
    assert [row.count for row in held_by(seminar)[:2]] == [0, 1]
    erase_answers(now=answers + hour)
    assert [row.count for row in held_by(seminar)[:2]] == [0, 0]


def test_letters_are_emptied_when_the_page_says(seminar, cast, leader, now):
    register_on_behalf(seminar=seminar, user=leader, by=cast.organiser, now=now)
    Letter.objects.update(state="sent", sent_at=now)
    last = held_by(seminar)[-1].goes_at
    empty_old_letters(now=last + dt.timedelta(hours=1))
    letters = held_by(seminar)[-1]
    assert (letters.count, letters.goes_at) == (0, None)


def test_personal_data_page_keeps_its_budget(
    seminar, cast, signed_in, organiser, django_assert_num_queries
):
    make_participants(seminar, cast.unit, 12)
    browser = signed_in(organiser)
    with django_assert_num_queries(8):
        browser.get(reverse("seminars:personal_data", args=[seminar.pk]))


def test_the_panel_of_the_organiser_has_one_kind_of_button_and_groups(
    seminar, signed_in, organiser
):
    url = reverse("seminars:detail", args=[seminar.pk])
    page = lxml.html.fromstring(signed_in(organiser).get(url).content)
    (panel,) = page.find_class("lp-desk")
    kinds = {button.get("class") for button in panel.find_class("pkt-btn")}
    assert kinds == {"pkt-btn pkt-btn--small pkt-btn--secondary pkt-btn--label-only"}
    grouped = {
        heading.text: [link.text for link in heading.getparent().iter("a")]
        for heading in panel.iter("h3")
    }
    assert list(grouped) == ["Invitere og skrive", "Hvem som får plass", "Om seminaret"]
    assert "Skriv til deltakerne" in grouped["Invitere og skrive"]
    assert [link for link in panel.iter("a") if link.getparent().tag != "li"] == list(
        panel.find_class("pkt-btn")
    )
