"""Time comes in: querysets, rules, actions and views are told the moment, and read no clock.

A view is told it by `people.requests.now_in`; a task and a command read it once, and pass it on.
All else stands in `EXCEPTIONS` with its reason. The default of a field is no such reading: the
trail and the letters date themselves, and so does a row that is made without an action.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

from tests.test_clock import is_clock
from tests.test_visible_to import OURS

ROOT = Path(settings.BASE_DIR)

EXCEPTIONS = {
    "accounts/adapter.py": "allauth calls it, with no moment to pass on",
    "accounts/oidc/adapter.py": "allauth calls it, with no moment to pass on",
    "accounts/views.py": "seconds of its own, beside those that allauth keeps in the session",
    "accounts/sessions.py": "allauth's signals and the middleware bring no moment",
    "demo/agreeing.py": "the demo dates its story, and no seal is dated back",
    "evidence/checks.py": "Django's checks are called with no moment",
    "evidence/self_signed.py": "a program of its own, run by hand",
    "people/backends.py": "Django asks it who a session belongs to, and says no more",
    "people/requests.py": "where the clock is read for a request",
    "portal/metrics/duty_runs.py": "Celery's signals bring no moment",
    "portal/views/health.py": "asks after what has happened by now, each question by itself",
}
"""Files that read the clock although they are no task or command."""


def reads_clock(call: ast.Call) -> bool:
    """As `is_clock`, and PostgreSQL's; a moment that is turned into a day is told and not read."""
    asked = call.func
    name = asked.attr if isinstance(asked, ast.Attribute) else getattr(asked, "id", "")
    if name in {"localdate", "localtime"}:
        return not call.args and not call.keywords
    if name == "time":
        return ast.unparse(asked) == "time.time"
    return name == "Now" or is_clock(call)


def clock_reads(source: str) -> list[int]:
    """Return the lines that read the clock."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return sorted({call.lineno for call in calls if reads_clock(call)})


def may_read(path: Path) -> bool:
    """Whether something is done there by the schedule or by hand."""
    name, folders = path.name, path.relative_to(ROOT).parts[:-1]
    return name in {"tasks.py", "schedule.py"} or "commands" in folders


def readers() -> dict[str, list[int]]:
    found = {
        str(path.relative_to(ROOT)): clock_reads(path.read_text(encoding="utf-8"))
        for path in OURS
        if not may_read(path)
    }
    return {name: lines for name, lines in found.items() if lines}


def test_no_queryset_rule_action_or_view_reads_the_clock() -> None:
    found = {name: lines for name, lines in readers().items() if name not in EXCEPTIONS}
    assert found == {}


def test_no_exception_is_kept_that_is_needed_no_more() -> None:
    assert EXCEPTIONS.keys() - readers().keys() == set()


def test_every_exception_says_why() -> None:
    assert [name for name, reason in EXCEPTIONS.items() if not reason] == []


@pytest.mark.parametrize(
    "name",
    [
        "people/models/user.py",
        "people/rules.py",
        "people/views.py",
        "portal/views/home.py",
        "seminars/editing/copy_views.py",
        "seminars/models/seminar.py",
        "seminars/registration_window.py",
        "seminars/seats/allocation.py",
        "commitments/locking.py",
        "commitments/gates.py",
        "commitments/signing/actions.py",
        "missions/my_page.py",
        "reminders/due.py",
    ],
)
def test_what_is_told_the_time_is_looked_through(name: str) -> None:
    path = ROOT / name
    assert (path in OURS, may_read(path), name in EXCEPTIONS) == (True, False, False)


@pytest.mark.parametrize(
    "source",
    [
        "day = timezone.localdate()",
        "now = timezone.now()",
        "here = timezone.localtime()",
        "now = dt.datetime.now(dt.UTC)",
        "day = dt.date.today()",
        "at = time.time()",
        "rows.filter(ends_at__gt=Now())",
        "def visible_to(self, user, on=None):\n    return on or localdate()",
        "agreement.due(today or timezone.localdate())",
    ],
)
def test_a_reading_is_found(source: str) -> None:
    assert len(clock_reads(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "day = timezone.localdate(now)",
        "here = timezone.localtime(value=now)",
        "noon = dt.time(12)",
        "at = models.DateTimeField(default=timezone.now)",
        "end = local(start).time()",
        "typed = clock.time()",
        "quiet = time.monotonic()",
    ],
)
def test_what_is_told_the_time_is_no_reading(source: str) -> None:
    assert clock_reads(source) == []
