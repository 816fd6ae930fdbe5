"""A list of people, pasted or uploaded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, textarea
from seminars.bulk import MOST_BYTES, MOST_LINES, typed_lines


class ListForm(forms.Form):
    lines = CharField(
        label=_("E-postadresser eller HR-numre"),
        help_text=_("Én person på hver linje. Har linjen flere kolonner, leses bare den første."),
        widget=textarea(rows=8),
        with_tabs=True,
        required=False,
        max_length=MOST_BYTES,
    )
    file = forms.FileField(
        label=_("Eller last opp en CSV-fil"),
        help_text=_("Høyst 1000 linjer."),
        required=False,
    )

    def clean_file(self) -> str:
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(gettext("Filen er for stor."))
        return _decoded(file.read())

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return values
        self.text = "\n".join(filter(None, (values["lines"], values["file"])))
        count = len(typed_lines(self.text))
        if not count:
            self.add_error("lines", gettext("Lim inn en liste, eller velg en fil."))
        elif count > MOST_LINES:
            self.add_error("lines", gettext("Listen kan ha høyst 1000 linjer."))
        return values


def _decoded(content: bytes) -> str:
    """UTF-8, or what Norwegian Excel writes when it is not asked."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
