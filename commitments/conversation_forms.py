"""What the two say to each other on the way: whom it is with, answers, notes and reasons."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.eligible_pairs import Pair
from commitments.form_fields import FREE_TEXT_WARNING, offer
from commitments.guiding_questions import Asked
from common.forms import CharField, DateField, IntegerField, PrintedField, TileRadioSelect, textarea
from common.keys import LARGEST_KEY


class StartForm(forms.Form):
    """Between whom. The choices are those whom this person may begin with."""

    pair = forms.ChoiceField(label=_("Hvem er avtalen med?"), widget=TileRadioSelect)

    def __init__(self, *args: Any, pairs: list[tuple[Pair, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairs = {pair.key: pair for pair, _label in pairs}
        offer(self, "pair", [(pair.key, label) for pair, label in pairs])

    @property
    def chosen(self) -> Pair:
        return self.pairs[self.cleaned_data["pair"]]


class PreparationForm(forms.Form):
    """One answer to one of the guiding questions; leaving it empty is an answer too."""

    text = CharField(
        label=_("Svaret ditt"), required=False, max_length=2000, widget=textarea(rows=7)
    )
    seen = CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = str(asked.help_text)


class ReadyForm(forms.Form):
    """Whether the page said that the answers are shown at once."""

    is_other_ready = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SeenRevisionForm(forms.Form):
    """Which wording the page showed: a revision, and its version or hash."""

    revision = IntegerField(max_value=LARGEST_KEY, widget=forms.HiddenInput)
    version = IntegerField(max_value=LARGEST_KEY, widget=forms.HiddenInput, required=False)
    sha256 = CharField(widget=forms.HiddenInput, required=False)


class NoteForm(SeenRevisionForm):
    text = CharField(
        label=_("Hva bør endres?"),
        help_text=FREE_TEXT_WARNING,
        max_length=2000,
        widget=textarea(rows=5),
    )


class AgreementCommentForm(forms.Form):
    text = CharField(
        label=_("Merknad til den andre"),
        help_text=FREE_TEXT_WARNING,
        max_length=2000,
        widget=textarea(rows=3),
    )


class PauseForm(forms.Form):
    resumes_on = DateField(
        label=_("Går videre av seg selv"),
        help_text=_("Uten en dag er den på pause til en av dere går videre."),
        required=False,
    )

    def __init__(self, data: Any, *, today: dt.date) -> None:
        super().__init__(data)
        self.today = today

    def clean_resumes_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["resumes_on"]
        if day is not None and day <= self.today:
            raise forms.ValidationError(_("Velg en senere dag."))
        return day


class ReasonForm(forms.Form):
    text = PrintedField(
        label=_("Hvorfor?"),
        help_text=FREE_TEXT_WARNING,
        max_length=2000,
        widget=textarea(rows=4),
    )
