"""Search, filters, visibility and counts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from common.norwegian import search_fold
from people.models import Role
from seminars.models import Registration, Seminar, SeminarState
from tests import clock
from tests.factories import make_employee, make_role
from tests.seminars.factories import make_participants, make_registration, make_seminar

TEXTS = {
    "title": "Tillitsbasert ledelse på Grønland",
    "summary": "Om å gi rom for fagfolk.",
    "description": "Øvelser i små grupper, og samtaler om ærlige tilbakemeldinger.",
    "audience": "Seksjonsledere",
    "place_name": "Rådhuset",
}


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("", True),
        ("   ", True),
        ("ledelse", True),
        ("LEDELSE", True),
        ("tillit", True),
        ("ledelse tillitsbasert", True),
        ("ledelse økonomi", False),
        ("gronland", True),
        ("grønland", True),
        ("groenland", True),
        ("raadhuset", True),
        ("rådhus", True),
        ("øvelse", True),
        ("oevelsene", True),
        ("aerlig", True),
        ("seksjonsled", True),
        ("på grønland", True),
        ("'; drop table", False),
        ("tillit:* | & !", True),
        ("økonomi", False),
        ("ledere", True),
        ("samtalen", True),
        ("melding", True),
        ("meldingene", True),
        ("huset", True),
        ("hus", True),
        ("dhu", False),
        ("på", True),
        ("!?", False),
        ("–", False),
        ("***", False),
        (",;/", False),
        ("🙂", False),
    ],
)
def test_matching_finds_words_as_people_type_them(cast, typed, is_found):
    make_seminar(cast.other_agency, created_by=cast.organiser, **TEXTS)
    assert Seminar.objects.matching(typed).exists() is is_found


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Personalledelse", "ledelse"),
        ("Personalledelse", "ledelsen"),
        ("Lederkurs for nye", "kurs"),
        ("Lederkurs for nye", "kurset"),
        ("Medarbeidersamtalen", "samtale"),
        ("Medarbeidersamtalen", "samtaler"),
        ("Virksomhetsoppdrag på Grønland", "oppdraget gronland"),
        ("Å lede på Tøyen", "toyen"),
        ("Årsmøte", "moete"),
    ],
)
def test_words_are_found_within_compounds(cast, title, typed):
    make_seminar(cast.other_agency, created_by=cast.organiser, title=title, summary="Tall.")
    make_seminar(cast.other_agency, created_by=cast.organiser, title="Økonomi", summary="Tall.")
    assert [seminar.title for seminar in Seminar.objects.matching(typed)] == [title]


@given(st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), max_size=40))
@pytest.mark.django_db
def test_any_text_is_a_search_and_no_error(text):
    assert list(Seminar.objects.matching(text)[:1]) == []


@given(st.text(alphabet=st.characters(exclude_characters="\x00", codec="utf-8"), max_size=40))
@example("ÆØÅ æøå Aasen Ødegård")
@example("éèêóòôáàâ ŠČĐŊŦŽ šč ÄÖÜ äöü ß ẞ ı İ ə ĸ")
@example("aaae oeue O'B’r ﬁ ﷺ ǆ \u0301e\u0301")
@pytest.mark.django_db
def test_fold_is_the_databases_fold(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT norwegian_search_fold(%s)", [text])
        (folded,) = cursor.fetchone()
    assert search_fold(text) == folded


def test_visible_to_shows_drafts_to_the_organisers_of_the_subtree_alone(cast):
    draft = make_seminar(cast.unit, created_by=cast.organiser, state=SeminarState.DRAFT)
    near = make_employee(cast.agency)
    make_role(near, Role.ORGANISER, cast.department)
    far = make_employee(cast.agency)
    make_role(far, Role.ORGANISER, cast.sibling_unit)
    seen = [
        Seminar.objects.visible_to(user, on=clock.today()).filter(pk=draft.pk).exists()
        for user in (cast.organiser, near, far, cast.leader, cast.hr, cast.stranger)
    ]
    assert seen == [True, True, False, False, False, False]


def test_visible_to_follows_the_roles_dates(cast, today):
    draft = make_seminar(cast.unit, created_by=cast.organiser, state=SeminarState.DRAFT)
    former = make_employee(cast.agency)
    make_role(former, Role.ORGANISER, cast.agency, until=today - dt.timedelta(days=1))
    assert Seminar.objects.visible_to(former, on=today).filter(pk=draft.pk).exists() is False


def test_visible_to_shows_a_cancelled_one_to_those_who_were_in(cast):
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, state=SeminarState.CANCELLED
    )
    make_registration(seminar, cast.leader)
    make_registration(seminar, cast.employee, state="waitlisted")
    make_registration(seminar, cast.manager, state="withdrawn")
    people = (cast.leader, cast.employee, cast.manager, cast.stranger, cast.organiser)
    seen = [Seminar.objects.visible_to(user, on=clock.today()).exists() for user in people]
    assert seen == [True, True, False, False, True]


def test_upcoming_and_past_split_at_the_end(cast, now):
    rows = [
        make_seminar(
            cast.other_agency, created_by=cast.organiser, starts_at=now + dt.timedelta(hours=hours)
        )
        for hours in (48, 24, -2, -24, -48)
    ]
    ahead, nearest, running, yesterday, before = rows
    assert list(Seminar.objects.upcoming(now)) == [running, nearest, ahead]
    assert list(Seminar.objects.past(now)) == [yesterday, before]


def test_with_seat_counts_counts_rows_by_state(cast, leader):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=4)
    make_participants(seminar, cast.unit, 2)
    make_participants(seminar, cast.unit, 1, state="offered")
    make_participants(seminar, cast.unit, 3, state="waitlisted")
    make_registration(seminar, leader, state="withdrawn")
    empty = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=4)
    counted = Seminar.objects.with_seat_counts().in_bulk()
    assert [
        (row.seats_taken, row.seats_left, row.waiting_count)
        for row in (counted[seminar.pk], counted[empty.pk])
    ] == [(3, 1, 3), (0, 4, 0)]


def test_with_free_seats_leaves_out_the_full(cast):
    full = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_participants(full, cast.unit, 1)
    free = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    assert list(Seminar.objects.with_free_seats()) == [free]


def test_with_own_state_is_ones_own(seminar, leader, stranger):
    make_registration(seminar, leader, state="waitlisted")
    states = [Seminar.objects.with_own_state(user).get().own_state for user in (leader, stranger)]
    assert states == ["waitlisted", None]


def test_the_search_vector_stays_in_the_database(seminar):
    assert "search" in Seminar.objects.get().get_deferred_fields()


def test_participants_are_listed_with_the_queue_in_its_order(cast):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=2)
    last, first = make_participants(seminar, cast.unit, 2, state="waitlisted")
    Registration.objects.filter(pk=last.pk).update(
        queued_at=first.queued_at + dt.timedelta(minutes=1)
    )
    aase = make_registration(seminar, make_employee(cast.unit, "Åse Aas"))
    berit = make_registration(seminar, make_employee(cast.unit, "Berit Dal"))
    out = make_registration(seminar, make_employee(cast.unit, "Anne Lie"), state="removed")
    assert list(seminar.registrations.in_list_order()) == [berit, aase, first, last, out]


def test_named_matches_part_of_name_or_address(seminar, cast):
    aase = make_registration(
        seminar, make_employee(cast.unit, "Åse Ødegård", email="aase.lund@example.org")
    )
    make_registration(seminar, cast.leader)
    found = [
        list(seminar.registrations.named(text))
        for text in ("aase", "ÅSE", "oedegaard", "lund@", "  ødeg ")
    ]
    assert found == [[aase]] * 5
    assert seminar.registrations.named(" ").count() == 2
