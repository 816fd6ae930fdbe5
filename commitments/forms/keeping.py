"""How it went with what was agreed, in words, and when the two talk next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.actions import Said
from commitments.forms.fields import words
from commitments.models import Commitment, FollowUp, Word


class OutcomeForm(forms.Form):
    """How it went with one commitment: a word, and why."""

    word = forms.ChoiceField(
        label=_("Hvordan gikk det?"), choices=Word.choices, widget=forms.RadioSelect
    )
    why = words(_("Og hvorfor (må fylles ut når den er sluppet)"), required=False)

    def __init__(self, data: Any, *, commitment: Commitment) -> None:
        super().__init__(data, prefix=f"o{commitment.pk}")
        self.commitment = commitment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("word") == Word.LET_GO and not cleaned.get("why"):
            self.add_error("why", _("Skriv hvorfor forpliktelsen er sluppet."))
        return cleaned


class NextConversationForm(forms.Form):
    next_on = forms.DateField(
        label=_("Neste oppfølgingssamtale (valgfritt)"),
        help_text=_("Dere får en påminnelse før den."),
        required=False,
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_next_on(self) -> dt.date | None:
        next_on: dt.date | None = self.cleaned_data["next_on"]
        if next_on is not None and next_on <= self.today:
            raise forms.ValidationError(_("Velg en dag som kommer."))
        return next_on


class Conversation:
    """The page where a follow-up is written down: a word a commitment, and the next date."""

    def __init__(self, follow_up: FollowUp, today: dt.date, data: Any = None) -> None:
        self.next = NextConversationForm(data, today=today)
        self.outcomes = [
            OutcomeForm(data, commitment=one) for one in follow_up.revision.commitments.all()
        ]

    def is_valid(self) -> bool:
        return all([self.next.is_valid(), *(form.is_valid() for form in self.outcomes)])

    @property
    def said(self) -> dict[int, Said]:
        return {
            form.commitment.pk: Said(form.cleaned_data["word"], form.cleaned_data["why"])
            for form in self.outcomes
        }

    @property
    def forms_with_errors(self) -> list[forms.Form]:
        return [form for form in (self.next, *self.outcomes) if form.is_bound and form.errors]
