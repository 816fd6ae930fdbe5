"""What is served of Punkt's stylesheet: all that pages use of it, and hardly more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

PROJECT = Path(settings.BASE_DIR)
PUNKT = PROJECT / "node_modules" / "@oslokommune" / "punkt-css" / "dist" / "css" / "pkt.min.css"
SERVED = Path(settings.ASSETS_DIR, "punkt", "css", "pkt.min.css")
PURGE = PROJECT / "purgecss.config.cjs"
WORD = re.compile(r"[\w-]+")
CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
TYPE = re.compile(r"(?:^|[\s>+~])([a-z][\w-]*)")
ATTRIBUTE = re.compile(r"\[([\w-]+)")
NOT_HELD = re.compile(r":(?:not|nth-[\w-]+)\([^()]*\)")
DEFINED = re.compile(r"(--[\w-]+)\s*:")
USED = re.compile(r"var\((--[\w-]+)")
FACE = re.compile(r"@font-face\{[^}]*fonts/([\w-]+)\.woff2[^}]*unicode-range:([^}]*)\}")
PUT_TOGETHER = re.compile(r"([\w-]+--)\{\{")


def selectors(css: str) -> set[str]:
    """The selectors of all rules, but for those too intricate to be read here."""
    lists = re.findall(r"([^{}]+)\{", re.sub(r"@[^{};]*;", "", css))
    alone = {one.strip() for each in lists for one in NOT_HELD.sub("", each).split(",")}
    return {one for one in alone if not re.search(r"[@()%]|\[class|^\d|^from$|^to$", one)}


def names(selector: str) -> set[str]:
    """The classes, the attributes and the elements that it asks for."""
    plain = re.sub(r"\[[^]]*\]", "", selector)
    return {*CLASS.findall(plain), *TYPE.findall(plain), *ATTRIBUTE.findall(selector)}


def written() -> str:
    """All that a class may stand in."""
    rooms = [
        path
        for path in PROJECT.glob("*/**/*.py")
        if path.relative_to(PROJECT).parts[0] not in {".venv", "node_modules", "tests", "var"}
    ]
    files = [*(PROJECT / "templates").rglob("*.html"), *rooms]
    files += (PROJECT / "static" / "js").glob("*.js")
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.fixture(scope="module")
def served() -> str:
    return SERVED.read_text(encoding="utf-8")


def test_every_rule_for_what_is_used_is_served(served: str) -> None:
    words = set(WORD.findall(written()))
    starts = tuple(one for one in PUT_TOGETHER.findall(written()) if one.startswith("pkt-"))
    assert len(starts) > 4

    def is_used(name: str) -> bool:
        return name in words or (name.startswith(starts) and name not in starts)

    owed = {
        one
        for one in selectors(PUNKT.read_text("utf-8"))
        if all(is_used(name) for name in names(one))
    }
    assert len(owed) > 400
    assert owed - selectors(served) == set(), "run script/setup, which makes the stylesheet anew"


def test_no_variable_that_a_served_rule_uses_has_lost_its_value(served: str) -> None:
    own = "".join(path.read_text("utf-8") for path in (PROJECT / "static").rglob("*.css"))
    icons = (SERVED.parents[1] / "icons.svg").read_text(encoding="utf-8")
    used = set(USED.findall(served + own + icons))
    owed = used & set(DEFINED.findall(PUNKT.read_text(encoding="utf-8")))
    assert len(owed) > 100
    assert owed - set(DEFINED.findall(served)) == set()


def test_our_own_rules_use_no_variable_that_is_nowhere(served: str) -> None:
    own = "".join(path.read_text("utf-8") for path in (PROJECT / "static").rglob("*.css"))
    assert set(USED.findall(own)) - set(DEFINED.findall(served + own)) == set()


def test_rules_without_a_class_are_kept(served: str) -> None:
    for rule in ("*,*::before,*::after{", ":root{", "a:hover", "textarea{", "fieldset{"):
        assert rule in served


def test_what_nothing_uses_is_left_out(served: str) -> None:
    assert len(served) < len(PUNKT.read_text(encoding="utf-8")) / 5
    assert ".pkt-calendar" not in served


def test_a_page_fetches_half_a_font_unless_it_holds_rare_letters(served: str) -> None:
    faces = re.findall(
        r"@font-face\{[^}]*fonts/([\w-]+)\.woff2[^}]*unicode-range:([^}]*)\}", served
    )
    names = {name for name, _letters in faces}
    assert {"OsloSans-Light", "OsloSans-Light-common", "OsloSans-Medium-common"} <= names
    fonts = SERVED.parents[1] / "fonts"
    for name, letters in faces:
        is_common = name.endswith("-common")
        assert ("U+20-7E" in letters) == is_common
        whole = fonts / f"{name.removesuffix('-common')}.woff2"
        if is_common:
            size = (fonts / f"{name}.woff2").stat().st_size
            assert size < 0.6 * whole.stat().st_size
