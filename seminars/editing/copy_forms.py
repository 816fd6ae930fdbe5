"""When a copy is to be held."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateField


class CopyForm(forms.Form):
    starts_on = DateField(
        label=_("Første dag for det nye seminaret"),
        help_text=_("Alle andre tidspunkter flyttes like mange dager."),
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"]
        if day <= self.today:
            raise forms.ValidationError(_("Velg en dag som ikke har vært."))
        return day
