"""Servers' addresses, as environments give them, turned into Django's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
import dj_email_url
from redis.backoff import NoBackoff
from redis.retry import Retry

CONNECTION_SECONDS = 60
"""How long a thread keeps its connection; docs/adr/0004-database-connections.md says why."""
PREPARED_AFTER = 5
"""What a connection has sent so often is planned once and kept; the number is psycopg's own."""
EMAIL_TIMEOUT = 20
CACHE_TIMEOUT = 1


def database(url: str) -> dict[str, Any]:
    return kept_open({**dj_database_url.parse(url)})


def embedded_database(place: dict[str, str]) -> dict[str, Any]:
    return kept_open({"ENGINE": "django.db.backends.postgresql", **place})


def kept_open(settings: dict[str, Any]) -> dict[str, Any]:
    options = {
        **settings.get("OPTIONS", {}),
        "prepare_threshold": PREPARED_AFTER,
        "server_side_binding": True,
    }
    return settings | {
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def caches(url: str) -> dict[str, Any]:
    """One try more, at once: after a restart of Redis the connection that was kept is dead."""
    waits = {"socket_connect_timeout": CACHE_TIMEOUT, "socket_timeout": CACHE_TIMEOUT}
    default = {
        "BACKEND": "common.resilient_cache.ResilientRedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "lederportalen",
        "OPTIONS": {**waits, "retry": Retry(NoBackoff(), 1)},
    }
    return {"default": default}


def email(url: str) -> dict[str, Any]:
    """The EMAIL_… settings; the waits of an SMTP server that hangs are bounded."""
    settings: dict[str, Any] = dict(dj_email_url.parse(url))
    settings["EMAIL_TIMEOUT"] = settings["EMAIL_TIMEOUT"] or EMAIL_TIMEOUT
    return settings


def email_to_files(folder: Path) -> dict[str, Any]:
    backend = "django.core.mail.backends.filebased.EmailBackend"
    return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": str(folder)}
