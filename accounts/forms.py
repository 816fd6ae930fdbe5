"""allauth's forms, where HR's e-mail addresses are the only ones that count.

allauth also keeps a list of addresses of its own. When an address passes from one employee to
another, that list still names the first; a code or a link must never follow it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    ConfirmLoginCodeForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
)
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.asked_letters import PASSWORD_LINK, take_letter, was_sent
from accounts.asked_letters import use_up as use_up_login_code
from accounts.letters import holder_of, leave_to_worker
from accounts.tasks import send_password_link
from common.forms import CharField
from people.models import User


class PortalRequestLoginCodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        email: str = super().clean_email()
        self._user = holder_of(email)
        if self._user is None:
            # As much to do as for somebody who is here: else the time it takes would tell. The
            # worker finds nobody to write to.
            adapter = get_adapter()
            code = adapter.generate_login_code()
            adapter.send_mail("account/email/login_code", email, {"code": code})
        return email


class PortalResetPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        """Nobody is looked up while the page waits: the time it takes would tell who is here."""
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """A link works in any browser: beyond the limit, those that were just sent will do."""
        email: str = self.cleaned_data["email"]
        if take_letter(request, PASSWORD_LINK, email):
            leave_to_worker(send_password_link, email, request=request)
        return email


class PortalConfirmLoginCodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Koden fra e-posten")

    def clean_code(self) -> str:
        """Also a code that another browser asked for: it is the mailbox that proves who it is.

        allauth's signal tells of wrong ones, but not for an address that nobody has.
        """
        if not self.expected_code:
            events.sign_in_failed(context.request, way="code")
        code: str = self.cleaned_data["code"]
        if not was_sent(code, asked_with=self.expected_code):
            code = super().clean_code()
        if not use_up_login_code(code):
            raise get_adapter().validation_error("incorrect_code")
        return code


@contextmanager
def malformed_keys_refused() -> Iterator[None]:
    """Refuse what is not built as a key's answer: it fails anywhere on its way."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise get_mfa_adapter().validation_error("incorrect_code") from error


class PortalAddWebAuthnForm(AddWebAuthnForm):  # type: ignore[misc]
    name = CharField(label=_("Navn på nøkkelen"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = _("Logg inn med bare denne nøkkelen")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "Da spør den alltid etter finger, ansikt eller PIN-kode. Uten krysset er den bare "
            "trinn to: du trenger passord eller kode også, og «Bruk passnøkkel» på "
            "innloggingssiden finner den ikke."
        )

    def clean(self) -> dict[str, Any]:
        with malformed_keys_refused():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class PortalEditWebAuthnForm(EditWebAuthnForm):  # type: ignore[misc]
    name = CharField(label=_("Navn på nøkkelen"), required=False, max_length=100)


SECONDS_REMEMBERED = 300
"""Longer than any code of an app is good for."""


def is_used_up(user: User, code: str) -> bool:
    """Has this code of an app let the person through before?"""
    return cache.get(_used(user, code)) is not None


def use_up(user: User, code: str) -> None:
    cache.set(_used(user, code), True, SECONDS_REMEMBERED)


def _used(user: User, code: str) -> str:
    plain = "".join(letter for letter in code if letter.isalnum()).lower()
    return f"portal:used-code:{user.pk}:{salted_hmac('portal.used_code', plain).hexdigest()}"


class PortalActivateTOTPForm(ActivateTOTPForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        """The code that proves the app is a code used: the library remembers those after it."""
        code: str = super().clean_code()
        use_up(self.user, code)
        return code


class OnceOnly:
    """A code that has let somebody through lets nobody through again, whatever it was for."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        with events.factor_tried(way="second_factor", user=self.user):
            if is_used_up(self.user, self.cleaned_data["code"]):
                raise get_mfa_adapter().validation_error("incorrect_code")
            code: str = super().clean_code()  # type: ignore[misc]
        use_up(self.user, code)
        return code


class PortalAuthenticateForm(OnceOnly, AuthenticateForm):  # type: ignore[misc]
    pass


class PortalReauthenticateForm(OnceOnly, ReauthenticateForm):  # type: ignore[misc]
    pass


class PasskeyTried:
    """One that is refused leaves a line; who it says it belongs to is not believed before."""

    user: User | None

    def clean_credential(self) -> Authenticator:
        with events.factor_tried(way="passkey", user=self.user), malformed_keys_refused():
            return super().clean_credential()  # type: ignore[misc]


class PortalAuthenticateWebAuthnForm(PasskeyTried, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PortalLoginWebAuthnForm(PasskeyTried, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PortalReauthenticateWebAuthnForm(
    PasskeyTried,
    ReauthenticateWebAuthnForm,  # type: ignore[misc]
):
    pass


class CodeForm(forms.Form):
    code = CharField(
        label=_("Koden fra e-posten"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "off"}),
    )
