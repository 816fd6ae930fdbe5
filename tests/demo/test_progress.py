"""What is told while the demo loads follows what has been done, and comes to an end."""

import io

import pytest
from django.core.management.base import OutputWrapper

from demo.progress import BEGINS_AT, STATEMENTS, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def loaded(out: io.StringIO, seconds: float, *, statements: int = STATEMENTS) -> list[str]:
    """What is told of a load that takes so long, as lines whether written anew or not."""
    clock = Clock()
    progress = Progress(OutputWrapper(out), clock)
    for number in range(statements):
        clock.seconds = seconds * number / statements
        assert progress(lambda *asked: asked, "SELECT 1", None, False, {})[0] == "SELECT 1"
    progress.finish()
    return [line.strip() for line in out.getvalue().replace("\r", "\n").split("\n") if line.strip()]


def words(line: str) -> str:
    return line.removeprefix("Loading the demo municipality: ")


def test_a_log_gets_three_lines_and_the_last() -> None:
    told = [words(line) for line in loaded(io.StringIO(), 200)]
    assert told == [
        "25 %, about 2 min left",
        "50 %, about 2 min left",
        "75 %, about 50 s left",
        "done in 200 s.",
    ]


def test_a_terminal_has_one_line_that_is_written_anew() -> None:
    out = Terminal()
    told = [words(line) for line in loaded(out, 40)]
    assert told[0].startswith(f"{BEGINS_AT} %, about 40 s left")
    assert told[-2:] == ["99 %, about 5 s left", "done in 40 s."]
    assert len(told) == 96
    assert out.getvalue().count("\n") == 1


def test_more_work_than_was_counted_never_tells_of_more_than_all() -> None:
    told = [words(line) for line in loaded(Terminal(), 10, statements=2 * STATEMENTS)]
    assert told[-2].startswith("99 %")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "about 5 s"), (42, "about 40 s"), (61, "about 1 min"), (300, "about 5 min")],
)
def test_what_is_left_is_told_as_people_would(seconds: float, said: str) -> None:
    clock = Clock()
    progress = Progress(OutputWrapper(io.StringIO()), clock)
    clock.seconds = seconds
    assert progress.left(50) == said
