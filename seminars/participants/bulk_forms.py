"""A list of people, pasted or uploaded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, textarea
from common.tables import Row, UnreadableFile, rows_of_file, rows_of_text
from seminars.bulk_registration import MOST_BYTES, MOST_LETTERS, MOST_LINES, count_named


class ListForm(forms.Form):
    lines = CharField(
        label=_("E-postadresser, HR-numre eller navn"),
        help_text=_(
            "Lim inn listen slik du har den: fra Outlook, fra et regneark eller én på hver linje."
        ),
        widget=textarea(rows=8),
        with_tabs=True,
        required=False,
        max_length=MOST_LETTERS,
    )
    file = forms.FileField(
        label=_("Eller last opp et regneark (.xlsx) eller en CSV-fil"),
        help_text=_("Deltakerlisten som lastes ned her, kan brukes. Høyst 1000 personer."),
        required=False,
        error_messages={"empty": _("Filen er tom. Velg en fil med en liste i.")},
    )

    def clean_file(self) -> list[Row]:
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None:
            return []
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                gettext("Filen er for stor. Lag en fil med bare deltakerne i.")
            )
        try:
            return self._counted(rows_of_file(file.read()))
        except UnreadableFile as unreadable:
            raise forms.ValidationError(str(unreadable)) from unreadable

    def clean_lines(self) -> str:
        text: str = self.cleaned_data["lines"]
        self._counted(rows_of_text(text))
        return text

    def _counted(self, rows: list[Row]) -> list[Row]:
        if count_named(rows) > MOST_LINES:
            raise forms.ValidationError(gettext("Listen kan ha høyst 1000 personer."))
        return rows

    def clean(self) -> dict[str, Any]:
        """Each of the two has line numbers of its own, and headings of its own."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return values
        self.tables = [rows for rows in (rows_of_text(values["lines"]), values["file"]) if rows]
        if not any(map(count_named, self.tables)):
            self.add_error("lines", gettext("Lim inn en liste, eller velg en fil."))
        elif sum(map(count_named, self.tables)) > MOST_LINES:
            self.add_error("lines", gettext("Listen kan ha høyst 1000 personer."))
        return values
