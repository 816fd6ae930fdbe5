"""The whole way: a commit, the broker, a worker's process, and the mail server."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery.schedules import crontab
from django.db import connection, transaction
from django.utils import timezone

from outbox import tasks
from outbox.actions import queue_letters
from outbox.delivery import STUCK_AFTER
from outbox.letters import Rendered
from outbox.models import Letter, LetterState
from outbox.tasks import deliver_letter, sweep_letters
from portal.celery import app
from portal.settings import services
from tests.cast import Cast
from tests.factories import make_user
from tests.journeys.stack import processes, wait_for
from tests.outbox.conftest import PostOffice, open_post_office
from tests.outbox.factories import make_letter
from tests.outbox.test_actions import dead_broker

QUEUE = "letters-of-a-test"


@pytest.fixture
def own_queue() -> Iterator[None]:
    """What earlier tests left with the broker is no business of this worker."""
    usual = app.conf.task_default_queue
    use_queue(QUEUE)
    yield
    use_queue(usual)


def use_queue(name: str) -> None:
    app.conf.task_default_queue = name
    for kept in ("queues", "router", "default_queue"):
        app.amqp.__dict__.pop(kept, None)


@pytest.fixture(scope="module")
def running_worker(django_db_setup: None) -> Iterator[PostOffice]:
    """A worker's process and its mail server, for all the tests of this file."""
    database = connection.settings_dict["NAME"]
    command = [str(Path(sys.executable).parent / "celery"), "-A", "portal", "worker"]
    with (
        open_post_office() as office,
        processes(
            [[*command, "--pool", "solo", "-Q", QUEUE]],
            os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
                "JOURNEY_DATABASE": database,
                "JOURNEY_SITE": "http://testserver",
                "EMAIL_URL": f"smtp://127.0.0.1:{office.port}",
            },
        ),
    ):
        yield office
    with app.connection_for_write() as broker:
        broker.default_channel.queue_delete(QUEUE)


@pytest.fixture
def worker(running_worker: PostOffice, own_queue: None, transactional_db: None) -> PostOffice:
    running_worker.received.clear()
    return running_worker


def is_sent(letter: Letter) -> bool:
    letter.refresh_from_db()
    return bool(letter.state == LetterState.SENT)


@pytest.mark.django_db(transaction=True)
def test_letter_is_sent_by_a_worker_once_its_cause_has_committed(worker: PostOffice) -> None:
    with transaction.atomic():
        letter = make_letter(make_user())
        assert worker.received == []
    wait_for(lambda: is_sent(letter))
    assert worker.message_ids == [letter.message_id]


@pytest.mark.django_db(transaction=True)
def test_letter_of_a_cause_that_failed_is_never_sent(worker: PostOffice) -> None:
    with transaction.atomic():
        make_letter(make_user())
        transaction.set_rollback(True)
    after = make_letter(make_user())
    wait_for(lambda: is_sent(after))
    assert worker.message_ids == [after.message_id]


@pytest.mark.django_db(transaction=True)
def test_sweep_sends_what_the_broker_never_heard_of(worker: PostOffice) -> None:
    person = make_user()
    with dead_broker():
        letters = [make_letter(person) for _ in range(3)]
    assert [is_sent(letter) for letter in letters] == [False] * 3
    sweep_letters()
    wait_for(lambda: all(is_sent(letter) for letter in letters))
    assert sorted(worker.message_ids) == sorted(letter.message_id for letter in letters)


@pytest.mark.django_db(transaction=True)
def test_letter_handed_over_many_times_is_sent_once(worker: PostOffice) -> None:
    letter = make_letter(make_user())
    for _number in range(5):
        deliver_letter.delay(letter.pk)
    last = make_letter(make_user())
    wait_for(lambda: is_sent(last) and is_sent(letter))
    assert worker.message_ids.count(letter.message_id) == 1


@pytest.mark.django_db(transaction=True)
def test_letters_written_by_the_hundred_are_all_sent_by_a_worker(worker: PostOffice) -> None:
    words = Rendered(subject="S", text="T", html="<p>H</p>")
    people = [make_user() for _number in range(5)]
    queue_letters(kind="test", letters=((f"test:{person.pk}", person, words) for person in people))
    wait_for(lambda: all(is_sent(letter) for letter in Letter.objects.all()))
    assert len(worker.message_ids) == 5


@pytest.mark.django_db(transaction=True)
def test_letters_by_the_hundred_wait_for_the_sweep_when_the_broker_is_away(
    worker: PostOffice,
) -> None:
    words = Rendered(subject="S", text="T", html="<p>H</p>")
    with dead_broker():
        queue_letters(kind="test", letters=[("test:1", make_user(), words)])
    letter = Letter.objects.get()
    assert is_sent(letter) is False
    sweep_letters()
    wait_for(lambda: is_sent(letter))


def test_task_delivers_the_letter_it_names(cast: Cast, post_office: PostOffice) -> None:
    letter = make_letter(cast.employee)
    deliver_letter(letter.pk)
    assert is_sent(letter)


def test_sweep_is_on_the_schedule_every_minute() -> None:
    entries = app.conf.beat_schedule.values()
    assert [e["schedule"] for e in entries if e["task"] == sweep_letters.name] == [crontab()]


def test_sweep_that_finds_nothing_hands_nothing_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked of a broker that is away, so that anything handed over would be an error."""
    make_letter(cast.employee, next_attempt_at=timezone.now() + dt.timedelta(minutes=1))
    with dead_broker():
        sweep_letters()
    assert tasks._broker_rests_until == 0.0


def test_worker_gives_up_on_a_server_long_before_the_sweep_takes_it_for_dead() -> None:
    settings: dict[str, Any] = services.email("smtp://mail.example.org:25")
    assert dt.timedelta(seconds=settings["EMAIL_TIMEOUT"]) * 10 < STUCK_AFTER
