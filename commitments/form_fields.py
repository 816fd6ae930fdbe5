"""What several forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.models import LONGEST_WORDING
from common.forms import PrintedField, textarea

LONGEST = 600

FREE_TEXT_WARNING = _("Skriv ikke om helse, og ikke om andre enn dere to.")


def words(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 2) -> Any:
    return PrintedField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=LONGEST,
        widget=textarea(rows=rows),
    )


def wording(label: Any, help_text: Any = "") -> Any:
    """Words about the whole agreement; none of them has to be said."""
    return PrintedField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_WORDING,
        widget=textarea(rows=3),
    )


def offer(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    field: Any = form.fields[name]
    field.choices = choices
