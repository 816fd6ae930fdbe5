from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from outbox import mail_server
from outbox.images import LONGEST_IMAGES
from outbox.models import Envelope, Letter, LetterState, MailServer, ReminderOptOut
from people.models import Role
from tests import clock
from tests.cast import Cast
from tests.factories import make_role, make_user
from tests.outbox.factories import make_letter

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("letter_state_is_known", {"state": "lost"}),
        ("letter_urgency_is_known", {"urgency": 3}),
        ("letter_sent_has_its_time", {"state": "sent", "sent_at": None}),
        ("letter_sent_has_its_time", {"state": "queued", "sent_at": NOW}),
        ("letter_sending_is_claimed", {"state": "sending", "claimed_at": None}),
        ("letter_calendar_has_its_method", {"calendar": "BEGIN:VCALENDAR"}),
        ("letter_calendar_has_its_method", {"calendar_method": "REQUEST"}),
        (
            "letter_calendar_has_its_method",
            {"calendar": "BEGIN:VCALENDAR", "calendar_method": "PUBLISH"},
        ),
        ("letter_secret_is_erased_at_the_end", {"state": "failed", "is_secret": True}),
        ("letter_secret_is_erased_at_the_end", {"state": "held", "is_secret": True}),
        (
            "letter_secret_is_erased_at_the_end",
            {"state": "sent", "sent_at": NOW, "is_secret": True},
        ),
        ("letter_images_are_small", {"images": [{"png": "A" * LONGEST_IMAGES, "alt": ""}]}),
        ("letter_images_are_a_list", {"images": {"png": "", "alt": ""}}),
        (
            "letter_secret_is_erased_at_the_end",
            {"is_secret": True, "text": "", "html": "", "images": [{}], "state": "failed"},
        ),
        (
            "letter_emptied_says_nothing",
            {
                "state": "failed",
                "emptied_at": NOW,
                "images": [{}],
                "subject": "",
                "text": "",
                "html": "",
                "to_email": "",
            },
        ),
        ("letter_unaddressed_goes_nowhere", {"state": "no_address"}),
        ("letter_waiting_has_an_address", {"to_email": ""}),
        ("letter_secret_is_erased_at_the_end", {"state": "no_address", "is_secret": True}),
        ("letter_emptied_says_nothing", {"state": "sent", "sent_at": NOW, "emptied_at": NOW}),
        ("letter_emptied_says_nothing", {"emptied_at": NOW}),
    ],
)
def test_database_refuses(constraint: str, fields: dict[str, Any], cast: Cast) -> None:
    letter = make_letter(cast.employee)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**fields)


def test_database_lets_a_secret_letter_end_without_contents(cast: Cast) -> None:
    letter = make_letter(cast.employee, is_secret=True)
    Letter.objects.filter(pk=letter.pk).update(state="sent", sent_at=NOW, text="", html="")
    letter.refresh_from_db()
    assert (letter.state, letter.text) == (LetterState.SENT, "")


@pytest.mark.parametrize("field", ["key", "message_id"])
def test_database_keeps_one_letter_of_each(field: str, cast: Cast) -> None:
    one, other = make_letter(cast.employee), make_letter(cast.leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=other.pk).update(**{field: getattr(one, field)})


def test_a_person_opts_out_once(cast: Cast) -> None:
    ReminderOptOut.objects.create(user=cast.employee)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderOptOut.objects.create(user=cast.employee)


def test_due_letters_come_the_longest_waiting_first(cast: Cast) -> None:
    late = make_letter(cast.employee, next_attempt_at=NOW)
    early = make_letter(cast.leader, next_attempt_at=NOW - MINUTE)
    make_letter(cast.leader, next_attempt_at=NOW + MINUTE)
    make_letter(cast.leader, next_attempt_at=NOW, state="failed")
    make_letter(cast.leader, next_attempt_at=NOW, state="sending", claimed_at=NOW)
    assert list(Letter.objects.due(NOW)) == [early, late]


def test_due_letters_come_the_most_urgent_first(cast: Cast) -> None:
    in_turn = make_letter(cast.employee, is_reminder=True, next_attempt_at=NOW - 9 * MINUTE)
    soon = make_letter(cast.employee, next_attempt_at=NOW - MINUTE)
    code = make_letter(cast.employee, is_secret=True, next_attempt_at=NOW)
    assert list(Letter.objects.due(NOW)) == [code, soon, in_turn]


