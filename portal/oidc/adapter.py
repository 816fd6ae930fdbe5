"""From the provider's answer to a person whom HR knows, or to a friendly no."""

import time

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

FRESH_FOR = 120
"""Seconds since the provider itself asked the person, for it to count as asking again."""


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


def confirm_same_person(request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
    """The provider has asked again: was it answered by the one who is signed in, and just now?"""
    asked_at = claims_of(sociallogin).get("auth_time")
    is_fresh = isinstance(asked_at, int) and time.time() - asked_at < FRESH_FOR
    if not (sociallogin.is_existing and sociallogin.user == request.user and is_fresh):
        return render(request, "socialaccount/not_confirmed.html", status=403)
    record_authentication(
        request,
        sociallogin.user,
        method="socialaccount",
        reauthenticated=True,
        provider=sociallogin.account.provider,
        uid=sociallogin.account.uid,
    )
    return resume_request(request) or redirect(sociallogin.get_redirect_url(request) or "home")
