"""Two seats in the same hours: said to the person, hinted to who registers them, never refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from seminars.clashes import clashes_of, people_with_clash
from seminars.models import Seminar
from tests.seminars.factories import choose, make_choice, make_registration, make_seminar

HOUR = dt.timedelta(hours=1)
SECRET = "Hemmelig samling om omstilling"


@pytest.fixture
def other(cast, seminar):
    """Begins an hour before the seminar ends."""
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, title=SECRET, starts_at=seminar.ends_at - HOUR
    )


def named(user, seminar) -> list[str]:
    return [clash.other.seminar.title for clash in clashes_of(user, seminar)]


def has_clash(user, seminar) -> bool:
    return Seminar.objects.with_clash_for(user).get(pk=seminar.pk).has_clash


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("registered", [SECRET]),
        ("offered", [SECRET]),
        ("waitlisted", []),
        ("withdrawn", []),
        ("expired", []),
    ],
)
def test_a_seat_or_an_offer_in_the_same_hours_is_a_clash(seminar, other, leader, state, found):
    make_registration(other, leader, state=state)
    assert named(leader, seminar) == found
    assert has_clash(leader, seminar) is bool(found)
    assert people_with_clash(seminar, [leader.pk]) == ({leader.pk} if found else set())


def test_one_that_begins_as_the_other_ends_is_no_clash(cast, seminar, leader):
    after = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=seminar.ends_at)
    make_registration(after, leader)
    assert (named(leader, seminar), has_clash(leader, seminar)) == ([], False)


def test_what_is_called_off_or_somebody_elses_is_no_clash(seminar, other, leader, employee):
    make_registration(other, employee)
    assert named(leader, seminar) == []
    make_registration(other, leader)
    Seminar.objects.filter(pk=other.pk).update(
        state="cancelled", cancelled_at=other.starts_at, cancel_reason="Streik"
    )
    assert (named(leader, seminar), has_clash(leader, seminar)) == ([], False)
    assert people_with_clash(seminar, [leader.pk]) == set()


def test_between_two_days_there_is_no_clash(cast, seminar, other, leader):
    """The hours of the sessions count, and not the days between the first and the last."""
    later = seminar.ends_at + dt.timedelta(days=30)
    seminar.sessions.create(starts_at=later, ends_at=later + HOUR)
    between = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=later - dt.timedelta(days=3)
    )
    make_registration(between, leader)
    assert named(leader, Seminar.objects.get(pk=seminar.pk)) == []


def test_of_parallel_sessions_the_chosen_one_counts(cast, seminar, leader):
    other = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=seminar.starts_at - 12 * HOUR
    )
    busy, free = make_choice(other, 30, 30, starts_at=seminar.starts_at)
    free.starts_at, free.ends_at = seminar.ends_at + HOUR, seminar.ends_at + 2 * HOUR
    free.save()
    chosen = choose(make_registration(other, leader), free)
    assert (named(leader, seminar), people_with_clash(seminar, [leader.pk])) == ([], set())
    chosen.session = busy
    chosen.save()
    assert named(leader, seminar) == ["Tillitsbasert ledelse"]
    assert people_with_clash(seminar, [leader.pk]) == {leader.pk}


# ---- on the pages --------------------------------------------------------------------------------


def test_the_page_says_it_and_lets_one_register_all_the_same(seminar, other, leader, signed_in):
    make_registration(other, leader)
    url = reverse("seminars:register", args=[seminar.pk])
    browser = signed_in(leader)
    page = browser.get(url).content.decode()
    assert "Du har noe annet samtidig" in page
    assert SECRET in page
    assert browser.post(url).status_code == 302
    assert seminar.registrations.get().state == "registered"


def test_the_page_is_silent_where_there_is_nothing(seminar, leader, signed_in):
    page = signed_in(leader).get(reverse("seminars:register", args=[seminar.pk])).content.decode()
    assert "noe annet samtidig" not in page


@pytest.mark.parametrize("kind", ["coordinator", "manager", "organiser"])
def test_who_registers_others_learns_that_there_is_something_and_not_what(
    cast, seminar, other, leader, signed_in, kind
):
    make_registration(other, leader)
    name = "attendance:register_other" if kind == "organiser" else "seminars:own_staff"
    url = reverse(name, args=[seminar.pk])
    browser = signed_in(getattr(cast, kind))
    asked = browser.post(url, {"person": leader.email})
    page = asked.content.decode()
    assert asked.status_code == 200
    assert "har plass på noe annet i samme tidsrom" in page
    assert SECRET not in page
    assert not seminar.registrations.exists()
    again = browser.post(url, {"person": leader.email, "confirmed_for": leader.pk})
    assert again.status_code == 302
    assert seminar.registrations.filter(user=leader).exists()


def test_a_confirmation_is_for_one_person(cast, seminar, other, leader, signed_in):
    for person in (leader, cast.employee):
        make_registration(other, person)
    url = reverse("attendance:register_other", args=[seminar.pk])
    data = {"person": leader.email, "confirmed_for": cast.employee.pk}
    assert signed_in(cast.organiser).post(url, data).status_code == 200
    assert not seminar.registrations.exists()


def test_the_list_hints_at_those_with_a_clash(cast, seminar, other, leader, signed_in):
    make_registration(other, leader)
    url = reverse("seminars:register_list", args=[seminar.pk])
    data = {"lines": f"{leader.email}\n{cast.employee.email}"}
    page = signed_in(cast.organiser).post(url, data).content.decode()
    assert page.count("Har noe annet samtidig") == 1
    assert SECRET not in page


def test_who_is_free_is_registered_at_once(cast, seminar, other, leader, signed_in):
    make_registration(other, leader)
    url = reverse("seminars:own_staff", args=[seminar.pk])
    assert signed_in(leader).post(url, {"person": cast.employee.email}).status_code == 302
    assert seminar.registrations.get().user == cast.employee
