"""Fields that several pages ask with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from common.forms import CharField, DateTimeField, DateTimeInput, textarea

AS_TYPED = "%Y-%m-%dT%H:%M"


def moment_field(label: Any, **options: Any) -> DateTimeField:
    return DateTimeField(label=label, widget=DateTimeInput(format=AS_TYPED), **options)


def reason_field(label: Any, *, rows: int = 3, **options: Any) -> CharField:
    return CharField(label=label, widget=textarea(rows=rows), max_length=1000, **options)


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """What there is to choose between is known when the form is made, and not before."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
    field.queryset = rows
