"""A wish to have one's attendance put right."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, textarea

NOT_RECORDED_CHOICE = ("not_recorded", _("Ikke ført"))


class CorrectionWishForm(forms.Form):
    words = CharField(
        label=_("Hva er feil?"),
        help_text=_(
            "Skriv hva som er feil, og hva det skal være. Ikke skriv om helse eller om andre."
        ),
        max_length=1000,
        widget=textarea(rows=3),
    )
