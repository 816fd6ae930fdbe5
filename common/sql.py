"""SQL in files of its own, into which the code fills what it alone says: states, kinds, columns.

A file stands beside the room that it is of. `:name` in it is filled in; a cast (`::date`), an
assignment (`:=`) and the braces of pgtrigger are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from textwrap import indent

PLACEHOLDER = re.compile(r"(?<![:\w]):([a-z_]+)")
PLAIN_VALUE = re.compile(r"[a-z_]+")


def sql_file(room: str, path: str, **filled: str) -> str:
    """Return the SQL of a room's file, filled in by our own code and never by anybody's words."""
    return _filled(files(room).joinpath(path).read_text(encoding="utf-8"), filled)


def trigger_body(room: str, name: str, **filled: str) -> str:
    """Return the body of a trigger, or a part of one, as it stands between BEGIN and END."""
    text = files(room).joinpath("triggers", f"{name}.sql").read_text(encoding="utf-8")
    return _filled("\n" + indent(text, "    "), filled)


def sql_list(values: Iterable[str]) -> str:
    """Return values of an enum as a list for IN."""
    found = list(values)
    for value in found:
        if not PLAIN_VALUE.fullmatch(value):
            raise ValueError(f"not a value of an enum: {value!r}")
    return "({})".format(", ".join(f"'{value}'" for value in found))


def _filled(text: str, filled: dict[str, str]) -> str:
    """Each place once: what is filled in is not looked through again."""
    if unlike := set(PLACEHOLDER.findall(text)) ^ set(filled):
        raise ValueError(f"filled in and not asked for, or the other way round: {sorted(unlike)}")
    return PLACEHOLDER.sub(lambda found: filled[found[1]], text)
