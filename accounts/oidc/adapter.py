"""From the provider's answer to a person whom HR knows, or to a friendly no."""

import time
from enum import StrEnum
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode

from accounts.adapter import secrets_box
from accounts.oidc.tokens import CLOCKS_APART, is_word
from people import audit
from people.models import User

ASKED_AT = "portal_provider_asked_at"
"""In the session: when the provider was told to ask the person again."""
LONGEST_TARGET = 500
"""Characters of an address that are remembered in the state."""
SECONDS_REMEMBERED = 60 * 60 * 24 * 14
FRESH_FOR = 600
"""Seconds the person has for answering the provider."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Recognise the person by subject, or the first time by the staff number; never by e-mail.

        Ends the request with a page of explanation for whoever is neither.
        """
        if not brings_back_nonce(sociallogin):
            page = render(request, "socialaccount/authentication_error.html", status=401)
            raise ImmediateHttpResponse(page)
        if sociallogin.state.get("process") == AuthProcess.REDIRECT:
            raise ImmediateHttpResponse(confirm_same_person(request, sociallogin))
        if sociallogin.is_existing:
            return
        user = person_with_staff_number(sociallogin)
        if user is None or SocialAccount.objects.filter(user=user).exists():
            page = unknown_person(request, sociallogin)
            raise ImmediateHttpResponse(page)
        sociallogin.connect(request, user)
        audit.record("portal.link_identity", user, by=user)

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """As unguessable as the library's own; and where one was going is found in it, unreadable
        to anybody else, when the session has forgotten: it keeps ten, and browsers restore more.
        """
        is_sign_in = state.get("process") == AuthProcess.LOGIN
        target = str(state.get("next") or "/") if is_sign_in else ""
        if len(target) > LONGEST_TARGET:
            target = "/"
        return str(secrets_box().encrypt(target.encode()).decode())

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: object = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Whoever is signed in already goes where they were going: an old answer harms nobody."""
        target = target_of(request, request.GET.get("state", ""))
        if target is None:
            return
        if request.user.is_authenticated:
            raise ImmediateHttpResponse(redirect(target))
        if extra_context is not None:
            extra_context["next"] = target


def target_of(request: HttpRequest, state: str) -> str | None:
    """Return where the sign-in that this state began was to lead; None for what we did not make."""
    try:
        target = secrets_box().decrypt(state.encode(), ttl=SECONDS_REMEMBERED).decode()
    except (InvalidToken, ValueError):
        return None
    return target if target and get_account_adapter(request).is_safe_url(target) else None


def brings_back_nonce(sociallogin: SocialLogin) -> bool:
    """Was the token made for this very question? (OpenID Connect Core, 3.1.3.7, 11)"""
    asked, answered = sociallogin.state.get("nonce"), claims_of(sociallogin).get("nonce")
    is_told = isinstance(asked, str) and isinstance(answered, str)
    return is_told and constant_time_compare(str(asked), str(answered))


def claims_of(sociallogin: SocialLogin) -> dict[str, object]:
    data = sociallogin.account.extra_data
    return dict(data.get("id_token") or {})


def staff_number_of(sociallogin: SocialLogin) -> str:
    """What the provider says that HR calls the person; empty where it says nothing of use."""
    number = claims_of(sociallogin).get(settings.OIDC_STAFF_CLAIM)
    return number.strip() if isinstance(number, str) and is_word(number.strip()) else ""


def person_with_staff_number(sociallogin: SocialLogin) -> User | None:
    number = staff_number_of(sociallogin)
    if not number:
        return None
    user: User | None = User.objects.filter(hr_id=number, is_active=True).first()
    return user


def unknown_person(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Tell somebody what the provider said of them, and whom to ask."""
    context = {
        "staff_number": staff_number_of(sociallogin),
        "support_email": settings.SUPPORT_EMAIL,
    }
    return render(request, "socialaccount/unknown_person.html", context, status=403)


class Refusal(StrEnum):
    """Why an answer from the provider confirms nobody."""

    SOMEBODY_ELSE = "somebody_else"
    NOT_TOLD_WHEN = "not_told_when"
    """`auth_time` is missing, although `max_age` obliges the provider to send it (OpenID Connect
    Core 1.0, 3.1.2.1 and 2)."""
    NOT_ASKED_AGAIN = "not_asked_again"


def refusal_of(request: HttpRequest, sociallogin: SocialLogin) -> Refusal | None:
    """Was the question put by us answered by the one who is signed in, and after we put it?"""
    asked_at = request.session.pop(ASKED_AT, None)
    if not (sociallogin.is_existing and sociallogin.user == request.user):
        return Refusal.SOMEBODY_ELSE
    answered_at = claims_of(sociallogin).get("auth_time")
    if not isinstance(answered_at, int) or isinstance(answered_at, bool):
        return Refusal.NOT_TOLD_WHEN
    now = time.time()
    is_asked = asked_at is not None and now - asked_at < FRESH_FOR
    if is_asked and asked_at - CLOCKS_APART <= answered_at <= now + CLOCKS_APART:
        return None
    return Refusal.NOT_ASKED_AGAIN


def again_url(target: str | None) -> str:
    """Where the question is put once more, leading on to where it was to lead."""
    query = f"?{urlencode({REDIRECT_FIELD_NAME: target})}" if target else ""
    return reverse("account_reauthenticate_by_provider") + query


def confirm_same_person(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Record that the provider has asked again and got its answer, or say why that is not so."""
    refusal = refusal_of(request, sociallogin)
    if refusal is not None:
        context = {
            "refusal": refusal,
            "provider": settings.OIDC_PROVIDER_NAME,
            "again": again_url(sociallogin.get_redirect_url(request)),
        }
        return render(request, "socialaccount/not_confirmed.html", context, status=403)
    record_authentication(
        request,
        sociallogin.user,
        method="socialaccount",
        reauthenticated=True,
        provider=sociallogin.account.provider,
        uid=sociallogin.account.uid,
    )
    return resume_request(request) or redirect(sociallogin.get_redirect_url(request) or "home")
