"""A file that is made once, by whichever process needs it first."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_file(path: Path, make: Callable[[], bytes]) -> Path:
    """Return the path of a file that only its owner reads, made of `make()` where there is none."""
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.stem}-{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    draft.write_bytes(make())
    try:
        os.link(draft, path)  # two processes that start at once keep the first one's
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path
