"""The pages of the pulse: what each person sees, can do, and what it costs."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ballots.disclosure import FEWEST_TOPIC
from common.small_groups import in_words
from people.models import Leadership, Position, Unit
from pulse.models import PulseRound, Unsure
from pulse.tally import Tally, unseal
from pulse.tasks_of_person import pulse_steps
from tests.cast import Cast
from tests.factories import make_leadership
from tests.missions.factories import make_mission
from tests.pulse.factories import (
    DAY,
    asked_in,
    make_colleagues,
    make_pulse,
    say,
    say_all,
    settle,
)

BUDGET = 8
TASK = "Vi gjør hverdagen tryggere for dem som bor hjemme"


def url(name: str, pk: int) -> str:
    return reverse(f"pulse:{name}", args=[pk])


def page(browser, name: str, pk: int) -> str:
    response = browser.get(url(name, pk))
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def typed(today: dt.date, **changes: object) -> dict[str, object]:
    days = {"opens_on": today, "closes_on": today + 14 * DAY}
    return {**days, "guess_yes": 4, "guess_partly": 2, "guess_no": 0, **changes}


def settled(cast: Cast, words: str) -> PulseRound:
    pulse = make_pulse(cast)
    say_all(pulse, words)
    return settle(pulse)


# opening


def test_the_leader_guesses_and_opens(cast: Cast, signed_in, today: dt.date) -> None:
    make_mission(cast.unit, core_task=TASK)
    make_colleagues(cast.unit, 5)
    browser = signed_in(cast.leader)
    assert "Enheten har ikke hatt noen pulsmåling" in page(browser, "pulse", cast.unit.pk)
    assert "6 blir spurt" in page(browser, "open_pulse", cast.unit.pk)
    response = browser.post(url("open_pulse", cast.unit.pk), typed(today))
    assert response.url == url("pulse", cast.unit.pk)
    pulse = PulseRound.objects.get()
    assert (pulse.guess_yes, pulse.guess_partly, pulse.guess_no) == (4, 2, 0)
    waiting = page(browser, "pulse", cast.unit.pk)
    assert ("6 er spurt" in waiting, "Avslutt og se gapet" in waiting) == (True, False)


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"guess_no": 3}, "guess_yes", "De tre tallene må til sammen bli 6. Nå blir de 9."),
        ({"opens_on": "2020-01-01"}, "opens_on", "Velg i dag eller en senere dag."),
        ({"closes_on": "2020-01-01"}, "closes_on", "Siste dag kan ikke være før målingen åpner."),
        ({"closes_on": "2099-01-01"}, "closes_on", "En pulsmåling varer høyst 60 dager."),
    ],
)
def test_a_fault_in_the_opening_is_told_at_its_field(
    cast: Cast, signed_in, today: dt.date, changes, field: str, error: str
) -> None:
    make_mission(cast.unit)
    make_colleagues(cast.unit, 5)
    response = signed_in(cast.leader).post(url("open_pulse", cast.unit.pk), typed(today, **changes))
    assert response.context["form"].errors[field] == [error]
    assert PulseRound.objects.count() == 0


def test_the_opening_says_what_is_missing(cast: Cast, signed_in) -> None:
    browser = signed_in(cast.leader)
    assert "ikke publisert noe oppdrag" in page(browser, "open_pulse", cast.unit.pk)
    make_mission(cast.unit)
    assert "for få til en pulsmåling" in page(browser, "open_pulse", cast.unit.pk)


def test_opening_twice_says_so(cast: Cast, signed_in, today: dt.date) -> None:
    make_pulse(cast, colleagues=5)
    response = signed_in(cast.leader).post(url("open_pulse", cast.unit.pk), typed(today))
    under_way = "Enheten har allerede en pulsmåling som ikke er avsluttet."
    assert response.context["form"].errors == {"__all__": [under_way]}


def test_a_vacant_units_pulse_is_opened_by_the_leader_above(cast: Cast, signed_in) -> None:
    make_mission(cast.sibling_unit)
    make_colleagues(cast.sibling_unit, 5)
    assert "5 blir spurt" in page(signed_in(cast.manager), "open_pulse", cast.sibling_unit.pk)


# answering


def test_the_mission_is_not_shown_before_the_memory_is_written(cast: Cast, signed_in) -> None:
    make_mission(cast.unit, core_task=TASK)
    pulse = make_pulse(cast)
    browser = signed_in(cast.employee)
    assert TASK not in page(browser, "answer_pulse", pulse.pk)
    response = browser.post(
        url("answer_pulse", pulse.pk),
        {"remembered": "1", "remembered_mission": "Noe om trygghet", "remembered_contribution": ""},
    )
    shown = html.unescape(response.content.decode())
    assert (TASK in shown, "Noe om trygghet" in shown) == (True, True)
    assert "Jeg kan si begge deler til en kollega uten å slå opp" in shown
    assert "Jeg kjenner det igjen, men er usikker på …" in shown


def test_an_answer_is_counted_and_everyone_is_thanked_alike(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    pages = []
    for person, answer in zip(asked_in(pulse), ("yes", "partly", "no"), strict=False):
        browser = signed_in(person)
        sent = {"answer": answer, "unsure": ["mission"]}
        response = browser.post(url("answer_pulse", pulse.pk), sent)
        assert response.url == url("answer_pulse", pulse.pk)
        shown = page(browser, "answer_pulse", pulse.pk)
        assert "Takk for svaret" in shown
        pages.append(len(shown.split("<main")[1]))
    assert len(set(pages)) == 1
    pulse.refresh_from_db()
    assert unseal(bytes(pulse.sealed_tally), pulse.salt) == Tally(1, 1, 1, unsure_mission=1)


def test_a_fault_in_the_answer_keeps_what_was_remembered(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    response = signed_in(cast.employee).post(
        url("answer_pulse", pulse.pk), {"remembered_mission": "Mitt minne"}
    )
    assert response.context["form"].errors["answer"] == ["Velg ja, nja eller nei."]
    assert "Mitt minne" in response.content.decode()


def test_nja_is_counted_also_without_a_topic(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    signed_in(cast.employee).post(url("answer_pulse", pulse.pk), {"answer": "partly"})
    pulse.refresh_from_db()
    assert unseal(bytes(pulse.sealed_tally), pulse.salt) == Tally(partly=1)


def test_a_memory_that_is_too_long_is_asked_for_again(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    response = signed_in(cast.employee).post(
        url("answer_pulse", pulse.pk), {"remembered": "1", "remembered_mission": "x" * 1001}
    )
    assert "remembered_mission" in response.context["form"].errors


def test_an_answer_from_a_second_tab_is_not_counted(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    browser = signed_in(cast.employee)
    browser.post(url("answer_pulse", pulse.pk), {"answer": "yes"})
    second = html.unescape(
        browser.post(url("answer_pulse", pulse.pk), {"answer": "no"}).content.decode()
    )
    assert ("Det du sendte nå, er ikke telt med." in second, "Takk for" in second) == (True, False)
    pulse.refresh_from_db()
    assert unseal(bytes(pulse.sealed_tally), pulse.salt) == Tally(yes=1)


def test_a_round_that_is_over_or_not_open_says_so(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast, now=timezone.now() - 30 * DAY)
    browser = signed_in(cast.employee)
    assert "Pulsmålingen er ikke åpen" in page(browser, "answer_pulse", pulse.pk)
    settle(pulse)
    assert "Pulsmålingen er avsluttet" in page(browser, "answer_pulse", pulse.pk)


# the gap


def test_the_leader_settles_and_sees_the_gap(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast, now=timezone.now() - 15 * DAY)
    say_all(pulse, "ja ja ja nja nja nja nja nei")
    browser = signed_in(cast.leader)
    shown = page(browser, "pulse", cast.unit.pk)
    assert ("Klar til å avsluttes" in shown, "Avslutt og se gapet" in shown) == (True, True)
    browser.post(url("settle_pulse", pulse.pk))
    response = browser.get(url("pulse", cast.unit.pk))
    assert [(row.label, row.guessed, row.said) for row in response.context["rows"]] == [
        ("Ja", 8, "3"),
        ("Nja eller nei", 0, "5"),
    ]
    assert "8 av 8 svarte" in response.content.decode()
    assert "Du gjettet på alle 8." in response.content.decode()


def test_while_a_round_is_open_its_page_is_the_same_whoever_has_answered(
    cast: Cast, signed_in
) -> None:
    pulse = make_pulse(cast)
    browser = signed_in(cast.leader)

    def main() -> str:
        shown = page(browser, "pulse", cast.unit.pk).split("<main")[1]
        return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", shown)

    pages = [main()]
    for person in asked_in(pulse):
        say(pulse, person, "ja")
        pages.append(main())
    assert (len(pages), len(set(pages))) == (9, 1)


def test_a_new_leader_is_not_said_to_have_guessed(cast: Cast, signed_in, today: dt.date) -> None:
    settled(cast, "ja ja ja nja nja nja nja nei")
    Leadership.objects.filter(unit=cast.unit).update(valid_to=today - DAY)
    make_leadership(cast.stranger, cast.unit, since=today)
    shown = page(signed_in(cast.stranger), "pulse", cast.unit.pk)
    assert ("Du gjettet" in shown, "Liv Dahl gjettet på alle 8" in shown) == (False, True)


def close_unit(cast: Cast, today: dt.date, *, heir: Unit | None) -> None:
    """The cast's unit is closed since yesterday, with or without a unit that follows it."""
    Leadership.objects.filter(unit=cast.unit).update(valid_to=today - DAY)
    Position.objects.filter(unit=cast.unit).update(valid_to=today - DAY)
    Unit.objects.filter(pk=cast.unit.pk).update(valid_to=today - DAY)
    if heir is not None:
        cast.unit.successors.add(heir)


