"""The catalogue's search, with what people in a municipality type."""

from __future__ import annotations

import pytest

from seminars.models import Seminar
from tests.cast import Cast
from tests.corpora.searches import SEARCHES
from tests.seminars.factories import make_seminar


def found(cast: Cast, typed: str, *titles: str) -> list[str]:
    for title in titles:
        make_seminar(
            cast.other_agency,
            created_by=cast.organiser,
            title=title,
            summary="Tall.",
            description="",
            audience="",
            place_name="Salen",
        )
    return [seminar.title for seminar in Seminar.objects.matching(typed)]


def test_the_corpus_is_large_enough() -> None:
    assert len({(typed, title) for typed, title, _other in SEARCHES}) >= 60


@pytest.mark.parametrize(("typed", "meant", "other"), SEARCHES)
def test_what_is_meant_is_found_and_nothing_else(
    cast: Cast, typed: str, meant: str, other: str
) -> None:
    assert found(cast, typed, meant, other) == [meant]
