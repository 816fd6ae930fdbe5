"""What is told of a count of people tells of nobody, whoever looks and however often."""

from __future__ import annotations

import itertools

from common.small_groups import SMALL_GROUP, told_at_least


def test_it_is_in_steps_and_short_of_everybody() -> None:
    assert [told_at_least(count, of=12) for count in range(13)] == [0] * 5 + [5] * 8
    assert [told_at_least(count, of=count) for count in (0, 1, 9, 10, 14, 15, 100)] == [
        0, 0, 0, 5, 5, 10, 95,
    ]  # fmt: skip


def test_two_looks_at_any_groups_never_differ_by_fewer_than_a_small_group() -> None:
    told = {told_at_least(count, of=of) for of in range(60) for count in range(of + 1)}
    differences = {one - other for one, other in itertools.permutations(told, 2)}
    assert {size for size in differences if abs(size) < SMALL_GROUP} == set()


def test_whatever_is_told_anybody_may_be_among_them_or_not() -> None:
    for of in range(60):
        for count in range(of + 1):
            alike = [
                n for n in range(of + 1) if told_at_least(n, of=of) == told_at_least(count, of=of)
            ]
            assert max(alike) - min(alike) >= min(SMALL_GROUP - 1, of)
            assert told_at_least(count, of=of) <= max(of - SMALL_GROUP, 0)
