"""The organiser's own words, and to whom."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, textarea
from common.keys import read_key
from common.numbers import number
from people.models import Unit, User
from seminars.bulk_registration import MOST_LETTERS
from seminars.forms.fields import offer
from seminars.forms.listed_people import SHOWN_UNKNOWN, people_typed
from seminars.messages.actions import closed_to_writing
from seminars.messages.recipients import STATES_WRITTEN_TO, recipients_of
from seminars.models import RegistrationQuerySet, RegistrationState, Seminar, Session

MANY = 200
"""A letter to more than these is sent by who has said so once more."""


class SessionsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # none at run time
    def label_from_instance(self, obj: Session) -> str:
        return f"{obj.choice_group}: {obj}"


class MessageForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    states = forms.MultipleChoiceField(
        label=_("Hvem skal ha brevet?"),
        choices=[(state.value, state.label) for state in STATES_WRITTEN_TO],
        widget=forms.CheckboxSelectMultiple,
        initial=[RegistrationState.REGISTERED.value],
    )
    agencies = forms.ModelMultipleChoiceField(
        label=_("Bare fra disse virksomhetene"),
        help_text=_("Velger du ingen, går brevet til alle virksomhetene."),
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sessions = SessionsField(
        label=_("Bare dem som går på, eller ønsker seg til"),
        help_text=_("Velger du ingen, går brevet til alle samlingene."),
        queryset=Session.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    people = CharField(
        label=_("Bare disse personene"),
        help_text=_(
            "E-postadresser, HR-numre eller navn. La feltet stå tomt for å skrive til alle."
        ),
        widget=textarea(rows=4),
        with_tabs=True,
        required=False,
        max_length=MOST_LETTERS,
    )
    subject = CharField(label=_("Emne"), max_length=150)
    text = CharField(
        label=_("Brevet"),
        help_text=_("Ikke skriv om helse eller om navngitte personer."),
        widget=textarea(rows=8),
        max_length=5_000,
    )

    def __init__(
        self, *args: Any, seminar: Seminar, ticked: Iterable[str] = (), **kwargs: Any
    ) -> None:
        """`ticked` are keys of registrations that were ticked in the list of participants."""
        kwargs["initial"] = initial = _of_ticked(seminar, ticked)
        self.ticked_count = len(initial.get("people", "").splitlines())
        super().__init__(*args, **kwargs)
        self.seminar = seminar
        written_to = seminar.registrations.filter(state__in=STATES_WRITTEN_TO)
        offer(self, "agencies", Unit.objects.filter(pk__in=written_to.values("agency")))
        offer(self, "sessions", seminar.sessions.parallel().select_related("choice_group"))
        if not seminar.has_choices:
            del self.fields["sessions"]
        if written_to.order_by().values("agency").distinct()[:2].count() < 2:
            del self.fields["agencies"]

    def clean_people(self) -> list[User]:
        text = self.cleaned_data["people"]
        return people_typed(text) if text else []

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return values
        refusal = closed_to_writing(self.seminar)
        if refusal is not None:
            self.add_error("states", str(refusal))
            return values
        reached = set(self.recipients().values_list("user", flat=True))
        if not reached and not values["people"]:
            self.add_error("states", gettext("Ingen av dem du har valgt, har den statusen nå."))
        passed_over = [one for one in values["people"] if one.pk not in reached]
        if passed_over:
            self.add_error("people", _passed_over(passed_over))
        return values

    def recipients(self) -> RegistrationQuerySet:
        """Return who is chosen, of a form that has no fault."""
        chosen = self.cleaned_data
        narrowed = {name: chosen.get(name, ()) for name in ("agencies", "sessions", "people")}
        return recipients_of(self.seminar, chosen["states"], **narrowed)


def _of_ticked(seminar: Seminar, ticked: Iterable[str]) -> dict[str, Any]:
    keys = [key for text in ticked if (key := read_key(text)) is not None]
    if not keys:
        return {}
    rows = seminar.registrations.filter(pk__in=keys, state__in=STATES_WRITTEN_TO)
    found = list(rows.select_related("user").order_by("user__sort_key", "pk"))
    if not found:
        return {}
    return {
        "states": sorted({one.state for one in found}),
        "people": "\n".join(one.user.listed_as for one in found),
    }


def _passed_over(people: list[User]) -> list[str]:
    words = gettext("%(name)s er ikke blant deltakerne du har valgt over.")
    said = [words % {"name": person.name} for person in people[:SHOWN_UNKNOWN]]
    if len(people) > SHOWN_UNKNOWN:
        more = number(len(people) - SHOWN_UNKNOWN)
        said.append(gettext("%(more)s til er heller ikke blant dem.") % {"more": more})
    return said


class ManyForm(forms.Form):
    """Asks once more before a letter goes to very many."""

    many = forms.BooleanField(
        error_messages={"required": _("Kryss av hvis brevet skal gå til så mange.")}
    )

    def __init__(self, *args: Any, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["many"].label = gettext("Ja, brevet skal gå til %(count)s personer") % {
            "count": number(count)
        }
        if count <= MANY:
            del self.fields["many"]
