"""A document or a hash that somebody wants to know the truth about."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import CharField

LARGEST_DOCUMENT = 5 * 1024 * 1024


class VerifyForm(forms.Form):
    """A document or a hash: one of the two."""

    file = forms.FileField(
        label=_("PDF-filen"),
        help_text=_("Høyst 5 MB. Filen blir lest og ikke lagret."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )
    sha256 = CharField(
        label=_("Eller et fingeravtrykk (SHA-256)"),
        help_text=_(
            "64 tegn, tall og bokstavene a til f. Det står på siden «Signaturer og bevis»."
        ),
        required=False,
        max_length=200,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > LARGEST_DOCUMENT:
            raise forms.ValidationError(_("Filen er for stor. Avtaler er under 5 MB."))
        start = file.read(1024)
        file.seek(0)
        if b"%PDF-" not in start:
            raise forms.ValidationError(_("Dette er ikke en PDF. Velg filen du fikk fra portalen."))
        return file

    def clean_sha256(self) -> str:
        typed = "".join(str(self.cleaned_data["sha256"]).split()).lower()
        if typed and not re.fullmatch(r"[0-9a-f]{64}", typed):
            raise forms.ValidationError(
                _("Et fingeravtrykk har 64 tegn: tall og bokstavene a til f.")
            )
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned["file"]) == bool(cleaned["sha256"]):
            raise forms.ValidationError(_("Velg en PDF, eller skriv et fingeravtrykk."))
        return cleaned
