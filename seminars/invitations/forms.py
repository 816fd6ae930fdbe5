"""Which agencies' leaders are asked, and who else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, textarea
from people.models import Unit, User
from seminars.bulk_registration import MOST_LETTERS
from seminars.forms.fields import offer
from seminars.forms.listed_people import people_typed


class InviteForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        label=_("Virksomheter"),
        help_text=_("Alle som leder virksomheten eller en enhet under den, blir invitert."),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    people = CharField(
        label=_("Bestemte personer"),
        help_text=_("E-postadresser, HR-numre eller navn. Lim inn listen slik du har den."),
        widget=textarea(rows=4),
        with_tabs=True,
        required=False,
        max_length=MOST_LETTERS,
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "units", Unit.objects.valid_on(today).agencies())

    def clean_people(self) -> list[User]:
        text = self.cleaned_data["people"]
        return people_typed(text) if text else []

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not values["units"] and not values["people"]:
            self.add_error(
                "units", gettext("Velg minst én virksomhet, eller skriv minst én person.")
            )
        return values
