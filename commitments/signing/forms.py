"""What is typed when something is signed elsewhere than in the portal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commitments.conversation_forms import SeenRevisionForm
from common.forms import DateField


class PaperForm(SeenRevisionForm):
    """The party's word that this very text was signed on paper, and on which day."""

    paper_signed_on = DateField(
        label=_("Hvilken dag signerte du på papiret?"),
        help_text=_("Dagen du selv skrev under."),
    )
    is_attested = forms.BooleanField(
        label=_("Jeg bekrefter at jeg har signert papirutgaven med dette fingeravtrykket"),
        error_messages={"required": _("Kryss av for at du har signert papirutgaven.")},
    )

    def __init__(self, *args: Any, agreed_on: dt.date, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._agreed_on, self._today = agreed_on, today

    def clean_paper_signed_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["paper_signed_on"]
        if day > self._today:
            raise forms.ValidationError(_("Dagen kan ikke være fram i tid."))
        if day < self._agreed_on:
            raise forms.ValidationError(_("Dagen er før dere ble enige om teksten."))
        return day
