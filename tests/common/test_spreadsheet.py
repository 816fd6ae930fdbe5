from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from common.spreadsheet import csv_response, csv_text, xlsx, xlsx_response

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


def sheet_of(content: bytes):
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    return sheet


def test_xlsx_keeps_types_and_text():
    moment = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
    row = ["Åse", 7, 1.5, Decimal("2.25"), dt.date(2026, 11, 24), moment, None]
    sheet = sheet_of(xlsx("Deltakere", list("abcdefg"), [row]))
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
    cell = sheet_of(xlsx("x", [text], [[text]]))["A2"]
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
    sheet = sheet_of(xlsx("Et [langt] navn: på et ark/med tegn * som ikke går?", ["a"], []))
    assert len(sheet.title) <= 31
    assert sheet.max_row == 1


def test_responses_are_downloads_that_nobody_keeps():
    for response, name in (
        (xlsx_response("tall", "Tall", ["a"], []), "tall.xlsx"),
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
        xlsx("Deltakere", ["Navn"], rows())
    assert len(written) == 1
    assert list(tmp_path.iterdir()) == []
    assert len(list(sheet_of(xlsx("x", ["Navn"], [["Åse"], ["Bo"]])).rows)) == 3
    assert list(tmp_path.iterdir()) == []
