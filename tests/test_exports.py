"""Every file for a spreadsheet can be read by whoever gets it without the page it came from."""

from __future__ import annotations

import ast
import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from common.dates import long_date
from common.spreadsheet import FILTER_ARROW, WIDEST
from people.models import Role, User
from seminars.models import Question, Seminar
from tests.cast import Cast
from tests.factories import make_role
from tests.seminars.factories import make_registration, make_seminar
from tests.spreadsheets import widths_of
from tests.test_marked_safe import MODULES, name_of

SignedIn = Callable[[User], Client]

EXPORTS = {
    "reports/views.py": "reports:participation_xlsx",
    "seminars/participants/views.py": "seminars:participants_xlsx",
    "seminars/requirements/views.py": "seminars:needs_xlsx",
}
"""The modules that answer with a workbook, and the address of each."""


@pytest.fixture
def seminar(cast: Cast) -> Seminar:
    seminar = make_seminar(cast.agency, created_by=cast.organiser, title="Ledelse i hverdagen")
    Question.objects.create(seminar=seminar, text="Hvordan kommer du deg hit?", kind="text")
    make_registration(seminar, cast.leader, unit=cast.unit, agency=cast.agency)
    make_role(cast.hr, Role.LOGISTICS, cast.municipality)
    return seminar


def book_of(name: str, cast: Cast, seminar: Seminar, signed_in: SignedIn):
    reader = {"seminars:participants_xlsx": cast.organiser}.get(name, cast.hr)
    args = [seminar.pk] if name.startswith("seminars:") else []
    response = signed_in(reader).get(reverse(name, args=args))
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.content))


def calls(source: str) -> set[str]:
    found = {node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)}
    return {func.id for func in found if isinstance(func, ast.Name)}


def test_every_module_that_answers_with_a_workbook_is_tested() -> None:
    home = "common/spreadsheet.py"
    sources = {name_of(path): path.read_text(encoding="utf-8") for path in MODULES}
    answering = {name for name, text in sources.items() if "xlsx_response" in calls(text)}
    assert answering == set(EXPORTS)
    assert [name for name, text in sources.items() if "xlsxwriter" in text] == [home]


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPORTS.values())
def test_the_headings_stay_and_no_cell_is_cut(
    name: str, cast: Cast, seminar: Seminar, signed_in: SignedIn
) -> None:
    sheet = book_of(name, cast, seminar, signed_in).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert (sheet.max_row > 1, bool(sheet.auto_filter.ref)) == (True, True)
    for width, cells in zip(widths_of(sheet), sheet.iter_cols(values_only=True), strict=True):
        heading, *values = [letters(value) for value in cells]
        assert width >= min(max(heading + FILTER_ARROW, *values), WIDEST)


def letters(value: object) -> int:
    """How many a cell shows."""
    if isinstance(value, dt.datetime):
        return len("24.11.2026 kl. 09.00")
    return 0 if value is None else len(str(value))


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPORTS.values())
def test_the_second_sheet_tells_what_the_file_is_and_means(
    name: str, cast: Cast, seminar: Seminar, signed_in: SignedIn
) -> None:
    book = book_of(name, cast, seminar, signed_in)
    first, second = book.worksheets
    lines = list(second.iter_rows(values_only=True))
    facts = {str(label): str(text) for label, text in lines[:5]}
    assert list(facts) == ["Innhold", "Gjelder", "Periode", "Laget", "Små tall"]
    assert all(facts.values())
    assert facts["Innhold"] == first.title
    scope = cast.agency.name if name.startswith("reports:") else seminar.title
    assert scope in facts["Gjelder"]
    assert long_date(timezone.localdate()) in facts["Laget"]
    assert "skjul" in facts["Små tall"]
    headings = [cell.value for cell in first[1]]
    meanings = lines[7:]
    assert [heading for heading, _meaning in meanings] == headings
    assert all(meaning for _heading, meaning in meanings)
