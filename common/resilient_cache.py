"""A cache that goes on within the process while Redis is away.

What the portal caches is how often somebody has tried to sign in, which one-time codes have been
used, and when beat was last heard. Failing with Redis would stop everybody from signing in;
forgetting the limits would let whoever can make Redis fail guess passwords without end. So each
process keeps its own count until Redis is back: with two processes a limit of five is ten.
docs/adr/0021-cache-away.md says more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ClassVar

import structlog
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

REST_SECONDS = 5.0
"""How long Redis is left alone after it did not answer: a page waits once, not at every step."""


def _redis_or_spare(name: str) -> Callable[..., Any]:
    def asked(cache: ResilientRedisCache, *args: Any, **options: Any) -> Any:
        if cache.is_resting:
            return getattr(cache.spare, name)(*args, **options)
        try:
            return getattr(RedisCache, name)(cache, *args, **options)
        except (RedisError, OSError) as error:
            cache.rest(error)
            return getattr(cache.spare, name)(*args, **options)

    asked.__name__ = name
    return asked


class ResilientRedisCache(RedisCache):
    rests_until: ClassVar[dict[str, float]] = {}

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.server = server
        self.spare = LocMemCache(f"spare-of:{server}", params)

    @property
    def is_resting(self) -> bool:
        return time.monotonic() < self.rests_until.get(self.server, 0.0)

    def rest(self, error: Exception) -> None:
        """Leave Redis alone for a while, and say so once for all who would have asked it."""
        self.rests_until[self.server] = time.monotonic() + REST_SECONDS
        log.error("cache_away", kind=type(error).__name__)

    add = _redis_or_spare("add")
    get = _redis_or_spare("get")
    set = _redis_or_spare("set")
    touch = _redis_or_spare("touch")
    delete = _redis_or_spare("delete")
    get_many = _redis_or_spare("get_many")
    has_key = _redis_or_spare("has_key")
    incr = _redis_or_spare("incr")
    set_many = _redis_or_spare("set_many")
    delete_many = _redis_or_spare("delete_many")
    clear = _redis_or_spare("clear")