def test_a_closed_units_pulse_is_read_by_whoever_leads_what_follows_it(
    cast: Cast, signed_in, today: dt.date
) -> None:
    settled(cast, "ja ja ja nja nja nja nja nei")
    make_leadership(cast.stranger, cast.sibling_unit)
    close_unit(cast, today, heir=cast.sibling_unit)
    shown = page(signed_in(cast.stranger), "pulse", cast.unit.pk)
    assert ("8 av 8 svarte" in shown, "Enheten er lagt ned" in shown) == (True, True)
    assert "Ta samtalen i Hjemmetjenesten nord" in (
        signed_in(cast.stranger).get(reverse("missions:mine")).content.decode()
    )
    for other in (cast.leader, cast.manager, cast.employee, cast.hr):
        assert signed_in(other).get(url("pulse", cast.unit.pk)).status_code == 403


def test_a_closed_unit_that_nothing_follows_leaves_its_pulse_to_the_leader_above(
    cast: Cast, signed_in, today: dt.date
) -> None:
    settled(cast, "ja ja ja nja nja nja nja nei")
    close_unit(cast, today, heir=None)
    assert "8 av 8 svarte" in page(signed_in(cast.manager), "pulse", cast.unit.pk)
    assert signed_in(cast.leader).get(url("pulse", cast.unit.pk)).status_code == 403


