"""What the pages in docs/ and the README name is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

ROOT = Path(settings.BASE_DIR)
PAGES = sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
OTHERS = {".git", ".venv", "node_modules", "var"}
FILES = {
    path.relative_to(ROOT).as_posix()
    for folder in ROOT.iterdir()
    if folder.is_dir() and folder.name not in OTHERS
    for path in folder.rglob("*")
} | {path.name for path in ROOT.iterdir()}
ROOMS = {path.parent.name for path in ROOT.glob("*/__init__.py")}
CODE = re.compile(r"`([\w./-]+)`")
ADDRESS = re.compile(r"`(/(?!static/)[a-z/-]+/)`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
SUFFIXES = (".py", ".toml", ".sql", ".js", ".css", ".typ")


def is_there(named: str) -> bool:
    plain = named.rstrip("/")
    return plain in FILES or any(path.endswith(f"/{plain}") for path in FILES)


def names_a_file(named: str) -> bool:
    return named.endswith(SUFFIXES) or (named.partition("/")[0] in ROOMS and "/" in named)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_file_that_is_named_is_there(page: Path) -> None:
    words = page.read_text(encoding="utf-8")
    assert [one for one in CODE.findall(words) if names_a_file(one) and not is_there(one)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_link_leads_somewhere(page: Path) -> None:
    words = page.read_text(encoding="utf-8")
    assert [one for one in LINK.findall(words) if not (page.parent / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_address_of_the_portal_leads_somewhere(page: Path) -> None:
    for address in ADDRESS.findall(page.read_text(encoding="utf-8")):
        resolve(address)


def test_a_page_is_looked_up_by_its_address() -> None:
    assert ADDRESS.findall("`/readyz`, `/no/such/page/`, `/static/`, `/srv/.env`") == [
        "/no/such/page/"
    ]
    with pytest.raises(Resolver404):
        resolve("/no/such/page/")


def test_each_decision_is_in_the_index() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    decisions = {path.name for path in ROOT.glob("docs/adr/[0-9]*.md")}
    assert {name for name in decisions if f"({name})" not in index} == set()


def test_each_name_in_the_glossary_is_in_the_code() -> None:
    words = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    named = {one.rpartition(".")[2] for one in CODE.findall(words) if not names_a_file(one)}
    code = "\n".join(
        (ROOT / path).read_text(encoding="utf-8")
        for path in FILES
        if path.endswith(".py") and path.partition("/")[0] in ROOMS - {"tests", "benchmarks"}
    )
    assert {one for one in named if not re.search(rf"\b{re.escape(one)}\b", code)} == set()


def test_the_picture_of_the_floors_is_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contracts["tool"]["importlinter"]["contracts"][0]["layers"]
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    floors = [line.split()[1:] for line in picture.splitlines() if line.strip()[:1].isdigit()]
    drawn = [{word for word in floor if word in ROOMS} for floor in floors]
    assert drawn == [set(layer.split(" | ")) for layer in layers]
