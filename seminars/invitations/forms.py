"""Which agencies' leaders are asked, and who else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, textarea
from common.numbers import number
from people.models import Unit, User
from seminars.audience_size import people_of_audiences
from seminars.bulk_registration import MOST_LETTERS
from seminars.eligibility import leaves_somebody_out, who_in_words
from seminars.forms.fields import offer
from seminars.forms.listed_people import people_typed
from seminars.models import Seminar


class InviteForm(forms.Form):
    is_to_audiences = forms.BooleanField(label=_("Alle i målgruppen"), required=False)
    units = forms.ModelMultipleChoiceField(
        label=_("Virksomheter"),
        help_text=_("Alle som leder virksomheten eller en enhet under den, blir invitert."),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    people = CharField(
        label=_("Bestemte personer"),
        help_text=_("E-postadresser, HR-numre eller navn. Lim inn listen slik du har den."),
        widget=textarea(rows=4),
        with_tabs=True,
        required=False,
        max_length=MOST_LETTERS,
    )

    def __init__(self, *args: Any, seminar: Seminar, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if leaves_somebody_out(seminar):
            self.fields["is_to_audiences"].help_text = _for_whom(seminar, today)
        else:
            del self.fields["is_to_audiences"]
        offer(self, "units", Unit.objects.valid_on(today).agencies())

    def clean_people(self) -> list[User]:
        text = self.cleaned_data["people"]
        return people_typed(text) if text else []

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        is_chosen = values.get("is_to_audiences") or values.get("units") or values.get("people")
        if not self.errors and not is_chosen:
            self.add_error(
                "units", gettext("Velg minst én virksomhet, eller skriv minst én person.")
            )
        return values


def _for_whom(seminar: Seminar, today: dt.date) -> str:
    """«Ledere (virksomhet): 51 personer i dag»."""
    count = people_of_audiences(seminar, on=today).count()
    words = ngettext(
        "%(who)s: %(count)s person slik organisasjonen er i dag.",
        "%(who)s: %(count)s personer slik organisasjonen er i dag.",
        count,
    )
    audiences = seminar.audiences.prefetch_related("agencies", "people")
    who = ", ".join(who_in_words(audience) for audience in audiences)
    return words % {"who": who, "count": number(count)}
