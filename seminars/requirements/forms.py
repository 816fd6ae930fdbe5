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

    def clean(self) -> dict[str, Any]:
        """Refuse «other» alone: whoever orders the food or the room would not know what."""
        given: dict[str, Any] = super().clean() or {}
        others = {Diet.OTHER, Access.OTHER} & {*given.get("diet", ()), *given.get("access", ())}
        if others and not given.get("details") and "details" not in self.errors:
            self.add_error(
                "details", _("Skriv hva du trenger, når du har krysset av for noe annet.")
            )
        return given

    @classmethod
    def showing(cls, needs: Needs | None, data: Any = None) -> NeedsForm:
        written = {} if needs is None else {name: getattr(needs, name) for name in cls.base_fields}
        form = cls(data, initial=written)
        form.shows(written)
        return form
