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
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from common import queues
from devtools.server import WORKERS
from outbox import tasks
from outbox.actions import queue_letters
from outbox.delivery import STUCK_AFTER
from outbox.letters import Rendered
from outbox.models import QUEUES, Letter, LetterState
from outbox.tasks import deliver_letter, sweep_letters
from portal.celery import app
from portal.settings import services
from portal.tasks import HEARTBEAT_KEY, record_heartbeat
from tests.cast import Cast
from tests.factories import make_user
from tests.journeys.stack import processes, wait_for
from tests.outbox.conftest import PostOffice, open_post_office
from tests.outbox.factories import make_letter
from tests.outbox.test_actions import dead_broker


def forget_what_is_queued() -> None:
    """What earlier tests left with the broker is no business of these workers."""
    with app.connection_for_write() as broker:
        for queue in queues.ALL:
            broker.default_channel.queue_purge(queue)


@pytest.fixture(scope="module")
def running_worker(django_db_setup: None) -> Iterator[PostOffice]:
    """Two workers' processes as `script/server` starts them, and their mail server."""
    database = connection.settings_dict["NAME"]
    command = [str(Path(sys.executable).parent / "celery"), "-A", "portal", "worker"]
    forget_what_is_queued()
    with (
        open_post_office() as office,
        processes(
            [
                [*command, "--pool", "solo", "-n", f"{name}@%h", "-Q", ",".join(taken)]
                for name, taken in WORKERS.items()
            ],
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
    forget_what_is_queued()


@pytest.fixture
def worker(running_worker: PostOffice, transactional_db: None) -> PostOffice:
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


@pytest.mark.django_db(transaction=True)
def test_a_code_passes_hundreds_of_letters_that_wait_for_a_slow_server(worker: PostOffice) -> None:
    words = Rendered(subject="S", text="T", html="<p>H</p>")
    people = [make_user() for _number in range(20)]
    letters = [(f"test:{person.pk}:{n}", person, words) for person in people for n in range(20)]
    worker.seconds_to_think = 0.2
    queue_letters(kind="test", letters=letters)
    wait_for(lambda: len(worker.received) > 2)
    code = make_letter(people[0], is_secret=True)
    wait_for(lambda: is_sent(code))
    waiting = Letter.objects.exclude(state=LetterState.SENT).count()
    worker.seconds_to_think = 0
    assert waiting > 300
    wait_for(lambda: Letter.objects.exclude(state=LetterState.SENT).count() == 0)


@pytest.mark.django_db(transaction=True)
def test_duties_are_done_while_the_mail_server_hangs(worker: PostOffice) -> None:
    """A heart that waits for a mail server takes the portal for dead."""
    cache.clear()
    worker.seconds_to_think = 3
    letters = [make_letter(make_user()) for _number in range(4)]
    record_heartbeat.delay()
    wait_for(lambda: cache.get(HEARTBEAT_KEY))
    waiting = [letter for letter in letters if not is_sent(letter)]
    worker.seconds_to_think = 0
    assert len(waiting) >= 3
    wait_for(lambda: all(is_sent(letter) for letter in letters))


@pytest.mark.parametrize(
    ("letter", "queue"),
    [
        ({"is_secret": True}, queues.AT_ONCE),
        ({}, queues.SOON),
        ({"is_reminder": True}, queues.IN_TURN),
    ],
)
def test_each_letter_goes_through_the_queue_of_its_urgency(
    cast: Cast, letter: dict[str, bool], queue: str
) -> None:
    assert make_letter(cast.employee, **letter).queue == queue


def test_every_queue_has_a_worker_and_every_worker_a_queue() -> None:
    taken = [queue for queues_of_one in WORKERS.values() for queue in queues_of_one]
    assert sorted(taken) == sorted(queues.ALL) == sorted(app.amqp.queues)
    assert set(QUEUES.values()) < set(queues.ALL)
    readme = (Path(settings.BASE_DIR) / "README.md").read_text()
    for own in WORKERS.values():
        assert f"-Q {','.join(own)}\n" in readme


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
