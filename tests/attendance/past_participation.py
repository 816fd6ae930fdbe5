"""Files of past participation for tests, and what the command makes of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import CommandError, call_command

from attendance.models import PastParticipation
from tests.corpora.participation_files import HEADER, History, Told

TODAY = dt.date(2026, 11, 24)


@dataclass
class Answer:
    out: list[str]
    errors: list[str]
    refusal: str = ""


class HistoryFolder:
    """Where the file lies; `run` or `refuse` it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, history: History, *options: str) -> Answer:
        """Fails if it is refused."""
        told = self.attempt(history, *options)
        assert told.refusal == "", told
        return told

    def refuse(self, history: History, *options: str) -> Answer:
        """Fails if it imports."""
        told = self.attempt(history, *options)
        assert told.refusal.endswith("Ingenting er importert."), told
        return told

    def attempt(self, history: History, *options: str) -> Answer:
        """Run it, whatever comes of it."""
        file = self.path / history.name
        file.write_bytes(history.content)
        beside = self.path / "participation.toml"
        beside.unlink(missing_ok=True)
        if history.map:
            beside.write_text(history.map, encoding="utf-8")
        out, errors = StringIO(), StringIO()
        told = Answer([], [])
        try:
            call_command(
                "import_participation",
                str(file),
                *history.options,
                *options,
                today=TODAY,
                stdout=out,
                stderr=errors,
            )
        except CommandError as error:
            told.refusal = str(error)
        told.out, told.errors = out.getvalue().splitlines(), errors.getvalue().splitlines()
        return told


def lines(*rows: str, header: str = ";".join(HEADER)) -> History:
    return History("\n".join([header, *rows, ""]).encode())


def stored() -> list[Told]:
    """Everything there is, without the keys that rows happen to have."""
    return sorted(
        PastParticipation.objects.values_list(
            "user__hr_id",
            "seminar__title",
            "seminar__first_day",
            "seminar__last_day",
            "outcome",
            "minutes",
        ),
        key=lambda row: (row[0] or "", row[1], row[2]),
    )
