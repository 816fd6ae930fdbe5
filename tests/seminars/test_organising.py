"""Making, changing, publishing and cancelling; and that everybody's calendar follows."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from icalendar import Calendar

from common.dates import OSLO, local
from common.working_time import is_working_day
from people.models import AuditRecord
from seminars.editing.actions import cancel_seminar, change_seminar, create_seminar, publish_seminar
from seminars.editing.editor_forms import SeminarEditor
from seminars.editing.new_seminar import closing_date, last_promotion
from seminars.invitations.actions import invite_leaders
from seminars.models import Registration, Seminar, SeminarState
from seminars.refusals import CapacityTooLow, NotChangeable
from seminars.seats.ways_in import register_for_seminar
from seminars.seminar_content import (
    ProgrammeContent,
    SeminarContent,
    SessionContent,
    SpeakerContent,
)
from tests import clock
from tests.seminars.factories import make_participants, make_registration, make_seminar

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def content_of(seminar: Seminar, **changes) -> SeminarContent:
    """What the form sends when nothing but `changes` was typed."""
    fields = {
        field.name: getattr(seminar, field.name)
        for field in dataclasses.fields(SeminarContent)
        if field.name not in ("sessions", "programme", "speakers")
    }
    sessions = [
        SessionContent(
            row.starts_at,
            row.ends_at,
            row.title,
            row.room,
            row.pk,
            choice=row.choice_group.title if row.choice_group else "",
            capacity=row.capacity,
        )
        for row in seminar.sessions.select_related("choice_group")
    ]
    return SeminarContent(**fields | {"sessions": sessions} | changes)


def moved(seminar: Seminar, by: dt.timedelta) -> list[SessionContent]:
    return [
        dataclasses.replace(row, starts_at=row.starts_at + by, ends_at=row.ends_at + by)
        for row in content_of(seminar).sessions
    ]


def letters(user) -> list[tuple[str, str]]:
    return list(user.letters.order_by("pk").values_list("kind", "calendar_method"))


def events(user, kind: str) -> list[tuple[str, str, int, dt.datetime]]:
    found = []
    for letter in user.letters.filter(kind__in=[f"seminars.{kind}", "seminars.session"]):
        for event in Calendar.from_ical(letter.calendar).walk("VEVENT"):
            found.append(
                (str(event["UID"]), letter.calendar_method, event["SEQUENCE"], event.start)
            )
    return found


@pytest.fixture
def content(cast, now) -> SeminarContent:
    start = (now + dt.timedelta(days=30)).replace(microsecond=0)
    return SeminarContent(
        title="Ny som leder",
        summary="De første hundre dagene.",
        organiser_unit=cast.other_agency,
        capacity=20,
        registration_opens_at=now,
        registration_closes_at=start - HOUR,
        place_name="Rådhuset",
        sessions=[SessionContent(start, start + 3 * HOUR)],
        programme=[ProgrammeContent(start, "Velkommen")],
        speakers=[SpeakerContent("Solveig Bråten")],
    )


def test_create_makes_a_draft_with_all_its_rows(content, organiser, now):
    seminar = create_seminar(content=content, by=organiser, now=now)
    (session,) = seminar.sessions.all()
    assert (seminar.state, seminar.created_by) == ("draft", organiser)
    assert (seminar.starts_at, seminar.ends_at) == (session.starts_at, session.ends_at)
    assert [item.title for item in seminar.programme.all()] == ["Velkommen"]
    assert [speaker.name for speaker in seminar.speakers.all()] == ["Solveig Bråten"]
    assert AuditRecord.objects.get().action == "seminars.create"


def test_publish_shows_the_seminar_and_sends_nothing(content, organiser, leader, now):
    seminar = create_seminar(content=content, by=organiser, now=now)
    assert list(Seminar.objects.visible_to(leader, on=clock.today())) == []
    publish_seminar(seminar=seminar, by=organiser, now=now)
    assert list(Seminar.objects.visible_to(leader, on=clock.today())) == [seminar]
    assert letters(leader) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "allerede publisert"),
        ({"state": "draft", "days": -1}, "passert"),
        ({"state": "draft", "place_name": ""}, "sted eller lenke"),
    ],
)
def test_publish_is_refused_clearly(cast, organiser, now, fields, words):
    starts_at = now + dt.timedelta(days=fields.pop("days", 5))
    seminar = make_seminar(cast.other_agency, created_by=organiser, starts_at=starts_at, **fields)
    with pytest.raises(NotChangeable, match=words):
        publish_seminar(seminar=seminar, by=organiser, now=now)


def test_change_of_time_moves_the_event_in_every_calendar(seminar, leader, organiser, now):
    register_for_seminar(seminar=seminar, by=leader, now=now)
    change_seminar(
        seminar=seminar,
        content=content_of(seminar, sessions=moved(seminar, HOUR)),
        by=organiser,
        now=now,
    )
    (first,) = events(leader, "confirmed")
    (second,) = events(leader, "changed")
    assert (second[0], second[1], second[2]) == (first[0], "REQUEST", first[2] + 1)
    assert second[3] == first[3] + HOUR
    assert Seminar.objects.get(pk=seminar.pk).starts_at == seminar.starts_at + HOUR


@pytest.mark.parametrize("field", ["title", "place_name", "address", "room", "meeting_url"])
def test_change_of_place_or_name_is_told(seminar, leader, organiser, now, field):
    make_registration(seminar, leader)
    value = "https://meet.example.org/1" if field == "meeting_url" else "Noe nytt"
    change_seminar(
        seminar=seminar, content=content_of(seminar, **{field: value}), by=organiser, now=now
    )
    assert letters(leader) == [("seminars.changed", "REQUEST")]


@pytest.mark.parametrize(
    "change",
    [{"summary": "Nytt"}, {"description": "Nytt"}, {"audience": "Alle"}, {"capacity": 31}, {}],
)
def test_change_of_anything_else_disturbs_nobody(seminar, leader, organiser, now, change):
    registration = make_registration(seminar, leader)
    change_seminar(seminar=seminar, content=content_of(seminar, **change), by=organiser, now=now)
    assert letters(leader) == []
    assert Registration.objects.get(pk=registration.pk).calendar_sequence == 0


def test_change_is_told_to_the_waiting_without_a_calendar_part(seminar, leader, organiser, now):
    make_registration(seminar, leader, state="waitlisted")
    Seminar.objects.filter(pk=seminar.pk).update(capacity=1)
    make_participants(seminar, organiser.positions.get().unit, 1)
    for hours in (1, 2):
        seminar.refresh_from_db()
        sessions = moved(seminar, hours * HOUR)
        change_seminar(
            seminar=seminar, content=content_of(seminar, sessions=sessions), by=organiser, now=now
        )
    assert letters(leader) == [("seminars.changed", "")] * 2


def test_change_of_a_draft_tells_nobody(cast, leader, organiser, now):
    draft = make_seminar(cast.other_agency, created_by=organiser, state=SeminarState.DRAFT)
    make_registration(draft, leader, state="waitlisted")
    change_seminar(
        seminar=draft, content=content_of(draft, place_name="Nytt"), by=organiser, now=now
    )
    assert letters(leader) == []


def test_a_dropped_session_leaves_the_calendar_and_a_new_one_enters(
    seminar, leader, organiser, now
):
    kept = seminar.sessions.get()
    dropped = seminar.sessions.create(
        starts_at=kept.ends_at + 24 * HOUR, ends_at=kept.ends_at + 26 * HOUR, title="Del to"
    )
    seminar.refresh_from_db()
    register_for_seminar(seminar=seminar, by=leader, now=now)
    before = {event[0]: event for event in events(leader, "confirmed")}
    assert len(before) == 2
    fresh = SessionContent(dropped.ends_at + HOUR, dropped.ends_at + 2 * HOUR, "Del to")
    sessions = [*content_of(seminar).sessions[:1], fresh]
    change_seminar(
        seminar=seminar, content=content_of(seminar, sessions=sessions), by=organiser, now=now
    )
    after = [event for event in events(leader, "changed") if event[2] == 1]
    gone = [event[0] for event in after if event[1] == "CANCEL"]
    assert len(gone) == 1
    assert gone[0] in before
    assert len([event for event in after if event[1] == "REQUEST"]) == 2
    assert len({event[0] for event in after}) == 3


def test_more_seats_go_to_the_queue_at_once(cast, organiser, now):
    seminar = make_seminar(cast.other_agency, created_by=organiser, capacity=1)
    make_participants(seminar, cast.unit, 1)
    first, second = make_participants(seminar, cast.unit, 2, state="waitlisted")
    change_seminar(seminar=seminar, content=content_of(seminar, capacity=2), by=organiser, now=now)
    states = [Registration.objects.get(pk=row.pk).state for row in (first, second)]
    assert states == ["registered", "waitlisted"]


def test_fewer_seats_than_people_is_refused(cast, organiser, now):
    seminar = make_seminar(cast.other_agency, created_by=organiser, capacity=3)
    make_participants(seminar, cast.unit, 2)
    with pytest.raises(CapacityTooLow, match="2 personer har plass"):
        change_seminar(
            seminar=seminar, content=content_of(seminar, capacity=1), by=organiser, now=now
        )
    change_seminar(seminar=seminar, content=content_of(seminar, capacity=2), by=organiser, now=now)
    assert Seminar.objects.get(pk=seminar.pk).capacity == 2


def test_change_of_what_is_over_or_called_off_is_refused(cast, organiser, now):
    over = make_seminar(
        cast.other_agency, created_by=organiser, starts_at=now - dt.timedelta(days=2)
    )
    called_off = make_seminar(cast.other_agency, created_by=organiser, state=SeminarState.CANCELLED)
    for seminar, words in ((over, "er over"), (called_off, "er avlyst")):
        with pytest.raises(NotChangeable, match=words):
            change_seminar(seminar=seminar, content=content_of(seminar), by=organiser, now=now)


def test_cancel_tells_everybody_who_was_in_or_invited(cast, organiser, now):
    seminar = make_seminar(cast.other_agency, created_by=organiser, capacity=1)
    invite_leaders(seminar=seminar, units=[cast.agency], by=organiser, now=now)
    register_for_seminar(seminar=seminar, by=cast.leader, now=now)
    register_for_seminar(seminar=seminar, by=cast.employee, now=now)
    make_registration(seminar, cast.stranger, state="withdrawn")
    cancel_seminar(seminar=seminar, reason="Kursholderen er syk.", by=organiser, now=now)
    assert letters(cast.leader)[2:] == [("seminars.cancelled", "CANCEL")]
    assert letters(cast.employee)[1:] == [("seminars.cancelled", "")]
    assert letters(cast.manager)[1:] == [("seminars.invitation_cancelled", "")]
    assert letters(cast.stranger) == []
    (made,), (gone,) = events(cast.leader, "confirmed"), events(cast.leader, "cancelled")
    assert (gone[0], gone[2]) == (made[0], made[2] + 1)
    assert "Kursholderen er syk." in cast.leader.letters.get(kind="seminars.cancelled").text


def test_cancel_keeps_who_would_have_come(seminar, leader, organiser, now):
    make_registration(seminar, leader)
    cancel_seminar(seminar=seminar, reason="Streik", by=organiser, now=now)
    assert Registration.objects.get().state == "registered"
    record = AuditRecord.objects.get(action="seminars.cancel")
    assert (record.actor, record.reason) == (organiser, "Streik")


def test_cancel_twice_or_too_late_is_refused(cast, seminar, organiser, now):
    cancel_seminar(seminar=seminar, reason="Streik", by=organiser, now=now)
    over = make_seminar(
        cast.other_agency, created_by=organiser, starts_at=now - dt.timedelta(days=2)
    )
    for row in (seminar, over):
        with pytest.raises(NotChangeable):
            cancel_seminar(seminar=row, reason="Streik", by=organiser, now=now)


@pytest.mark.parametrize("days", range(7))
def test_a_new_seminar_is_suggested_on_a_day_of_work(organiser, now, days):
    editor = SeminarEditor(user=organiser, now=now + dt.timedelta(days=days))
    session = editor.sessions.forms[0].initial
    starts, ends = local(session["starts_at"]), local(session["ends_at"])
    assert is_working_day(starts.date())
    assert (starts.time(), ends.time()) == (dt.time(9), dt.time(15))
    assert 40 < (starts - now).days - days < 54


TUESDAY = dt.datetime(2027, 6, 8, 9, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("opens_at", "promotion_ends_at", "closes_at"),
    [
        (TUESDAY - 30 * DAY, None, TUESDAY - 7 * DAY),
        (TUESDAY - 3 * DAY, None, TUESDAY - 21 * HOUR),
        (TUESDAY - HOUR, None, TUESDAY),
        (TUESDAY + HOUR, None, TUESDAY),
        (TUESDAY - 30 * DAY, TUESDAY - 10 * DAY, TUESDAY - 10 * DAY),
    ],
)
def test_the_closing_date_follows_from_the_start(opens_at, promotion_ends_at, closes_at):
    found = closing_date(TUESDAY, opens_at=opens_at, promotion_ends_at=promotion_ends_at)
    assert found == closes_at


def test_the_last_moves_up_at_noon_on_the_working_day_before_and_not_before_it_closes():
    monday = TUESDAY - DAY
    friday_noon = dt.datetime(2027, 6, 4, 12, tzinfo=OSLO)
    assert last_promotion(monday, closes_at=monday - 7 * DAY) == friday_noon
    assert last_promotion(monday, closes_at=monday - HOUR) == monday - HOUR
