"""Bringing others in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import Refused
from common.forms import CharField, EmailField
from people.models import User
from people.without_address import label_of
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

    def __init__(self, seminar: Seminar, now: dt.datetime, data: Any = None) -> None:
        super().__init__(parallel_sessions(seminar, now), data)
        self.order_fields(["email"])
        self.show(is_for_queue=not seminar.seats_left)

    def place_refusal(self, refusal: Refused) -> bool:
        is_placed = super().place_refusal(refusal)
        if is_placed:
            self.show()
        return is_placed


class StaffForm(BringInForm):
    """One's own people are chosen among; where they are too many to list, an address is typed."""

    staff = forms.ChoiceField(
        label=_("Hvem vil du melde på?"),
        help_text=_("De som arbeider hos dere og ikke er påmeldt. Personen får brev om det."),
        required=False,
        error_messages={
            "invalid_choice": _("Personen er påmeldt i mellomtiden, eller arbeider ikke hos dere.")
        },
    )
    email = EmailField(
        label=_("E-postadressen til den du vil melde på"),
        help_text=_("En som arbeider hos dere. Personen får brev om påmeldingen."),
    )

    def __init__(
        self,
        seminar: Seminar,
        now: dt.datetime,
        data: Any = None,
        *,
        people: Sequence[User] = (),
    ) -> None:
        super().__init__(seminar, now, data)
        if not people:
            del self.fields["staff"]
            return
        self.order_fields(["staff", "email"])
        staff, email = self.fields["staff"], self.fields["email"]
        assert isinstance(staff, forms.ChoiceField)  # noqa: S101
        self.listed = {person.listed_as: person for person in people}
        named = [(key, _named(person)) for key, person in self.listed.items()]
        staff.choices = [("", gettext("Velg en medarbeider")), *named]
        email.required = False
        email.label, email.help_text = gettext("Eller skriv e-postadressen"), ""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"] or self.cleaned_data.get("staff", "")
        if not email:
            if "staff" not in self.errors:
                self.add_error("staff", gettext("Velg en medarbeider, eller skriv e-postadressen."))
            return ""
        if email.casefold() != (self.cleaned_data.get("staff") or email).casefold():
            raise forms.ValidationError(gettext("Velg i listen eller skriv adressen, ikke begge."))
        if not self.cleaned_data["email"]:
            self.person = self.listed[email]
            return email
        return super().clean_email()

    @property
    def place_of_person(self) -> str:
        """The field by which the person was said."""
        return "staff" if self.cleaned_data.get("staff") else "email"


def _named(person: User) -> str:
    """Two may have one name: the address parts them, or HR's number where there is none."""
    if person.email:
        return f"{person.name}, {person.email}"
    return label_of(person, ", ".join(filter(None, [person.name, person.hr_id])))


class ReplacementForm(RegisterOtherForm):
    email = EmailField(
        label=_("E-postadressen til den som kommer i stedet"),
        help_text=_("Begge får brev, og kalenderen deres blir oppdatert."),
    )
