"""What an import of past participation writes, mends and leaves alone, and what it never does."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from attendance.models import PastParticipation, PastSeminar
from attendance.participation_import.actions import LOCK
from common.dates import OSLO
from people.models import AuditRecord, Role, Unit
from people.staff_import.undoing import ImportUndoRefused, undo_import
from reports.attendance_counting import count_attendance
from reports.participation import participation_report
from reports.period import Period
from reports.scope import scope_of
from seminars.models import SeminarState
from tests.attendance.past_participation import TODAY, HistoryFolder, lines, stored
from tests.cast import Cast
from tests.corpora.participation_files import (
    AS_THEY_ARE,
    FAULTY,
    FIRST,
    ORGANISER,
    PEOPLE,
    TOLD,
    UNKNOWN,
)
from tests.factories import make_role, make_unit, make_user
from tests.machine import PATIENCE
from tests.people.staff_files import PEOPLE as STAFF
from tests.people.staff_files import UNITS, StaffFolder
from tests.reports.factories import held, put
from tests.seminars.factories import make_seminar

ONE = "P1;;Nytt;2019-01-01;;Møtt;2;30"


def everything() -> list[list[tuple[Any, ...]]]:
    tables = (PastSeminar, PastParticipation, AuditRecord)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


@pytest.mark.parametrize("name", AS_THEY_ARE)
def test_the_same_once_more_changes_nothing(history: HistoryFolder, name: str) -> None:
    history.run(AS_THEY_ARE["plain"])
    before = everything()
    told = history.run(AS_THEY_ARE[name])
    assert (told.out[-1], everything()) == ("Ingen endringer.", before)


def test_a_corrected_file_mends_outcome_and_hours(history: HistoryFolder) -> None:
    history.run(lines(ONE, "P2;;Nytt;2019-01-01;;Ikke møtt;;30"))
    told = history.run(lines("P1;;Nytt;2019-01-01;;Delvis;1:15;30"))
    assert [row[0::4] + row[5:] for row in stored()] == [
        ("P1", "partly", 75),
        ("P2", "no_show", None),
    ]
    assert told.out[-1] == "Rettede deltakelser: 1"


def test_hours_that_a_file_is_silent_on_stay(history: HistoryFolder) -> None:
    history.run(lines(ONE))
    history.run(lines("P1;;Nytt;2019-01-01;;Delvis;;30"))
    assert [row[4:] for row in stored()] == [("partly", 120)]


def test_a_row_that_is_no_longer_listed_is_left_alone(history: HistoryFolder) -> None:
    history.run(AS_THEY_ARE["plain"])
    history.run(lines("P1;;Annet;2018-01-01;;Møtt;2;30"))
    assert [row for row in stored() if row[1] != "Annet"] == TOLD


def test_the_last_day_is_mended(history: HistoryFolder) -> None:
    history.run(lines(ONE))
    told = history.run(lines("P1;;Nytt;2019-01-01;2019-01-03;Møtt;2;30"))
    history.run(lines(ONE))
    assert PastSeminar.objects.get().last_day == dt.date(2019, 1, 3)
    assert "Seminarer med ny siste dag: 1" in told.out


def test_title_day_and_organiser_are_one_seminar(history: HistoryFolder) -> None:
    make_unit("Bydel Fjordbyen", parent=Unit.objects.get(hr_id="1"), hr_id="20")
    history.run(
        lines(
            ONE,
            "P2;;NYTT;01.01.19;;Møtt;;Etat for læring",
            "P2;;Nytt;2019-01-02;;Møtt;;30",
            "P2;;Nytt;2019-01-01;;Møtt;;20",
        )
    )
    seminars = PastSeminar.objects.order_by("pk").values_list(
        "title", "first_day", "organiser_unit__hr_id"
    )
    day = dt.date(2019, 1, 1)
    assert sorted(seminars) == [
        ("NYTT", day, "30"),
        ("Nytt", day, "20"),
        ("Nytt", day + dt.timedelta(days=1), "30"),
    ]


def test_of_units_with_one_name_the_one_of_that_day_is_meant(history: HistoryFolder) -> None:
    top = Unit.objects.get(hr_id="1")
    first = make_unit("Ny enhet", parent=top, hr_id="41", valid_to=dt.date(2021, 12, 31))
    make_unit("Ny enhet", parent=top, hr_id="42", valid_from=dt.date(2022, 1, 1))
    make_unit("Dobbel", parent=top, hr_id="43")
    make_unit("Dobbel", parent=top, hr_id="44")
    told = history.run(
        lines(
            "P1;;Nytt;2021-05-05;;Møtt;;Ny enhet",
            "P1;;Annet;2021-05-05;;Møtt;;Dobbel",
        )
    )
    assert PastSeminar.objects.get().organiser_unit == first
    assert told.errors == [
        "history.csv, linje 3, kolonne «arrangør»: Flere enheter heter det (tekst på 6 tegn)"
    ]


@pytest.mark.parametrize(
    ("state", "is_set_aside"),
    [(SeminarState.PUBLISHED, True), (SeminarState.CANCELLED, True), (SeminarState.DRAFT, False)],
)
def test_a_seminar_of_the_portal_is_not_told_twice(
    history: HistoryFolder, state: str, is_set_aside: bool
) -> None:
    unit = Unit.objects.get(hr_id=ORGANISER)
    starts_at = dt.datetime(2026, 3, 4, 0, 30, tzinfo=OSLO)
    by = make_user("Olav Aas")
    make_seminar(unit, created_by=by, title="Nytt", starts_at=starts_at, state=state)
    told = history.run(lines("P1;;nytt;2026-03-04;;Møtt;2;30", ONE))
    assert len(stored()) == (1 if is_set_aside else 2)
    assert told.errors == [
        "history.csv, linje 2, kolonne «kurs»: Seminaret er i portalen, og oppmøtet føres der"
    ] * int(is_set_aside)


def test_a_trial_run_writes_nothing(history: HistoryFolder) -> None:
    told = history.run(AS_THEY_ARE["plain"], "--dry-run")
    assert everything() == [[], [], []]
    assert "Nye deltakelser: 4" in told.out
    assert told.out[-1] == "Prøvekjøring: ingenting er lagret."


def test_an_import_leaves_one_record_with_counts(history: HistoryFolder) -> None:
    history.run(AS_THEY_ARE["plain"])
    record = AuditRecord.objects.get()
    assert (record.action, record.actor, record.details) == (
        "attendance.import_participation",
        None,
        {"counts": {"seminars_added": 3, "participations_added": 4}},
    )
    assert record.action_in_words == "leste inn deltakelse fra før portalen"


def test_an_organiser_nobody_knows_is_refused(history: HistoryFolder) -> None:
    with pytest.raises(AssertionError, match="Ingen enhet har HR-nummeret 99"):
        history.run(lines(ONE), "--organiser", "99")
    assert stored() == []


# when so much is set aside that it is rather the file that is wrong


def faulty_among(good: int, bad: list[str]) -> Any:
    rows = [f"P1;;Kurs {number};2019-01-01;;Møtt;;30" for number in range(good)]
    return lines(*rows, *bad)


def test_a_file_of_which_too_much_is_set_aside_is_refused(history: HistoryFolder, settings) -> None:
    settings.PARTICIPATION_IMPORT_SET_ASIDE_ROWS = 1
    settings.PARTICIPATION_IMPORT_SET_ASIDE_PERCENT = 20.0
    bad = [FAULTY["future"].row, FAULTY["no title"].row]
    refused = history.refuse(faulty_among(7, bad))
    assert stored() == []
    history.run(faulty_among(8, bad))
    assert len(stored()) == 8
    assert refused.refusal == ("2 av 9 rader i history.csv kan ikke leses. Ingenting er importert.")
    assert len(refused.errors) == 2


def test_a_few_may_always_be_set_aside(history: HistoryFolder, settings) -> None:
    settings.PARTICIPATION_IMPORT_SET_ASIDE_PERCENT = 0.0
    told = history.run(faulty_among(0, [FAULTY["future"].row] * 20))
    assert "Rader satt til side: 20" in told.out
    history.refuse(faulty_among(0, [FAULTY["future"].row] * 21))


def test_a_file_of_people_whom_nobody_knows_is_refused(history: HistoryFolder, settings) -> None:
    settings.PARTICIPATION_IMPORT_SET_ASIDE_ROWS = 1
    settings.PARTICIPATION_IMPORT_UNKNOWN_PERCENT = 50.0
    bad = [one.row for one in UNKNOWN.values()]
    refused = history.refuse(faulty_among(3, bad))
    assert stored() == []
    history.run(faulty_among(4, bad))
    assert len(stored()) == 4
    assert refused.refusal == (
        "4 av 7 rader i history.csv er om ukjente eller om folk som har sluttet. "
        "Ingenting er importert."
    )


def test_years_of_people_who_have_left_are_no_fault_of_the_file(
    history: HistoryFolder, settings
) -> None:
    settings.PARTICIPATION_IMPORT_SET_ASIDE_ROWS = 0
    settings.PARTICIPATION_IMPORT_SET_ASIDE_PERCENT = 0.0
    history.run(faulty_among(4, [one.row for one in UNKNOWN.values()]))
    assert len(stored()) == 4


@pytest.mark.parametrize("name", [*FAULTY, *UNKNOWN])
def test_nothing_is_said_of_what_stands_in_a_row_that_is_set_aside(
    history: HistoryFolder, name: str
) -> None:
    row = {**FAULTY, **UNKNOWN}[name].row
    told = history.run(lines(row))
    said = "\n".join([*told.out, *told.errors])
    secrets = [PEOPLE["P2"], "noen@ukjent.example", "13097248022", "130972 48022", "Q1234"]
    assert [one for one in [*secrets, "Kanskj", "Liv Dahl", "mar.19"] if one in said] == []


# what it never does


def test_nothing_else_is_written(history: HistoryFolder) -> None:
    """No letter, no registration, no mark, nothing to do for anybody."""
    ours = {PastSeminar, PastParticipation, AuditRecord}
    tables = [model for model in apps.get_models() if model not in ours]

    def counts() -> dict[str, int]:
        return {model._meta.label: model._base_manager.count() for model in tables}

    before = counts()
    history.run(AS_THEY_ARE["plain"])
    assert counts() == before
    assert "outbox.Letter" in before


def test_history_moves_no_figure(history: HistoryFolder, cast: Cast) -> None:
    """Neither one that is counted already nor one that is counted afterwards."""
    make_role(cast.hr, Role.HR, cast.municipality)
    scope, now = scope_of(cast.hr, TODAY), timezone.now()
    period = Period(dt.date(2019, 1, 1), dt.date(2026, 12, 31))
    seminar = held(cast, dt.date(2026, 3, 10))
    for person in (cast.employee, cast.leader):
        put(seminar, cast.unit, user=person, outcome="attended")

    def figures() -> tuple[Any, int]:
        with transaction.atomic():
            count_attendance(today=dt.date(2026, 7, 20))
            report = participation_report(scope, period, now)
            transaction.set_rollback(True)
        return [(row.agency, row.figures, row.attendance) for row in report.rows], len(report.rows)

    before = figures()
    history.run(lines(*[f"{cast.employee.hr_id};;Nytt;2026-03-0{n};;Møtt;;30" for n in (1, 2, 3)]))
    assert (len(stored()), figures()) == (3, before)
    assert before[1] > 0


@pytest.mark.django_db(transaction=True)
def test_one_import_of_participation_at_a_time(history: HistoryFolder) -> None:
    locked, done = threading.Event(), threading.Event()

    def other_run() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            locked.set()
            done.wait(PATIENCE)
        connection.close()

    other = threading.Thread(target=other_run)
    other.start()
    assert locked.wait(PATIENCE)
    told = history.attempt(lines(ONE))
    done.set()
    other.join()
    assert (told.refusal, stored()) == ("En import kjører allerede.", [])
    history.run(lines(ONE))
    assert len(stored()) == 1


def test_staff_that_history_speaks_of_are_not_taken_back(tmp_path: Path, db: None) -> None:
    staff = StaffFolder(tmp_path, on=TODAY)
    staff.run()
    staff.write([*UNITS, "205;Ny;enhet;20"], [*STAFF, "P7;Ny;ny@solvik.example;205;Leder;ja"])
    staff.run()
    HistoryFolder(tmp_path).run(lines("P7;;Nytt;2019-01-01;;Møtt;2;205"))
    with pytest.raises(ImportUndoRefused) as refused:
        undo_import(now=timezone.now())
    assert "deltakelse fra før portalen: 1" in refused.value.message
    assert "seminar fra før portalen: 1" in refused.value.message
    assert [row[0] for row in stored()] == ["P7"]


def test_the_title_that_most_rows_write_is_kept(history: HistoryFolder) -> None:
    rows = [f"P{n};;{title};2019-01-01;;Møtt;;30" for n, title in ((1, "NYTT"), (2, "Nytt"))]
    history.run(lines(*rows, "P3;;Nytt;2019-01-01;;Møtt;;30"))
    assert {row[1] for row in stored()} == {"Nytt"}
    assert FIRST not in {row[1] for row in stored()}
