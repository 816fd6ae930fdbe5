"""Who is to help with a seminar, and as what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.forms import TileRadioSelect
from people.choosing.candidates import Candidates
from people.choosing.fields import FindsPeople, PersonChoiceField
from seminars.models import SeminarRole


def role_choices() -> list[tuple[str, str]]:
    """As they stand alone; within a sentence they begin small."""
    return [(role.value, capfirst(str(role.label))) for role in SeminarRole]


class SeminarRoleForm(FindsPeople):
    person = PersonChoiceField(
        label=_("Hvem skal hjelpe til?"),
        help_text=_(
            "Skriv navn eller enhet. Andre enn ledere og egne medarbeidere finner du ved å skrive "
            "hele e-postadressen."
        ),
    )
    role = forms.ChoiceField(label=_("Som hva?"), choices=role_choices, widget=TileRadioSelect)

    def __init__(self, *args: Any, candidates: Candidates, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        assert isinstance(person, PersonChoiceField)  # noqa: S101
        person.candidates = candidates
        self.remember_typed(self.initial)

    def clean_role(self) -> SeminarRole:
        return SeminarRole(self.cleaned_data["role"])
