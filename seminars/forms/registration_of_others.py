"""Bringing others in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.forms import CharField
from people.choosing.candidates import Candidates
from people.choosing.fields import FindsPeople, PersonChoiceField
from people.models import User
from seminars.forms.registration import ChoicesForm, parallel_sessions
from seminars.models import Seminar


class RegisterOtherForm(FindsPeople):
    person = PersonChoiceField(
        label=_("Hvem vil du melde på?"),
        help_text=_("Skriv navn, enhet eller e-postadresse. Personen får brev om påmeldingen."),
    )
    confirmed_for = CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def __init__(self, *args: Any, candidates: Candidates, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, PersonChoiceField)  # noqa: S101
        field.candidates = candidates

    @property
    def person_chosen(self) -> User:
        """Ask after `is_valid`."""
        person: User = self.cleaned_data["person"]
        return person

    def must_confirm(self, has_clash: bool) -> bool:
        """Whether to ask once more: the person has something else, and nobody has said «even so».

        The answer is for that person alone, and goes along with the form as it is shown again.
        """
        if not has_clash or self.cleaned_data["confirmed_for"] == str(self.person_chosen.pk):
            return False
        typed = {name: self.data[name] for name in self.data}
        self.data = typed | {"confirmed_for": str(self.person_chosen.pk)}
        return True


class BringInForm(ChoicesForm, RegisterOtherForm):
    """Of parallel sessions whoever registers another may choose, and need not: the person may."""

    must_choose = False

    def __init__(
        self,
        seminar: Seminar,
        now: dt.datetime,
        data: Any = None,
        *,
        candidates: Candidates,
    ) -> None:
        super().__init__(parallel_sessions(seminar, now), data, candidates=candidates)
        self.order_fields(["person"])
        self.show(is_for_queue=not seminar.seats_left)

    def place_refusal(self, refusal: Refused) -> bool:
        is_placed = super().place_refusal(refusal)
        if is_placed:
            self.show()
        return is_placed


class ReplacementForm(RegisterOtherForm):
    person = PersonChoiceField(
        label=_("Hvem kommer i stedet?"),
        help_text=_("Begge får brev, og kalenderen deres blir oppdatert."),
    )
