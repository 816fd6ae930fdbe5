"""A word that means the same to everybody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import StoredForm
from common.forms import (
    CharField,
    textarea,
)


class TermForm(StoredForm):
    word = CharField(label=_("Ord"), max_length=60, error_messages={"required": _("Skriv ordet.")})
    explanation = CharField(
        label=_("Forklaring"),
        help_text=_("Slik en ny kollega forstår det."),
        max_length=600,
        widget=textarea(rows=4),
        error_messages={"required": _("Skriv forklaringen.")},
    )
