"""Comments on a draft, questions upward and the answers to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import (
    CharField,
    DateField,
    textarea,
)


class DraftCommentForm(forms.Form):
    text = CharField(
        label=_("Kommentaren din"),
        help_text=_("Den som skriver oppdraget, ser den med navnet ditt. Ikke skriv om andre."),
        max_length=1000,
        widget=textarea(rows=3),
        error_messages={"required": _("Skriv kommentaren.")},
    )


class UpwardQuestionForm(forms.Form):
    text = CharField(
        label=_("Spørsmålet"),
        help_text=_("Hva må dere vite for å bidra slik oppdraget over ber om?"),
        max_length=600,
        widget=textarea(rows=4),
        error_messages={"required": _("Skriv spørsmålet.")},
    )
    answer_by = DateField(
        label=_("Svar innen"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Velg når dere trenger svaret.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_answer_by(self) -> dt.date:
        day: dt.date = self.cleaned_data["answer_by"]
        if day < self.today:
            raise forms.ValidationError(_("Velg en dag som ikke er passert."))
        return day


class UpwardAnswerForm(forms.Form):
    answer = CharField(
        label=_("Svaret"),
        help_text=_("Svaret blir stående, og kan leses av dem som kan lese oppdraget."),
        max_length=1200,
        widget=textarea(rows=5),
        error_messages={"required": _("Skriv svaret.")},
    )
