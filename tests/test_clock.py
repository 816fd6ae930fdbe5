"""No file of tests reads the clock as it is imported: its hour would be hours old, or yesterday."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import clock

FOLDER = Path(__file__).resolve().parent
READS_CLOCK = {"now", "utcnow", "today", "localdate", "localtime", "noon", "time", "time_ns"}
OF_CLOCK = {"timezone", "datetime", "date", "dt", "time", "clock"}


def is_clock(call: ast.Call) -> bool:
    """`timezone.now()`, `dt.date.today()`, `time.time()`, or one of them under its bare name."""
    asked = call.func
    if isinstance(asked, ast.Name):
        return asked.id in READS_CLOCK - {"time"}
    if not isinstance(asked, ast.Attribute) or asked.attr not in READS_CLOCK:
        return False
    of = (
        asked.value.attr
        if isinstance(asked.value, ast.Attribute)
        else getattr(asked.value, "id", "")
    )
    # dt.time(…) makes a time of day and reads none.
    return of in OF_CLOCK and (asked.attr, of) not in {("time", "dt"), ("time", "datetime")}


def run_at_import(node: ast.AST) -> Iterator[ast.Call]:
    """Return the calls that are made as the file is read: not those within functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = [*child.args.defaults, *filter(None, child.args.kw_defaults)]
            for part in [*getattr(child, "decorator_list", []), *defaults]:
                yield from run_at_import(ast.Expr(part))
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from run_at_import(child)


def clock_readers(tree: ast.Module) -> set[str]:
    """Return the file's own functions that read the clock, or call one that does."""
    called: dict[str, set[str]] = {}
    readers: set[str] = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = [one for one in ast.walk(function) if isinstance(one, ast.Call)]
            called[function.name] = {one.func.id for one in calls if isinstance(one.func, ast.Name)}
            if any(is_clock(one) for one in calls):
                readers.add(function.name)
    while more := {name for name, names in called.items() if names & readers} - readers:
        readers |= more
    return readers


def clock_reads_at_import(text: str) -> list[int]:
    """Return the lines that read the clock when the file is imported."""
    tree = ast.parse(text)
    readers = clock_readers(tree)
    return [
        call.lineno
        for call in run_at_import(tree)
        if is_clock(call) or (isinstance(call.func, ast.Name) and call.func.id in readers)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "NOW = timezone.now()",
        "TODAY: dt.date = dt.date.today() - DAY",
        "class Case:\n    began = dt.datetime.now(dt.UTC)",
        "def step(now=timezone.now()):\n    pass",
        "@pytest.mark.parametrize('day', [timezone.localdate()])\ndef test_it(day):\n    pass",
        "for days in range(3):\n    SOME.append(localdate())",
        "def noon_of():\n    return timezone.localtime().replace(hour=12)\nNOON = noon_of()",
        "begun = time.time()",
    ],
)
def test_a_file_that_reads_the_clock_at_import_is_found(text: str) -> None:
    assert clock_reads_at_import(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "def now():\n    return timezone.now()",
        "NOON = dt.time(12)",
        "LATER = lambda: timezone.now()",
        "def test_it(today):\n    assert step(now=timezone.now())",
    ],
)
def test_a_file_that_reads_it_while_a_test_runs_is_not(text: str) -> None:
    assert clock_reads_at_import(text) == []


def test_no_file_reads_the_clock_at_import() -> None:
    found = {
        f"{path.relative_to(FOLDER)}:{line}"
        for path in sorted(FOLDER.rglob("*.py"))
        for line in clock_reads_at_import(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_the_hour_of_a_test_stays_as_long_as_it_lasts(today: object) -> None:
    assert clock.now() is clock.now()
    assert clock.today() == today
    assert (clock.noon().hour, clock.noon().date()) == (12, today)


def test_a_file_that_asks_for_the_hour_of_no_test_is_refused() -> None:
    held = clock.now()
    clock.pytest_runtest_teardown()
    with pytest.raises(RuntimeError, match="No test is under way"):
        clock.now()
    clock.pytest_runtest_setup()
    assert clock.now() > held
