from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance import codes
from attendance.door.actions import Sighting, scan
from attendance.door.rules import DoorAnswer
from attendance.models import ScanWay
from outbox.models import Letter
from people.models import User
from reminders.actions import queue_due_reminders
from reminders.due import due_reminders
from seminars.models import Registration, RegistrationState, Seminar, SeminarState, Session
from tests.cast import Cast
from tests.seminars.factories import choose, make_choice, make_registration, make_seminar

START = dt.datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Europe/Oslo"))
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
LONG_AGO = START - 30 * DAY


def letters(to: User) -> list[Letter]:
    return list(Letter.objects.filter(recipient=to, is_reminder=True).order_by("pk"))


@pytest.fixture
def seminar(cast: Cast) -> Seminar:
    return make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title="Å lede med tillit",
        starts_at=START,
        place_name="Rådhuset",
    )


@pytest.fixture
def registration(seminar: Seminar, cast: Cast) -> Registration:
    return make_registration(seminar, cast.leader, at=LONG_AGO)


def test_those_who_have_had_their_letter_are_not_read_again(
    registration: Registration, seminar: Seminar, cast: Cast
) -> None:
    queue_due_reminders(now=START - DAY)
    assert [one.about for one in due_reminders(START - DAY)] == []
    late = make_registration(seminar, cast.employee, at=LONG_AGO)
    assert [one.about for one in due_reminders(START - DAY)] == [late]
    with CaptureQueriesContext(connection) as asked:
        queue_due_reminders(now=START - DAY)
    assert len([one for one in asked if "calendar_uid" in one["sql"]]) == 1
    with CaptureQueriesContext(connection) as asked:
        queue_due_reminders(now=START - DAY)
    assert [one["sql"] for one in asked if "calendar_uid" in one["sql"]] == []


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (START - 8 * DAY, 0),
        (START - 7 * DAY - HOUR - MINUTE, 0),
        (START - 7 * DAY - HOUR, 1),
        (START - 4 * DAY, 1),
        (START - 3 * DAY, 0),
        (START - DAY - HOUR - MINUTE, 0),
        (START - DAY, 1),
        (START - 17 * HOUR - MINUTE, 1),
        (START - 17 * HOUR, 0),
        (START - 2 * HOUR, 0),
        (START + MINUTE, 0),
    ],
)
def test_reminder_is_written_when_it_is_due_and_not_when_it_would_be_silly(
    moment: dt.datetime, written: int, registration: Registration
) -> None:
    assert queue_due_reminders(now=moment) == written
    assert len(letters(registration.user)) == written


@pytest.mark.no_cover
def test_participant_is_reminded_twice_in_all(registration: Registration) -> None:
    moment = START - 10 * DAY
    while moment < START + DAY:
        queue_due_reminders(now=moment)
        moment += 3 * HOUR
    assert len(letters(registration.user)) == 2


def test_portal_that_was_down_a_week_sends_only_the_last(registration: Registration) -> None:
    queue_due_reminders(now=START - 20 * HOUR)
    (letter,) = letters(registration.user)
    assert ":1d:" in letter.key


def test_reminder_says_when_and_where_and_how_to_withdraw(
    registration: Registration, seminar: Seminar
) -> None:
    queue_due_reminders(now=START - DAY)
    (letter,) = letters(registration.user)
    assert letter.subject == "Påminnelse: «Å lede med tillit» 24. november"
    assert "Når: tirsdag 24. november 2026 kl. 09.00–15.30" in letter.text
    assert "Hvor: Rådhuset" in letter.text
    assert f"http://testserver/seminarer/{seminar.pk}/" in letter.text
    assert "Vil du ikke ha påminnelser? http://testserver/brev/paminnelser/" in letter.text
    assert (letter.is_reminder, letter.kind) == (True, "reminders.seminar_soon")
    assert (letter.about_type, letter.about_id) == ("seminars.registration", str(registration.pk))


def codes_in(letter: Letter) -> list[str]:
    return re.findall(r"LP[0-9]+[.][A-Z2-7]{16}", letter.text)


def test_letter_of_the_day_before_has_the_code_in_letters_and_as_a_picture(
    registration: Registration, seminar: Seminar
) -> None:
    queue_due_reminders(now=START - 7 * DAY)
    queue_due_reminders(now=START - DAY)
    early, late = letters(registration.user)
    code = codes.code_of(registration.pk, codes.key_of(seminar))
    assert (codes_in(early), early.images) == ([], [])
    assert codes_in(late) == [code]
    assert f"Koden din ved døren: {code}" in late.text
    (picture,) = late.pictures
    assert (picture.png, picture.alt) == (codes.png_of(code), "Koden din som QR-kode")
    assert f"cid:{picture.content_id}" in late.html


