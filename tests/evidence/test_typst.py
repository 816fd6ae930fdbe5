"""PDFs: the same bytes each time, never less than the standards, and nothing read from outside."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import typst
from django.core.exceptions import ImproperlyConfigured

from evidence.typst import _fonts, compile_pdf

MADE_AT = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
GOOD = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: "nb")
= #data.title
"""


def template(folder: Path, text: str) -> Path:
    path = folder / "page.typ"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_same_data_makes_the_same_bytes(tmp_path: Path) -> None:
    page = template(tmp_path, GOOD)
    one = compile_pdf(page, {"title": "Ærlig øvelse på Å"}, made_at=MADE_AT)
    assert one == compile_pdf(page, {"title": "Ærlig øvelse på Å"}, made_at=MADE_AT)
    assert one != compile_pdf(page, {"title": "Noe annet"}, made_at=MADE_AT)


def test_the_date_is_that_of_what_it_documents(tmp_path: Path) -> None:
    page = template(tmp_path, GOOD)
    later = MADE_AT + dt.timedelta(days=1)
    data = {"title": "Avtale"}
    assert compile_pdf(page, data, made_at=MADE_AT) != compile_pdf(page, data, made_at=later)


def test_a_document_that_is_not_accessible_is_refused(tmp_path: Path) -> None:
    page = template(tmp_path, GOOD.replace("#set document(title: data.title)\n", ""))
    with pytest.raises(typst.TypstError, match="title"):
        compile_pdf(page, {"title": "Uten tittel"}, made_at=MADE_AT)


def test_a_template_sees_its_own_folder_and_no_other(tmp_path: Path) -> None:
    inner = tmp_path / "templates"
    inner.mkdir()
    (tmp_path / "secret.txt").write_text("hemmelig", encoding="utf-8")
    page = template(inner, GOOD + '#read("../secret.txt")\n')
    with pytest.raises(typst.TypstError):
        compile_pdf(page, {"title": "Avtale"}, made_at=MADE_AT)


def test_without_the_portals_own_font_nothing_is_set(tmp_path: Path, settings: Any) -> None:
    settings.ASSETS_DIR = tmp_path
    (tmp_path / "punkt" / "print").mkdir(parents=True)
    with pytest.raises(ImproperlyConfigured, match="script/setup"):
        _fonts.__wrapped__()
