"""What is different between two wordings, field by field and word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _

from commitments.agreement_text import DAYS, FACTS, LABELS, TERMS
from commitments.models import Commitment, Owner, Revision
from common import dates


class DifferenceKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


ALIKE = 0.4
"""How large a part of the words must be the same for two texts to be shown as one."""


@dataclass(frozen=True)
class Piece:
    """A run of words that is in both wordings, or in one of them."""

    kind: DifferenceKind
    text: str


@dataclass(frozen=True)
class FieldChange:
    label: str | LazyText
    pieces: list[Piece]


@dataclass(frozen=True)
class CommitmentChange:
    """A commitment that came, went, or says something else in some of its fields."""

    kind: DifferenceKind
    whose: str
    text: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class Differences:
    base: Revision
    commitments: list[CommitmentChange]
    wording: list[FieldChange]

    def __bool__(self) -> bool:
        return bool(self.commitments or self.wording)


def differences(base: Revision, shown: Revision) -> Differences:
    """From `base` to `shown`; both come with their commitments and core activities."""
    before = {one.thread: one for one in base.commitments.all()}
    after = {one.thread: one for one in shown.commitments.all()}
    came_or_changed = [_commitment(shown, before.get(one.thread), one) for one in after.values()]
    went = [
        CommitmentChange(DifferenceKind.REMOVED, _whose(base, one.owner), one.text, [])
        for one in before.values()
        if one.thread not in after
    ]
    wording = _fields(base, shown, _wording_of(base, shown), shown)
    return Differences(base, [one for one in [*came_or_changed, *went] if one], wording)


def _wording_of(base: Revision, shown: Revision) -> tuple[str, ...]:
    """A change that names no day leaves the conversation where it is: nothing was taken away."""
    is_day_left = base.is_signed and shown.follow_up_on is None
    return tuple(name for name in ("goals", *TERMS) if not (name == "follow_up_on" and is_day_left))


def _commitment(
    shown: Revision, before: Commitment | None, after: Commitment
) -> CommitmentChange | None:
    whose = _whose(shown, after.owner)
    if before is None:
        return CommitmentChange(DifferenceKind.ADDED, whose, after.text, [])
    changed = _fields(before, after, ("owner", "text", "why", *FACTS), shown)
    return CommitmentChange(DifferenceKind.CHANGED, whose, after.text, changed) if changed else None


def _fields(before: Any, after: Any, names: tuple[str, ...], shown: Revision) -> list[FieldChange]:
    told = [(name, _said(before, name, shown), _said(after, name, shown)) for name in names]
    return [FieldChange(LABELS[name], pieces(old, new)) for name, old, new in told if old != new]


def _said(row: Any, name: str, shown: Revision) -> str:
    value = getattr(row, name)
    if name == "owner":
        return _whose(shown, value)
    if name == "core_activity":
        return value.text if value is not None else ""
    if name in DAYS:
        return dates.long_date(value) if value is not None else ""
    return str(value)


def _whose(revision: Revision, owner: str) -> str:
    agreement = revision.agreement
    names = {
        Owner.LEADER.value: agreement.leader.name,
        Owner.EMPLOYEE.value: agreement.employee.name,
    }
    return names.get(owner) or str(_("Begge"))


def pieces(before: str, after: str) -> list[Piece]:
    """Word by word; what was taken away stands before what came in its place.

    Where little is left of the words before, both stand whole: nobody reads a text of scraps.
    """
    if _is_another_text(before, after):
        return [Piece(DifferenceKind.REMOVED, before), Piece(DifferenceKind.ADDED, after)]
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(DifferenceKind.SAME, "".join(new[k:m])))
            continue
        if i < j:
            found.append(Piece(DifferenceKind.REMOVED, "".join(old[i:j])))
        if k < m:
            found.append(Piece(DifferenceKind.ADDED, "".join(new[k:m])))
    return found


def _is_another_text(before: str, after: str) -> bool:
    old, new = before.split(), after.split()
    if not old or not new:
        return False
    return SequenceMatcher(None, old, new, autojunk=False).ratio() < ALIKE
