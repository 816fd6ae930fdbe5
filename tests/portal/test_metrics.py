"""Figures for whoever watches the portal: for the token alone, few queries, nobody's words."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from common import queues
from common.duties import Duty
from common.rooms import beat_schedule
from devtools.server import GRANIAN_OPTIONS
from outbox.models import Letter, LetterState, Urgency
from people.models import StaffImportOutcome, StaffImportRun
from portal.metrics import duty_runs
from portal.metrics.duty_runs import GRACE, is_late, note_done, note_schedule
from portal.metrics.exposition import exposition
from portal.models import DutyRun
from portal.tasks import record_heartbeat
from tests.cast import Cast
from tests.machine import free_port, port_where_nobody_answers, wait_for
from tests.outbox.factories import make_letter

TOKEN = "a token that is long enough"
PROJECT = Path(django_settings.BASE_DIR)
REQUESTS = "lederportalen_request_seconds_count"
Figures = dict[tuple[str, ...], float]


@pytest.fixture
def token(settings: Any) -> str:
    settings.METRICS_TOKEN = TOKEN
    return TOKEN


def figures(text: str) -> dict[str, Figures]:
    """Each figure by its name and the values of its labels in the order of theirs."""
    found: dict[str, Figures] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            values = tuple(value for _label, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[values] = sample.value
    return found


def scrape() -> dict[str, Figures]:
    return figures(exposition(now=timezone.now()).decode())


def bearer(word: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {word}"}


# Who may ask


def test_without_a_token_of_ones_own_there_is_no_such_page(client: Client, db: None) -> None:
    for given in ("", "None", TOKEN):
        assert client.get("/metrics", headers=bearer(given)).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        bearer(""),
        bearer(TOKEN[:-1]),
        bearer(TOKEN + "x"),
        bearer("å"),
        bearer("\ud800"),
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
    ],
)
def test_whoever_lacks_the_token_is_refused(
    client: Client, db: None, token: str, headers: dict[str, str]
) -> None:
    answer = client.get("/metrics", headers=headers)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_whoever_has_the_token_reads_the_figures(client: Client, db: None, token: str) -> None:
    answer = client.get("/metrics", headers=bearer(token))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    found = figures(answer.content.decode())
    assert found["lederportalen_database_up"] == {(): 1}
    assert found["process_resident_memory_bytes"][()] > 10_000_000


@pytest.mark.parametrize("word", ["nøkkelen à", "ключ", "a token"])
def test_a_token_may_be_of_any_letters(client: Client, db: None, settings: Any, word: str) -> None:
    """A client sends their bytes, and the server hands them on as Latin-1."""
    settings.METRICS_TOKEN = word
    sent = word.encode().decode("latin-1")
    assert client.get("/metrics", headers=bearer(sent)).status_code == 200
    assert client.get("/metrics", headers=bearer(sent[:-1])).status_code == 401


# What they are


def test_letters_are_counted_by_state_and_urgency(cast: Cast) -> None:
    before = scrape()["lederportalen_letters"]
    make_letter(cast.employee, urgency=Urgency.IN_TURN)
    make_letter(cast.employee, urgency=Urgency.IN_TURN)
    make_letter(cast.leader, is_secret=True, urgency=Urgency.AT_ONCE)
    make_letter(cast.leader, state=LetterState.FAILED)
    make_letter(cast.leader, state=LetterState.SENT, sent_at=timezone.now())
    after = scrape()["lederportalen_letters"]
    assert {key: after[key] - before[key] for key in after if after[key] != before[key]} == {
        ("queued", "in_turn"): 2,
        ("queued", "at_once"): 1,
        ("failed", "soon"): 1,
    }
    assert len(after) == 4 * 3


def test_the_letter_that_waits_longest_is_told_of_each_queue(cast: Cast) -> None:
    Letter.objects.all().delete()
    now = timezone.now()
    make_letter(cast.employee, next_attempt_at=now - dt.timedelta(minutes=3))
    make_letter(cast.employee, next_attempt_at=now - dt.timedelta(minutes=7))
    make_letter(cast.employee, next_attempt_at=now + dt.timedelta(minutes=9))
    make_letter(
        cast.employee, urgency=Urgency.AT_ONCE, next_attempt_at=now + dt.timedelta(minutes=1)
    )
    found = figures(exposition(now=now).decode())["lederportalen_letter_overdue_seconds"]
    assert found == {(queues.AT_ONCE,): 0, (queues.SOON,): 420, (queues.IN_TURN,): 0}


def test_messages_are_counted_by_queue(db: None) -> None:
    with current_app.connection_for_write() as broker:
        for name in queues.ALL:
            broker.default_channel.queue_purge(name)
    record_heartbeat.delay()
    record_heartbeat.delay()
    found = scrape()
    assert found["lederportalen_broker_up"] == {(): 1}
    waiting = {(name,): 2 if name == queues.DUTIES else 0 for name in queues.ALL}
    assert found["lederportalen_queue_messages"] == waiting


def test_a_broker_that_is_away_leaves_the_other_figures(db: None, monkeypatch: Any) -> None:
    with port_where_nobody_answers() as port:
        for name in ("broker_read_url", "broker_url"):
            monkeypatch.setattr(current_app.conf, name, f"redis://127.0.0.1:{port}/0")
        found = scrape()
    assert found["lederportalen_broker_up"] == {(): 0}
    assert "lederportalen_queue_messages" not in found
    assert found["lederportalen_database_up"] == {(): 1}


def test_imports_are_told_by_how_they_ended(db: None) -> None:
    now = timezone.now()
    for days, outcome in ((2, StaffImportOutcome.CARRIED_OUT), (1, StaffImportOutcome.STOPPED)):
        at = now - dt.timedelta(days=days)
        StaffImportRun.objects.create(at=at, on=at.date(), outcome=outcome)
    assert scrape()["lederportalen_staff_import_last_timestamp_seconds"] == {
        ("carried_out",): pytest.approx((now - dt.timedelta(days=2)).timestamp()),
        ("stopped",): pytest.approx((now - dt.timedelta(days=1)).timestamp()),
    }


def test_sessions_that_have_run_out_do_not_count(db: None) -> None:
    now = timezone.now()
    for key, hours in (("a", 1), ("b", 2), ("c", -1)):
        Session.objects.create(session_key=key, expire_date=now + dt.timedelta(hours=hours))
    assert scrape()["lederportalen_sessions"] == {(): 2}


def test_the_end_of_the_seal_is_told(db: None, settings: Any) -> None:
    found = scrape()
    assert found["lederportalen_seal_usable"] == {(): 1}
    assert found["lederportalen_seal_expires_timestamp_seconds"][()] > timezone.now().timestamp()
    settings.SEAL_CERTIFICATE = settings.SEAL_KEY = "not-there.pem"
    found = scrape()
    assert found["lederportalen_seal_usable"] == {(): 0}
    assert "lederportalen_seal_expires_timestamp_seconds" not in found


def test_a_database_that_refuses_is_told_and_not_an_error(db: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_that_may_read_nothing")
        cursor.execute("SET LOCAL ROLE portal_that_may_read_nothing")
        found = scrape()
        transaction.set_rollback(True)
    assert found["lederportalen_database_up"] == {(): 0}
    assert "lederportalen_letters" not in found
    assert found["lederportalen_broker_up"] == {(): 1}


# What they cost, and what they give away


def test_a_scrape_asks_as_much_of_a_full_portal_as_of_an_empty_one(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        scrape()
    note_schedule()
    for _number in range(20):
        make_letter(cast.employee)
        StaffImportRun.objects.create(on=timezone.localdate(), outcome=StaffImportOutcome.FAILED)
    with django_assert_num_queries(4):
        scrape()


def test_every_label_is_a_word_of_ours(cast: Cast, client: Client, token: str) -> None:
    """None of what people typed: each value is one of an enumeration that the code holds."""
    make_letter(cast.employee, subject="Hemmelig", to_email=cast.employee.email)
    StaffImportRun.objects.create(
        on=timezone.localdate(), outcome=StaffImportOutcome.FAILED, error="ValueError"
    )
    text = client.get("/metrics", headers=bearer(token)).content.decode()
    ours = {
        *LetterState.values,
        *(urgency.name.lower() for urgency in Urgency),
        *queues.ALL,
        *beat_schedule(),
        *StaffImportOutcome.values,
    }
    values = chain.from_iterable(chain.from_iterable(figures(text).values()))
    assert set(values) - ours == set()
    words = (cast.employee.email, cast.employee.name, "Hemmelig", "ValueError")
    assert [word for word in words if word in text] == []


def test_each_figure_is_explained_and_none_that_is_not_there(db: None) -> None:
    note_schedule()
    record_heartbeat.apply()
    StaffImportRun.objects.create(on=timezone.localdate(), outcome=StaffImportOutcome.FAILED)
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    section, rest = page.partition("## Of one web process")[::2]
    explained = {f"lederportalen_{name}" for name in re.findall(r"^\| `(\w+)` \|", section, re.M)}
    explained |= set(re.findall(r"`(process_\w+)`", rest))
    assert set(scrape()) == explained
    assert REQUESTS.removesuffix("_count") in rest


# Duties


@pytest.fixture
def one_duty() -> Duty:
    return next(duty for duty in duty_runs.duties() if duty.task == record_heartbeat.name)


def test_a_duty_that_a_worker_has_done_is_noted(db: None, one_duty: Duty) -> None:
    record_heartbeat.apply()  # in this process, with the signals of a worker
    first = DutyRun.objects.get()
    assert first.name == one_duty.name
    record_heartbeat.apply()
    again = DutyRun.objects.get()
    assert again.succeeded_at > first.succeeded_at
    told = scrape()["lederportalen_duty_last_success_timestamp_seconds"]
    assert told == {(one_duty.name,): pytest.approx(again.succeeded_at.timestamp())}


def test_what_is_no_duty_is_not_noted(db: None) -> None:
    note_done(sender=current_app.tasks["outbox.tasks.deliver_letter"])
    assert DutyRun.objects.count() == 0


def test_beat_notes_each_duty_once_and_takes_nothing_back(db: None, one_duty: Duty) -> None:
    note_schedule()
    assert set(DutyRun.objects.values_list("name", flat=True)) == set(beat_schedule())
    record_heartbeat.apply()
    note_schedule()
    assert DutyRun.objects.count() == len(beat_schedule())
    assert DutyRun.objects.get(name=one_duty.name).succeeded_at is not None


def test_a_database_that_takes_no_note_stops_no_duty(db: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_that_may_write_nothing")
        cursor.execute("SET LOCAL ROLE portal_that_may_write_nothing")
        assert record_heartbeat.apply().state == "SUCCESS"
        transaction.set_rollback(True)
    assert DutyRun.objects.count() == 0


def run(*, succeeded_at: dt.datetime | None, known_since: dt.datetime) -> DutyRun:
    return DutyRun(name="x", succeeded_at=succeeded_at, known_since=known_since)


@pytest.mark.parametrize(
    ("now", "late"),
    [
        ("2026-05-05T04:10:00", False),
        ("2026-05-05T04:24:00", False),
        ("2026-05-05T04:26:00", True),
    ],
)
def test_a_nightly_duty_is_late_when_its_night_is_over(now: str, late: bool) -> None:
    oslo = timezone.get_default_timezone()
    last = dt.datetime(2026, 5, 4, 4, 10, 20, tzinfo=oslo)
    duty = Duty("x", "x", crontab(hour="4", minute="10"))
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=oslo)
    long_ago = last - dt.timedelta(days=90)
    for zone in (oslo, dt.UTC):  # as the database gives it back
        done = run(succeeded_at=last.astimezone(zone), known_since=long_ago)
        assert is_late(duty, done, now=moment) is late
        never = run(succeeded_at=None, known_since=last.astimezone(zone))
        assert is_late(duty, never, now=moment) is late


@pytest.mark.parametrize(("seconds", "late"), [(119, False), (121, True)])
def test_a_sign_of_life_is_late_when_ready_would_miss_it(seconds: int, late: bool) -> None:
    now = timezone.now()
    done = run(succeeded_at=now - dt.timedelta(seconds=seconds), known_since=now)
    assert is_late(Duty("x", "x", 30), done, now=now) is late


def test_a_duty_that_no_beat_has_in_its_schedule_is_late(db: None) -> None:
    assert set(scrape()["lederportalen_duty_late"].values()) == {1}
    note_schedule()
    assert set(scrape()["lederportalen_duty_late"].values()) == {0}
    DutyRun.objects.update(known_since=timezone.now() - dt.timedelta(days=40) - GRACE)
    assert set(scrape()["lederportalen_duty_late"].values()) == {1}


# Requests, in several processes


@pytest.fixture
def two_processes(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "granian", *GRANIAN_OPTIONS, "--host", "127.0.0.1"]
    own = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }
    process = subprocess.Popen(
        [*command, "--port", str(port), "--workers", "2", "--workers-kill-timeout", "2",
         "portal.asgi:application"],
        cwd=PROJECT,
        env=os.environ | own,
        start_new_session=True,
    )  # fmt: skip
    try:
        wait_for(lambda: answers(port) and has_files_of_two(tmp_path), seconds=120)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    try:
        return bool(fetch(port, "/healthz"))
    except OSError:
        return False


def has_files_of_two(folder: Path) -> bool:
    """A process makes its own as it answers for the first time."""
    return len(list(folder.glob("histogram_*.db"))) == 2


def fetch(port: int, path: str, **headers: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (our own)
        return str(answer.read().decode())


def test_whichever_process_is_asked_tells_the_requests_of_all(two_processes: int) -> None:
    """Each request on a connection of its own, so that both processes get some."""
    for _time in range(12):
        fetch(two_processes, "/tilgjengelighet/")
    told = [
        figures(fetch(two_processes, "/metrics", Authorization=f"Bearer {TOKEN}"))
        for _time in range(6)
    ]
    key = ("2xx", "accessibility")
    assert [one[REQUESTS][key] for one in told] == [12] * 6
    assert told[-1][REQUESTS]["2xx", "metrics"] == 5


def test_without_a_folder_or_a_token_no_request_is_counted(
    client: Client, db: None, tmp_path: Path, monkeypatch: Any, settings: Any
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    client.get("/healthz")
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "not-there"))
    settings.METRICS_TOKEN = TOKEN
    Client().get("/healthz")
    assert list(tmp_path.iterdir()) == []
    text = Client().get("/metrics", headers=bearer(TOKEN)).content.decode()
    assert re.findall("lederportalen_request", text) == []
