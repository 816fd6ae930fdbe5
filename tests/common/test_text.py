from __future__ import annotations

import ast
import sys
import unicodedata
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from common.forms import CharField, EmailField, URLField, textarea
from common.text import PLAIN, clean_line, clean_text, exportable, private_characters
from tests.corpora.texts import CLEANED, NEWER, PRIVATE, VISIBLE

ANY_TEXT = st.text(st.characters(exclude_categories=[]))


class WritingForm(forms.Form):
    line = CharField(required=False, max_length=400)
    text = CharField(required=False, widget=textarea())
    table = CharField(required=False, widget=textarea(), with_tabs=True)
    address = EmailField(required=False)


def written(**data: str) -> WritingForm:
    form = WritingForm(data)
    form.full_clean()
    return form


@pytest.mark.parametrize("text", [*VISIBLE.values(), *NEWER.values()], ids=[*VISIBLE, *NEWER])
def test_what_people_see_comes_through_letter_for_letter(text: str) -> None:
    assert written(line=text, text=text).cleaned_data["line"] == text
    assert written(line=text, text=text).cleaned_data["text"] == text


@pytest.mark.parametrize(("pasted", "kept"), CLEANED.values(), ids=CLEANED)
def test_what_nobody_sees_is_taken_out(pasted: str, kept: str) -> None:
    cleaned = written(line=pasted, text=pasted).cleaned_data
    assert " ".join(cleaned["text"].split()) == " ".join(kept.split())
    assert cleaned["line"] == " ".join(kept.split())
    assert ("\n" in cleaned["text"]) == ("\n" in kept)


@pytest.mark.parametrize("text", PRIVATE.values(), ids=PRIVATE)
def test_what_only_the_writer_sees_is_refused_by_name(text: str) -> None:
    form = written(line=text, text=text)
    number = f"U+{ord(private_characters(text)[0]):04X}"
    assert [number in form.errors[field][0] for field in ("line", "text")] == [True, True]
    assert form["text"].value() == text


def test_tabs_part_the_cells_of_a_table_and_are_spaces_elsewhere() -> None:
    form = written(line="a\tb", text="a\tb", table="a\tb\r\nc\td")
    assert form.cleaned_data["line"] == "a b"
    assert form.cleaned_data["text"] == "a b"
    assert form.cleaned_data["table"] == "a\tb\nc\td"


def test_a_field_of_nothing_visible_is_an_empty_one() -> None:
    class NameForm(forms.Form):
        name = CharField()

    assert NameForm({"name": "\u200b\u3164 \u00ad"}).errors.as_data()["name"][0].code == "required"


@given(ANY_TEXT)
def test_cleaned_text_is_whole_and_cleaning_it_again_changes_nothing(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert {unicodedata.category(one) for one in cleaned.replace("\n", "")} & {"Cc", "Cs"} == set()
    cleaned.encode()


@given(ANY_TEXT)
def test_a_cleaned_line_is_one_line(text: str) -> None:
    line = clean_line(text)
    assert clean_line(line) == line
    assert line.splitlines() in ([], [line])
    assert line == line.strip()


@pytest.mark.parametrize(
    "pasted",
    [
        "liv.dahl@example.org",
        " Liv.Dahl@Example.org\u00a0",
        "Liv Dahl <liv.dahl@example.org>",
        '"Dahl, Liv" <liv.dahl@example.org>;',
        "Dahl, Liv <liv.dahl@example.org>",
        "mailto:liv.dahl@example.org",
        "mailto:liv.dahl%40example.org?subject=Hei",
        "liv.dahl\u200b@example.org\ufeff",
        "<liv.dahl@example.org>",
        "(liv.dahl@example.org).",
        "Liv Dahl [mailto:liv.dahl@example.org]",
    ],
)
def test_an_address_is_read_as_it_is_copied(pasted: str) -> None:
    assert written(address=pasted).cleaned_data["address"] == "liv.dahl@example.org"


@pytest.mark.parametrize("typed", ["liv", "liv@", "liv@example.org; ola@example.org", "@x.org"])
def test_what_is_no_single_address_is_refused(typed: str) -> None:
    form = written(address=typed)
    assert list(form.errors) == ["address"]
    assert form["address"].value() == typed


@pytest.mark.parametrize("sign", ["\u2065", "\ufff0", "\u0378", "\U000e0080", "\ue123"])
def test_an_address_with_a_sign_that_is_none_is_refused_by_name(sign: str) -> None:
    form = written(address=f"liv@ex{sign}ample.org")
    assert f"U+{ord(sign):04X}" in str(form.errors["address"])


def test_a_link_is_cleaned_and_may_be_as_long_as_those_to_meetings_are() -> None:
    class LinkForm(forms.Form):
        link = URLField(required=False)

    form = LinkForm({"link": " https://x.example/\u202egpj\u200b?a=" + "b" * 1500})
    assert form.is_valid()
    assert form.cleaned_data["link"] == "https://x.example/gpj?a=" + "b" * 1500
    too_long = "https://x.example/" + "b" * 2000
    for refused in ("javascript:alert(1)", too_long, "https://x.example/\ue123"):
        assert list(LinkForm({"link": refused}).errors) == ["link"]


def fields_of_django(source: str) -> list[int]:
    """Lines that make a field of words which cleans nothing."""
    names = {"CharField", "EmailField", "URLField"}
    return sorted(
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr in names
        and isinstance(node.value, ast.Name)
        and node.value.id == "forms"
    )


ROOT = Path(settings.BASE_DIR)
NOT_OURS = {"tests", "common", "node_modules", "var", "benchmarks"}
FORM_FILES = sorted(
    path for path in ROOT.glob("[a-z]*/**/*.py") if path.relative_to(ROOT).parts[0] not in NOT_OURS
)


def test_every_form_takes_words_in_by_the_same_door() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in FORM_FILES
        if (lines := fields_of_django(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_field_that_cleans_nothing_is_found() -> None:
    assert fields_of_django("from django import forms\nx = forms.CharField()\n") == [2]


def test_plain_signs_are_carried_as_they_are() -> None:
    plain = [sign for sign in map(chr, range(sys.maxunicode + 1)) if PLAIN.fullmatch(sign)]
    assert len(plain) == 157
    assert [clean_text(sign, with_tabs=True) for sign in plain] == plain
    assert private_characters("".join(plain)) == []
    assert all(unicodedata.is_normalized(form, "".join(plain)) for form in ("NFC", "NFKC"))


@given(ANY_TEXT)
def test_what_is_exported_is_cleaned_whatever_its_signs(text: str) -> None:
    cleaned = clean_text(text, with_tabs=True)
    private = private_characters(cleaned)
    assert exportable(text) == "".join(sign for sign in cleaned if sign not in private)