def test_there_is_one_mail_server(db: None) -> None:
    mail_server.state()
    with pytest.raises(IntegrityError, match="mail_server_is_one"), transaction.atomic():
        MailServer.objects.create(only=False)
    with pytest.raises(IntegrityError, match="mail_server_rests_after_faults"):
        MailServer.objects.update(rests_until=NOW)


def test_stuck_letters_were_claimed_too_long_ago(cast: Cast) -> None:
    stuck = make_letter(cast.employee, state="sending", claimed_at=NOW - 11 * MINUTE)
    make_letter(cast.employee, state="sending", claimed_at=NOW - 9 * MINUTE)
    make_letter(cast.employee, state="queued", claimed_at=NOW - 11 * MINUTE)
    assert list(Letter.objects.stuck(NOW, after=10 * MINUTE)) == [stuck]


def test_letters_are_seen_by_their_recipient_alone(cast: Cast) -> None:
    letter = make_letter(cast.employee)
    make_letter(cast.leader)
    assert list(Letter.objects.visible_to(cast.employee, on=clock.today())) == [letter]
    assert list(Letter.objects.visible_to(cast.administrator, on=clock.today())) == []


def test_administrator_of_it_all_sees_every_envelope(cast: Cast) -> None:
    outsider = make_user("Tidligere Ansatt")
    letters = [make_letter(cast.employee), make_letter(outsider)]
    seen = Envelope.objects.visible_to(cast.administrator, on=clock.today())
    assert {envelope.pk for envelope in seen} == {letter.pk for letter in letters}


def test_administrator_of_an_agency_sees_its_own_peoples_envelopes(cast: Cast) -> None:
    make_role(cast.manager, Role.ADMINISTRATOR, cast.agency)
    letter = make_letter(cast.employee)
    make_letter(cast.stranger)
    make_letter(make_user("Tidligere Ansatt"))
    seen = Envelope.objects.visible_to(cast.manager, on=clock.today())
    assert [envelope.pk for envelope in seen] == [letter.pk]


def test_nobody_else_sees_an_envelope(cast: Cast) -> None:
    make_letter(cast.employee)
    for user in (cast.employee, cast.leader, cast.hr, cast.organiser, cast.stranger):
        assert list(Envelope.objects.visible_to(user, on=clock.today())) == []


def test_an_administrator_of_yesterday_sees_no_envelope(cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    make_role(cast.leader, Role.ADMINISTRATOR, cast.agency, until=yesterday)
    make_letter(cast.employee)
    assert list(Envelope.objects.visible_to(cast.leader, on=clock.today())) == []


def test_envelopes_are_read_without_their_contents(cast: Cast) -> None:
    make_letter(cast.employee)
    envelope = Envelope.objects.visible_to(cast.administrator, on=clock.today()).get()
    assert envelope.get_deferred_fields() == {"subject", "text", "html", "calendar", "images"}


def test_trouble_is_what_failed_or_was_turned_away(cast: Cast) -> None:
    failed = make_letter(cast.employee, state="failed", attempts=8)
    waiting = make_letter(cast.employee, attempts=1)
    make_letter(cast.employee)
    make_letter(cast.employee, state="sent", sent_at=NOW, attempts=2)
    assert {e.pk for e in Envelope.objects.in_trouble()} == {failed.pk, waiting.pk}


def test_rows_are_called_by_what_they_are(cast: Cast) -> None:
    opt_out = ReminderOptOut.objects.create(user=cast.employee)
    assert str(opt_out) == "Even Moen"
    assert str(make_letter(cast.employee, subject="Velkommen")) == "Velkommen"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("account.code", "Innlogging"),
        ("commitments.signed", "Avtaler"),
        ("missions.published", "Oppdrag"),
        ("reminders.seminar_soon", "Påminnelse"),
        ("seminars.confirmed", "Seminarer"),
        ("other", "Brev"),
    ],
)
def test_a_kind_is_shown_in_words(kind: str, words: str) -> None:
    assert Envelope(kind=kind).room == words
