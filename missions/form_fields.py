"""Fields that several forms of missions share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.forms import (
    PrintedField,
    textarea,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


def words(label: Words, help_text: Words, *, longest: int, rows: int) -> PrintedField:
    return PrintedField(
        label=label,
        help_text=help_text,
        max_length=longest,
        required=False,
        widget=textarea(rows=rows),
    )
