"""The period a report is about, chosen above it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from common.forms import DateField
from reports.period import Period, Preset, preset_period

FIRST_DAY = dt.date(2000, 1, 1)
LAST_DAY = dt.date(2099, 12, 31)


class PeriodForm(forms.Form):
    """A ready-made period, or two dates."""

    period = forms.ChoiceField(label=_("Periode"), choices=Preset.choices, required=False)
    first = DateField(label=_("Fra og med"), required=False)
    last = DateField(label=_("Til og med"), required=False)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        between = [
            MinValueValidator(FIRST_DAY, _("Velg en dag etter år 2000.")),
            MaxValueValidator(LAST_DAY, _("Velg en dag før år 2100.")),
        ]
        for name in ("first", "last"):
            self.fields[name].validators += between

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("period") != Preset.CUSTOM:
            return cleaned
        for name in ("first", "last"):
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, str(_("Velg en dag.")))
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", str(_("Siste dag kan ikke være før den første.")))
        return cleaned

    @property
    def preset(self) -> str:
        """The choice to show as made."""
        made = str(self.data.get("period", ""))
        return made if made in Preset.values else Preset.YEAR.value

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was chosen, to be sent on with something else about the same figures."""
        return [(name, value) for name in self.fields if (value := self.data.get(name))]

    @property
    def passes_over_dates(self) -> bool:
        """Whether days are typed that the choice made leaves unused."""
        typed = self.cleaned_data
        made = (typed.get("first"), typed.get("last"))
        if typed["period"] == Preset.CUSTOM or not any(made):
            return False
        return made != (self.chosen.first, self.chosen.last)

    @property
    def chosen(self) -> Period:
        """Of a form that is valid; this year so far where nothing is chosen."""
        typed = self.cleaned_data
        if typed["period"] == Preset.CUSTOM:
            return Period(typed["first"], typed["last"])
        return preset_period(typed["period"], self.today)
