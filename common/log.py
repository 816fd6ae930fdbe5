"""What the portal writes in its log, and what it never does (docs/logging.md).

A line says what happened, where, to whom as a number, and in which request: never a name, an
address, what somebody typed or what is kept about them. Errors are where such words get out: their
messages quote values, PostgreSQL's DETAIL quotes rows, and frames hold everything. So of an error
only its class and the places it passed are written, and of other libraries' lines only the text
that stands in their source, without what is filled in.
"""

from __future__ import annotations

import ast
import functools
import logging
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

Line = MutableMapping[str, Any]

OURS = (
    "portal", "accounts", "demo", "devtools", "reminders", "reports", "commitments", "pulse",
    "seminars", "missions", "ballots", "evidence", "outbox", "people", "common",
)  # fmt: skip
SPOKEN_OUT = ("_granian",)
"""Which processes of the web server begin and end, and nothing about anybody.

`granian.access` is another: it quotes addresses with their query.
"""
ANSWERS = {
    400: "bad_request",
    403: "access_refused",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    429: "rate_limited",
}
"""What an answer is called in the log; every other failure is `request_failed`."""
FRAMES_KEPT = 30
DATABASE_FACTS = ("sqlstate", "constraint_name", "table_name", "column_name")
"""Of PostgreSQL's answer: what is in the schema, and nothing that is in a row."""


def configuration(*, as_json: bool, level: str, mails_admins: bool) -> dict[str, Any]:
    """Return Django's LOGGING: one line a record on standard error, errors by letter as well."""
    handlers = ["console", *(["admins"] if mails_admins else [])]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.contextvars.merge_contextvars, only_our_words],
                "processors": [*SHARED, *(JSON if as_json else READABLE)],
            },
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.__stderr__",
                "formatter": "line",
            },
            "admins": {
                "class": "common.log_letters.AdminLetters",
                "level": "ERROR",
                "formatter": "line",
            },
        },
        "root": {"handlers": handlers, "level": level},
        # Django gives this one handlers of its own: a letter with every local variable in it.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "celery": {"level": "WARNING"},
            "kombu": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    """Send our own lines the way of all others, with what is known of the request."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def is_among(name: str, families: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in families)


def only_our_words(logger: Any, method: str, line: Line) -> Line:
    """Of a line written by way of `logging`: its text as it stands in the source.

    Ours fill in numbers and keys. What another library fills in may be anything.
    """
    record: logging.LogRecord = line["_record"]
    status = getattr(record, "status_code", None)
    if isinstance(status, int):
        line["status"] = status
    if record.name == "django.request":
        line["event"] = ANSWERS.get(status or 500, "request_failed")
    elif record.name.startswith("django.security."):
        line["event"] = f"security.{record.name.rpartition('.')[2]}"
    elif record.name == "celery.app.trace":
        line["event"] = "task_failed"
    elif not is_among(record.name, (*OURS, *SPOKEN_OUT)):
        line.update(text_in_source(record))
    return line


def text_in_source(record: logging.LogRecord) -> dict[str, Any]:
    """Return a line's text if it stands so in its source; else the place alone.

    asyncio, redis and others put the values into the text themselves, so a text without gaps is
    no sign that nothing was filled in.
    """
    if isinstance(record.msg, str) and record.msg in texts_in(record.pathname):
        return {"event": record.msg}
    place = f"{_short(record.pathname)}:{record.lineno} {record.funcName}"
    return {"event": "text_left_out", "place": [place]}


@functools.lru_cache(maxsize=64)
def texts_in(path: str) -> frozenset[str]:
    """Return every text that stands whole in a file of Python; none if it cannot be read."""
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    parts = {
        id(part) for one in ast.walk(tree) if isinstance(one, ast.JoinedStr) for part in one.values
    }
    return frozenset(
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in parts
    )


def add_place(logger: Any, method: str, line: Line) -> Line:
    """Of an error: its class, those it came of, and file, line and function of each step."""
    error = _error_of(line.pop("exc_info", None))
    record: logging.LogRecord | None = line.get("_record")
    if error is None and record is not None:
        error = _error_of(record.exc_info)
    if error is not None:
        line["error"] = [class_of(one) for one in chain_of(error)]
        line["place"] = places_of(error.__traceback__)
        line.update(database_facts(error))
    return line


def _error_of(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    if exc_info:
        import sys

        return sys.exc_info()[1]
    return None


def chain_of(error: BaseException) -> list[BaseException]:
    """The error, what it came of, and so on, each once."""
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    return chain


def class_of(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def places_of(trace: TracebackType | None) -> list[str]:
    """`people/views.py:147 audit`, the last steps of many: names in the code, no values."""
    steps = traceback.walk_tb(trace)
    places = [
        f"{_short(frame.f_code.co_filename)}:{at} {frame.f_code.co_name}" for frame, at in steps
    ]
    return places[-FRAMES_KEPT:]


def _short(path: str) -> str:
    """Without the machine's folders."""
    _before, found, inside = path.rpartition("site-packages/")
    if found:
        return inside
    parts = path.split("/")
    ours = [index for index, part in enumerate(parts) if part in OURS]
    return "/".join(parts[ours[0] :]) if ours else parts[-1]


def database_facts(error: BaseException) -> dict[str, str]:
    for one in chain_of(error):
        facts = getattr(one, "diag", None)
        if facts is not None:
            found = {name: getattr(facts, name, None) for name in DATABASE_FACTS}
            return {name: str(value) for name, value in found.items() if value}
    return {}


def drop_traces(logger: Any, method: str, line: Line) -> Line:
    """Nothing that was rendered elsewhere: a text of a trace quotes its error."""
    for name in ("exception", "exc_text", "stack_info", "stack"):
        line.pop(name, None)
    return line


SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    add_place,
    drop_traces,
    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
]
JSON: list[Any] = [structlog.processors.JSONRenderer(ensure_ascii=False)]
READABLE: list[Any] = [
    structlog.dev.ConsoleRenderer(
        colors=False,
        pad_event_to=0,
        # Where `rich` is installed the default shows local variables, and so what people wrote.
        exception_formatter=structlog.dev.plain_traceback,
    )
]
