"""Searching the catalogue, and among those who are in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import CharField
from people.models import Unit, User
from seminars.forms.fields import offer
from seminars.models import (
    IN_QUEUE,
    RegistrationQuerySet,
    RegistrationState,
    Seminar,
    SeminarQuerySet,
)


class PeriodChoice:
    UPCOMING = ""
    MONTH = "30"
    QUARTER = "90"
    PAST = "past"

    choices = [
        (UPCOMING, _("Alle kommende")),
        (MONTH, _("Neste 30 dager")),
        (QUARTER, _("Neste 90 dager")),
        (PAST, _("Tidligere")),
    ]


class Form:
    ANY = ""
    PLACE = "place"
    DIGITAL = "digital"

    choices = [(ANY, _("Alle")), (PLACE, _("Fysisk")), (DIGITAL, _("Digitalt"))]


class SeminarFilterForm(forms.Form):
    """The filters above the list. A filter that there is none of filters nothing; words that
    cannot be looked for find nothing."""

    q = CharField(required=False, max_length=200)
    period = forms.ChoiceField(label=_("Periode"), choices=PeriodChoice.choices, required=False)
    organiser = forms.ModelChoiceField(
        label=_("Arrangør"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("Alle"),
    )
    form = forms.ChoiceField(label=_("Oppmøteform"), choices=Form.choices, required=False)
    free = forms.BooleanField(label=_("Bare med ledige plasser"), required=False)
    mine = forms.BooleanField(label=_("Bare mine"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisers = Seminar.objects.announced().order_by().values("organiser_unit")
        offer(self, "organiser", Unit.objects.filter(pk__in=organisers))

    def apply(self, seminars: SeminarQuerySet, *, user: User, now: dt.datetime) -> SeminarQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        if "q" in self.errors:
            seminars = seminars.none()
        seminars = _in_period(seminars.matching(chosen.get("q", "")), chosen.get("period"), now)
        if chosen.get("organiser"):
            seminars = seminars.filter(organiser_unit=chosen["organiser"])
        if chosen.get("form"):
            seminars = seminars.held_as(is_digital=chosen["form"] == Form.DIGITAL)
        if chosen.get("free"):
            seminars = seminars.published().with_free_seats()
        if chosen.get("mine"):
            seminars = seminars.with_registration_of(user)
        return seminars


def _in_period(seminars: SeminarQuerySet, period: str | None, now: dt.datetime) -> SeminarQuerySet:
    if period == PeriodChoice.PAST:
        return seminars.past(now)
    upcoming = seminars.upcoming(now)
    if period in (PeriodChoice.MONTH, PeriodChoice.QUARTER):
        return upcoming.filter(starts_at__lt=now + dt.timedelta(days=int(period)))
    return upcoming


class ParticipantFilterForm(forms.Form):
    q = CharField(required=False, max_length=200)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Påmeldte og ventende")), *RegistrationState.choices],
    )

    def apply(self, registrations: RegistrationQuerySet) -> RegistrationQuerySet:
        self.is_valid()
        chosen = self.cleaned_data
        found = registrations.named(chosen.get("q", ""))
        if "q" in self.errors:
            found = found.none()
        if chosen.get("state") in IN_QUEUE:
            return found.waiting()
        if chosen.get("state"):
            return found.filter(state=chosen["state"]).order_by("user__sort_key", "pk")
        return found.active().in_list_order()

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What is sought, to be sent on with something else from the same list."""
        return [(name, self[name].value()) for name in ("q", "state") if self[name].value()]

    @property
    def is_narrowed(self) -> bool:
        """Whether less than everybody who is in or waits is sought; for a form that was applied."""
        chosen = (str(self.cleaned_data.get(name, "")).strip() for name in ("q", "state"))
        return "q" in self.errors or any(chosen)


class NameSearchForm(forms.Form):
    """Looks for people in a list, by name, address or unit."""

    q = CharField(required=False, max_length=200)

    @property
    def words(self) -> str | None:
        """What is looked for; None for what cannot be, and is nobody's name."""
        return self.cleaned_data["q"] if self.is_valid() else None
