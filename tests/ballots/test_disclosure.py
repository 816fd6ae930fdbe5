"""What may be shown of counts, whatever was asked."""

from __future__ import annotations

import pytest

from ballots.disclosure import Detail, detail_of, overlaps_shown, topics_are_told


@pytest.mark.parametrize(
    ("counts", "detail"),
    [
        ((4, 0, 0), Detail.NOTHING),
        ((5, 0, 0), Detail.NEARLY_ALL_YES),
        ((4, 1, 0), Detail.NEARLY_ALL_YES),
        ((3, 2, 0), Detail.MERGED),
        ((2, 0, 7), Detail.MERGED),
        ((4, 2, 5), Detail.MERGED),
        ((2, 3, 3), Detail.FULL),
        ((1, 4, 0), Detail.HARDLY_ANY_YES),
        ((0, 0, 6), Detail.HARDLY_ANY_YES),
    ],
)
def test_detail_of_is_coarser_the_smaller_the_numbers(
    counts: tuple[int, int, int], detail: Detail
) -> None:
    yes, partly, no = counts
    assert detail_of(yes=yes, partly=partly, no=no) == detail


def test_nobody_and_one_look_alike() -> None:
    for one, nobody in (((9, 1, 0), (10, 0, 0)), ((1, 9, 0), (0, 10, 0)), ((5, 1, 4), (5, 0, 5))):
        first, second = (
            detail_of(yes=yes, partly=partly, no=no) for yes, partly, no in (one, nobody)
        )
        assert first == second


@pytest.mark.parametrize(
    ("detail", "other", "told"),
    [
        (Detail.FULL, 6, True),
        (Detail.MERGED, 4, True),
        (Detail.MERGED, 3, False),
        (Detail.HARDLY_ANY_YES, 9, False),
        (Detail.NEARLY_ALL_YES, 1, False),
        (Detail.NOTHING, 4, False),
    ],
)
def test_topics_are_told_beside_numbers_that_hide_who_chose(
    detail: Detail, other: int, told: bool
) -> None:
    assert topics_are_told(detail, other=other) is told


@pytest.mark.parametrize(
    ("group", "shown", "overlaps"),
    [
        (range(10), [], False),
        (range(10), [range(10)], False),
        (range(10), [range(10, 20)], False),
        (range(10), [range(10, 20), range(10)], False),
        (range(11), [range(10)], True),
        (range(9), [range(10)], True),
        (range(15), [range(10)], True),
        (range(10), [range(20)], True),
        (range(10), [range(10), range(9, 20)], True),
    ],
)
def test_overlaps_shown_unless_the_same_or_apart(group, shown, overlaps: bool) -> None:
    assert overlaps_shown(frozenset(group), [frozenset(one) for one in shown]) is overlaps
