"""The same participation, however a file of it is written, is read as the same."""

from __future__ import annotations

import datetime as dt

import pytest

from attendance.participation_import.hours import read_minutes
from tests.attendance.past_participation import HistoryFolder, lines, stored
from tests.corpora.lists import workbook
from tests.corpora.participation_files import (
    AS_THEY_ARE,
    FAULTY,
    HEADER,
    MAPPED,
    TOLD,
    UNKNOWN,
    FaultyRow,
    History,
)

GOOD = "P2;;Godt;2019-01-01;;Møtt;2;30"


@pytest.mark.parametrize("name", AS_THEY_ARE)
def test_a_file_is_read_however_it_is_written(history: HistoryFolder, name: str) -> None:
    told = history.run(AS_THEY_ARE[name])
    assert (stored(), told.errors) == (TOLD, [])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_commas_in_titles_part_no_cells(history: HistoryFolder, end: str) -> None:
    """Fewer columns than there are commas in one title."""
    title = "Etikk, makt, tillit, ansvar, og frafall"
    rows = ["hr_id;kurs;dato;resultat", f"P1;{title};2019-01-01;Møtt", "P2;Annet;2019-01-01;Møtt"]
    content = "".join(f"{row}{end}" for row in rows).encode()
    history.run(History(content), "--organiser", "30")
    assert [row[1] for row in stored()] == [title, "Annet"]


def test_hours_of_several_days_are_read_from_a_workbook(history: HistoryFolder) -> None:
    """«30:00», which the workbook keeps as a day and six hours."""
    row = ["P1", "", "Langt", "2019-01-01", "2019-01-02", "Møtt", dt.timedelta(hours=30), "30"]
    history.run(History(workbook([list(HEADER), row]), "history.xlsx"))
    assert [row[5] for row in stored()] == [30 * 60]


def test_a_map_says_what_the_file_does_not(history: HistoryFolder) -> None:
    told = history.run(MAPPED)
    assert stored() == [(*row[:1], row[1].replace("–", "-"), *row[2:]) for row in TOLD]
    assert told.out[:2] == [
        "history.csv: cp850, skilletegn «~»",
        "  Hvem → hr_id, Serie + Del → seminar, Dag → dato, Dag 2 → til, Kode → resultat, "
        "Lengde → timer",
    ]


def test_what_was_read_as_what_is_said(history: HistoryFolder) -> None:
    told = history.run(AS_THEY_ARE["a learning system, in Norwegian"])
    assert told.out == [
        "history.csv: UTF-8, skilletegn «;»",
        "  Ansattnr. → hr_id, E-post: → epost, Navn på kurs → seminar, Kursdato → dato, "
        "Siste dag → til, Oppmøte? → resultat, Antall timer → timer, Arrangert av → arrangør",
        "  datoer skrevet som 24.11.2026",
        "Nye seminarer: 3",
        "Nye deltakelser: 4",
        "  2019-03-04 Lederens første år",
        "  2020-10-12 Kø, frafall – og ê",
        "  2021-05-09 Medarbeidersamtalen",
    ]


def test_rows_that_the_map_leaves_out_are_counted(history: HistoryFolder) -> None:
    told = history.run(AS_THEY_ARE["codes, and rows that are left out"])
    assert "Rader som er utelatt: 2" in told.out


@pytest.mark.parametrize("name", FAULTY)
def test_a_row_that_cannot_be_is_set_aside_alone(history: HistoryFolder, name: str) -> None:
    set_aside_alone(history, FAULTY[name], "Rader satt til side: 1")


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_row_of_somebody_unknown_is_set_aside_alone(history: HistoryFolder, name: str) -> None:
    told = "Rader om ukjente og folk som har sluttet: 1"
    set_aside_alone(history, UNKNOWN[name], told)


def set_aside_alone(history: HistoryFolder, faulty: FaultyRow, told: str) -> None:
    answer = history.run(lines(GOOD, faulty.row))
    assert answer.errors == [f"history.csv, linje 3, {faulty.told}"]
    assert told in answer.out
    assert [row[:2] for row in stored()] == [("P2", "Godt")]


