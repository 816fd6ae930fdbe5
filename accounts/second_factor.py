"""Whoever may see or change what is others' signs in by more than a password or a mailbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from common.rooms import entrusted_tasks
from people.affiliation import Affiliation
from people.models import Role, User
from people.requests import affiliation_in

NEEDS_TWO = tuple(role for role in Role if role.needs_second_factor)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SEEN_KEY = "portal_has_second_factor"
OPEN = {
    "second_factor_needed",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "account_reauthenticate_by_code",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_logout",
    "account_sessions",
    "language",
    "privacy",
    "accessibility",
}
"""What leads to having one, or out of here."""


def is_asked_for(affiliation: Affiliation) -> bool:
    """Is a second factor asked of whoever has these roles and tasks? A provider has its own."""
    is_ours = settings.SECOND_FACTOR_REQUIRED and not settings.OIDC_SERVER_URL
    if not is_ours:
        return False
    needing = (task.name for task in entrusted_tasks() if task.needs_second_factor)
    return affiliation.has_any(*NEEDS_TWO) or not affiliation.entrusted.isdisjoint(needing)


def has_second_factor(user: User) -> bool:
    """Has an app or a passkey, so that signing in asks for it."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def is_missing(request: HttpRequest, user: User) -> bool:
    """Must set one up before anything else. Asked once a session: the last one stays."""
    if not is_asked_for(affiliation_in(request, user)) or request.session.get(SEEN_KEY):
        return False
    if has_second_factor(user):
        request.session[SEEN_KEY] = True
        return False
    return True


class SecondFactorMiddleware:
    """Nothing is reached without a second factor by whoever must have one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        found = request.resolver_match
        name = found.view_name if found is not None else ""
        user = request.user
        if name in OPEN or not isinstance(user, User) or not is_missing(request, user):
            return None
        if "HX-Request" in request.headers:
            return HttpResponse(headers={"HX-Redirect": reverse("second_factor_needed")})
        return redirect("second_factor_needed")
