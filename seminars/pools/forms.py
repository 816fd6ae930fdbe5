"""Holding seats for an agency."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import dates
from common.edit_conflicts import EditConflict, Seen, StoredForm
from common.forms import IntegerField
from people.models import Unit
from seminars.forms.fields import moment_field, offer
from seminars.models import Seminar
from seminars.seminar_content import PoolContent


class ReserveForm(StoredForm):
    agency = forms.ModelChoiceField(
        label=_("Virksomhet"),
        help_text=_("Har virksomheten plasser fra før, endrer du antallet."),
        queryset=Unit.objects.none(),
    )
    seats = IntegerField(label=_("Antall plasser"), min_value=1, max_value=100_000)
    release_at = moment_field(
        _("Når plassene frigis"),
        help_text=_("Plasser virksomheten ikke har brukt, blir da åpne for alle. Kan stå tom."),
        required=False,
    )

    def __init__(self, *args: Any, seminar: Seminar, now: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seminar, self.now = seminar, now
        self.shows(self._pools())
        offer(self, "agency", Unit.objects.valid_on(timezone.localdate(now)).agencies())

    def _pools(self) -> dict[str, Any]:
        """Each agency's, for the page shows them all."""
        return {
            f"{pool.agency_id}.{name}": value
            for pool in self.seminar.seat_pools.all()
            for name, value in PoolContent.of(pool).state().items()
        }

    def seen_of(self, conflict: EditConflict) -> Seen:
        return Seen.of(self._pools())

    def clean_release_at(self) -> dt.datetime | None:
        release_at: dt.datetime | None = self.cleaned_data["release_at"]
        if release_at and not self.now < release_at < self.seminar.joining_ends_at:
            raise forms.ValidationError(
                _("Velg et tidspunkt fra nå og fram til %(when)s."),
                params={"when": dates.moment(self.seminar.joining_ends_at)},
            )
        return release_at
