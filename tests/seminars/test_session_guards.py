"""That no parallel session can be oversold around the code, nor chosen where it is no choice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, RestrictedError

from seminars.models import ChoiceGroup, Registration, Seminar, Session, SessionChoice
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
)


@pytest.fixture
def rooms(seminar) -> list[Session]:
    return make_choice(seminar, 2, 30)


def refused(name: str, work: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        work()
    assert caught.value.__cause__.diag.constraint_name == name


def fill(seminar, cast, session) -> None:
    for row in make_participants(seminar, cast.unit, session.capacity):
        choose(row, session)


def test_a_full_session_gives_no_more_seats(seminar, rooms, cast):
    fill(seminar, cast, rooms[0])
    late = make_registration(seminar, cast.leader)
    refused("session_is_never_overbooked", lambda: choose(late, rooms[0]))
    choose(late, rooms[1])
    refused(
        "session_is_never_overbooked",
        lambda: SessionChoice.objects.filter(registration=late).update(session=rooms[0]),
    )


def test_without_the_guard_it_would(seminar, rooms, cast):
    """The positive control."""
    fill(seminar, cast, rooms[0])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE seminars_sessionchoice DISABLE TRIGGER USER")
    choose(make_registration(seminar, cast.leader), rooms[0])
    assert seminar.sessions.with_seats_taken().get(pk=rooms[0].pk).taken == 3


def test_a_wish_for_a_full_session_is_no_seat(seminar, rooms, cast):
    fill(seminar, cast, rooms[0])
    waiting = make_registration(seminar, cast.leader, state="waitlisted")
    choose(waiting, rooms[0])
    refused(
        "session_is_never_overbooked",
        lambda: Registration.objects.filter(pk=waiting.pk).update(
            state="registered", confirmed_at=waiting.created_at
        ),
    )


def test_a_withdrawn_persons_choice_is_free(seminar, rooms, cast):
    fill(seminar, cast, rooms[0])
    gone = seminar.registrations.first()
    Registration.objects.filter(pk=gone.pk).update(state="withdrawn", withdrawn_at=gone.queued_at)
    Registration.objects.filter(pk=gone.pk).update(withdrawn_at=gone.confirmed_at)
    choose(make_registration(seminar, cast.leader), rooms[0])


def test_a_session_cannot_be_made_smaller_than_its_use(seminar, rooms, cast):
    fill(seminar, cast, rooms[0])
    smaller = Session.objects.filter(pk=rooms[0].pk)
    refused("session_is_never_overbooked", lambda: smaller.update(capacity=1))


def test_a_choice_is_of_its_group_and_seminar(seminar, rooms, cast):
    row = make_registration(seminar, cast.leader)
    other = make_seminar(cast.other_agency, created_by=cast.organiser)
    (foreign, _more) = make_choice(other, 30, 30)
    common = seminar.sessions.get(choice_group=None)
    name = "session_choice_is_of_its_group"
    refused(name, lambda: choose(row, foreign))
    refused(
        name,
        lambda: SessionChoice.objects.create(
            registration=row, session=common, group=rooms[0].choice_group
        ),
    )


def test_a_chosen_session_stays_in_its_choice(seminar, rooms, cast):
    choose(make_registration(seminar, cast.leader), rooms[0])
    other = make_choice(seminar, 30, title="Økt 3")[0].choice_group
    moving = Session.objects.filter(pk=rooms[0].pk)
    name = "session_choice_is_of_its_group"
    refused(name, lambda: moving.update(choice_group=other))
    refused(name, lambda: moving.update(choice_group=None, capacity=None))


def test_a_session_is_parallel_to_those_of_its_own_seminar(seminar, rooms, cast):
    other = make_seminar(cast.other_agency, created_by=cast.organiser)
    refused(
        "session_is_of_its_group",
        lambda: Session.objects.filter(seminar=other).update(
            choice_group=rooms[0].choice_group, capacity=3
        ),
    )


def test_one_goes_to_one_of_them(seminar, rooms, cast):
    row = make_registration(seminar, cast.leader)
    choose(row, rooms[0])
    refused("session_choice_is_one_in_a_group", lambda: choose(row, rooms[1]))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"capacity": 3}, "session_to_choose_has_its_seats"),
        ({"meeting_url": "https://m.example.org"}, "session_with_a_link_is_digital"),
        (
            {"form": "in_place", "meeting_url": "https://m.example.org"},
            "session_with_a_link_is_digital",
        ),
        ({"form": "telepathy"}, "session_form_is_known"),
    ],
)
def test_a_session_makes_sense(seminar, values, name):
    refused(name, lambda: seminar.sessions.update(**values))


def test_a_parallel_session_has_seats(rooms):
    for capacity in (None, 0):
        refused(
            "session_to_choose_has_its_seats",
            lambda capacity=capacity: Session.objects.filter(pk=rooms[0].pk).update(
                capacity=capacity
            ),
        )


def test_a_choice_is_not_taken_away_from_its_sessions(seminar, rooms):
    with pytest.raises((ProtectedError, RestrictedError)):
        rooms[0].choice_group.delete()
    refused(
        "choice_group_has_a_title_of_its_own",
        lambda: ChoiceGroup.objects.create(seminar=seminar, title="Økt 2"),
    )
    refused(
        "choice_group_has_a_title", lambda: ChoiceGroup.objects.create(seminar=seminar, title="")
    )


def at_the_end(work: Callable[[], object]) -> None:
    """What a transaction asks before it commits."""
    work()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "work",
    [
        lambda seminar, rooms: Session.objects.filter(pk=rooms[1].pk).update(capacity=27),
        lambda seminar, rooms: rooms[1].delete(),
        lambda seminar, rooms: Session.objects.filter(pk=rooms[1].pk).update(
            choice_group=None, capacity=None
        ),
        lambda seminar, rooms: Seminar.objects.filter(pk=seminar.pk).update(capacity=33),
        lambda seminar, rooms: ChoiceGroup.objects.create(seminar=seminar, title="Økt 3"),
        lambda seminar, rooms: make_choice(seminar, 14, 15, title="Økt 3"),
    ],
    ids=["smaller", "dropped", "common", "larger hall", "empty choice", "new choice"],
)
def test_a_choice_has_room_for_the_whole_hall(seminar, rooms, work):
    at_the_end(lambda: None)  # the choice was made before: what guards its making asks no more
    refused("choice_has_room_for_the_hall", lambda: at_the_end(lambda: work(seminar, rooms)))


def test_a_choice_just_as_large_as_the_hall_is_large_enough(seminar, rooms):
    """Also when it is too small in between: it is asked at the end of the transaction."""
    with transaction.atomic():
        Seminar.objects.filter(pk=seminar.pk).update(capacity=40)
        Session.objects.filter(pk=rooms[1].pk).update(capacity=38)
        make_choice(seminar, 1, 39, title="Økt 3")
        at_the_end(lambda: None)
    assert [one.capacity for one in seminar.sessions.parallel()] == [2, 38, 1, 39]


def test_a_choice_may_go_with_all_its_sessions(seminar, rooms):
    with transaction.atomic():
        seminar.sessions.parallel().delete()
        rooms[0].choice_group.delete()
        at_the_end(lambda: None)
    assert not seminar.choice_groups.exists()


def test_the_seminar_knows_whether_it_has_choices(seminar, rooms):
    assert seminar.has_choices is True
    seminar.sessions.parallel().delete()
    rooms[0].choice_group.delete()
    seminar.refresh_from_db()
    assert seminar.has_choices is False
