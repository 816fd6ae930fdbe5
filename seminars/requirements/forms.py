"""What a participant needs to eat, and to take part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import StoredForm
from common.forms import CharField, textarea
from seminars.models import Access, Diet, Needs


class NeedsForm(StoredForm):
    diet = forms.MultipleChoiceField(
        label=_("Mat"),
        choices=Diet.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    access = forms.MultipleChoiceField(
        label=_("Tilrettelegging"),
        choices=Access.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    details = CharField(
        label=_("Mer om dette"),
        help_text=_("Skriv bare det som trengs for å ordne det. Diagnoser hører ikke hjemme her."),
        widget=textarea(rows=2),
        max_length=300,
        required=False,
    )

    @classmethod
    def showing(cls, needs: Needs | None, data: Any = None) -> NeedsForm:
        written = {} if needs is None else {name: getattr(needs, name) for name in cls.base_fields}
        form = cls(data, initial=written)
        form.shows(written)
        return form
