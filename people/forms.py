"""What administrators type."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.forms import CharField, DateField, TileRadioSelect
from people import trail
from people.choosing.candidates import Candidates
from people.choosing.fields import FindsPeople, PersonChoiceField
from people.models import Role, User, person_is_named

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def role_choices() -> list[tuple[str, str]]:
    """As they stand alone; within a sentence they begin small."""
    return [(role.value, capfirst(str(role.label))) for role in Role]


class AssignmentForm(FindsPeople):
    """What one person is given from a day on.

    The fields are each form's own: `person`, `valid_from` and `valid_to`.
    """

    past: str | _StrPromise
    """What is said of a first day that is past."""

    def __init__(self, *args: Any, today: dt.date, candidates: Candidates, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = today
        self._today = today
        person = self.fields["person"]
        assert isinstance(person, PersonChoiceField)  # noqa: S101
        person.candidates = candidates
        self.remember_typed(self.initial)

    def clean_valid_from(self) -> dt.date:
        first: dt.date = self.cleaned_data["valid_from"]
        if first < self._today:
            raise forms.ValidationError(self.past)
        return first

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("Siste dag er før den første."))
        return cleaned


class RoleForm(AssignmentForm):
    """A role for one person."""

    past = _("En rolle kan ikke gis tilbake i tid.")

    person = PersonChoiceField(
        label=_("Hvem skal ha rollen?"),
        help_text=_(
            "Skriv navn eller enhet. Andre enn ledere og egne medarbeidere finner du ved å skrive "
            "hele e-postadressen."
        ),
    )
    role = forms.ChoiceField(label=_("Rolle"), choices=role_choices, widget=TileRadioSelect)
    valid_from = DateField(label=_("Fra og med"))
    valid_to = DateField(
        label=_("Til og med"),
        help_text=_("Uten en dato gjelder rollen til noen avslutter den."),
        required=False,
    )

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class TrailForm(forms.Form):
    """Which part of the audit trail to see."""

    actor = CharField(label=_("Hvem (navn eller e-postadresse)"), required=False, max_length=254)
    object_type = forms.ChoiceField(label=_("Hva slags"), required=False)
    object_id = CharField(label=_("Nummer"), required=False, max_length=40)
    since = DateField(label=_("Fra og med"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        things = sorted((str(words), thing) for thing, words in trail.things_in_words().items())
        kinds: Any = self.fields["object_type"]
        kinds.choices = [("", _("Alt")), *((thing, words) for words, thing in things)]

    def conditions(self) -> dict[str, Any]:
        """What was asked for and could be read."""
        if not self.is_bound:
            return {}
        self.full_clean()
        names = {
            "object_type": "object_type",
            "object_id": "object_id",
            "since": "at__date__gte",
        }
        given = self.cleaned_data
        found = {names[name]: given[name] for name in names if given.get(name)}
        if given.get("actor"):
            named = person_is_named(given["actor"], searched="search_text")
            found["actor__in"] = User.objects.filter(named)
        return found


class LeaderSubstituteForm(AssignmentForm):
    """Who stands in for a leader, and when."""

    past = _("En stedfortreder kan ikke oppgis tilbake i tid.")

    person = PersonChoiceField(
        label=_("Hvem skal være stedfortreder?"),
        help_text=_(
            "Den som skal kunne signere for lederen. Skriv navn eller enhet. Andre enn ledere og "
            "egne medarbeidere finner du ved å skrive hele e-postadressen."
        ),
    )
    valid_from = DateField(label=_("Fra og med"))
    valid_to = DateField(label=_("Til og med"))
