"""What gets into the log, and above all what does not."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from celery import Celery
from celery.worker.consumer import Consumer
from django.db import IntegrityError, transaction

from common.log import configuration
from people.models import User
from tests.factories import make_user

CANARY = "kanarifugl"


@pytest.fixture
def lines() -> Iterator[Any]:
    """Lines of JSON as production writes them, of everything that is logged meanwhile."""
    wanted = configuration(as_json=True, level="INFO", mails_admins=False)["formatters"]["line"]
    kind = wanted.pop("()")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(kind(**wanted))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def fail_with(error: BaseException) -> None:
    secret = CANARY
    try:
        raise KeyError(secret)
    except KeyError as cause:
        raise error from cause


ERRORS = [
    ValueError(CANARY),
    AttributeError(CANARY),
    UnicodeDecodeError("utf-8", CANARY.encode(), 0, 1, CANARY),
    type(CANARY, (Exception,), {"__module__": "people", "__qualname__": "Fault"})(CANARY),
    ExceptionGroup(CANARY, [ValueError(CANARY)]),
]


@pytest.mark.parametrize(
    "name", ["portal", "people.actions", "django.request", "celery.app.trace", "x"]
)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_is_its_class_and_its_place(lines: Any, name: str, error: BaseException) -> None:
    try:
        fail_with(error)
    except Exception:
        logging.getLogger(name).exception("Noe gikk galt")
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert line["error"][-1] == "KeyError"
    assert [place.split(" ")[1] for place in line["place"]][-1] == "fail_with"
    assert "test_log.py:" in line["place"][-1]


def test_another_librarys_line_is_what_stands_in_its_source(lines: Any) -> None:
    logging.getLogger("redis").warning("No answer to %s", CANARY, extra={"data": CANARY})
    logging.getLogger("django.security.DisallowedHost").error(f"Invalid: {CANARY}")
    logging.getLogger("celery.app.trace").error("Task %(exc)s", {"exc": CANARY})
    assert CANARY not in json.dumps(lines())
    assert [line["event"] for line in lines()] == [
        "No answer to %s",
        "security.DisallowedHost",
        "task_failed",
    ]


@pytest.mark.parametrize(
    "kind", ["unknown_task", "invalid_task", "unknown_message", "decode_error"]
)
def test_a_message_that_a_worker_cannot_use_is_not_quoted(lines: Any, kind: str) -> None:
    """The task that sends a login code has the address and the code for arguments."""
    app = Celery(
        "en-annen-utgave", broker="memory://", backend="cache+memory://", set_as_current=False
    )
    app.send_task("accounts.tasks.send_login_code", (f"{CANARY}@example.org", CANARY))
    idle = SimpleNamespace(use_eventloop=False)
    consumer = Consumer(lambda _request: None, app=app, hostname=CANARY, controller=idle)
    consumer.event_dispatcher = None
    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(timeout=5)
        error = KeyError(CANARY)
        if kind == "unknown_message":
            consumer.on_unknown_message(message.body, message)
        elif kind == "decode_error":
            consumer.qos = connection.default_channel.qos
            consumer.qos.decrement_eventually = lambda: None
            consumer.on_decode_error(message, error)
        else:
            getattr(consumer, f"on_{kind}")(message.body, message, error)
    (line,) = [one for one in lines() if one["logger"] == "celery.worker.consumer.consumer"]
    assert "%" in line["event"]
    assert CANARY not in json.dumps(lines())


def test_a_text_that_a_library_has_put_together_is_left_out(lines: Any) -> None:
    async def fail() -> None:
        loop = asyncio.get_running_loop()
        loop.call_exception_handler({"message": CANARY, "future": CANARY})

    asyncio.run(fail())
    logging.getLogger("redis").error(f"Unhandled notification type: {CANARY}")
    logging.getLogger("redis").error(ValueError(CANARY))
    logging.getLogger("celery.worker.consumer.gossip").error(ValueError(CANARY))
    logging.getLogger("celery.redirected").warning(CANARY.upper())
    logging.getLogger("granian.access").info("GET /?q=%s", CANARY)
    told = [line for line in lines() if line["logger"] != "granian.access"]
    assert [line["event"] for line in told] == ["text_left_out"] * 5
    assert told[0]["place"][0].split(" ")[1] == "default_exception_handler"
    assert CANARY not in json.dumps(lines()).lower()


@pytest.mark.parametrize(
    "logger", ["psycopg", "psycopg.pool", "kombu.message", "allauth", "django.db"]
)
def test_what_a_library_fills_in_is_left_out(lines: Any, logger: str) -> None:
    said = f"Key (email)=({CANARY}) already exists"
    logging.getLogger(logger).error("Refused: %r %s", ValueError(said), {"email": CANARY})
    logging.getLogger(logger).error("Refused: %(email)s", {"email": CANARY})
    assert [line["event"] for line in lines()] == ["Refused: %r %s", "Refused: %(email)s"]
    assert CANARY not in json.dumps(lines())


def test_processes_of_the_web_server_are_told_of(lines: Any) -> None:
    logging.getLogger("_granian").warning(f"Killing worker-{1 + 1}")
    assert [line["event"] for line in lines()] == ["Killing worker-2"]


def test_our_own_lines_say_what_they_are_given(lines: Any) -> None:
    structlog.get_logger("outbox").warning("letter_not_sent", letter_id=7)
    logging.getLogger("pulse.tasks").error("Pulse round %s was not settled.", 9)
    assert [(line["event"], line.get("letter_id")) for line in lines()] == [
        ("letter_not_sent", 7),
        ("Pulse round 9 was not settled.", None),
    ]


def test_of_the_databases_answer_only_the_schema_is_written(db: None, lines: Any) -> None:
    """PostgreSQL's DETAIL quotes the row: «Key (email)=(…) already exists»."""
    make_user(email=f"{CANARY}@example.org")
    try:
        with transaction.atomic():
            User.objects.create(name="A", email=f"{CANARY}@example.org", hr_id=CANARY)
    except IntegrityError:
        logging.getLogger("people").exception("x")
    (line,) = lines()
    assert CANARY not in json.dumps(line)
    assert (line["sqlstate"], line["table_name"]) == ("23505", "people_user")
    assert line["constraint_name"]


def test_django_keeps_no_letters_of_its_own() -> None:
    """Its handler for administrators writes every local variable into a letter."""
    names = ["", "django", "django.request", "django.server", "django.security.csrf"]
    handlers = [one for name in names for one in logging.getLogger(name).handlers]
    assert [one for one in handlers if "AdminEmail" in type(one).__name__] == []
