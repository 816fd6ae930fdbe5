"""Who gets in, and how: the portal's answers to django-allauth's questions.

People come from HR and from nowhere else, so nobody signs up. Where an identity provider is set
up, it alone lets people in; else it is a password, a code by e-mail or a passkey. Decided in
docs/adr/0015-signing-in.md.
"""

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urljoin

import structlog
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context, ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.asked_letters import CODE, forget_letters, remember_code, take_letter
from accounts.letters import holder_of, leave_to_worker, send_account_letter
from accounts.second_factor import FACTORS, is_asked_for
from accounts.tasks import send_login_code
from people.affiliation import affiliation_of
from people.models import User
from people.rules import may_sign_in

log = structlog.get_logger(__name__)

LETTERS = {
    "password_changed",
    "password_set",
    "password_reset",
    "totp_activated",
    "totp_deactivated",
    "webauthn_added",
    "webauthn_removed",
    "recovery_codes_generated",
    "account_connected",
    "account_disconnected",
}


SECONDS_KNOWN = 60 * 60 * 24 * 90


def known_place(here: str) -> str:
    """Where it is kept that somebody has signed in from an address, both unreadable."""
    return f"portal:known-place:{salted_hmac('portal.known_place', here).hexdigest()}"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "password_locked": _(
            "For mange forsøk med passord. Vent noen minutter, eller logg inn nå med en kode på"
            " e-post eller en passnøkkel."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        """Every way of signing in comes through here: password, code, passkey, provider, demo."""
        if not may_sign_in(user, timezone.localdate()):
            context = {"has_no_email": user.email is None}
            return render(request, "portal/position_ended.html", context, status=403)
        by_provider = (details.get("signal_kwargs") or {}).get("sociallogin") is not None
        if settings.OIDC_SERVER_URL and not by_provider:
            return render(request, "account/only_by_provider.html", status=403)
        response: HttpResponse | None = super().pre_login(request, user, **details)
        return response

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        forget_letters(request, user.email or "")
        response: HttpResponse = super().post_login(request, user, **details)
        return response

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Where a provider lets people in, a page that says that it still knows the person."""
        if settings.OIDC_SERVER_URL:
            return reverse("signed_out")
        url: str = super().get_logout_redirect_url(request)
        return url

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox like every other letter; those with a code are erased once sent.

        Only to whoever HR says has the address now: allauth's own list of addresses may hold one
        that has since been given to somebody else.
        """
        kind = template_prefix.rpartition("/")[2]
        if kind == "login_code":
            self.request.has_asked_code = True
            is_sent = take_letter(self.request, CODE, email)
            remember_code(email, context["code"], is_sent=is_sent)
            if is_sent:
                leave_to_worker(send_login_code, email, context["code"], request=self.request)
            return
        recipient = holder_of(email)
        if recipient is None or kind not in LETTERS:
            return
        send_account_letter(kind, to=recipient, context=context)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """A new code for nobody is as much to do as one for somebody, as the first one is.

        allauth says of both that a code is sent, and writes a letter for somebody alone.
        """
        context = args[0] if args else kwargs.get("message_context") or {}
        is_about_code = message_template == "account/messages/login_code_sent.txt"
        if is_about_code and not getattr(request, "has_asked_code", False):
            code = self.generate_login_code()
            self.send_mail("account/email/login_code", context["email"], {"code": code})
        super().add_message(request, level, message_template, *args, **kwargs)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        if user.email is None:
            return
        moment = {"at": timezone.now(), "ip": self.get_client_ip(self.request)}
        self.send_mail(template_prefix, user.email, moment | (context or {}))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the portal's own address: a link in a letter must not follow a forged Host header."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        uid, _dash, token = key.partition("-")
        return urljoin(settings.SITE_URL, path.replace("UID-KEY", f"{uid}-{token}"))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Guessing a password is stopped where it is done from, and later everywhere.

        Else five wrong guesses by a stranger would keep anybody out. Whoever has signed in from
        an address before is let try there, whatever is done from others.
        """
        email = str(credentials.get("email", "")).lower()
        here = f"{email}|{self.get_client_ip(request)}"
        is_free = ratelimit.consume(request, action="password_from") and ratelimit.consume(
            request, action="password_here", key=here
        )
        if is_free and cache.get(known_place(here)) is None:
            is_free = ratelimit.consume(request, action="password_anywhere", key=email)
        if not is_free:
            log.warning("rate_limited", ip=self.get_client_ip(request))
            raise self.validation_error("password_locked")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            email = str(credentials.get("email", "")).lower()
            here = f"{email}|{self.get_client_ip(request)}"
            cache.set(known_place(here), True, SECONDS_KNOWN)
            ratelimit.clear(request, action="password_here", key=here)
        return user

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """allauth's own, and one for each who has none of them: the provider, or a code by e-mail.

        A passkey comes first: it is the quickest to use and the hardest to trick out of anybody.
        Where a provider lets people in, a local password proves nothing. A code by e-mail is no
        stand-in for a second factor, so it is not offered to those who have one.
        """
        if not isinstance(user, User):
            return []
        own: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        own.sort(key=lambda method: method["id"] != "mfa_reauthenticate:webauthn")
        if settings.OIDC_SERVER_URL and is_linked(user):
            factors = [method for method in own if method["id"] != "reauthenticate"]
            return [provider_method(), *factors]
        has_factor = any(method["id"] != "reauthenticate" for method in own)
        return own if has_factor else [*own, code_method()]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Also from those who have neither password nor second factor.

        allauth takes them as having just confirmed who they are, because it has no way to ask
        them. We have two, so the question is answered here, before it comes to that.
        """
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        request = context.request
        if get_reauthentication_flows(request.user):
            return True
        if not has_recently_reauthenticated(request):
            raise ReauthenticationRequired
        return False


def is_linked(user: User) -> bool:
    """Has signed in by the identity provider at least once."""
    return bool(SocialAccount.objects.filter(user=user).exists())


def factors_of(user: User) -> set[str]:
    """Which second factors and passkeys the person has: totp, webauthn, recovery_codes."""
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def has_recently_reauthenticated(request: HttpRequest) -> bool:
    records = [
        record
        for record in get_authentication_records(request, request.user)
        if record.get("reauthenticated")
    ]
    if not records:
        return False
    return bool(time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT)


def code_method() -> dict[str, Any]:
    return {
        "id": "code",
        "description": _("Få en kode på e-post"),
        "url": reverse("account_reauthenticate_by_code"),
    }


def provider_method() -> dict[str, Any]:
    return {
        "id": "provider",
        "description": settings.OIDC_PROVIDER_NAME,
        "url": reverse("account_reauthenticate_by_provider"),
    }


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Rollen din krever ett trinn til. Legg inn et annet før du tar bort dette."
        ),
    }

    def build_totp_svg(self, url: str) -> SafeString:
        """Straight into the page: the content policy lets no picture in as a data address."""
        svg = super().build_totp_svg(url)
        drawing: SafeString = mark_safe(svg[svg.index("<svg") :])  # noqa: S308 - drawn here
        return drawing

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays with whoever must have one."""
        if authenticator.type not in FACTORS:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        if others.exclude(pk=authenticator.pk).exists():
            return True
        return not is_asked_for(affiliation_of(authenticator.user, timezone.localdate()))

    def encrypt(self, text: str) -> str:
        """A stolen copy of the database gives nobody the second factor."""
        return str(secrets_box().encrypt(text.encode()).decode())

    def decrypt(self, encrypted_text: str) -> str:
        return str(secrets_box().decrypt(encrypted_text.encode()).decode())


def secrets_box() -> MultiFernet:
    """Keys made from SECRET_KEY; SECRET_KEY_FALLBACKS still open what older keys have locked."""
    keys = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    digests = (hashlib.sha256(f"portal.mfa:{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
