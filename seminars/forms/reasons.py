"""Saying no, or otherwise, with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import IntegerField
from seminars.forms.fields import reason_field


class CancelForm(forms.Form):
    reason = reason_field(
        _("Hvorfor avlyses seminaret?"),
        help_text=_("Står i brevet til alle som er påmeldt, på venteliste eller invitert."),
        rows=4,
    )


class RemoveForm(forms.Form):
    reason = reason_field(
        _("Begrunnelse til deltakeren"),
        help_text=_("Står i brevet til personen. Ikke skriv helseopplysninger her."),
        required=False,
    )


class MoveForm(forms.Form):
    place = IntegerField(label=_("Ny plass i køen"), min_value=1)
    reason = reason_field(
        _("Hvorfor endres rekkefølgen?"),
        help_text=_(
            "Blir stående i sporet, der administratorer ser den. Ikke skriv helseopplysninger."
        ),
    )


class ApprovalForm(forms.Form):
    reason = reason_field(
        _("Hvorfor ikke?"),
        help_text=_("Står i brevet til personen. Må fylles ut bare når du avslår."),
        required=False,
    )

    @property
    def says_no(self) -> bool:
        return self.data.get("answer") == "decline"

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.data.get("answer") not in ("approve", "decline"):
            self.add_error(None, _("Velg om du godkjenner eller avslår."))
        elif self.says_no and not values.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Skriv hvorfor, så personen forstår det."))
        return values
