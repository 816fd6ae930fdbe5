"""When a copy is to be held."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import DateField


class CopyForm(forms.Form):
    starts_on = DateField(
        label=_("Første dag for det nye seminaret"),
        help_text=_("Alle andre tidspunkter flyttes like mange dager."),
    )

    def clean_starts_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["starts_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Velg en dag som ikke har vært."))
        return day
