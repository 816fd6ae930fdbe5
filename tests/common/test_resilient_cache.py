"""A cache whose Redis is away."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from common.resilient_cache import ResilientRedisCache
from portal.settings.services import caches


@pytest.fixture
def redis_away(settings: Any) -> Iterator[None]:
    """An address where nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.CACHES = caches(f"redis://127.0.0.1:{taken.getsockname()[1]}/0")
        yield
        cache.clear()
    ResilientRedisCache.rests_until.clear()


def cache_away(times: int) -> list[tuple[str, Any]]:
    line = {"kind": "ConnectionError", "event": "cache_away"}
    return [("common.resilient_cache", line)] * times


def test_everything_a_cache_is_asked_is_answered_while_redis_is_away(redis_away: None) -> None:
    assert cache.add("a", 1) is True
    assert cache.add("a", 2) is False
    assert cache.incr("a") == 2
    assert cache.touch("a", 60) is True
    assert cache.has_key("a") is True
    cache.set("b", [3])
    assert cache.get_many(["a", "b", "c"]) == {"a": 2, "b": [3]}
    assert cache.set_many({"c": 4}) == []
    assert cache.delete("a") is True
    cache.delete_many(["b"])
    assert [cache.get(key) for key in "abc"] == [None, None, 4]


def test_redis_is_asked_once_and_then_left_alone(
    redis_away: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        for _time in range(5):
            cache.get("a")
    assert [(one.name, one.msg) for one in caplog.records] == cache_away(times=1)


def test_redis_is_asked_again_after_a_rest(
    redis_away: None, caplog: pytest.LogCaptureFixture
) -> None:
    cache.get("a")
    ResilientRedisCache.rests_until.clear()  # as when the rest is over
    cache.get("a")
    assert [(one.name, one.msg) for one in caplog.records] == cache_away(times=2)


def test_what_is_in_redis_is_what_counts_when_it_answers() -> None:
    cache.set("a", 1, 60)
    assert ResilientRedisCache.rests_until == {}
    assert cache.get("a") == 1
    cache.delete("a")
