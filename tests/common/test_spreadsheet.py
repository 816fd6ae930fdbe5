from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import translation
from openpyxl import load_workbook

from common.dates import short_moment
from common.spreadsheet import (
    FILTER_ARROW,
    NARROWEST,
    WIDEST,
    about_titles,
    csv_response,
    csv_text,
    xlsx_response,
)
from common.tables import UnreadableFile, rows_of_workbook
from tests.spreadsheets import ABOUT, columns, first_sheet, widths_of, workbook

DANGEROUS = [
    "=1+1",
    " =1+1",
    "\uff1d1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "|cmd",
    "%0A",
    '=HYPERLINK("x")',
]


def test_xlsx_keeps_types_and_text():
    moment = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
    row = ["Åse", 7, 1.5, Decimal("2.25"), dt.date(2026, 11, 24), moment, None]
    sheet = first_sheet(workbook("Deltakere", "abcdefg", [row]))
    assert sheet.title == "Deltakere"
    assert [cell.value for cell in sheet[2]] == [
        "Åse",
        7,
        1.5,
        2.25,
        dt.datetime(2026, 11, 24),  # noqa: DTZ001 (a spreadsheet's day has no zone)
        dt.datetime(2026, 11, 24, 9, 0),  # noqa: DTZ001 (a clock in Oslo)
        None,
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_xlsx_writes_formulas_as_text(text):
    cell = first_sheet(workbook("x", [text], [[text]]))["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\r", "\n")


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_stops_formulas(text):
    line = csv_text(["a"], [[text]]).removeprefix("\ufeff").split("\r\n", 1)[1]
    assert line.lstrip('"').startswith("'")


def test_csv_is_as_norwegian_excel_reads_it():
    rows = [["Åse", 1.5, dt.date(2026, 11, 24), None, -3]]
    assert csv_text(["Navn", "Tall"], rows) == ("\ufeffNavn;Tall\r\nÅse;1,5;24.11.2026;;-3\r\n")


def test_csv_tells_the_time_in_oslo():
    moment = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
    assert csv_text(["x"], [[moment]]).endswith("24.11.2026 kl. 09.00\r\n")


def test_xlsx_takes_any_title_and_no_rows():
    sheet = first_sheet(workbook("Et [langt] navn: på et ark/med tegn * som ikke går?", ["a"], []))
    assert len(sheet.title) <= 31
    assert sheet.max_row == 1


def test_responses_are_downloads_that_nobody_keeps():
    for response, name in (
        (xlsx_response("tall", "Tall", columns("a"), [], ABOUT), "tall.xlsx"),
        (csv_response("tall", ["a"], []), "tall.csv"),
    ):
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response["Cache-Control"] == "no-store"


def test_rows_go_to_a_file_that_is_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    written = []

    def rows():
        for number in range(2_000):
            yield [f"Åse {number}"]
        written.extend(one for one in tmp_path.rglob("*") if one.is_file() and one.stat().st_size)
        raise LookupError

    with pytest.raises(LookupError):
        workbook("Deltakere", ["Navn"], rows())
    assert len(written) == 1
    assert list(tmp_path.iterdir()) == []
    assert len(list(first_sheet(workbook("x", ["Navn"], [["Åse"], ["Bo"]])).rows)) == 3
    assert list(tmp_path.iterdir()) == []


def test_a_column_is_as_wide_as_the_longest_it_holds():
    moment = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
    headings = ["Id", "Navn på enheten", "Enhet", "Dato", "Svar"]
    row = [7, "Nord", "Hjemmetjenesten nord", moment, "x" * 500]
    found = widths_of(first_sheet(workbook("x", headings, [row])))
    longest = [
        NARROWEST + FILTER_ARROW,
        len(headings[1]) + 5,
        len(row[2]) + 2,
        len(short_moment(moment)) + 2,
    ]
    assert found == [pytest.approx(one, abs=1) for one in [*longest, WIDEST]]


def test_the_second_sheet_says_what_the_file_is():
    book = load_workbook(io.BytesIO(workbook("Tall", ["=1+1", "Antall"], [["a", 1]])))
    assert book.sheetnames == ["Tall", "Om filen"]
    assert book.active.title == "Tall"
    found = [tuple(cell.value for cell in row) for row in book["Om filen"].iter_rows()]
    assert found == [
        ("Innhold", "Tall"),
        ("Gjelder", "Solvik kommune"),
        ("Periode", "Våren 2026"),
        ("Laget", "tirsdag 24. november 2026 kl. 09.00"),
        ("Små tall", "Ingen tall er skjult."),
        (None, None),
        ("Kolonne", "Hva den betyr"),
        ("=1+1", "Hva «=1+1» betyr."),
        ("Antall", "Hva «Antall» betyr."),
    ]
    assert {cell.data_type for row in book["Om filen"].iter_rows() for cell in row} == {"s", "n"}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_what_we_write_is_read_back_from_its_first_sheet(language):
    with translation.override(language):
        content = workbook("Deltakere", ["Navn"], [["Åse"]])
    assert [row.cells for row in rows_of_workbook(content)] == [("Navn",), ("Åse",)]


def test_two_lists_beside_what_they_are_about_are_still_two():
    book = load_workbook(io.BytesIO(workbook("Deltakere", ["Navn"], [["Åse"]])))
    book.create_sheet("Flere")["A1"] = "Bo"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(UnreadableFile, match="«Deltakere», «Flere»"):
        rows_of_workbook(file.getvalue())


def test_a_list_that_is_called_as_our_second_sheet_is_read():
    book = load_workbook(io.BytesIO(workbook("Deltakere", ["Navn"], [["Åse"]])))
    del book["Deltakere"]
    file = io.BytesIO()
    book.save(file)
    assert len(rows_of_workbook(file.getvalue())) > 5


def test_the_second_sheet_has_a_name_in_each_language():
    assert len(about_titles()) == len(settings.LANGUAGES)
