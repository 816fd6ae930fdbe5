"""Which agencies' leaders are asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import Unit
from seminars.forms.fields import offer


class InviteForm(forms.Form):
    units = forms.ModelMultipleChoiceField(
        label=_("Virksomheter"),
        help_text=_("Alle som leder virksomheten eller en enhet under den, blir invitert."),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én virksomhet.")},
    )

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "units", Unit.objects.valid_on(today).agencies())
