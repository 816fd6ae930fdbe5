"""What of the suite coverage watches: of a test that asks the database, the first of its cases.

To be watched makes Python more than twice as slow, and costs most where pages are made. Tests
without a database are quick, and each of their cases may go its own way through a rule: they are
watched in all. What is reported is no more than what is reached so; every test runs.
"""

from __future__ import annotations

from collections.abc import Generator

import coverage
import pytest

repeats_key = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    seen: set[tuple[pytest.Item, str]] = set()
    for item in items:
        test = (item.parent, getattr(item, "originalname", None) or item.name)
        item.stash[repeats_key] = test in seen and asks_the_database(item)
        seen.add(test)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What it sets up too; pytest-cov's `no_cover` lets that be watched."""
    watching = coverage.Coverage.current()
    rests = watching is not None and item.stash[repeats_key] and not is_marked(item)
    if rests:
        watching.stop()
    try:
        return (yield)
    finally:
        if rests:
            watching.start()


def is_marked(item: pytest.Item) -> bool:
    return item.get_closest_marker("no_cover") is not None


def asks_the_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or "db" in fixtures
