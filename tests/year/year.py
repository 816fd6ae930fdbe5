"""The year itself: nights with HR's files, working days, duties when they are due, and questions.

The same seed gives the same year. Everything is real but the clock, the mail server and the
broker: the import, the actions, the tasks by the rooms' schedules, and the database's own rules.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import tempfile
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from common.dates import OSLO
from evidence.self_signed import make_certificate
from portal.celery import app
from reports.participation import participation_report
from reports.period import Period
from reports.scope import Scope
from tests.year import invariants
from tests.year.agreement_life import live_with_agreements
from tests.year.beat import Beat, all_duties
from tests.year.holidays import is_holiday
from tests.year.hr import HR
from tests.year.ledger import ErrorsTold, Ledger
from tests.year.moving_clock import MovingClock
from tests.year.post_office import HandedIn, open_post_office
from tests.year.seminar_life import live_with_seminars
from tests.year.town import Town

FIGURES_STAND_AFTER = dt.timedelta(days=45)
"""Attendance is marked within twelve days here, and a seminar lasts two weeks at most."""
ROWS_FOR_EACH_EVENT = 15
MOST_IDLE_QUERIES = 20
"""Of a duty with nothing to do."""
MOST_IDLE_QUERIES_OF = {"queue-due-reminders": 45}
"""One duty for all that is reminded of, some seventeen kinds: two or three questions a kind,
however many seminars there are (`tests/reminders/test_seminars.py`)."""
QUERIES_MAY_DIFFER = 3
COMPARED_FROM = 180
"""Days that a year must have for its second quarter to be like its last."""


@dataclass(frozen=True)
class YearPlan:
    """How long, how large, and on which day what happens that is seldom, as parts of the whole."""

    seed: int
    first_day: dt.date
    days: int
    people: int = 150
    units: int = 13
    ticks: tuple[tuple[int, int], ...] = ((5, 30), (10, 35), (15, 5))
    seldom: dict[str, tuple[float, ...]] = field(
        default_factory=lambda: {
            "damaged": (0.17,),
            "merge": (0.27, 0.6),
            "move_unit": (0.4,),
            "stop": (0.47,),
            "missing": (0.73,),
        }
    )

    def happens(self, what: str, number: int) -> bool:
        """Never on the first day: the first files of all are compared with nothing."""
        return number > 0 and number in {int(part * self.days) for part in self.seldom[what]}

    def is_stopped(self, number: int) -> bool:
        """For two days nothing runs: no page, no worker, no beat and no import."""
        return self.happens("stop", number) or self.happens("stop", number - 1)


class Year:
    def __init__(self, plan: YearPlan) -> None:
        self.plan = plan
        first = dt.datetime.combine(plan.first_day, dt.time(1), OSLO).astimezone(dt.UTC)
        self.clock = MovingClock(first)
        self.ledger = Ledger(plan.seed)
        self.beat = Beat(first)
        self.hr = HR(plan.seed, people=plan.people, units=plan.units, first_day=plan.first_day)
        self.town = Town(plan.seed, self.clock, self.ledger, busy=plan.people / 150)
        self.imports = self.letters = 0
        self.sent: set[str] = set()
        self.idle_queries: defaultdict[str, list[int]] = defaultdict(list)
        self.figures: dict[str, Any] = {}
        self.rows: dict[str, int] = {}
        self.events = 0
        self.folder: Path
        self.errors: ErrorsTold
        self.post: list[HandedIn]

    # --- Living through it ------------------------------------------------------------------------

    def live(self, tell: Callable[[str], None] | None = None) -> Ledger:
        with self.under_way():
            for number in range(self.plan.days):
                day = self.plan.first_day + dt.timedelta(days=number)
                self.live_day(number, day)
                if tell and day.day == 1:
                    tell(
                        f"{day:%Y-%m-%d}: {self.acts} acts, {self.letters} letters, "
                        f"{len(self.ledger.faults)} faults"
                    )
            self.compare_queries()
            self.run_command("verify_evidence")
        return self.ledger

    @property
    def acts(self) -> int:
        return self.ledger.acts.total()

    @contextmanager
    def under_way(self) -> Iterator[Year]:
        with ExitStack() as stack:
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            seal = self.folder / "seal.pem"
            seal.write_bytes(make_certificate(self.clock.moment))
            stack.enter_context(
                override_settings(
                    SEAL_CERTIFICATE=str(seal),
                    SEAL_KEY=str(seal),
                    SEAL_KEY_PASSPHRASE="",
                    SEAL_TIMESTAMP_URL="",
                    AGREEMENT_RETENTION_YEARS=1,
                    ALLOWED_HOSTS=["testserver"],
                )
            )
            self.post = stack.enter_context(open_post_office())
            self.errors = stack.enter_context(listening())
            stack.enter_context(eager_tasks())
            stack.enter_context(self.clock.running())
            yield self

    def live_day(self, number: int, day: dt.date) -> None:
        plan = self.plan
        nights = self.hr.pass_night(day) if number else []
        for what, change in (("merge", self.hr.merge), ("move_unit", self.hr.move_unit)):
            if plan.happens(what, number):
                nights.append(change(day))
        for words in nights:
            self.ledger.note(self.clock.moment, words)
        if plan.is_stopped(number):
            return
        self.clock.move_to(day, 3, 15)
        self.import_files(number)
        self.town.keep_roles()
        for place, (hour, minute) in enumerate(plan.ticks):
            self.clock.move_to(day, hour, minute)
            self.do_what_is_due()
            if place == 1 and number % 4 == 3:
                self.do_everything_again()
            if not is_holiday(day) and hour > 7:
                self.clock.move_to(day, hour, minute + 20)
                self.work()
        self.clock.move_to(day, 22)
        self.do_what_is_due()
        self.look()
        if number % 7 == 6:
            self.look_at_growth()
            self.look_at_figures()

    def work(self) -> None:
        live_with_seminars(self.town)
        live_with_agreements(self.town)
        self.town.give_and_end_roles()
        self.town.visit()

    def import_files(self, number: int) -> None:
        is_damaged, is_missing = (self.plan.happens(w, number) for w in ("damaged", "missing"))
        write = self.hr.write_damaged if is_damaged else self.hr.write
        units, people = write(self.folder)
        if is_missing:
            people.unlink()
        # Whoever runs it knows of the merger, and that so many positions move with it.
        is_merger = self.plan.happens("merge", number)
        accepted = ["--accept", "positions_ended"] if is_merger else []
        self.imports += 1
        quiet = io.StringIO()
        try:
            call_command(
                "import_staff",
                *("--units", str(units), "--people", str(people), "--verbosity", "0"),
                *accepted,
                stdout=quiet,
                stderr=quiet,
            )
        except CommandError as refused:
            if not (is_damaged or is_missing):
                self.fault("the files are imported", refused)
        except Exception:
            self.fault("the import fails", traceback.format_exc()[-1200:])
        else:
            if is_damaged or is_missing:
                self.fault("a damaged file stops the import")

    # --- Duties -----------------------------------------------------------------------------------

    def do_what_is_due(self) -> None:
        for duty in self.beat.due(self.clock.moment):
            self.do(duty)
        # Hours between two times are a silence to the sweep of letters.
        self.town.release_what_was_held_back()

    def do(self, duty: Any) -> int:
        try:
            return self.beat.run(duty)
        except Exception:
            self.fault(f"{duty.name} fails", traceback.format_exc()[-1200:])
            return 0

    def do_everything_again(self) -> None:
        """With nothing to do: no duty leaves a row, and none asks more as the years go by.

        In the middle of the morning, when all of the day's have run; and once before, as what one
        of them leaves another may take up.
        """
        for duty in all_duties():
            self.do(duty)
        before = invariants.row_counts()
        for duty in all_duties():
            self.idle_queries[duty.name].append(self.do(duty))
        self.compare_rows(before, invariants.row_counts())

    def compare_rows(self, before: dict[str, int], after: dict[str, int]) -> None:
        grown = {name: after[name] - rows for name, rows in before.items() if after[name] != rows}
        if grown:
            self.fault("what is done once is done", grown)

    def compare_queries(self) -> None:
        """With as much going on in the last quarter as in the second, no more is asked in it."""
        for name, counted in self.idle_queries.items():
            quarter = max(1, len(counted) // 4)
            allowed = MOST_IDLE_QUERIES_OF.get(name, MOST_IDLE_QUERIES)
            if (most := max(counted)) > allowed:
                self.fault("a duty with nothing to do asks little", f"{name}: {most} queries")
            was, became = max(counted[quarter : 2 * quarter]), max(counted[-quarter:])
            if self.plan.days >= COMPARED_FROM and became > was + QUERIES_MAY_DIFFER:
                self.fault(
                    "a duty with nothing to do asks no more as time goes by",
                    f"{name}: {was} → {became} queries",
                )

    # --- Questions --------------------------------------------------------------------------------

    def fault(self, what: str, rows: object = "") -> None:
        self.ledger.fault(self.clock.moment, what, rows)

    def look(self) -> None:
        """Ask everything that is asked at the end of a day."""
        for what, rows in invariants.broken(self.clock.moment, self.clock.today):
            for row in rows:
                self.fault(what, row)
        for error in self.errors.take():
            self.fault("nothing is told as an error", error[-1200:])
        self.look_at_post()
        self.look_at_staff()
        self.run_command("check_invariants")

    def look_at_post(self) -> None:
        """What the portal says it has sent is what the mail server got, each once."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT message_id FROM outbox_letter WHERE state = 'sent'")
            sent = {message_id for (message_id,) in cursor.fetchall()}
        new, self.sent = sent - self.sent, sent
        self.letters += len(new)
        # By name and not by number: letters are deleted with those who are erased.
        if sorted(one.message_id for one in self.post) != sorted(new):
            told = f"{len(new)} sent, {len(self.post)} handed in"
            self.fault("each letter is handed in once", told)
        self.post.clear()

    def look_at_staff(self) -> None:
        """Where HR has said the same for some nights, the portal says it."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT one.hr_id, one.name, unit.hr_id, EXISTS (
                          SELECT 1 FROM people_leadership l
                           WHERE l.user_id = one.id AND l.unit_id = unit.id
                             AND l.valid_from <= %(today)s
                             AND (l.valid_to IS NULL OR l.valid_to >= %(today)s))
                     FROM people_user one
                     JOIN people_position p ON p.user_id = one.id AND p.valid_from <= %(today)s
                      AND (p.valid_to IS NULL OR p.valid_to >= %(today)s)
                     JOIN people_unit unit ON unit.id = p.unit_id""",
                {"today": self.clock.today},
            )
            stands = defaultdict(list)
            for hr_id, *rest in cursor.fetchall():
                stands[hr_id].append(tuple(rest))
        for one in self.hr.steady(self.clock.today):
            said = [(one.name, one.unit, one.leads)] if one.works else []
            if stands[one.hr_id] != said:
                self.fault(
                    "the portal says what HR says",
                    f"{one.hr_id}: {said} in the file, {stands[one.hr_id]}",
                )

    def look_at_growth(self) -> None:
        """No table grows by more than what has happened in the week."""
        now, was = invariants.row_counts(), self.rows
        events = self.acts + self.letters + self.imports + self.town.visits
        happened, self.events, self.rows = events - self.events, events, now
        most = ROWS_FOR_EACH_EVENT * happened + self.plan.people
        for table in was:
            if now[table] - was[table] > most:
                self.fault("no table grows by itself", f"{table}: {now[table] - was[table]} rows")

    def look_at_figures(self) -> None:
        """What was told of months long past is told again."""
        past = (self.clock.today - FIGURES_STAND_AFTER).replace(day=1)
        found = dict(invariants.past_figures(past)) | self._told_figures()
        for key, value in self.figures.items():
            if found.get(key) != value:
                self.fault(
                    "what is past stays as it was told", f"{key}: {value} → {found.get(key)}"
                )
        self.figures = found | self.figures

    def _told_figures(self) -> dict[str, Any]:
        """By the portal's own report, month by month, to HR of the whole municipality."""
        told, first = {}, self.plan.first_day.replace(day=1)
        while (after := _month_after(first)) <= self.clock.today - FIGURES_STAND_AFTER:
            month = Period(first, after - dt.timedelta(days=1))
            report = participation_report(Scope((), is_everything=True), month, self.clock.moment)
            for row in report.rows:
                if row.figures.registered or row.figures.invited:
                    agency = row.agency.hr_id if row.agency else "-"
                    told[f"report {first:%Y-%m}/{agency}"] = (
                        row.figures.invited,
                        row.figures.registered,
                        row.figures.not_recorded,
                    )
            first = after
        return told

    def run_command(self, name: str) -> None:
        words = io.StringIO()
        try:
            call_command(name, stdout=words, stderr=words)
        except CommandError as found:
            self.fault(f"{name} finds nothing", f"{found} {words.getvalue()[-800:]}")


def _month_after(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=32)).replace(day=1)


@contextmanager
def eager_tasks() -> Iterator[None]:
    """What is handed to a worker is done here and now."""
    app.loader.import_default_modules()
    usual = app.conf.task_always_eager, app.conf.task_eager_propagates
    app.conf.task_always_eager = app.conf.task_eager_propagates = True
    try:
        yield
    finally:
        app.conf.task_always_eager, app.conf.task_eager_propagates = usual


@contextmanager
def listening() -> Iterator[ErrorsTold]:
    handler = ErrorsTold()
    logging.getLogger().addHandler(handler)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)
