from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from kombu import pools

from common import queues
from outbox import actions, tasks
from outbox.actions import (
    CannotBeSentAgain,
    queue_letter,
    queue_letters,
    resume_reminders,
    retry_letter,
    stop_reminders,
)
from outbox.letters import Rendered
from outbox.models import Letter, LetterState, ReminderOptOut
from people.models import AuditRecord, User
from portal.celery import app
from tests.cast import Cast
from tests.factories import make_user
from tests.machine import PATIENCE, port_where_nobody_answers
from tests.outbox.factories import make_letter
from tests.outbox.parts import invitation

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def queue(to: User, **changes: Any) -> Letter:
    words = {"key": "seminar:1:confirmed:2", "kind": "test", "subject": "S", "text": "T"}
    return queue_letter(to=to, **(words | {"html": "<p>H</p>"} | changes))


def test_letter_is_written_with_everything_it_needs(cast: Cast) -> None:
    part = invitation(cast.employee)
    letter = queue(cast.employee, calendar=part, about=cast.unit, is_reminder=True)
    letter.refresh_from_db()
    assert (letter.recipient, letter.to_email) == (cast.employee, "employee@example.org")
    assert (letter.language, letter.state, letter.attempts) == ("nb", LetterState.QUEUED, 0)
    assert (letter.calendar, letter.calendar_method) == (part.ics, "REQUEST")
    assert (letter.about_type, letter.about_id) == ("people.unit", str(cast.unit.pk))
    assert (letter.is_reminder, letter.is_secret) == (True, False)


def test_same_key_gives_the_letter_that_is_there(cast: Cast) -> None:
    first = queue(cast.employee)
    second = queue(cast.employee, subject="Noe annet")
    assert (second.pk, second.subject) == (first.pk, "S")
    assert Letter.objects.count() == 1


