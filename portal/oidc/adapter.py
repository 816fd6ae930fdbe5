"""From the provider's answer to a person whom HR knows, or to a friendly no."""

import time
from enum import StrEnum

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from people import audit
from people.models import User

ASKED_AT = "portal_provider_asked_at"
"""In the session: when the provider was told to ask the person again."""
FRESH_FOR = 600
"""Seconds the person has for answering the provider."""
CLOCKS_APART = 60
"""Seconds that the provider's clock and ours may differ."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Recognise the person by subject, or the first time by the staff number; never by e-mail.

        Ends the request with a page of explanation for whoever is neither.
        """
        if sociallogin.state.get("process") == AuthProcess.REDIRECT:
            raise ImmediateHttpResponse(confirm_same_person(request, sociallogin))
        if sociallogin.is_existing:
            return
        user = person_with_staff_number(sociallogin)
        if user is None or SocialAccount.objects.filter(user=user).exists():
            page = render(request, "socialaccount/unknown_person.html", status=403)
            raise ImmediateHttpResponse(page)
        sociallogin.connect(request, user)
        audit.record("portal.link_identity", user, by=user)


def claims_of(sociallogin: SocialLogin) -> dict[str, object]:
    data = sociallogin.account.extra_data
    return dict(data.get("id_token") or {})


def person_with_staff_number(sociallogin: SocialLogin) -> User | None:
    number = claims_of(sociallogin).get(settings.OIDC_STAFF_CLAIM)
    if not isinstance(number, str) or not number.strip():
        return None
    user: User | None = User.objects.filter(hr_id=number.strip(), is_active=True).first()
    return user


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


def confirm_same_person(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """Record that the provider has asked again and got its answer, or say why that is not so."""
    refusal = refusal_of(request, sociallogin)
    if refusal is not None:
        context = {"refusal": refusal, "provider": settings.OIDC_PROVIDER_NAME}
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
