"""Bringing others in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.forms import CharField, EmailField
from people.models import User
from seminars.forms.registration import ChoicesForm, parallel_sessions
from seminars.models import Seminar


class RegisterOtherForm(forms.Form):
    email = EmailField(
        label=_("E-postadressen til den du vil melde på"),
        help_text=_("Adressen personen logger inn med. Personen får brev om påmeldingen."),
    )
    confirmed_for = CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def must_confirm(self, has_clash: bool) -> bool:
        """Whether to ask once more: the person has something else, and nobody has said «even so».

        The answer is for that person alone, and goes along with the form as it is shown again.
        """
        if not has_clash or self.cleaned_data["confirmed_for"] == str(self.person.pk):
            return False
        typed = {name: self.data[name] for name in self.data}
        self.data = typed | {"confirmed_for": str(self.person.pk)}
        return True

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            raise forms.ValidationError(
                _("Ingen ansatt har e-postadressen %(email)s."), params={"email": email}
            )
        self.person = person
        return email


class BringInForm(ChoicesForm, RegisterOtherForm):
    """Of parallel sessions whoever registers another may choose, and need not: the person may."""

    must_choose = False

    def __init__(self, seminar: Seminar, data: Any = None) -> None:
        super().__init__(parallel_sessions(seminar), data)
        self.order_fields(["email"])
        self.show(is_for_queue=not seminar.seats_left)

    def place_refusal(self, refusal: Refused) -> bool:
        is_placed = super().place_refusal(refusal)
        if is_placed:
            self.show()
        return is_placed


class StaffForm(BringInForm):
    email = EmailField(
        label=_("E-postadressen til den du vil melde på"),
        help_text=_("En som arbeider hos dere. Personen får brev om påmeldingen."),
    )


class ReplacementForm(RegisterOtherForm):
    email = EmailField(
        label=_("E-postadressen til den som kommer i stedet"),
        help_text=_("Begge får brev, og kalenderen deres blir oppdatert."),
    )