def test_code_of_the_letter_opens_the_door_until_the_seat_is_given_up(
    registration: Registration, seminar: Seminar, cast: Cast
) -> None:
    queue_due_reminders(now=START - DAY)
    (code,) = codes_in(letters(registration.user)[0])
    session = seminar.sessions.get()
    seen = Sighting(key=uuid.uuid4(), device_time=START, way=ScanWay.CODE, code=code)
    Registration.objects.filter(pk=registration.pk).update(
        state="withdrawn", withdrawn_at=START - HOUR
    )
    answer = scan(session=session, seen=seen, by=cast.organiser, now=START)
    assert answer.answer == DoorAnswer.NOT_REGISTERED
    Registration.objects.filter(pk=registration.pk).update(state="registered", withdrawn_at=None)
    answer = scan(session=session, seen=seen, by=cast.organiser, now=START)
    assert answer.answer == DoorAnswer.WELCOME


def test_gathering_without_a_door_has_no_code(registration: Registration, seminar: Seminar) -> None:
    seminar.sessions.update(form="digital", meeting_url="https://mote.example.org/1")
    queue_due_reminders(now=START - DAY)
    (letter,) = letters(registration.user)
    assert (codes_in(letter), letter.images) == ([], [])
    assert "ved døren" not in letter.text


def test_code_of_a_letter_that_failed_is_nothing_for_an_administrator(
    registration: Registration, cast: Cast, client: Client
) -> None:
    queue_due_reminders(now=START - DAY)
    (letter,) = letters(registration.user)
    (code,) = codes_in(letter)
    Letter.objects.filter(pk=letter.pk).update(state="failed", last_error="550 5.1.1 Unknown")
    client.force_login(cast.administrator)
    page = client.get(reverse("outbox:failed")).content.decode()
    assert "550 5.1.1 Unknown" in page
    assert code not in page
    for name, args in (("outbox:detail", [letter.pk]), ("outbox:image", [letter.pk, 1])):
        assert client.get(reverse(name, args=args)).status_code == 404


@pytest.mark.parametrize("state", ["waitlisted", "offered", "withdrawn", "removed"])
def test_who_has_no_seat_is_not_reminded(state: str, seminar: Seminar, cast: Cast) -> None:
    make_registration(seminar, cast.leader, state=state, at=LONG_AGO)
    assert queue_due_reminders(now=START - DAY) == 0


@pytest.mark.parametrize("state", [SeminarState.CANCELLED, SeminarState.DRAFT])
def test_seminar_that_will_not_be_is_not_reminded_of(state: str, cast: Cast) -> None:
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=START, state=state
    )
    make_registration(seminar, cast.leader, at=LONG_AGO)
    assert queue_due_reminders(now=START - DAY) == 0


@pytest.mark.parametrize(
    ("had_seat_at", "moment", "written"),
    [
        (START - 6 * DAY, START - 5 * DAY, 0),
        (START - 6 * DAY, START - DAY, 1),
        (START - 20 * HOUR, START - 19 * HOUR, 0),
    ],
)
def test_seat_that_came_late_has_its_own_letter_and_no_reminder_on_top(
    had_seat_at: dt.datetime, moment: dt.datetime, written: int, seminar: Seminar, cast: Cast
) -> None:
    make_registration(seminar, cast.leader, at=had_seat_at)
    assert queue_due_reminders(now=moment) == written


def test_seminar_that_is_moved_is_reminded_of_anew(
    registration: Registration, seminar: Seminar
) -> None:
    queue_due_reminders(now=START - 7 * DAY)
    seminar.sessions.update(starts_at=START + 14 * DAY, ends_at=START + 14 * DAY + HOUR)
    assert queue_due_reminders(now=START + 7 * DAY) == 1
    assert len(letters(registration.user)) == 2


def test_beat_after_beat_writes_once(registration: Registration) -> None:
    assert [queue_due_reminders(now=START - DAY + n * MINUTE) for n in range(5)] == [1, 0, 0, 0, 0]


def test_each_participant_is_reminded_in_their_own_language(seminar: Seminar, cast: Cast) -> None:
    for user in (cast.leader, cast.employee, cast.manager):
        make_registration(seminar, user, at=LONG_AGO)
    User.objects.filter(pk=cast.manager.pk).update(language="en")
    queue_due_reminders(now=START - DAY)
    assert [letter.language for letter in letters(cast.manager)] == ["en"]
    assert len(letters(cast.leader)) == len(letters(cast.employee)) == 1
    assert letters(cast.stranger) == []


def test_questions_asked_do_not_grow_with_participants_already_reminded(
    seminar: Seminar, cast: Cast
) -> None:
    counts = []
    for users in ([cast.leader], [cast.employee, cast.manager, cast.hr, cast.stranger]):
        for user in users:
            make_registration(seminar, user, state=RegistrationState.REGISTERED, at=LONG_AGO)
        queue_due_reminders(now=START - DAY)
        with CaptureQueriesContext(connection) as asked:
            queue_due_reminders(now=START - DAY)
        counts.append(len(asked))
    assert len(letters(cast.stranger)) == 1
    assert counts[1] == counts[0]


