"""What organisers and coordinators type about seats: pools, the queue, and who comes instead."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateTimeInput, textarea
from people.models import Unit
from seminars.forms import RegisterOtherForm
from seminars.models import Seminar


class ReserveForm(forms.Form):
    agency = forms.ModelChoiceField(
        label=_("Virksomhet"),
        help_text=_("Har virksomheten plasser fra før, endrer du antallet."),
        queryset=Unit.objects.none(),
    )
    seats = forms.IntegerField(label=_("Antall plasser"), min_value=1, max_value=100_000)
    release_at = forms.DateTimeField(
        label=_("Frigis"),
        help_text=_("Plasser virksomheten ikke har brukt, blir da åpne for alle. Kan stå tom."),
        widget=DateTimeInput(format="%Y-%m-%dT%H:%M"),
        required=False,
    )

    def __init__(self, *args: Any, seminar: Seminar, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seminar, self.now = seminar, now
        field = self.fields["agency"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = Unit.objects.valid_on(now.date()).agencies()

    def clean_release_at(self) -> dt.datetime | None:
        release_at: dt.datetime | None = self.cleaned_data["release_at"]
        if release_at and not self.now < release_at < self.seminar.starts_at:
            raise forms.ValidationError(
                _("Velg et tidspunkt fra nå og fram til seminaret starter.")
            )
        return release_at


class MoveForm(forms.Form):
    place = forms.IntegerField(label=_("Ny plass i køen"), min_value=1)
    reason = forms.CharField(
        label=_("Hvorfor endres rekkefølgen?"),
        help_text=_("Lagres i loggen, der administratorer ser den. Ikke skriv helseopplysninger."),
        widget=textarea(rows=3),
        max_length=1000,
    )


class ApprovalForm(forms.Form):
    reason = forms.CharField(
        label=_("Hvorfor ikke?"),
        help_text=_("Står i brevet til personen. Må fylles ut bare når du avslår."),
        widget=textarea(rows=3),
        max_length=1000,
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


class SubstituteForm(RegisterOtherForm):
    email = forms.EmailField(
        label=_("E-postadressen til den som kommer i stedet"),
        help_text=_("Begge får brev, og kalenderen deres blir oppdatert."),
    )


class StaffForm(RegisterOtherForm):
    email = forms.EmailField(
        label=_("E-postadressen til den du vil melde på"),
        help_text=_("En som arbeider hos dere. Personen får brev om påmeldingen."),
    )
