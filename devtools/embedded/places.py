"""Where the embedded servers keep what they need, below one VAR_DIR."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 107
"""Bytes in a Unix socket's path on Linux, its ending zero not counted."""
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"


@dataclass(frozen=True)
class Places:
    """The paths of one set of embedded servers. Nothing here touches the disk."""

    var_dir: Path

    @property
    def postgres_data(self) -> Path:
        return self.var_dir / "postgres"

    @property
    def log_dir(self) -> Path:
        return self.var_dir / "log"

    @property
    def lock_dir(self) -> Path:
        return self.var_dir / "lock"

    @property
    def socket_dir(self) -> Path:
        """Below VAR_DIR, or in the system's temporary folder when that path is too long."""
        near = self.var_dir / "run"
        longest = near / "postgres" / f"{POSTGRES_SOCKET}.lock"
        if len(os.fsencode(longest)) <= LONGEST_SOCKET_PATH:
            return near
        name = hashlib.sha256(os.fsencode(self.var_dir)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"lederportalen-{os.getuid()}-{name}"

    @property
    def postgres_socket_dir(self) -> Path:
        """Apart from Valkey's: it belongs to the user that PostgreSQL runs as."""
        return self.socket_dir / "postgres"

    @property
    def valkey_socket(self) -> Path:
        return self.socket_dir / VALKEY_SOCKET

    @property
    def database(self) -> dict[str, str]:
        """The part of Django's DATABASES entry that says where the server is."""
        return {"NAME": "lederportalen", "USER": "postgres", "HOST": str(self.postgres_socket_dir)}

    @property
    def broker_url(self) -> str:
        return self.broker_url_of(0)

    @property
    def cache_url(self) -> str:
        return self.cache_url_of(1)

    def broker_url_of(self, database: int) -> str:
        return f"redis+socket://{self.valkey_socket}?virtual_host={database}"

    def cache_url_of(self, database: int) -> str:
        return f"unix://{self.valkey_socket}?db={database}"
