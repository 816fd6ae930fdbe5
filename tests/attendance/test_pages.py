"""Marking in the list of participants, and the door, as a browser meets them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from attendance.marking.actions import mark_attendance
from attendance.models import Attendance
from common import dates
from seminars.forms.search import PeriodChoice
from tests.markup import Markup
from tests.messages import messages_in
from tests.seminars.factories import make_participants, make_registration, make_seminar


def listed(browser, seminar):
    return browser.get(reverse("seminars:participants", args=[seminar.pk]))


def test_marking_everybody_and_then_one(begun, cast, signed_in, organiser):
    first, second = make_participants(begun, cast.unit, 2)
    browser = signed_in(organiser)
    url = reverse("attendance:mark", args=[begun.pk])
    rest_url = reverse("attendance:mark_rest", args=[begun.pk])
    asked = browser.get(rest_url)
    assert "2 deltakere som det ikke er ført noe om, blir ført som møtt." in asked.content.decode()
    assert Attendance.objects.count() == 0
    response = browser.post(rest_url, follow=True)
    assert messages_in(response) == ["Oppmøte er lagret for 2 deltakere."]
    pressed = {f"outcome-{second.pk}": "no_show", f"seen-{second.pk}": "attended"}
    response = browser.post(f"{url}?q=delt", pressed, follow=True)
    assert response.redirect_chain[0][0].endswith("/deltakere/?q=delt")
    assert messages_in(response) == ["Oppmøte er lagret for 1 deltaker."]
    marks = dict(Attendance.objects.values_list("registration", "outcome"))
    assert marks == {first.pk: "attended", second.pk: "no_show"}
    assert "Oppmøtet er ført for alle." in browser.get(rest_url).content.decode()


def pressed(markup):
    """Which buttons of attendance are pressed, and what each row will say that it showed."""
    found = Markup(markup)
    rows = [dict(row) for row in found.elements if row.get("name", "").startswith("seen-")]
    buttons = [row["id"] for row in found.elements if row.get("aria-pressed") == "true"]
    return buttons, {row["name"]: row["value"] for row in rows}


def test_marking_one_by_htmx_answers_with_its_row(begun, cast, signed_in, organiser):
    row, _other = make_participants(begun, cast.unit, 2)
    url = reverse("attendance:mark", args=[begun.pk])
    response = signed_in(organiser).post(
        url, {f"outcome-{row.pk}": "excused", f"seen-{row.pk}": ""}, headers={"HX-Request": "true"}
    )
    assert pressed(response.content.decode()) == (
        [f"oppmote-{row.pk}-excused"],
        {f"seen-{row.pk}": "excused"},
    )
    assert Attendance.objects.get().outcome == "excused"


def test_an_older_page_takes_no_mark_of_a_colleague(begun, cast, signed_in, organiser, now):
    """All that the older page would send, as without a script: two of its rows are marked since."""
    first, second, third = make_participants(begun, cast.unit, 3)
    browser = signed_in(organiser)
    _buttons, seen = pressed(listed(browser, begun).content.decode())
    theirs = {first.pk: "no_show", second.pk: "attended"}
    mark_attendance(seminar=begun, marks=theirs, by=cast.manager, now=now)
    url = reverse("attendance:mark", args=[begun.pk])
    browser.post(url, seen | {f"outcome-{third.pk}": "excused"})
    response = browser.post(url, seen | {f"outcome-{first.pk}": "attended"}, follow=True)
    assert messages_in(response) == [
        "Oppmøte er lagret for 1 deltaker.",
        f"{first.user.name}: Mona Lunde førte «Ikke møtt» kl. {dates.clock(now)}. "
        "«Møtt» er ikke lagret.",
    ]
    marks = dict(Attendance.objects.values_list("registration", "outcome"))
    assert marks == theirs | {third.pk: "excused"}


def test_a_conflict_is_told_at_the_row_and_can_be_answered(begun, cast, signed_in, organiser, now):
    (row,) = make_participants(begun, cast.unit, 1)
    mark_attendance(seminar=begun, marks={row.pk: "no_show"}, by=cast.manager, now=now)
    browser, url = signed_in(organiser), reverse("attendance:mark", args=[begun.pk])
    wanted = {f"outcome-{row.pk}": "attended"}
    told = browser.post(
        url, wanted | {f"seen-{row.pk}": ""}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "Mona Lunde førte «Ikke møtt»" in told
    assert "«Møtt» er ikke lagret" in told
    buttons, seen = pressed(told)
    assert buttons == [f"oppmote-{row.pk}-no_show"]
    browser.post(url, wanted | seen, headers={"HX-Request": "true"})
    assert Attendance.objects.get().outcome == "attended"


@pytest.mark.parametrize("name", ["outcome-1\xa0234\xa0567", "outcome-7", "outcome-x"])
def test_marking_a_row_that_is_not_there_never_says_that_it_is_saved(
    name, begun, cast, signed_in, organiser
):
    (row,) = make_participants(begun, cast.unit, 1)
    url = reverse("attendance:mark", args=[begun.pk])
    fields = {f"outcome-{row.pk}": "attended", name: "attended"}
    browser = signed_in(organiser)
    refusal = (
        "Ingenting er lagret, for listen er endret siden du åpnet den. "
        "Last siden på nytt, og før oppmøtet igjen."
    )
    assert messages_in(browser.post(url, fields, follow=True)) == [refusal]
    by_htmx = browser.post(url, fields, headers={"HX-Request": "true"})
    assert (by_htmx.status_code, by_htmx.content.decode()) == (409, refusal)
    assert Attendance.objects.count() == 0


def test_marking_nothing_says_that_nothing_is_changed(begun, cast, signed_in, organiser):
    (row,) = make_participants(begun, cast.unit, 1)
    url = reverse("attendance:mark", args=[begun.pk])
    browser = signed_in(organiser)
    for fields in ({}, {f"outcome-{row.pk}": "", f"seen-{row.pk}": ""}):
        assert messages_in(browser.post(url, fields, follow=True)) == ["Ingenting er endret."]


def test_marking_too_early_says_so_both_ways(seminar, signed_in, organiser):
    browser = signed_in(organiser)
    url = reverse("attendance:mark", args=[seminar.pk])
    words = "Oppmøte kan føres fra dagen seminaret starter."
    assert messages_in(browser.post(url, follow=True)) == [words]
    assert browser.post(url, headers={"HX-Request": "true"}).content.decode() == words
    assert "outcome-" not in listed(browser, seminar).content.decode()


# ---- the door ------------------------------------------------------------------------------------


def test_registering_somebody_else(cast, signed_in, organiser, leader, employee):
    seminar = make_seminar(cast.other_agency, created_by=organiser, capacity=1)
    browser = signed_in(organiser)
    url = reverse("attendance:register_other", args=[seminar.pk])

    def send(email):
        return browser.post(url, {"person": email}, follow=True)

    assert messages_in(send(leader.email.upper())) == [f"{leader.name} er påmeldt."]
    assert messages_in(send(employee.email)) == [
        f"{employee.name} står på ventelisten, for alle plassene er tatt."
    ]
    assert send(leader.email).context["form"].non_field_errors() == [
        "Personen er allerede påmeldt."
    ]
    assert send("ingen@example.org").context["form"].errors["person"] == [
        "Ingen du kan velge her, passer med «ingen@example.org». Prøv en del av navnet, enheten "
        "eller hele e-postadressen."
    ]


def test_the_door_keeps_its_query_budget(
    begun, cast, signed_in, organiser, django_assert_max_num_queries
):
    make_participants(begun, cast.unit, 15)
    browser, url = signed_in(organiser), reverse("attendance:register_other", args=[begun.pk])
    with django_assert_max_num_queries(3):  # the session, the person, the seminar
        assert browser.get(url).status_code == 200


def test_organiser_lets_somebody_in_at_the_door(begun, cast, signed_in):
    url = reverse("attendance:register_other", args=[begun.pk])
    signed_in(cast.organiser).post(url, {"person": cast.stranger.email})
    assert begun.registrations.get().attendance.outcome == "attended"


OWN_WORDS = [
    ("attended", "Oppmøtet ditt er ført som «Møtt».", "Møtt"),
    ("no_show", "Oppmøtet ditt er ført som «Ikke møtt».", "Ikke møtt"),
    ("excused", "Oppmøtet ditt er ført som «Gyldig fravær».", "Gyldig fravær"),
    ("", "Oppmøtet ditt er ikke ført.", "Oppmøtet ditt er ikke ført"),
]


@pytest.mark.parametrize(("outcome", "on_page", "on_card"), OWN_WORDS)
def test_one_sees_how_ones_own_attendance_is_recorded(
    cast, signed_in, now, outcome, on_page, on_card
):
    held = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(days=3)
    )
    mine, others = make_registration(held, cast.leader), make_registration(held, cast.employee)
    outcomes = {others.pk: "excused" if outcome == "attended" else "attended"}
    outcomes |= {mine.pk: outcome} if outcome else {}
    mark_attendance(seminar=held, marks=outcomes, by=cast.organiser, now=now)
    browser = signed_in(cast.leader)
    page = browser.get(reverse("seminars:detail", args=[held.pk])).content.decode()
    assert on_page in page
    assert page.count("Oppmøtet ditt") == 1
    (card,) = browser.get(reverse("seminars:list"), {"period": PeriodChoice.PAST}).context["cards"]
    assert on_card in [tag.text for tag in card.tags]
    stranger = signed_in(cast.stranger)
    page = stranger.get(reverse("seminars:detail", args=[held.pk])).content.decode()
    assert "Oppmøtet ditt" not in page
    (card,) = stranger.get(reverse("seminars:list"), {"period": PeriodChoice.PAST}).context["cards"]
    assert [tag.text for tag in card.tags] == ["Gjennomført"]
