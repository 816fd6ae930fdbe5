"""From the mission to the contribution to the pulse: one click each from «Min side»."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.my_page import NextStep
from missions.contribution.actions import write_contribution
from missions.models import MissionVersion
from missions.questions.actions import ask_question
from people.affiliation import affiliation_of
from people.models import Unit, User
from portal.my_page import my_page
from pulse.actions import note_conversation
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee, make_leadership, make_position, make_unit
from tests.missions.factories import make_acknowledgement, make_mission
from tests.pulse.factories import (
    DAY,
    asked_in,
    make_colleagues,
    make_pulse,
    say,
    say_all,
    settle,
)


def step_of(user: User, now: dt.datetime | None = None) -> NextStep:
    now = now or clock.now()
    return my_page(user, affiliation_of(user, timezone.localdate(now)), now).next_step


def read(cast: Cast, unit: Unit, *people: User) -> MissionVersion:
    """A mission that these have read, and to which they have said how they contribute."""
    version = make_mission(unit, by=cast.leader, at=clock.now() - 30 * DAY)
    for person in people:
        if person != cast.leader:
            make_acknowledgement(version, person)
        write_contribution(unit=unit, text="Mitt bidrag", by=person, now=clock.now())
    return version


def test_an_employee_reads_then_contributes_then_answers(cast: Cast) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    pulse = make_pulse(cast)
    assert step_of(cast.employee).url == reverse("missions:version", args=[version.pk])
    make_acknowledgement(version, cast.employee)
    assert step_of(cast.employee).url == reverse("missions:contribution", args=[cast.unit.pk])
    write_contribution(unit=cast.unit, text="Mitt", by=cast.employee, now=clock.now())
    step = step_of(cast.employee)
    assert (step.url, step.label) == (
        reverse("pulse:answer_pulse", args=[pulse.pk]),
        "Svar på pulsmålingen",
    )
    say(pulse, cast.employee, "ja")
    assert step_of(cast.employee).url == reverse("seminars:list")


def test_each_of_the_three_is_one_click_away_whatever_comes_first(
    cast: Cast, signed_in: Any
) -> None:
    version = make_mission(cast.unit, by=cast.leader)
    pulse = make_pulse(cast)
    for page in ("/", reverse("missions:mine"), reverse("missions:unit", args=[cast.unit.pk])):
        html = signed_in(cast.employee).get(page).content.decode()
        for name, pk in (
            ("missions:version", version.pk),
            ("missions:contribution", cast.unit.pk),
            ("pulse:answer_pulse", pulse.pk),
        ):
            assert reverse(name, args=[pk]) in html


def test_a_leader_guesses_before_anybody_is_asked(cast: Cast) -> None:
    read(cast, cast.unit, cast.leader)
    make_colleagues(cast.unit, 4)
    step = step_of(cast.leader)
    assert (step.url, step.label) == (
        reverse("pulse:open_pulse", args=[cast.unit.pk]),
        "Gjett, og spør",
    )


@pytest.mark.parametrize(
    ("colleagues", "days_ago", "measured"),
    [(3, 30, False), (4, 2, False), (4, 30, True)],
    ids=["too few to ask", "too new to know", "under way"],
)
def test_a_leader_is_not_asked_to_guess_when(
    cast: Cast, colleagues: int, days_ago: int, measured: bool
) -> None:
    make_mission(cast.unit, by=cast.leader, at=clock.now() - days_ago * DAY)
    write_contribution(unit=cast.unit, text="Mitt", by=cast.leader, now=clock.now())
    if measured:
        make_pulse(cast, colleagues=colleagues)
    else:
        make_colleagues(cast.unit, colleagues)
    assert step_of(cast.leader).url == reverse("seminars:list")


def test_a_leader_settles_then_talks_and_then_has_done(cast: Cast) -> None:
    read(cast, cast.unit, cast.leader)
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja nja nja nja")
    over = clock.now() + 16 * DAY
    page = reverse("pulse:pulse", args=[cast.unit.pk])
    step = step_of(cast.leader, over)
    assert (step.url, step.label) == (page, "Til pulsmålingen")
    settle(pulse)
    step = step_of(cast.leader, over)
    assert (step.url, step.label) == (page, "Se forslag til samtalen")
    note_conversation(pulse=pulse, by=cast.leader, now=over)
    assert step_of(cast.leader, over).url == reverse("seminars:list")


def test_a_question_from_below_comes_before_what_is_one_s_own(cast: Cast) -> None:
    make_pulse(cast)
    above = make_mission(cast.department, by=cast.manager)
    version = make_mission(cast.unit, by=cast.leader, above=above)
    question = ask_question(
        version=version, text="Hva?", answer_by=dt.date(2099, 1, 1), by=cast.leader, now=clock.now()
    )
    step = step_of(cast.manager)
    assert (step.title, step.url) == (
        "Hjemmetjenesten nord har spurt deg om oppdraget",
        reverse("missions:answer", args=[question.pk]),
    )
    assert "1. januar 2099" in step.text
    assert step_of(cast.leader).url != step.url


def test_a_leader_of_two_units_is_led_through_both(cast: Cast) -> None:
    make_leadership(cast.leader, cast.sibling_unit)
    read(cast, cast.unit, cast.leader)
    assert step_of(cast.leader).title == "Skriv oppdraget for Hjemmetjenesten sør"
    make_mission(cast.sibling_unit, by=cast.leader, at=clock.now() - 30 * DAY)
    assert step_of(cast.leader).title == "Hva er ditt bidrag i Hjemmetjenesten sør?"
    write_contribution(unit=cast.sibling_unit, text="Mitt", by=cast.leader, now=clock.now())
    for unit in (cast.unit, cast.sibling_unit):
        make_colleagues(unit, 5)
    pulse = make_pulse(cast, colleagues=0)
    assert step_of(cast.leader).url == reverse("pulse:open_pulse", args=[cast.sibling_unit.pk])
    assert cast.leader not in asked_in(pulse)


def test_a_person_with_two_positions_is_led_through_both(cast: Cast) -> None:
    make_position(cast.employee, cast.sibling_unit)
    read(cast, cast.unit, cast.employee)
    other = make_mission(cast.sibling_unit, by=cast.manager)
    assert step_of(cast.employee).url == reverse("missions:version", args=[other.pk])
    make_acknowledgement(other, cast.employee)
    write_contribution(unit=cast.sibling_unit, text="Mitt", by=cast.employee, now=clock.now())
    pulses = [make_pulse(cast), make_pulse(cast, unit=cast.sibling_unit)]
    urls = {reverse("pulse:answer_pulse", args=[pulse.pk]) for pulse in pulses}
    first = step_of(cast.employee).url
    assert first in urls
    answered = next(pulse for pulse in pulses if str(pulse.pk) in first)
    say(answered, cast.employee, "ja")
    assert {first, step_of(cast.employee).url} == urls


def test_in_a_vacancy_the_leader_above_writes_and_is_told_why(cast: Cast, signed_in: Any) -> None:
    html = signed_in(cast.manager).get(reverse("missions:unit", args=[cast.sibling_unit.pk]))
    assert "Enheten har ingen leder nå" in html.content.decode()
    own = signed_in(cast.leader).get(reverse("missions:unit", args=[cast.unit.pk]))
    assert "Du leder enheten" in own.content.decode()


def test_who_has_left_a_unit_still_finds_its_pulse(cast: Cast, signed_in: Any, today) -> None:
    pulse = make_pulse(cast)
    cast.employee.positions.update(valid_to=today - DAY)
    make_position(cast.employee, cast.other_unit, since=today)
    url = reverse("pulse:answer_pulse", args=[pulse.pk])
    for page in ("/", reverse("missions:mine")):
        assert url in signed_in(cast.employee).get(page).content.decode()


def test_my_page_keeps_its_budget_where_nothing_waits_first(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(26):
        unit = make_unit(f"Sone {number}", parent=cast.unit)
        make_leadership(cast.leader, unit)
        read(cast, unit, cast.leader)
        make_employee(unit, f"Person {number}")
    read(cast, cast.unit, cast.leader)
    browser: Client = signed_in(cast.leader)
    browser.get("/")
    with django_assert_max_num_queries(7):
        assert "Finn et seminar" in browser.get("/").content.decode()
