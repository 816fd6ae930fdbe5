from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from common.numbers import number, percent, share


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (7, None, "7"),
        (1234.5, None, "1\xa0234,5"),
        (57000, None, "57\xa0000"),
        (-1234567, None, "-1\xa0234\xa0567"),
        (Decimal("2.345"), 2, "2,35"),
        (2.5, 0, "3"),
        (3, 1, "3,0"),
    ],
)
def test_number_is_written_with_comma_and_no_break_space(
    value: float, decimals: int | None, text: str
) -> None:
    assert number(value, decimals) == text


def test_percent_is_held_to_its_sign() -> None:
    assert percent(42) == "42\xa0%"
    assert percent(42.25, 1) == "42,3\xa0%"


def test_share_of_nothing_is_a_dash() -> None:
    assert share(0, 0) == "–"
    assert share(1, 3) == "33\xa0%"


def test_english_has_commas_and_a_point() -> None:
    with translation.override("en"):
        assert number(1234567.5) == "1,234,567.5"


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_template_groups_a_number_only_where_it_is_asked_to(language: str) -> None:
    template = Template('<li id="row-{{ pk }}">{{ pk|number }}')
    shown = {"nb": "1\xa0234\xa0567", "en": "1,234,567"}[language]
    with translation.override(language):
        assert template.render(Context({"pk": 1234567})) == f'<li id="row-1234567">{shown}'