def test_a_unit_that_is_open_is_not_read_by_the_leader_above(cast: Cast, signed_in) -> None:
    settled(cast, "ja ja ja nja nja nja nja nei")
    assert signed_in(cast.manager).get(url("pulse", cast.unit.pk)).status_code == 403


def test_settling_too_early_says_so(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    response = signed_in(cast.leader).post(url("settle_pulse", pulse.pk))
    assert said(response) == ["Pulsmålingen kan avsluttes når fristen er ute."]


@pytest.mark.parametrize(
    ("words", "rows", "has_task"),
    [
        ("ja ja ja ja ja ja ja nei", [("Ja", "minst 7"), ("Nja eller nei", "høyst 1")], False),
        ("nei nja nei nja nei", [("Ja", "høyst 1"), ("Nja eller nei", "minst 4")], True),
        ("ja ja nja nja nja", [("Ja", "2"), ("Nja eller nei", "3")], True),
        (
            "ja ja nja nja nja nei nei nei",
            [("Ja", "2"), ("Nja", "3"), ("Nei", "3")],
            True,
        ),
        ("ja ja nja nei", [], False),
    ],
)
def test_the_gap_is_shown_as_far_as_it_may(cast: Cast, signed_in, words, rows, has_task) -> None:
    settled(cast, words)
    response = signed_in(cast.leader).get(url("pulse", cast.unit.pk))
    assert [(row.label, row.said) for row in response.context["rows"]] == rows
    assert ("ta samtalen" in response.content.decode()) is has_task


def bars(shown: str) -> list[tuple[str, str]]:
    """Each bar of the chart: its kind, and how far it reaches of a hundred."""
    return re.findall(r'<rect class="lp-chart__(\w+)" width="([\d.]+)"', shown)


def test_each_answer_has_a_bar_for_the_guess_and_one_for_what_was_said(
    cast: Cast, signed_in
) -> None:
    settled(cast, "ja ja nja nja nja nei nei nei")
    shown = page(signed_in(cast.leader), "pulse", cast.unit.pk)
    assert "En full søyle er 8 personer, alle som ble spurt." in shown
    assert bars(shown) == [
        ("whole", "100.00"), ("part", "25.00"),
        ("whole", "0.00"), ("part", "37.50"),
        ("whole", "0.00"), ("part", "37.50"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nobody", "one", "drawn"),
    [
        (
            "ja ja ja ja ja ja ja ja",
            "ja ja ja ja ja ja ja nei",
            [("maybe", "100.00"), ("part", "87.50"), ("maybe", "12.50"), ("part", "0.00")],
        ),
        (
            "nei nei nei nei nei nja nja nja",
            "nei nei nei nei nja nja nja ja",
            [("maybe", "12.50"), ("part", "0.00"), ("maybe", "100.00"), ("part", "87.50")],
        ),
    ],
)
def test_a_bar_does_not_tell_nobody_from_one(
    cast: Cast, signed_in, nobody: str, one: str, drawn: list[tuple[str, str]]
) -> None:
    pulse = make_pulse(cast)
    seen = []
    for words in (nobody, one):
        with transaction.atomic():
            say_all(pulse, words)
            settle(pulse)
            seen.append(bars(page(signed_in(cast.leader), "pulse", cast.unit.pk)))
            transaction.set_rollback(True)
    assert seen[0] == seen[1]
    assert [bar for bar in seen[0] if bar[0] != "whole"] == drawn


@pytest.mark.parametrize("words", ["ja ja nja nei", ""])
def test_what_too_few_answered_has_no_bar(cast: Cast, signed_in, words: str) -> None:
    settled(cast, words)
    assert bars(page(signed_in(cast.leader), "pulse", cast.unit.pk)) == []


def test_suggestions_are_about_what_at_least_three_are_unsure_of(cast: Cast, signed_in) -> None:
    settled(cast, "ja ja nja nja nja nja")
    shown = page(signed_in(cast.leader), "pulse", cast.unit.pk)
    assert f"Minst {in_words(FEWEST_TOPIC)} er usikre på: oppdraget." in shown
    assert ("Les kjerneoppgaven høyt" in shown, "Hvem merket det" in shown) == (True, False)


def test_a_leader_is_not_told_of_the_employees_contribution_as_their_own() -> None:
    told = [str(topic.label_to_leader) for topic in Unsure]
    assert told == ["oppdraget", "hvem vi er til for", "sitt eget bidrag"]


def test_a_withheld_round_says_why(cast: Cast, signed_in, settings) -> None:
    pulse = make_pulse(cast)
    say_all(pulse, "ja ja ja nei nei nei")
    settings.SECRET_KEY = "lost"
    settle(pulse)
    settings.SECRET_KEY = "only-for-tests"
    assert "Tallene vises ikke denne gangen" in page(signed_in(cast.leader), "pulse", cast.unit.pk)


def test_nja_is_a_task_until_it_is_talked_about(cast: Cast, signed_in) -> None:
    pulse = settled(cast, "ja ja nja nja nja")
    browser = signed_in(cast.leader)
    mine = reverse("missions:mine")
    assert "Ta samtalen i Hjemmetjenesten nord" in browser.get(mine).content.decode()
    response = browser.post(url("note_conversation", pulse.pk))
    assert said(response) == ["Fint. Samtalen er merket av."]
    assert "Ta samtalen" not in browser.get(mine).content.decode()
    assert "Dere har snakket om det" in page(browser, "pulse", cast.unit.pk)


def test_noting_a_conversation_that_nothing_asked_for_says_so(cast: Cast, signed_in) -> None:
    pulse = make_pulse(cast)
    response = signed_in(cast.leader).post(url("note_conversation", pulse.pk))
    assert said(response) == ["Denne pulsmålingen krever ingen samtale."]


def test_mine_asks_to_answer_until_one_has(cast: Cast, signed_in, today: dt.date) -> None:
    pulse = make_pulse(cast)
    browser = signed_in(cast.employee)
    mine = reverse("missions:mine")
    assert url("answer_pulse", pulse.pk) in browser.get(mine).content.decode()
    browser.post(url("answer_pulse", pulse.pk), {"answer": "yes"})
    assert url("answer_pulse", pulse.pk) not in browser.get(mine).content.decode()
    assert pulse_steps(cast.leader, today).to_settle == []
    assert pulse_steps(cast.leader, pulse.closes_on + DAY).to_settle == [pulse]
    assert pulse_steps(cast.manager, pulse.closes_on + DAY).to_settle == []


def test_a_leader_of_two_units_has_a_task_in_each(cast: Cast, today: dt.date) -> None:
    make_leadership(cast.leader, cast.sibling_unit)
    pulse = make_pulse(cast)
    other = make_pulse(cast, unit=cast.sibling_unit)
    for one in (pulse, other):
        say_all(one, "ja ja nei nei nei")
        settle(one)
    assert set(pulse_steps(cast.leader, today).to_talk_about) == {pulse, other}


# cost


def test_the_leaders_pages_keep_to_their_budget(
    cast: Cast, signed_in, django_assert_max_num_queries
) -> None:
    make_pulse(cast, colleagues=BUDGET + 3)
    browser = signed_in(cast.leader)
    for name in ("pulse", "open_pulse"):
        with django_assert_max_num_queries(BUDGET):
            page(browser, name, cast.unit.pk)


def test_the_answering_page_keeps_to_its_budget(
    cast: Cast, signed_in, django_assert_max_num_queries
) -> None:
    pulse = make_pulse(cast, colleagues=BUDGET + 3)
    browser = signed_in(cast.employee)
    for data in ({"remembered": "1"}, {"answer": ""}, {"answer": "partly"}):
        with django_assert_max_num_queries(BUDGET):
            browser.post(url("answer_pulse", pulse.pk), data)


def test_the_leader_reads_of_the_others_and_those_who_answer_of_themselves(
    cast: Cast, signed_in
) -> None:
    pulse = make_pulse(cast)
    own, others = "Det du husker, blir ikke lagret.", "Det hver enkelt husker, blir ikke lagret."
    for name in ("pulse", "open_pulse"):
        words = page(signed_in(cast.leader), name, cast.unit.pk)
        assert (own in words, others in words) == (False, True)
    words = page(signed_in(cast.employee), "answer_pulse", pulse.pk)
    assert (own in words, others in words) == (True, False)
