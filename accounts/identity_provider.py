"""The identity provider, as the environment names it and the sign-in page shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[HttpRequest, Arguments], HttpResponse]

OIDC_PROVIDER_ID = "jobbkonto"


@dataclass(frozen=True)
class IdentityProvider:
    name: str
    login_url: str
    logout_url: str


def identity_provider() -> IdentityProvider | None:
    """None for a portal without one, where people sign in with password, code or passkey."""
    if not settings.OIDC_SERVER_URL:
        return None
    login_url = reverse("openid_connect_login", kwargs={"provider_id": OIDC_PROVIDER_ID})
    logout_url = reverse("provider_sign_out")
    return IdentityProvider(settings.OIDC_PROVIDER_NAME, login_url, logout_url)


def only_without_provider(view: View[Arguments]) -> View[Arguments]:
    """Passwords and codes lead nowhere where a provider lets people in, so nobody is sent one."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if settings.OIDC_SERVER_URL:
            return redirect("account_login")
        return view(request, *args, **kwargs)

    return guarded