def test_questions_asked_do_not_grow_with_seminars(cast: Cast) -> None:
    def one_more_of_each() -> None:
        for starts_at, state, unit in (
            (START, SeminarState.PUBLISHED, cast.other_agency),
            (START + 5 * DAY, SeminarState.DRAFT, cast.unit),
            (START - 9 * DAY, SeminarState.PUBLISHED, cast.agency),
        ):
            made = make_seminar(unit, created_by=cast.organiser, starts_at=starts_at, state=state)
            if state != SeminarState.DRAFT:
                make_registration(made, cast.leader, at=LONG_AGO)

    counts = []
    for _time in range(3):
        one_more_of_each()
        queue_due_reminders(now=START - DAY)
        with CaptureQueriesContext(connection) as asked:
            queue_due_reminders(now=START - DAY)
        counts.append(len(asked))
    assert len(letters(cast.leader)) == 3
    assert counts == [counts[0]] * 3


def gathering(seminar: Seminar, starts_at: dt.datetime, **fields: Any) -> Session:
    return Session.objects.create(
        seminar=seminar, starts_at=starts_at, ends_at=starts_at + 3 * HOUR, **fields
    )


def reminded(to: User, *, until: dt.datetime) -> list[tuple[str, str]]:
    """The stage and day of each reminder, when beat has come every three hours until then."""
    moment = START - 10 * DAY
    while moment < until:
        queue_due_reminders(now=moment)
        moment += 3 * HOUR
    keys = [letter.key.split(":") for letter in letters(to)]
    return [(key[3], key[5]) for key in keys]


@pytest.mark.no_cover
@pytest.mark.parametrize(
    ("days_later", "told"),
    [
        (1, []),  # two days in a row are one reminder
        (2, [("1d", "20261126")]),
        (7, [("1d", "20261201")]),  # in a week they have just met
        (9, [("7d", "20261203"), ("1d", "20261203")]),
    ],
)
def test_each_gathering_is_reminded_of(
    days_later: int, told: list[tuple[str, str]], registration: Registration, seminar: Seminar
) -> None:
    gathering(seminar, START + days_later * DAY)
    first = [("7d", "20261124"), ("1d", "20261124")]
    assert reminded(registration.user, until=START + 12 * DAY) == first + told


def test_reminder_of_a_later_gathering_is_about_that_one(
    registration: Registration, seminar: Seminar
) -> None:
    gathering(seminar, START + 14 * DAY, room="Loftet")
    queue_due_reminders(now=START + 13 * DAY)
    (letter,) = letters(registration.user)
    assert letter.subject == "Påminnelse: «Å lede med tillit» 8. desember"
    assert "Når: tirsdag 8. desember 2026 kl. 09.00–12.00" in letter.text
    assert "Hvor: Rådhuset, Loftet" in letter.text
    assert "Meld deg av resten av samlingene" in letter.text


def test_of_days_to_choose_between_each_is_reminded_of_the_own(
    seminar: Seminar, cast: Cast
) -> None:
    early, late = make_choice(seminar, 20, 20, starts_at=START + 10 * DAY)
    late_at = START + 12 * DAY
    Session.objects.filter(pk=late.pk).update(starts_at=late_at, ends_at=late_at + HOUR)
    for person, session in ((cast.leader, early), (cast.employee, late)):
        choose(make_registration(seminar, person, at=LONG_AGO), session)
    queue_due_reminders(now=late_at - 2 * DAY)  # on Friday, of Sunday
    assert [letter.recipient for letter in Letter.objects.all()] == [cast.employee]
    queue_due_reminders(now=START + 9 * DAY)
    assert len(letters(cast.leader)) == 1


def test_whoever_came_late_or_left_between_is_reminded_of_what_is_theirs(
    seminar: Seminar, cast: Cast
) -> None:
    gathering(seminar, START + 14 * DAY)
    make_registration(seminar, cast.leader, at=START + 2 * DAY)
    make_registration(seminar, cast.employee, state="withdrawn", at=START + 2 * DAY)
    queue_due_reminders(now=START + 13 * DAY)
    assert len(letters(cast.leader)) == 1
    assert letters(cast.employee) == []


def test_digital_gathering_leads_in_by_the_portal_and_keeps_the_link(
    registration: Registration, seminar: Seminar
) -> None:
    link = "https://mote.example.org/1"
    Seminar.objects.filter(pk=seminar.pk).update(place_name="", meeting_url=link)
    queue_due_reminders(now=START - DAY)
    (letter,) = letters(registration.user)
    assert f"Bli med i møtet:\nhttp://testserver/seminarer/{seminar.pk}/mote/" in letter.text
    assert f"Lenke til møtet: {link}" in letter.text
    assert "Får du ikke logget inn, virker lenken til møtet også." in letter.text
