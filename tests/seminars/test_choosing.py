"""Sessions held side by side: who goes where, on whatever way in, and who is told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from icalendar import Calendar

from people.models import AuditRecord
from seminars.editing.actions import cancel_seminar, change_seminar, create_seminar
from seminars.editing.copy_actions import copy_seminar
from seminars.editing.editor_forms import SeminarEditor
from seminars.models import Registration, Session, SessionChoice
from seminars.offers.actions import accept_offer, decline_offer
from seminars.parallel_sessions.actions import change_choices
from seminars.participants.bulk_actions import register_list
from seminars.refusals import NotChangeable, SessionDoesNotFit, SessionIsFull
from seminars.seats.ways_in import register_for_seminar, register_on_behalf, register_staff
from seminars.seats.withdrawal import withdraw_registration
from seminars.seminar_content import SeminarContent, SessionContent
from seminars.substitution.actions import substitute_participant
from tests.factories import make_employee
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
)

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def seminar(cast):
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=4)


@pytest.fixture
def rooms(seminar):
    """Two sessions side by side: A with one seat, B with four."""
    return make_choice(seminar, 1, 4)


def goes_to(registration) -> list[str]:
    fresh = Registration.objects.get(pk=registration.pk)
    return [session.title for session in fresh.own_sessions]


def register(seminar, user, now, session=None):
    choices = {session.choice_group_id: session.pk} if session else None
    return register_for_seminar(seminar=seminar, by=user, now=now, choices=choices)


def change(registration, session, by, now):
    choices = {session.choice_group_id: session.pk}
    return change_choices(registration=registration, choices=choices, by=by, now=now)


def methods(user) -> list[tuple[str, str, int]]:
    """Of the calendar parts in the person's letters: method, session's number, SEQUENCE."""
    told = []
    for letter in user.letters.exclude(calendar="").order_by("pk"):
        whole = Calendar.from_ical(letter.calendar)
        (event,) = whole.events
        number = str(event["UID"]).partition("@")[0].rpartition("-")[2]
        session = Session.objects.filter(pk=number).first()
        name = session.title or "–" if session else "gone"
        told.append((str(whole["METHOD"]), name, int(event["SEQUENCE"])))
    return told


# ---- coming in -----------------------------------------------------------------------------------


def test_whoever_registers_goes_to_what_they_chose(seminar, rooms, leader, now):
    registration = register(seminar, leader, now, rooms[0])
    assert goes_to(registration) == ["", "A"]
    assert registration.choices.get().is_assigned is False
    assert methods(leader) == [("REQUEST", "–", 0), ("REQUEST", "A", 0)]
    letter = leader.letters.get(kind="seminars.confirmed")
    assert "Økt 2: A, " in letter.text
    assert "Du kan velge en annen samling til" in letter.text


def test_a_full_session_is_refused_and_nothing_is_written(seminar, rooms, leader, employee, now):
    register(seminar, employee, now, rooms[0])
    with pytest.raises(SessionIsFull, match="«A» er full") as caught:
        register(seminar, leader, now, rooms[0])
    assert caught.value.session == rooms[0]
    assert not seminar.registrations.filter(user=leader).exists()
    assert not leader.letters.exists()


def test_whoever_chose_nothing_goes_where_there_is_most_room(seminar, rooms, cast, now):
    registration = register_on_behalf(
        seminar=seminar, user=cast.stranger, by=cast.organiser, now=now
    )
    assert goes_to(registration) == ["", "B"]
    assert registration.choices.get().is_assigned is True
    letter = cast.stranger.letters.get(kind="seminars.confirmed")
    assert "Vi har satt deg opp der det er best plass" in letter.text


def test_a_list_is_placed_too(seminar, rooms, cast, now):
    entries = register_list(
        seminar=seminar, people=[cast.stranger, cast.hr], by=cast.organiser, now=now
    )
    assert [goes_to(entry.registration) for entry in entries] == [["", "B"], ["", "B"]]


def test_staff_are_placed_by_their_leader(seminar, rooms, cast, now):
    row = register_staff(seminar=seminar, user=cast.employee, by=cast.leader, now=now)
    assert goes_to(row) == ["", "B"]


def test_while_waiting_a_full_session_may_be_wished_for(seminar, rooms, cast, now):
    make_full(seminar, rooms, cast)
    waiting = register(seminar, cast.leader, now, rooms[0])
    assert (waiting.state, goes_to(waiting)) == ("waitlisted", ["", "A"])
    letter = cast.leader.letters.get()
    assert "Økt 2: A" in letter.text
    assert "hvilken samling du ønsker" in letter.text
    assert letter.calendar == ""


def make_full(seminar, rooms, cast) -> list[Registration]:
    """The first has A, the other three B."""
    rows = make_participants(seminar, cast.unit, 4)
    for number, row in enumerate(rows):
        choose(row, rooms[0] if number == 0 else rooms[1])
    return rows


def test_a_promoted_person_has_their_wish_when_it_has_room(seminar, rooms, cast, now):
    rows = make_full(seminar, rooms, cast)
    waiting = register(seminar, cast.leader, now, rooms[0])
    withdraw_registration(registration=rows[0], by=rows[0].user, now=now)
    waiting.refresh_from_db()
    assert (waiting.state, goes_to(waiting)) == ("registered", ["", "A"])
    assert waiting.choices.get().is_assigned is False


def test_a_promoted_person_goes_elsewhere_when_the_wish_is_full(seminar, rooms, cast, now):
    rows = make_full(seminar, rooms, cast)
    waiting = register(seminar, cast.leader, now, rooms[0])
    withdraw_registration(registration=rows[1], by=rows[1].user, now=now)
    assert goes_to(waiting) == ["", "B"]
    assert waiting.choices.get().is_assigned is True
    letter = cast.leader.letters.get(kind="seminars.promoted")
    assert "Vi har satt deg opp der det er best plass" in letter.text
    assert methods(cast.leader) == [("REQUEST", "–", 0), ("REQUEST", "B", 0)]


def test_an_offer_holds_the_sessions_seat_until_it_is_answered(seminar, rooms, cast, now):
    seminar.offers_expire_after = 48
    seminar.save(update_fields=["offers_expire_after"])
    rows = make_full(seminar, rooms, cast)
    waiting = register(seminar, cast.leader, now, rooms[0])
    withdraw_registration(registration=rows[0], by=rows[0].user, now=now)
    offered = Registration.objects.get(pk=waiting.pk)
    assert (offered.state, goes_to(offered)) == ("offered", ["", "A"])
    assert seminar.sessions.with_seats_taken().get(title="A").taken == 1
    assert methods(cast.leader) == []
    accept_offer(registration=offered, by=cast.leader, now=now)
    assert methods(cast.leader) == [("REQUEST", "–", 0), ("REQUEST", "A", 0)]


def test_a_declined_offer_frees_the_sessions_seat(seminar, rooms, cast, now):
    row = make_registration(seminar, cast.leader, state="offered")
    choose(row, rooms[0])
    decline_offer(registration=row, by=cast.leader, now=now)
    assert seminar.sessions.with_seats_taken().get(title="A").taken == 0


def test_a_substitute_goes_where_the_other_would_have_gone(seminar, rooms, cast, now):
    old = register(seminar, cast.leader, now, rooms[0])
    new = substitute_participant(registration=old, user=cast.employee, by=cast.leader, now=now)
    assert goes_to(new) == ["", "A"]
    assert methods(cast.leader)[2:] == [("CANCEL", "–", 1), ("CANCEL", "A", 1)]
    assert methods(cast.employee) == [("REQUEST", "–", 0), ("REQUEST", "A", 0)]


# ---- choosing anew -------------------------------------------------------------------------------


def test_a_change_takes_one_event_out_and_puts_the_other_in(seminar, rooms, leader, now):
    registration = register(seminar, leader, now, rooms[0])
    change(registration, rooms[1], leader, now)
    assert goes_to(registration) == ["", "B"]
    assert methods(leader)[2:] == [("REQUEST", "B", 1), ("CANCEL", "A", 1)]
    change(registration, rooms[0], leader, now)
    assert methods(leader)[4:] == [("REQUEST", "A", 2), ("CANCEL", "B", 2)]
    letters = leader.letters.filter(kind="seminars.choice_changed")
    assert [letter.subject for letter in letters.order_by("pk")] == [
        "Ny samling for deg på «Tillitsbasert ledelse»"
    ] * 2
    record = AuditRecord.objects.filter(action="seminars.choose").latest("pk")
    assert record.details == {"sessions": [rooms[0].pk]}


def test_the_same_choice_again_tells_nobody(seminar, rooms, leader, now):
    registration = register(seminar, leader, now, rooms[0])
    count = leader.letters.count()
    change(registration, rooms[0], leader, now)
    assert leader.letters.count() == count
    assert not AuditRecord.objects.filter(action="seminars.choose").exists()


def test_choosing_what_one_was_given_makes_it_ones_own_choice(seminar, rooms, leader, now):
    registration = register(seminar, leader, now)
    assert registration.choices.get().is_assigned is True
    change(registration, rooms[1], leader, now)
    assert SessionChoice.objects.get().is_assigned is False


def test_nobody_changes_into_a_full_session(seminar, rooms, cast, now):
    register(seminar, cast.employee, now, rooms[0])
    registration = register(seminar, cast.leader, now, rooms[1])
    with pytest.raises(SessionIsFull):
        change(registration, rooms[0], cast.leader, now)
    assert goes_to(registration) == ["", "B"]


def test_a_wish_is_changed_without_a_letter(seminar, rooms, cast, now):
    make_full(seminar, rooms, cast)
    waiting = register(seminar, cast.leader, now, rooms[0])
    change(waiting, rooms[1], cast.leader, now)
    assert goes_to(waiting) == ["", "B"]
    assert cast.leader.letters.count() == 1


def test_oneself_may_change_until_the_closing_date(seminar, rooms, leader, now):
    registration = register(seminar, leader, now, rooms[0])
    change(registration, rooms[1], leader, seminar.registration_closes_at)
    with pytest.raises(NotChangeable, match="påmeldingsfristen"):
        change(registration, rooms[0], leader, seminar.registration_closes_at + HOUR)


def test_the_organiser_may_change_until_it_begins(seminar, rooms, cast, now):
    registration = register(seminar, cast.leader, now, rooms[0])
    change(registration, rooms[1], cast.organiser, seminar.registration_closes_at + HOUR)
    assert goes_to(registration) == ["", "B"]
    record = AuditRecord.objects.get(action="seminars.choose")
    assert (record.actor, record.on_behalf_of) == (cast.organiser, cast.leader)
    with pytest.raises(NotChangeable, match="startet"):
        change(registration, rooms[0], cast.organiser, rooms[0].starts_at)


# ---- the organiser's changes ---------------------------------------------------------------------


def content_of(seminar, now, **values) -> SeminarContent:
    editor = SeminarEditor(user=seminar.created_by, now=now, seminar=seminar)
    sessions = [SessionContent(**row) for row in editor.sessions.initial]
    return SeminarContent(**editor.form.initial | {"sessions": sessions} | values)


def rewrite(seminar, now, sessions=None, **values):
    content = content_of(seminar, now, **values)
    if sessions is not None:
        content = replace(content, sessions=sessions(list(content.sessions)))
    return change_seminar(seminar=seminar, content=content, by=seminar.created_by, now=now)


def test_a_new_choice_places_all_who_have_a_seat(seminar, cast, now):
    register(seminar, cast.leader, now)
    start = seminar.ends_at

    def divided(sessions):
        new = [
            SessionContent(start, start + HOUR, title, choice="Økt 2", capacity=seats)
            for title, seats in (("A", 2), ("B", 3))
        ]
        return sessions + new

    rewrite(seminar, now, divided)
    (row,) = seminar.registrations.all()
    assert goes_to(row) == ["", "B"]
    assert methods(cast.leader)[1:] == [("REQUEST", "–", 1), ("REQUEST", "B", 1)]
    assert "best plass" in cast.leader.letters.get(kind="seminars.changed").text


def test_a_dropped_session_moves_its_people_to_another(seminar, rooms, cast, now):
    make_choice_of_three = Session.objects.create(
        seminar=seminar,
        choice_group=rooms[0].choice_group,
        title="C",
        capacity=3,
        starts_at=rooms[0].starts_at,
        ends_at=rooms[0].ends_at,
    )
    registration = register(seminar, cast.leader, now, make_choice_of_three)
    rewrite(seminar, now, lambda sessions: [one for one in sessions if one.title != "C"])
    assert goes_to(registration) == ["", "B"]
    assert methods(cast.leader)[2:] == [
        ("REQUEST", "–", 1),
        ("REQUEST", "B", 1),
        ("CANCEL", "gone", 1),
    ]


def test_a_renamed_choice_keeps_what_people_chose(seminar, rooms, leader, now):
    registration = register(seminar, leader, now, rooms[0])
    rename = {"Økt 2": "Etter lunsj", "": ""}
    rewrite(
        seminar, now, lambda sessions: [replace(one, choice=rename[one.choice]) for one in sessions]
    )
    assert [group.title for group in seminar.choice_groups.all()] == ["Etter lunsj"]
    assert goes_to(registration) == ["", "A"]


def test_a_choice_that_is_dissolved_is_for_all(seminar, rooms, leader, now):
    registration = register(seminar, leader, now, rooms[0])
    rewrite(
        seminar,
        now,
        lambda sessions: [replace(one, choice="", capacity=None) for one in sessions],
    )
    seminar.refresh_from_db()
    assert (seminar.has_choices, seminar.choice_groups.count()) == (False, 0)
    assert goes_to(registration) == ["", "A", "B"]


def test_more_seats_in_a_session_disturb_nobody(seminar, rooms, leader, now):
    register(seminar, leader, now, rooms[0])
    count = leader.letters.count()
    rewrite(seminar, now, lambda sessions: [*sessions[:2], replace(sessions[2], capacity=9)])
    assert leader.letters.count() == count
    assert seminar.sessions.get(title="B").capacity == 9


def test_a_session_keeps_the_seats_it_has_given(seminar, rooms, cast, now):
    for person in (cast.leader, cast.employee):
        register(seminar, person, now, rooms[1])
    with pytest.raises(SessionDoesNotFit, match="2 personer har valgt samlingen") as caught:
        rewrite(seminar, now, lambda sessions: [*sessions[:2], replace(sessions[2], capacity=1)])
    assert caught.value.session_pk == rooms[1].pk


def test_a_choice_has_room_for_the_whole_hall(seminar, rooms, now):
    with pytest.raises(SessionDoesNotFit, match="5 plasser til sammen, men seminaret har 6"):
        rewrite(seminar, now, capacity=6)
    seminar.refresh_from_db()
    assert seminar.capacity == 4


def test_a_draft_is_made_with_its_choices(seminar, rooms, cast, now):
    content = content_of(seminar, now)
    content = replace(content, sessions=[replace(one, pk=None) for one in content.sessions])
    made = create_seminar(content=content, by=cast.organiser, now=now)
    assert [(one.title, one.capacity) for one in made.sessions.parallel()] == [("A", 1), ("B", 4)]
    with pytest.raises(SessionDoesNotFit):
        create_seminar(content=replace(content, capacity=9), by=cast.organiser, now=now)


def test_a_copy_has_choices_of_its_own(seminar, rooms, cast, now, today):
    later = today + dt.timedelta(days=200)
    copy = copy_seminar(seminar=seminar, starts_on=later, by=cast.organiser, now=now)
    assert copy.has_choices is True
    groups = {session.choice_group for session in copy.sessions.parallel()}
    assert {(group.title, group.seminar) for group in groups} == {("Økt 2", copy)}
    assert seminar.choice_groups.count() == 1


def test_a_cancelled_seminar_takes_out_what_each_had_chosen(seminar, rooms, cast, now):
    register(seminar, cast.leader, now, rooms[0])
    make_employee(cast.unit, "En annen")
    cancel_seminar(seminar=seminar, reason="Streik", by=cast.organiser, now=now)
    assert methods(cast.leader)[2:] == [("CANCEL", "–", 1), ("CANCEL", "A", 1)]
