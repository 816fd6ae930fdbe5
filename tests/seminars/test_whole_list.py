"""The participants a page at a time, as they would come sorted all together."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from seminars.models import Seminar
from seminars.page_queries import programme_of, seminar_for
from seminars.participants.participant_pages import WholeList
from seminars.participants.participant_rows import RowActions, participant_rows
from seminars.rules import organises, organises_shown
from tests.factories import make_employee, make_role
from tests.seminars.factories import make_participants, make_registration, make_seminar


@pytest.fixture
def mixed(cast, now):
    """Seats and a queue in an order that is that of no name."""
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    states = ["registered", "waitlisted", "offered", "withdrawn", "waitlisted", "registered"]
    names = ["Åse", "Ada", "Øyvind", "Berit", "Ærlend", "Aage"]
    for number, (state, name) in enumerate(zip(states, names, strict=True)):
        at = now - dt.timedelta(hours=9 - (number * 5) % 6)
        make_registration(seminar, make_employee(cast.unit, name), state=state, at=at)
    return Seminar.objects.with_seat_counts().get(pk=seminar.pk)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 10])
def test_pages_are_those_of_the_plain_order(mixed, size):
    plain = list(mixed.registrations.active().in_list_order().values_list("pk", flat=True))
    whole = WholeList(mixed)
    pages = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert (len(whole), [pk for page in pages for pk in page]) == (5, plain)
    assert max(len(page) for page in pages) <= size


@pytest.mark.parametrize("query", ["", "?q=a", "?state=waitlisted", "?side=2"])
def test_the_list_counts_and_shows_the_same(mixed, signed_in, organiser, query):
    page = signed_in(organiser).get(reverse("seminars:participants", args=[mixed.pk]) + query)
    shown = page.context["page"]
    assert shown.paginator.count == len(shown.object_list)


@pytest.mark.parametrize(
    ("may_remove", "may_choose", "may_restore"),
    [(1, 1, 1), (1, 0, 1), (0, 0, 1), (0, 1, 0), (0, 0, 0)],
)
def test_each_row_says_its_own_state_and_leads_to_its_own_pages(
    mixed, cast, now, may_remove, may_choose, may_restore
):
    for name, unit in (("Ola", cast.unit), ("Kari", cast.agency)):
        where = {"unit": unit, "agency": cast.agency, "approver": cast.leader}
        make_registration(mixed, make_employee(unit, name), state="declined", **where)
    people = mixed.registrations.with_people().order_by("pk")
    rows = participant_rows(people, mixed, RowActions(may_remove, may_choose, may_restore))
    assert [row.registration for row in rows] == list(people)
    for row in rows:
        one = row.registration
        assert f"<span>{one.get_state_display()}</span>" in row.state_tag
        assert (row.name, row.email) == (one.user.name, one.user.email)
        assert [row.choose_url, row.substitute_url, row.remove_url, row.restore_url] == [
            reverse(f"seminars:{name}", args=[mixed.pk, one.pk]) if is_there else ""
            for name, is_there in (
                ("choose_for", may_choose and one.is_active),
                ("substitute", may_remove and one.has_seat),
                ("remove_participant", may_remove and one.is_active),
                ("restore_declined", may_restore and one.is_declined),
            )
        ]
    places = [(row.agency, row.unit) for row in rows]
    assert places[-2:] == [(cast.agency.name, cast.unit.name), (cast.agency.name, "")]
    assert set(places[:-2]) == {("–", "")}


def test_the_organisers_list_asks_five_questions(mixed, cast, signed_in, organiser):
    make_participants(mixed, cast.unit, 12)
    make_participants(mixed, cast.unit, 12, state="waitlisted")
    browser = signed_in(organiser)
    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse("seminars:participants", args=[mixed.pk]))
    assert len(asked) == 5


@pytest.mark.parametrize("kind", ["organiser", "leader", "stranger", "administrator", "hr"])
def test_roles_that_come_along_are_those_the_rules_find(mixed, cast, now, today, kind):
    person = getattr(cast, kind)
    shown = seminar_for(person, mixed.pk, now)
    assert organises_shown(shown) == organises(person, mixed, today)


def test_roles_hold_on_the_unit_and_below_and_not_beside(mixed, cast, now, today):
    for unit in (cast.municipality, cast.other_agency, cast.agency, cast.other_unit):
        person = make_employee(cast.unit, f"Arrangør på {unit}")
        make_role(person, "organiser", unit)
        shown = seminar_for(person, mixed.pk, now)
        holds = unit in (cast.municipality, cast.other_agency)
        assert (organises_shown(shown), organises(person, mixed, today)) == (
            holds,
            holds,
        )


def test_the_content_is_what_the_rows_say(mixed, cast, now, leader):
    for hour in (3, 1, 2):
        mixed.programme.create(
            starts_at=now + dt.timedelta(hours=hour), title=f"«{hour}»", description="<b>'"
        )
    mixed.speakers.create(name="Å", title="", biography="Linje 1\nLinje 2")
    mixed.speakers.create(name="B", title="x")
    content = programme_of(seminar_for(leader, mixed.pk, now))
    fields = ("pk", "starts_at", "title", "description")
    items = [one.item for one in content.programme]
    assert [tuple(getattr(one, name) for name in fields) for one in items] == list(
        mixed.programme.values_list(*fields)
    )
    fields = ("pk", "name", "title", "biography")
    assert [tuple(getattr(one, name) for name in fields) for one in content.speakers] == list(
        mixed.speakers.values_list(*fields)
    )
    assert [one.starts_on for one in content.programme] == [
        one.starts_on for one in mixed.programme.all()
    ]
