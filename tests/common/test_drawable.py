"""What documents can show: asked of the fonts themselves, never promised without."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from common.drawable import (
    LONGEST_UNBROKEN,
    MAY_BREAK,
    MOST_MARKS,
    as_drawn,
    as_plain,
    drawable_code_points,
    undrawable,
    with_breaks,
)
from common.fonts import FAMILIES, font_folders
from evidence.pdf_text import text_inside
from evidence.typst import compile_pdf

SCRIPTS = [
    "Łukasz Çelik Ðặng Þórr Ǥ",
    "Ελληνικά Ὀδυσσεύς",
    "Українська Ђорђе",
    "Հայերեն",
    "ქართული",
    "ሰላም ትግርኛ",
    "中文 王小明",
    "日本語 ひらがな カタカナ",
    "한국어",
    "ภาษาไทย",
    "தமிழ் வணக்கம்",
    "हिन्दी नमस्ते क्षत्रिय",
    "বাংলা ਪੰਜਾਬੀ ગુજરાતી తెలుగు ಕನ್ನಡ മലയാളം සිංහල",
    "→ ⇒ ✓ ✅ ☺ ❤ ● ▪ ➢ ❖ ■",
    "∑ ∫ 𝔸 ½ ² №",
    "♫ 𝄞 𝅘𝅥𝅮",
    "🙂 👍🏽 👩\u200d👩\u200d👧 🇳🇴",
]


def page(folder: Path, text: str, **settings: str) -> bytes:
    template = folder / "page.typ"
    template.write_text(
        """#let data = json(bytes(sys.inputs.data))
#set document(title: "Prøve")
#set page(paper: "a4")
#set text(font: data.fonts, fallback: false, lang: "nb", weight: 300, size: 10pt)
#data.text
""",
        encoding="utf-8",
    )
    data = {"text": text, "fonts": list(FAMILIES)}
    return compile_pdf(template, data, made_at=dt.datetime(2026, 11, 24, tzinfo=dt.UTC))


@pytest.mark.parametrize("text", SCRIPTS)
def test_every_script_that_people_paste_is_drawn_and_read_back(tmp_path: Path, text: str) -> None:
    assert undrawable(text) == []
    assert text_inside(page(tmp_path, text)) == text


@pytest.mark.parametrize("text", ["مرحبا بالعالم", "שלום עולם", "می\u200cخواهم"])
def test_what_is_read_from_right_to_left_is_drawn_letter_by_letter(
    tmp_path: Path, text: str
) -> None:
    assert undrawable(text) == []
    assert set(text) == set(text_inside(page(tmp_path, text)))


def test_the_rule_is_that_of_the_fonts_themselves() -> None:
    covered: set[int] = set()
    for folder in font_folders():
        for path in Path(folder).iterdir():
            if path.suffix in (".otf", ".ttf", ".ttc"):
                covered |= set(TTFont(path, fontNumber=0, lazy=True).getBestCmap())
    assert drawable_code_points() <= covered
    assert len(drawable_code_points()) > 60_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ærlig talt\nto linjer", []),
        ("a\ue123b\ue123", ["\ue123"]),
        ("\U0010fffd", ["\U0010fffd"]),
        ("\U00014400 \ufffe", ["\U00014400", "\ufffe"]),
        ("é" + "\u0301" * MOST_MARKS, []),
        ("é" + "\u0301" * (MOST_MARKS + 1), ["\u0301"]),
    ],
)
def test_what_cannot_be_drawn_is_named_once(text: str, found: list[str]) -> None:
    assert undrawable(text) == found


def test_a_name_that_cannot_be_drawn_stands_with_its_number() -> None:
    assert as_drawn("Liv \ue123 Dahl") == "Liv [U+E123] Dahl"
    assert as_drawn("Liv\u0000 Da\u030ahl") == "Liv Dåhl"
    assert as_plain("Liv 王 – Åse") == "Liv [U+738B] – Åse"


@pytest.mark.parametrize(
    "text",
    ["x" * 300, "W" * 300, "https://example.com/" + "a" * 200, "﷽" * 30, "→" * 200, "🙂" * 200],
)
def test_a_word_longer_than_its_line_goes_on_in_the_next(tmp_path: Path, text: str) -> None:
    shown = text_inside(page(tmp_path, with_breaks(text))).replace(MAY_BREAK, "")
    assert shown == text or sorted(shown) == sorted(text)


def test_a_word_may_break_between_its_signs_and_never_within_one() -> None:
    longest = "x" * LONGEST_UNBROKEN
    assert with_breaks(f"{longest} og {longest}") == f"{longest} og {longest}"
    assert with_breaks(longest + "x").count(MAY_BREAK) == LONGEST_UNBROKEN
    family = "👩\u200d👩\u200d👧"
    assert with_breaks(family * 9) == MAY_BREAK.join([family] * 9)
    assert with_breaks("e\u0323" * 30) == MAY_BREAK.join(["e\u0323"] * 30)


def test_what_runs_off_the_page_is_not_inside_it(tmp_path: Path) -> None:
    """The guard that the rest stands on: text beyond the edge is in the file and on no page."""
    assert len(text_inside(page(tmp_path, "x" * 300))) < 150
    short = page(tmp_path, "Nederst")
    assert text_inside(short) == "Nederst"
    assert text_inside(short, bottom=830) == ""
