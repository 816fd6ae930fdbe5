"""How it went with what was agreed, in words, and when the two talk next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commitments.follow_up.actions import Appointment, Said, appointment_stored
from commitments.form_fields import words
from commitments.models import Agreement, Commitment, FollowUp, Word
from commitments.next_follow_up import why_not_on
from common.dates import OSLO, local
from common.edit_conflicts import StoredForm
from common.forms import CharField, DateField, TimeField, textarea


class OutcomeForm(forms.Form):
    """How it went with one commitment: a word, and why."""

    word = forms.ChoiceField(
        label=_("Hvordan gikk det?"), choices=Word.choices, widget=forms.RadioSelect
    )
    why = words(_("Hvorfor? (Må fylles ut når forpliktelsen er sluppet)"), required=False)

    def __init__(self, data: Any, *, commitment: Commitment) -> None:
        super().__init__(data, prefix=f"o{commitment.pk}")
        self.commitment = commitment
        missing = gettext("Velg et ord for «%(commitment)s».")
        self.fields["word"].error_messages["required"] = missing % {
            "commitment": Truncator(commitment.text).chars(60)
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("word") == Word.LET_GO and not cleaned.get("why"):
            self.add_error("why", _("Skriv hvorfor forpliktelsen er sluppet."))
        return cleaned


def lengths_in_words() -> list[tuple[int, str]]:
    """Return the lengths of a conversation, in the language of the page and not of the start."""
    return [(each, gettext("%(number)s minutter") % {"number": each}) for each in (30, 45, 60, 90)]


class AppointmentForm(StoredForm):
    """When and where the two talk."""

    day = DateField(label=_("Dag"))
    time = TimeField(on="day", label=_("Klokkeslett"))
    minutes = forms.TypedChoiceField(
        label=_("Hvor lenge"),
        choices=lengths_in_words,
        coerce=int,
        initial=60,
    )
    place = CharField(
        label=_("Sted"),
        help_text=_("Et rom eller en lenke. Det står i kalenderne deres, som andre kan se."),
        required=False,
        max_length=200,
    )

    def __init__(
        self, data: Any, *, agreement: Agreement, planned: FollowUp | None, now: dt.datetime
    ) -> None:
        stored = appointment_stored(planned)
        super().__init__(data, initial=stored)
        self.shows(stored)
        self.agreement, self.now = agreement, now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, time = cleaned.get("day"), cleaned.get("time")
        if day is None or time is None:
            return cleaned
        starts_at = dt.datetime.combine(day, time, OSLO).astimezone(dt.UTC)
        if starts_at <= self.now:
            self.add_error("day" if day < local(self.now).date() else "time", _PASSED)
        elif refusal := why_not_on(self.agreement, day, local(self.now).date()):
            self.add_error("day", refusal)
        return {**cleaned, "starts_at": starts_at}

    @property
    def appointment(self) -> Appointment:
        data = self.cleaned_data
        return Appointment(data["starts_at"], data["minutes"], data["place"])


_PASSED = _("Velg et senere tidspunkt.")


class PrivateNoteForm(StoredForm):
    text = CharField(
        label=_("Notatet ditt"),
        help_text=_("Tøm feltet og lagre for å slette notatet. Skriv ikke om helse."),
        required=False,
        max_length=4000,
        widget=textarea(rows=8),
    )


class NextConversationForm(forms.Form):
    notes = CharField(
        label=_("Felles notat"),
        help_text=_("Dere ser det begge. Det kan ikke endres etterpå. Skriv ikke om helse."),
        required=False,
        max_length=4000,
        widget=textarea(rows=5),
    )
    next_on = DateField(
        label=_("Neste oppfølgingssamtale"),
        help_text=_("Dere får en påminnelse før den."),
        required=False,
    )

    def __init__(self, *args: Any, agreement: Agreement, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement, self.today = agreement, today

    def clean_next_on(self) -> dt.date | None:
        next_on: dt.date | None = self.cleaned_data["next_on"]
        if next_on is not None and next_on <= self.today:
            raise forms.ValidationError(_("Velg en senere dag."))
        refusal = why_not_on(self.agreement, next_on, self.today) if next_on else ""
        if refusal:
            raise forms.ValidationError(refusal)
        return next_on


class Conversation:
    """The page where a follow-up is written down: a word a commitment, and the next date."""

    def __init__(self, follow_up: FollowUp, today: dt.date, data: Any = None) -> None:
        self.next = NextConversationForm(data, agreement=follow_up.agreement, today=today)
        self.outcomes = [
            OutcomeForm(data, commitment=one) for one in follow_up.revision.commitments.all()
        ]

    def is_valid(self) -> bool:
        return all([self.next.is_valid(), *(form.is_valid() for form in self.outcomes)])

    @property
    def said(self) -> dict[int, Said]:
        return {
            form.commitment.pk: Said(form.cleaned_data["word"], form.cleaned_data["why"])
            for form in self.outcomes
        }

    @property
    def forms_with_errors(self) -> list[forms.Form]:
        return [form for form in (self.next, *self.outcomes) if form.is_bound and form.errors]
