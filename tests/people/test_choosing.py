"""A person is chosen by name: who is found, what is accepted, and what stands there meanwhile."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from common.keys import LARGEST_KEY
from people.choosing.candidates import (
    FOUND_LISTED,
    OWN_LISTED,
    Candidates,
    known_to,
    options_of,
)
from people.choosing.fields import FindsPeople, PersonChoiceField
from people.models import FormerName, Position, Role, User
from tests.cast import Cast
from tests.factories import make_employee, make_role, make_unit

RTL = "\u202eنعيم\u202c"
LONG = "Å" * 200


class OneForm(FindsPeople):
    person = PersonChoiceField(label="Hvem?")
    reason = forms.CharField(label="Hvorfor?")

    def __init__(self, data: Any, candidates: Candidates, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["person"]
        assert isinstance(field, PersonChoiceField)
        field.candidates = candidates


@pytest.fixture
def day() -> dt.date:
    return timezone.localdate()


def among(day: dt.date, *people: User, own: QuerySet[User] | None = None) -> Candidates:
    keys = [person.pk for person in people]
    return Candidates(lambda: User.objects.filter(pk__in=keys), day, own=own)


def sent(candidates: Candidates, **data: object) -> OneForm:
    named = {name.replace("_", "-"): str(value) for name, value in data.items()}
    return OneForm({"reason": "Fordi"} | named, candidates)


# Who is found


@pytest.mark.parametrize(
    "typed",
    [
        "Åse",
        "aase",
        "ASE",
        "Moe Åse",
        "åse  klinikk",
        "nord ase",
        "lunge",
        "ase.moe@",
        "Berg",
    ],
)
def test_part_of_a_name_an_address_a_former_name_or_a_unit_finds(
    cast: Cast, day: dt.date, typed: str
) -> None:
    clinic = make_unit("Klinikk Nord", parent=cast.unit, short_name="LUNGE")
    person = make_employee(clinic, "Åse-Marie Moe", email="ase.moe@example.org")
    make_employee(cast.unit, "Ola Nordmann", email="ola@example.org")
    FormerName.objects.create(user=person, name="Åse Berg", until=day)
    assert among(day, *User.objects.all()).matching(typed) == [person]


@pytest.mark.parametrize(
    "typed", ["", " ", "-", "%", "_", "\\", "åse q", RTL, LONG, "'; --", "\x00"]
)
def test_what_nobody_is_called_finds_nobody(cast: Cast, day: dt.date, typed: str) -> None:
    make_employee(cast.unit, "Åse Moe")
    assert among(day, *User.objects.all()).matching(typed) == []


def test_own_people_come_first_and_more_than_are_listed_are_told_of(
    cast: Cast, day: dt.date
) -> None:
    people = [make_employee(cast.unit, f"Kari {number:02}") for number in range(FOUND_LISTED + 2)]
    last = User.objects.filter(pk=people[-1].pk)
    found = among(day, *people, own=last).matching("kari")
    assert (found[0], len(found)) == (people[-1], FOUND_LISTED + 1)


def test_own_people_are_listed_within_those_who_may_be_chosen(cast: Cast, day: dt.date) -> None:
    own = User.objects.filter(pk__in=[cast.employee.pk, cast.stranger.pk])
    assert among(day, cast.employee, cast.leader, own=own).listed() == [cast.employee]
    assert among(day, cast.employee).listed() == []


def test_who_may_not_sign_in_is_neither_found_nor_accepted(cast: Cast, day: dt.date) -> None:
    User.objects.filter(pk=cast.employee.pk).update(is_active=False)
    candidates = known_to(cast.leader, on=day)
    assert candidates.matching("even") == []
    assert candidates.addressed(cast.employee.email) is None
    assert candidates.person(cast.employee.pk, cast.employee.email) is None


def test_who_is_known_by_address_alone_is_never_browsed(cast: Cast, day: dt.date) -> None:
    candidates, stranger = known_to(cast.leader, on=day), cast.stranger
    for words in (
        "sindre",
        "Sindre Foss",
        "stranger@",
        "stranger@example.or",
        cast.other_unit.name,
    ):
        assert stranger not in candidates.matching(words)
    assert candidates.matching("Stranger@Example.org") == [stranger]
    assert candidates.person(stranger.pk, "") is None
    assert candidates.person(stranger.pk, stranger.name) is None
    assert candidates.person(stranger.pk, stranger.email) == stranger


def test_two_of_one_name_are_told_apart(cast: Cast, day: dt.date) -> None:
    one = make_employee(cast.unit, "Kari Dahl", email="kari1@example.org")
    other = make_employee(cast.unit, "KARI DAHL", email=None, hr_id="P7")
    lone = make_employee(cast.unit, "Siri Holm", email="siri@example.org")
    told = {option.key: option for option in options_of([one, other, lone], day)}
    assert told[one.pk].about.endswith("kari1@example.org")
    assert told[other.pk].about.endswith("P7")
    assert told[other.pk].name == "KARI DAHL (ingen e-postadresse)"
    title = Position.objects.get(user=lone).title
    assert told[lone.pk].about == f"{title}, {cast.unit.name}"


def test_a_leader_without_a_position_is_told_by_the_unit(cast: Cast, day: dt.date) -> None:
    Position.objects.filter(user=cast.leader).update(valid_to=day - dt.timedelta(days=1))
    (option,) = options_of([cast.leader], day)
    assert option.about == f"leder, {cast.unit.name}"


def test_a_list_is_told_by_two_queries(
    cast: Cast, day: dt.date, django_assert_num_queries: Any
) -> None:
    people = [make_employee(cast.unit, f"Kari {number}") for number in range(12)]
    with django_assert_num_queries(2):
        assert len(options_of(people, day)) == 12


# What is accepted


def test_one_is_chosen_by_key_or_by_whole_address(cast: Cast, day: dt.date) -> None:
    candidates = among(day, cast.employee)
    for data in (
        {"person_id": cast.employee.pk},
        {"person": "even", "person_for": "even", "person_id": cast.employee.pk},
        {"person": f"Even Moen <{cast.employee.email.upper()}>"},
    ):
        form = sent(candidates, **data)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["person"] == cast.employee


@pytest.mark.parametrize("key", ["", "0", "-1", "1.0", "1e3", "٣", "x", LARGEST_KEY + 1, "9" * 400])
def test_what_is_no_key_is_refused(cast: Cast, day: dt.date, key: str) -> None:
    form = sent(among(day, cast.employee), person_id=key)
    assert list(form.errors) == ["person"]


def test_a_key_of_anybody_else_is_refused(cast: Cast, day: dt.date) -> None:
    for words in ("", "sindre", "Sindre Foss"):
        form = sent(
            among(day, cast.employee), person=words, person_for=words, person_id=cast.stranger.pk
        )
        assert form.errors == {
            "person": ["Den du valgte, kan ikke velges her lenger. Velg en annen."]
        }
        assert "Sindre" not in str(form["person"]).replace(f"«{words}»", "").replace(
            f'"{words}"', ""
        )


def test_words_typed_after_a_choice_are_not_passed_over(cast: Cast, day: dt.date) -> None:
    form = sent(
        among(day, cast.employee, cast.leader),
        person=cast.leader.name,
        person_for="even",
        person_id=cast.employee.pk,
    )
    assert form.errors == {"person": [f"Velg hvem du mener med «{cast.leader.name}»."]}


@pytest.mark.parametrize("words", [RTL, LONG, "<script>alert(1)</script>", "ø" * 5_000, "\x00"])
def test_any_words_are_answered_with_a_form(cast: Cast, day: dt.date, words: str) -> None:
    form = sent(among(day, cast.employee), person=words)
    assert list(form.errors) == ["person"]
    assert "<script>alert" not in str(form)


def test_a_name_of_markup_and_of_two_hundred_letters_is_shown_as_it_is(
    cast: Cast, day: dt.date
) -> None:
    people = [make_employee(cast.unit, name) for name in (LONG, RTL, '"><img src=x onerror=a()>')]
    own = User.objects.filter(pk__in=[person.pk for person in people])
    shown = str(OneForm(None, among(day, *people, own=own))["person"])
    assert "<img" not in shown
    assert LONG in shown


# The step without a script


def test_a_search_does_nothing_keeps_what_is_typed_and_lists_those_found(
    cast: Cast, day: dt.date
) -> None:
    form = sent(among(day, cast.employee, cast.leader), person="even", person_finn=1, reason="")
    assert not form.is_valid()
    assert form.errors == {}
    shown = str(form["person"])
    assert f'value="{cast.employee.pk}"' in shown
    assert f'value="{cast.leader.pk}"' not in shown
    assert 'name="person-for" value="even"' in shown


def test_whom_one_has_chosen_stays_chosen_in_the_next_list(cast: Cast, day: dt.date) -> None:
    form = sent(among(day, cast.employee, cast.leader), person_id=cast.leader.pk, reason="")
    assert list(form.errors) == ["reason"]
    assert str(form["person"]).count("checked") == 1


def test_own_people_stand_there_before_anything_is_typed(cast: Cast, day: dt.date) -> None:
    people = [make_employee(cast.unit, f"Kari {number:02}") for number in range(OWN_LISTED + 1)]
    own = User.objects.filter(pk__in=[person.pk for person in people])
    shown = str(OneForm(None, among(day, *people, own=own))["person"])
    assert shown.count('type="radio"') == OWN_LISTED
    assert "Her står ikke alle." in shown


def test_the_field_shows_whom_it_begins_with(cast: Cast, day: dt.date) -> None:
    form = OneForm(None, among(day, cast.employee), initial={"person": cast.employee})
    shown = str(form["person"])
    assert f'value="{cast.employee.name}"' in shown
    assert shown.count("checked") == 1


# What the page answers to its script


def test_the_page_answers_its_own_field_with_those_who_may_be_chosen(
    cast: Cast, confirmed: Any
) -> None:
    url = reverse("commitments:name_substitute", args=[cast.unit.pk])
    browser = confirmed(cast.leader)
    answer = browser.get(url, {"person-sok": "even"}).json()
    assert [one["key"] for one in answer["people"]] == [cast.employee.pk]
    assert answer["status"] == "1 treff."
    assert browser.get(url, {"person-sok": "sindre"}).json()["people"] == []
    by_address = browser.get(url, {"person-sok": cast.stranger.email}).json()["people"]
    assert [(one["key"], one["words"]) for one in by_address] == [
        (cast.stranger.pk, cast.stranger.email)
    ]
    for words in (RTL, LONG, "ø" * 5_000, "%"):
        assert browser.get(url, {"person-sok": words}).json()["people"] == []


def test_who_may_not_open_the_page_may_not_search_in_it(cast: Cast, signed_in: Any) -> None:
    role = reverse("grant_role", args=[cast.unit.pk])
    assert signed_in(cast.leader).get(role, {"person-sok": "even"}).status_code == 403
    make_role(cast.stranger, Role.ADMINISTRATOR, cast.other_agency)
    assert signed_in(cast.stranger).get(role, {"person-sok": "even"}).status_code == 403


def test_nobody_reads_the_municipality_through_a_field(
    cast: Cast, confirmed: Any, settings: Any
) -> None:
    settings.PERSON_SEARCHES_A_MINUTE = 2
    url = reverse("commitments:name_substitute", args=[cast.unit.pk])
    browser = confirmed(cast.leader)
    answers = [browser.get(url, {"person-sok": "even"}) for _number in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].json()["people"] == []
    assert browser.post(url, {"person": "even", "person-finn": "1"}).status_code == 429
    assert browser.get(url).status_code == 200
