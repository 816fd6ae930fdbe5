"""Two who write at once: what only one of them changed goes through, the rest is theirs to choose.

Three-way by field and thread: against what the second's form was made from.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from commitments.drafts import SAYS, SETTINGS, AgreementContent, Promise


class Gone(StrEnum):
    """One took the commitment away while the other went on writing it."""

    THEIRS = "theirs"
    MINE = "mine"


_NOTHING = object()
"""What stood in a field of a commitment that was not there before: equal to nothing."""


@dataclass
class Merged:
    """All of both; where they clash it has mine, and theirs stands in `settings` and `fields`."""

    content: AgreementContent
    settings: dict[str, Any] = field(default_factory=dict)
    fields: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    gone: dict[UUID, Gone] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Nothing that the two must choose between."""
        return not (self.settings or self.fields or self.gone)


def merge(base: AgreementContent, mine: AgreementContent, theirs: AgreementContent) -> Merged:
    merged = Merged(replace(theirs, commitments=[]))
    values, merged.settings = _fields(base, mine, theirs, SETTINGS)
    merged.content = replace(theirs, commitments=[], **values)
    before, by_me, by_them = _by_thread(base), _by_thread(mine), _by_thread(theirs)
    for thread in [*by_them, *(one for one in by_me if one not in by_them)]:
        kept = _promise(thread, before.get(thread), by_me.get(thread), by_them.get(thread), merged)
        if kept is not None:
            merged.content.commitments.append(kept)
    merged.content.commitments.extend(one for one in mine.commitments if one.thread is None)
    return merged


def _by_thread(content: AgreementContent) -> dict[UUID, Promise]:
    return {one.thread: one for one in content.commitments if one.thread is not None}


def _promise(
    thread: UUID,
    before: Promise | None,
    mine: Promise | None,
    theirs: Promise | None,
    merged: Merged,
) -> Promise | None:
    if mine is not None and theirs is not None:
        values, clashes = _fields(before, mine, theirs, SAYS)
        if clashes:
            merged.fields[thread] = clashes
        return replace(theirs, **values)
    kept, taken_by = (mine, Gone.THEIRS) if theirs is None else (theirs, Gone.MINE)
    if before is None or kept is None:
        return kept
    if kept == before:
        return None
    merged.gone[thread] = taken_by
    return kept


def _fields(
    before: Any, mine: Any, theirs: Any, names: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The value of each, and theirs of those that both changed."""
    values: dict[str, Any] = {}
    clashes: dict[str, Any] = {}
    for name in names:
        was = getattr(before, name) if before is not None else _NOTHING
        my, their = getattr(mine, name), getattr(theirs, name)
        values[name] = their if my == was else my
        if my not in (was, their) and their != was:
            clashes[name] = their
    return values, clashes