@pytest.mark.parametrize(
    ("last", "column", "what"),
    [
        ("P2;;Nytt;2019-01-01;;Ikke møtt;3;30", "resultat", "Ulike resultater"),
        ("P2;;NYTT;01.01.2019;;Møtt;4;30", "timer", "Ulike timer"),
    ],
)
def test_rows_that_contradict_each_other_are_all_set_aside(
    history: HistoryFolder, last: str, column: str, what: str
) -> None:
    answer = history.run(lines("P2;;Nytt;2019-01-01;;Møtt;3;30", GOOD, last))
    assert [row[:2] for row in stored()] == [("P2", "Godt")]
    assert answer.errors == [
        f"history.csv, linje {number}, kolonne «{column}»: {what} for samme person og seminar: "
        "linje 2, 4"
        for number in (2, 4)
    ]


def test_a_row_without_hours_contradicts_none(history: HistoryFolder) -> None:
    rows = ["P2;;Nytt;2019-01-01;;Møtt;;30", "P2;;Nytt;2019-01-01;;Møtt;3;30"]
    history.run(lines(*rows))
    assert [row[-1] for row in stored()] == [180]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("kurs;dato;resultat", "history.csv: Verken hr_id eller epost er blant kolonnene"),
        ("hr_id;dato;resultat", "history.csv, linje 1, kolonne «seminar»: Kolonnen mangler"),
        ("hr_id;kurs;resultat", "history.csv, linje 1, kolonne «dato»: Kolonnen mangler"),
        ("hr_id;kurs;dato", "history.csv, linje 1, kolonne «resultat»: Kolonnen mangler"),
    ],
)
def test_a_file_without_a_column_is_refused(history: HistoryFolder, header: str, told: str) -> None:
    values = {"hr_id": "P1", "kurs": "Nytt", "dato": "2019-01-01", "resultat": "Møtt"}
    row = ";".join(values[name] for name in header.split(";"))
    answer = history.refuse(lines(row, header=header), "--organiser", "30")
    assert (answer.errors, stored()) == ([told], [])


def test_a_list_of_those_who_came_needs_no_outcome(history: HistoryFolder) -> None:
    file = lines("P1;Nytt;2019-01-01", header="hr_id;kurs;dato")
    history.run(file, "--organiser", "30", "--all-attended")
    assert [row[4] for row in stored()] == ["attended"]


def test_a_list_of_those_who_came_that_says_otherwise_is_believed(history: HistoryFolder) -> None:
    rows = [f"P{n};;Nytt;2019-01-01;;{said};;30" for n, said in enumerate(["No show", "", "#"], 1)]
    told = history.run(lines(*rows), "--all-attended")
    assert [(row[0], row[4]) for row in stored()] == [("P1", "no_show"), ("P2", "attended")]
    assert told.errors == [
        "history.csv, linje 4, kolonne «resultat»: Ukjent resultat: tekst på 1 tegn"
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[people]\n", "nøkkel «people»: Ukjent nøkkel. Kjente er: participation"),
        (
            "[participation.outcomes]\nborte = 'x'\n",
            "nøkkel «participation.outcomes.borte»: Ukjent nøkkel. "
            "Kjente er: møtt, delvis, ikke_møtt, gyldig_fravær, utelatt",
        ),
        (
            "[participation.columns]\nseminar = 'Mangler'\n",
            "nøkkel «participation.columns.seminar»: history.csv har ingen kolonne «Mangler»",
        ),
    ],
)
def test_a_map_with_a_fault_is_refused(history: HistoryFolder, content: str, told: str) -> None:
    answer = history.refuse(History(lines(GOOD).content, map=content))
    assert f"participation.toml, {told}" in answer.errors
    assert stored() == []


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("1,5", 90),
        ("1.5", 90),
        ("1:30", 90),
        ("01:30:00", 90),
        ("7,5 t", 450),
        ("7,5 timer", 450),
        ("2 hours", 120),
        ("1 t 30 min", 90),
        ("1 time og 5 minutter", 65),
        ("45 min", 45),
        ("1½", 90),
        ("½ t", 30),
        ("0", 0),
        ("0,333", 20),
        ("-2", -120),
        ("−1:30", -90),
        ("2 dager", None),
        ("1:75", None),
        ("1,5,5", None),
        ("halv", None),
        ("", None),
        ("١", 60),
    ],
)
def test_hours_as_they_are_written(written: str, minutes: int | None) -> None:
    assert read_minutes(written) == minutes
