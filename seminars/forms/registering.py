"""Bringing others in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from people.models import User


class RegisterOtherForm(forms.Form):
    email = forms.EmailField(
        label=_("E-postadressen til den du vil melde på"),
        help_text=_("Adressen personen logger inn med. Personen får brev om påmeldingen."),
    )
    confirmed_for = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

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


class StaffForm(RegisterOtherForm):
    email = forms.EmailField(
        label=_("E-postadressen til den du vil melde på"),
        help_text=_("En som arbeider hos dere. Personen får brev om påmeldingen."),
    )


class SubstituteForm(RegisterOtherForm):
    email = forms.EmailField(
        label=_("E-postadressen til den som kommer i stedet"),
        help_text=_("Begge får brev, og kalenderen deres blir oppdatert."),
    )
