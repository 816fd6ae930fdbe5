"""What `script/bench` says of figures and failures, and the status that it ends with."""

from __future__ import annotations

import io
import json

import pytest

from benchmarks.__main__ import named, run_all
from benchmarks.report import Report
from benchmarks.size import FULL, SMALLEST


@pytest.mark.parametrize(
    ("held", "ratio", "is_beyond"),
    [
        ({"most": 10}, 1.2, True),
        ({"most": 12}, 1.0, False),
        ({"most": 0}, None, True),
        ({"least": 15}, 0.8, True),
        ({"least": 12}, 1.0, False),
        ({"beside": 10}, 1.2, None),
        ({}, None, None),
    ],
)
def test_a_figure_is_beyond_what_was_asked_for(
    held: dict[str, float], ratio: float | None, is_beyond: bool | None
) -> None:
    report = Report(output=io.StringIO())
    figure = report.add("a", 12, "ms", **held)
    assert (figure.ratio, figure.is_beyond) == (ratio, is_beyond)
    assert report.beyond == ([figure] if is_beyond else [])


def good(report: Report, _size: object) -> None:
    report.add("good.wait", 12, "ms", most=10)


def bad(report: Report, _size: object) -> None:
    report.add("bad.before", 1, "ms")
    raise ValueError("no such thing")


def outcome(*, as_json: bool = False, is_brief: bool = False) -> tuple[Report, list[str]]:
    output = io.StringIO()
    report = Report(as_json=as_json, is_brief=is_brief, output=output)
    run_all({"bad": bad, "missing": named("nosuch"), "good": good}, report, SMALLEST)
    report.close()
    return report, output.getvalue().splitlines()


def test_one_that_fails_takes_no_other_s_figures_with_it() -> None:
    report, lines = outcome()
    assert report.status() == 1
    assert [line.split()[0] for line in lines[:3]] == ["what", "bad.before", "good.wait"]
    assert lines[2].split() == ["good.wait", "12", "ms", "10", "1.20", "beyond"]
    assert lines[3:] == [
        "bad FAILED: ValueError: no such thing",
        "missing FAILED: ModuleNotFoundError: No module named 'benchmarks.nosuch'",
    ]


def test_what_failed_is_among_the_lines_for_machines() -> None:
    told = [json.loads(line) for line in outcome(as_json=True)[1]]
    assert [one["name"] for one in told] == ["bad.before", "bad", "missing", "good.wait"]
    assert told[1] == {"name": "bad", "failed": "ValueError: no such thing"}


def test_briefly_each_that_works_is_a_line_and_what_failed_says_where(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert outcome(is_brief=True)[1] == [
        "good works (0 s)",
        "bad FAILED: ValueError: no such thing",
        "missing FAILED: ModuleNotFoundError: No module named 'benchmarks.nosuch'",
    ]
    assert "in bad\n" in capsys.readouterr().err


def test_a_figure_beyond_its_limit_is_a_status_where_that_is_asked_for() -> None:
    report = Report(output=io.StringIO())
    run_all({"good": good}, report, SMALLEST)
    assert (report.status(), report.status(is_strict=True)) == (0, 1)


def test_the_smallest_is_less_of_everything() -> None:
    numbers = set(vars(SMALLEST)) - {"municipality", "crowds"}
    assert [name for name in numbers if getattr(SMALLEST, name) >= getattr(FULL, name)] == []
    assert max(SMALLEST.crowds) < max(FULL.crowds)
