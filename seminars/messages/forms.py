"""The organiser's own words, and to whom."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, textarea
from seminars.models import RegistrationState


class MessageForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    states = forms.MultipleChoiceField(
        label=_("Til dem som er"),
        choices=[
            (state.value, state.label)
            for state in (
                RegistrationState.REGISTERED,
                RegistrationState.OFFERED,
                RegistrationState.AWAITING,
                RegistrationState.WAITLISTED,
                RegistrationState.UNSEATED,
                RegistrationState.WITHDRAWN,
            )
        ],
        widget=forms.CheckboxSelectMultiple,
        initial=[RegistrationState.REGISTERED.value],
    )
    subject = CharField(label=_("Emne"), max_length=150)
    text = CharField(
        label=_("Brevet"),
        help_text=_("Ikke skriv om helse eller om navngitte personer."),
        widget=textarea(rows=8),
        max_length=5_000,
    )