def test_same_key_hands_the_letter_over_once(
    cast: Cast, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        queue(cast.employee)
        queue(cast.employee)
    assert len(callbacks) == 1


def test_message_id_is_the_portals_own_and_never_the_same(cast: Cast, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Lederportalen <post@portal.example.org>"
    ids = {queue(cast.employee, key=str(number)).message_id for number in range(3)}
    assert len(ids) == 3
    assert all(i.startswith("<") and i.endswith("@portal.example.org>") for i in ids)


@pytest.mark.parametrize(
    ("subject", "written"),
    [
        ("To\r\nBcc: alle@example.org", "To Bcc: alle@example.org"),
        ("  Mye   luft ", "Mye luft"),
        ("å" * 400, "å" * 300),
    ],
)
def test_subject_is_one_line_of_bounded_length(subject: str, written: str, cast: Cast) -> None:
    assert queue(cast.employee, subject=subject).subject == written


def test_letter_goes_with_the_transaction_that_caused_it(cast: Cast) -> None:
    def cause() -> None:
        with transaction.atomic():
            queue(cast.employee)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cause()
    assert Letter.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_broker_that_is_away_does_not_fail_the_commit_and_is_asked_once(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    person = make_user()
    with dead_broker(), transaction.atomic():
        for number in range(50):
            queue(person, key=str(number))
    assert Letter.objects.filter(state=LetterState.QUEUED).count() == 50
    assert len(caplog.records) == 1, "the other 49 did not ask the same dead broker"


@contextmanager
def dead_broker() -> Iterator[None]:
    """The application as it is, with a broker's address where nobody answers."""
    with (
        port_where_nobody_answers() as port,
        app.connection_for_write(f"redis://127.0.0.1:{port}/0") as connection_to_nobody,
    ):
        real, app.amqp._producer_pool = (
            app.amqp.producer_pool,
            pools.producers[connection_to_nobody],
        )
        try:
            yield
        finally:
            app.amqp._producer_pool = real


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_with_one_key_write_one_letter() -> None:
    person = make_user()
    found = at_once(20, lambda: queue(person).pk)
    assert Letter.objects.count() == 1
    assert set(found) == {Letter.objects.get().pk}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_control_without_on_conflict_the_race_is_seen() -> None:
    """Looking first and writing afterwards: what the unique key then has to refuse."""
    person = make_user()
    both_have_looked = threading.Barrier(2)

    def look_then_write() -> str:
        is_there = Letter.objects.filter(key="k").exists()
        both_have_looked.wait(PATIENCE)
        if not is_there:
            Letter.objects.create(
                key="k",
                kind="t",
                recipient=person,
                to_email="person@example.org",
                message_id=str(threading.get_ident()),
            )
        return "written"

    answers = at_once(2, look_then_write)
    assert sorted(type(answer).__name__ for answer in answers) == ["IntegrityError", "str"]


def at_once(number: int, work: Callable[[], Any]) -> list[Any]:
    """The answers, or the exceptions, of so many threads on connections of their own."""
    start, answers = threading.Barrier(number), []

    def run() -> None:
        start.wait(PATIENCE)
        try:
            answers.append(work())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_retry_puts_a_failed_letter_back_with_all_its_attempts(cast: Cast) -> None:
    letter = make_letter(cast.employee, state="failed", attempts=8, last_error="550 no such user")
    before = letter.message_id
    again = retry_letter(letter=letter, by=cast.administrator, now=NOW)
    assert (again.state, again.attempts, again.last_error) == (LetterState.QUEUED, 0, "")
    assert (again.next_attempt_at, again.message_id) == (NOW, before)


def test_retry_goes_to_the_address_the_person_has_today(cast: Cast) -> None:
    letter = make_letter(cast.employee, state="failed", to_email="gammel@example.org")
    again = retry_letter(letter=letter, by=cast.administrator, now=NOW)
    assert again.to_email == "employee@example.org"


def test_retry_is_written_down_without_what_the_letter_says(cast: Cast) -> None:
    letter = make_letter(cast.employee, state="failed")
    retry_letter(letter=letter, by=cast.administrator, now=NOW)
    record = AuditRecord.objects.get(action="outbox.retry_letter")
    assert (record.actor, record.object_type) == (cast.administrator, "outbox.letter")
    assert (record.object_id, record.details) == (str(letter.pk), {})


@pytest.mark.parametrize("state", ["queued", "sent", "sending"])
def test_retry_refuses_a_letter_that_has_not_failed(state: str, cast: Cast) -> None:
    times = {"sent_at": NOW} if state == "sent" else {"claimed_at": NOW}
    letter = make_letter(cast.employee, state=state, **times)
    with pytest.raises(CannotBeSentAgain, match="kan ikke sendes på nytt"):
        retry_letter(letter=letter, by=cast.administrator, now=NOW)
    assert AuditRecord.objects.filter(action="outbox.retry_letter").count() == 0


def test_retry_refuses_a_secret_letter_that_has_nothing_left_to_say(cast: Cast) -> None:
    letter = make_letter(cast.employee, is_secret=True, state="failed", text="", html="")
    with pytest.raises(CannotBeSentAgain):
        retry_letter(letter=letter, by=cast.administrator, now=NOW)


def test_stopping_reminders_twice_is_stopping_them_once(cast: Cast) -> None:
    stop_reminders(user=cast.employee, by=None, now=NOW)
    stop_reminders(user=cast.employee, by=cast.employee, now=NOW + dt.timedelta(days=1))
    assert ReminderOptOut.objects.get(user=cast.employee).opted_out_at == NOW
    assert AuditRecord.objects.get(action="outbox.stop_reminders").actor is None


def test_resuming_reminders_is_written_down_when_it_changes_something(cast: Cast) -> None:
    resume_reminders(user=cast.employee, by=cast.employee)
    assert AuditRecord.objects.filter(action="outbox.resume_reminders").count() == 0
    stop_reminders(user=cast.employee, by=cast.employee, now=NOW)
    resume_reminders(user=cast.employee, by=cast.employee)
    assert ReminderOptOut.objects.count() == 0
    assert AuditRecord.objects.get(action="outbox.resume_reminders").actor == cast.employee


def test_broker_is_asked_again_when_it_has_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BROKER_REST_SECONDS", 0)
    with dead_broker():
        tasks._tell_worker(tasks.deliver_letter, 1, queues.SOON)
    assert time.monotonic() >= tasks._broker_rests_until > 0


def many(people: list[User], about: User | None = None) -> int:
    words = Rendered(subject="S", text="T", html="<p>H</p>")
    letters = ((f"test:{person.pk}", person, words) for person in people)
    return queue_letters(kind="test", letters=letters, about=about)


def test_many_letters_are_as_one_would_be(cast: Cast) -> None:
    assert many([cast.employee, cast.leader], about=cast.stranger) == 2
    queue(cast.hr, key="test:alone", about=cast.stranger)
    same = {"kind", "subject", "text", "html", "about_type", "about_id", "is_secret", "state"}
    assert Letter.objects.values(*same).distinct().count() == 1
    assert list(Letter.objects.order_by("pk").values_list("to_email", flat=True)) == [
        "employee@example.org",
        "leader@example.org",
        "hr@example.org",
    ]


def test_of_many_letters_those_written_already_are_left_alone(cast: Cast) -> None:
    first = queue(cast.employee, key=f"test:{cast.employee.pk}", subject="Den første")
    assert many([cast.employee, cast.leader]) == 1
    assert Letter.objects.get(pk=first.pk).subject == "Den første"


def test_many_letters_cost_a_statement_a_batch(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(actions, "AT_A_TIME", 10)
    people = [make_user(f"Person {number}") for number in range(30)]
    with django_assert_max_num_queries(2 + 3 * 2):
        assert many(people) == 30
