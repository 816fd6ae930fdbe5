"""What people type and send about certificates."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attendance.participation_import.hours import read_minutes
from certificates.models import CertificateRule
from certificates.models.terms import MOST_MINUTES
from certificates.numbers import key_in, number_in
from certificates.terms import TermsContent, terms_of
from certificates.words import hours_in_words
from common.edit_conflicts import StoredForm
from common.forms import CharField
from common.numbers import number
from seminars.models import Seminar

LARGEST_FILE = 2 * 1024 * 1024


class TermsForm(StoredForm):
    """Who gets a certificate of a seminar."""

    rule = forms.ChoiceField(
        label=_("Hvem som får kursbevis"),
        choices=CertificateRule.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvem som får kursbevis.")},
    )
    minutes = CharField(
        label=_("Timer på beviset"),
        help_text=_(
            "For eksempel 6, 1,5 eller 90 min. Står feltet tomt, regnes timene ut av samlingene "
            "hver enkelt var på. Den som bare var med på noe av det, får aldri flere."
        ),
        required=False,
        max_length=20,
    )
    is_automatic = forms.BooleanField(
        label=_("Utsted kursbevisene dagen etter"),
        help_text=_("Da får alle som møtte, kursbevis når oppmøtet er ført for alle samlingene."),
        required=False,
    )

    def __init__(self, *args: Any, seminar: Seminar, **kwargs: Any) -> None:
        stored = terms_of(seminar)
        kwargs["initial"] = asdict(stored) | {"minutes": _typed(stored)}
        super().__init__(*args, **kwargs)
        self.shows(asdict(stored))

    def clean_minutes(self) -> int | None:
        typed = self.cleaned_data["minutes"]
        if not typed:
            return None
        minutes = read_minutes(typed)
        if minutes is None:
            raise forms.ValidationError(_("Skriv timene som et tall, for eksempel 6 eller 1,5."))
        if not 1 <= minutes <= MOST_MINUTES:
            raise forms.ValidationError(
                _("Skriv et tall fra ett minutt til %(most)s timer."),
                params={"most": number(MOST_MINUTES // 60)},
            )
        return minutes

    def stored_in_words(self, name: str, value: Any) -> list[str]:
        if name == "minutes":
            return [hours_in_words(value)] if value else []
        return list(super().stored_in_words(name, value))

    @property
    def terms(self) -> TermsContent:
        return TermsContent(**self.cleaned_data)


def _typed(stored: TermsContent) -> str:
    """As it could have been typed: «1,5», or «1:20» where decimals would not come out even."""
    if stored.minutes is None:
        return ""
    if stored.minutes % 3:
        return f"{stored.minutes // 60}:{stored.minutes % 60:02}"
    hours, rest = divmod(stored.minutes, 60)
    return number(round(stored.minutes / 60, 2) if rest else hours)


class NumberForm(forms.Form):
    """A certificate's number, read from the document."""

    number = CharField(
        label=_("Nummeret på kursbeviset"),
        help_text=_("20 tegn i grupper på fire. Det står nederst på beviset."),
        max_length=60,
        error_messages={"required": _("Skriv nummeret på kursbeviset.")},
    )

    def clean_number(self) -> str:
        typed = number_in(self.cleaned_data["number"])
        if typed is None:
            raise forms.ValidationError(
                _("Nummeret har 20 tegn: tall, og bokstavene fra A til Z uten I, L, O og U.")
            )
        return typed


class KeyForm(forms.Form):
    """The key that stands on the document alone."""

    key = CharField(
        label=_("Navnekode"),
        help_text=_("16 tegn i grupper på fire. Den står ved siden av nummeret på beviset."),
        max_length=60,
        error_messages={"required": _("Skriv navnekoden som står på beviset.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_key(self) -> str:
        typed = key_in(self.cleaned_data["key"])
        if typed is None:
            raise forms.ValidationError(
                _("Navnekoden har 16 tegn: tall, og bokstavene fra A til Z uten I, L, O og U.")
            )
        return typed


class FileForm(forms.Form):
    """A certificate as a file."""

    file = forms.FileField(
        label=_("Kursbeviset som PDF"),
        help_text=_("Høyst 2 MB. Filen blir lest og ikke lagret."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": _("Velg filen du vil kontrollere.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("Filen er for stor. Kursbevis er under 2 MB."))
        start = file.read(1024)
        file.seek(0)
        if b"%PDF-" not in start:
            raise forms.ValidationError(_("Dette er ikke en PDF. Velg filen med kursbeviset."))
        return file
