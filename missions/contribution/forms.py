"""A person's own words on their contribution."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.edit_conflicts import StoredForm
from common.forms import (
    CharField,
    textarea,
)


class ContributionForm(StoredForm):
    text = CharField(
        label=_("Mitt bidrag"),
        help_text=_("Skriv ikke om helse eller om andre personer."),
        max_length=600,
        required=False,
        widget=textarea(rows=5),
    )
