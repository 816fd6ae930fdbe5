"""allauth's forms, where HR's e-mail addresses are the only ones that count.

allauth also keeps a list of addresses of its own. When an address passes from one employee to
another, that list still names the first; a code or a link must never follow it.
"""

from typing import Any

from allauth.account.forms import (
    ConfirmLoginCodeForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
)
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import CharField
from people.models import User


def holder_of(email: str) -> User | None:
    holder: User | None = User.objects.filter(email__iexact=email, is_active=True).first()
    return holder


class PortalRequestLoginCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        email: str = super().clean_email()
        self._user = holder_of(email)
        return email


class PortalResetPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        email: str = super().clean_email()
        holder = holder_of(email)
        self.users = [holder] if holder else []
        return email


class PortalConfirmLoginCodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Koden fra e-posten")


class PortalAddWebAuthnForm(AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Navn på nøkkelen")
        self.fields["passwordless"].label = _("Logg inn med bare denne nøkkelen")
        self.fields["passwordless"].help_text = _(
            "Da spør den alltid etter finger, ansikt eller PIN-kode. Uten dette er den et trinn to."
        )


class PortalEditWebAuthnForm(EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Navn på nøkkelen")


class CodeForm(forms.Form):
    code = CharField(
        label=_("Koden fra e-posten"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "off"}),
    )
