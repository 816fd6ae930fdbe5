"""A letter's plain text, as a page shows it."""

from __future__ import annotations

from common.letter_text import LetterPart, parts_of


def test_a_quotation_is_a_part_of_its_own_without_its_marks() -> None:
    text = "Hei, Liv!\n\nOlav skriver:\n\n> Hei!\n>\n> Ta med skrivesaker.\n\nHilsen portalen\n"
    assert list(parts_of(text)) == [
        LetterPart("Hei, Liv!\n\nOlav skriver:", is_quoted=False),
        LetterPart("Hei!\n\nTa med skrivesaker.", is_quoted=True),
        LetterPart("Hilsen portalen", is_quoted=False),
    ]


def test_a_letter_without_a_quotation_is_whole() -> None:
    assert list(parts_of("3 > 2\n\nog mer")) == [LetterPart("3 > 2\n\nog mer", is_quoted=False)]
