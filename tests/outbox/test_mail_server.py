"""A mail server in trouble: what it costs, and whom."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import socket
from typing import Any

import pytest
from django.utils import timezone

from outbox import delivery, mail_server
from outbox.actions import release_held
from outbox.mail_server import FAULTS_BEFORE_REST, RESTS, Line, UnreachableError, is_at_fault
from outbox.models import Letter, LetterState
from tests.cast import Cast
from tests.machine import port_where_nobody_answers
from tests.outbox.conftest import PostOffice
from tests.outbox.factories import make_letter

MINUTE = dt.timedelta(minutes=1)
NO_ANSWER = dt.timedelta(seconds=1)


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now() + MINUTE


def swept(now: dt.datetime) -> list[int]:
    return [pk for pks in delivery.sweep(now=now).values() for pk in pks]


def deliver_all(letters: list[Letter], now: dt.datetime) -> None:
    with Line() as line:
        for letter in letters:
            delivery.deliver_over(line, letter.pk, now=now)
            letter.refresh_from_db()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (UnreachableError(), True),
        (TimeoutError(), True),
        (ConnectionResetError(), True),
        (smtplib.SMTPServerDisconnected("gone"), True),
        (smtplib.SMTPSenderRefused(550, b"Sender not allowed", "p@example.org"), True),
        (smtplib.SMTPDataError(421, b"Closing"), True),
        (smtplib.SMTPDataError(554, b"5.7.1 Spam"), True),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"5.7.1 Relaying denied")}), True),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"5.1.1 No such user")}), False),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"Mailbox busy")}), False),
        (smtplib.SMTPDataError(554, b"5.6.0 Malformed"), False),
        (smtplib.SMTPDataError(451, b"5.7.1 in words alone"), False),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), False),
        (ValueError("ours"), False),
    ],
)
def test_whose_fault_it_is(error: Exception, expected: bool) -> None:
    assert is_at_fault(error) is expected


def test_letters_of_one_message_share_a_connection(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    letters = [make_letter(cast.employee) for _number in range(5)]
    deliver_all(letters, now)
    assert [letter.state for letter in letters] == [LetterState.SENT] * 5
    assert len(post_office.peers) == 1


def test_a_letter_that_is_refused_takes_none_of_its_neighbours_along(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    letters = [make_letter(cast.employee), make_letter(cast.leader), make_letter(cast.employee)]
    post_office.refused = {"leader@example.org"}
    deliver_all(letters, now)
    assert [letter.state for letter in letters] == ["sent", "failed", "sent"]


def test_a_server_that_ends_a_connection_after_some_letters_is_called_again(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    """Most servers end it after a number of letters or a time: no letter is to pay for that."""
    post_office.letters_a_connection = 2
    letters = [make_letter(cast.employee) for _number in range(5)]
    deliver_all(letters, now)
    assert [(letter.state, letter.attempts) for letter in letters] == [("sent", 1)] * 5
    assert len(post_office.peers) == 3
    assert mail_server.state().faults == 0


@pytest.mark.usefixtures("no_mail_server")
def test_a_server_that_is_down_is_asked_three_times_and_then_left_alone(
    cast: Cast, now: dt.datetime
) -> None:
    letters = [make_letter(cast.employee) for _number in range(6)]
    deliver_all(letters, now)
    assert [bool(letter.last_error) for letter in letters] == [True] * 3 + [False] * 3
    assert [letter.state for letter in letters] == [LetterState.QUEUED] * 6
    server = mail_server.state()
    assert (server.faults, server.rests_until) == (FAULTS_BEFORE_REST, now + RESTS[0])
    assert server.last_fault.startswith("ConnectionRefusedError")


@pytest.mark.usefixtures("no_mail_server")
def test_each_rest_is_longer_up_to_the_last(cast: Cast, now: dt.datetime) -> None:
    for number in range(FAULTS_BEFORE_REST + len(RESTS) + 2):
        mail_server.note_fault("gone", now=now)
        rest = mail_server.state().rests_until
        beyond = number + 1 - FAULTS_BEFORE_REST
        assert rest == (None if beyond < 0 else now + RESTS[min(beyond, len(RESTS) - 1)])


def test_a_sweep_gives_a_resting_server_nothing_then_one_letter_and_then_all(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    letters = [make_letter(cast.employee) for _number in range(4)]
    code = make_letter(cast.leader, is_secret=True)
    for _fault in range(FAULTS_BEFORE_REST):
        mail_server.note_fault("gone", now=now)
    assert swept(now + MINUTE / 2) == []
    assert swept(now + MINUTE) == [code.pk]
    delivery.deliver(code.pk, now=now + MINUTE)
    server = mail_server.state()
    assert (server.faults, server.rests_until, server.last_fault) == (0, None, "")
    assert swept(now + MINUTE) == [letter.pk for letter in letters]


def test_a_letter_that_a_server_dies_of_does_not_close_the_way_for_all(
    cast: Cast, post_office: PostOffice, now: dt.datetime, settings: Any
) -> None:
    """It waits longer after each attempt, so that another is the one that tries."""
    settings.EMAIL_TIMEOUT = NO_ANSWER.total_seconds()
    bad, good = make_letter(cast.leader), make_letter(cast.employee)
    post_office.hangs_on = {"leader@example.org"}
    for minute in range(30):
        for pk in swept(now + minute * MINUTE)[:1]:
            delivery.deliver(pk, now=now + minute * MINUTE)
    bad.refresh_from_db(), good.refresh_from_db()
    assert good.state == LetterState.SENT
    assert bad.attempts > 1


def test_a_relay_that_refuses_everybody_fails_no_letter(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    post_office.answer_to_recipient = "550 5.7.1 Relaying denied"
    letters = [make_letter(cast.employee) for _number in range(5)]
    deliver_all(letters, now)
    assert [letter.state for letter in letters] == [LetterState.QUEUED] * 5
    assert [letter.attempts for letter in letters] == [1, 1, 1, 0, 0]
    assert mail_server.state().rests(now)


def test_what_waited_before_a_silence_is_held_back(cast: Cast, now: dt.datetime) -> None:
    """A restored copy of the database: who knows what has been sent since it was made?"""
    hour = dt.timedelta(hours=1)
    before = make_letter(cast.employee, queued_at=now - hour)
    claimed = make_letter(cast.employee, queued_at=now - hour, state="sending", claimed_at=now)
    code = make_letter(cast.employee, queued_at=now - hour, is_secret=True, text="123")
    delivery.sweep(now=now)
    since = make_letter(cast.employee, queued_at=now + MINUTE)
    assert swept(now + hour) == [since.pk]
    for letter in (before, claimed, code):
        letter.refresh_from_db()
    assert (before.state, claimed.state) == (LetterState.HELD, LetterState.HELD)
    assert (code.state, code.text) == (LetterState.FAILED, "")


def test_a_yes_sends_each_of_them_at_its_time(cast: Cast, now: dt.datetime) -> None:
    """What waits for the morning waits for it, though an administrator answers at night."""
    due = make_letter(cast.employee, state="held", next_attempt_at=now - MINUTE)
    waits = make_letter(cast.employee, state="held", next_attempt_at=now + 30 * MINUTE)
    everything = Letter.objects.all()
    assert release_held(letters=everything, by=cast.administrator, now=now) == 2
    assert swept(now) == [due.pk]
    assert set(swept(now + 30 * MINUTE)) == {due.pk, waits.pk}


def test_nothing_is_held_back_by_a_short_silence_or_in_a_new_portal(
    cast: Cast, now: dt.datetime
) -> None:
    letter = make_letter(cast.employee, queued_at=now - 9 * dt.timedelta(days=1))
    assert swept(now) == [letter.pk]
    assert swept(now + 59 * MINUTE) == [letter.pk]


def test_no_worker_sends_what_a_silence_will_hold_back(
    cast: Cast, post_office: PostOffice, now: dt.datetime
) -> None:
    """The broker's copy may speak of it before the first sweep does."""
    old = make_letter(cast.employee, queued_at=now)
    delivery.sweep(now=now + MINUTE)
    later = now + dt.timedelta(hours=2)
    new = make_letter(cast.employee, queued_at=later)
    deliver_all([old, new], later)
    assert (old.state, new.state) == (LetterState.QUEUED, LetterState.SENT)


def test_port_where_nobody_answers_is_reached_by_nobody(settings: Any, cast: Cast) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with port_where_nobody_answers() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        letter = make_letter(cast.employee)
        with Line() as line, pytest.raises(UnreachableError) as error:
            line.send(delivery.as_message(letter))
    assert isinstance(error.value.__cause__, ConnectionRefusedError)


def test_a_mail_server_of_the_tests_says_nothing_in_their_output(
    post_office: PostOffice, cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    """aiosmtpd speaks of every connection, and of each that is lost."""
    letter = make_letter(cast.employee)
    delivery.deliver(letter.pk, now=timezone.now())
    assert len(post_office.received) == 1
    with socket.create_connection(("127.0.0.1", post_office.port)) as lost:
        assert lost.recv(100).startswith(b"220")
    assert not logging.getLogger("mail.log").isEnabledFor(logging.ERROR)
    assert "mail" not in capfd.readouterr().err
