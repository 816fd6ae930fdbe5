"""To the provider and back, with our own page for whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
    OAuth2View,
)
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from requests import RequestException

from accounts.identity_provider import OIDC_PROVIDER_ID
from accounts.oidc.client import TokenClient


def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to the provider."""
    return _answer(OAuth2LoginView, request, provider_id)


def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the person back from the provider, with its answer."""
    return _answer(OAuth2CallbackView, request, provider_id)


def _answer(view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponse:
    client = TokenClient(request, provider_id)
    ask: Callable[[HttpRequest], HttpResponse] = view.adapter_view(client)
    try:
        return ask(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:
        return not_reached(request, client.get_provider(), error)


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that the provider still lets in whoever sits here next, and how to end that too."""
    if not settings.OIDC_SERVER_URL or request.user.is_authenticated:
        return redirect("account_login")
    return render(request, "socialaccount/signed_out.html")


@require_safe
def sign_out(request: HttpRequest) -> HttpResponse:
    """Lead to where the provider ends its own session (OpenID Connect RP-Initiated Logout 1.0)."""
    if not settings.OIDC_SERVER_URL:
        return redirect("account_login")
    client = TokenClient(request, OIDC_PROVIDER_ID)
    try:
        ends_at = client.end_session_url
    except (OAuth2Error, RequestException) as error:
        return not_reached(request, client.get_provider(), error)
    if not ends_at:
        return render(request, "socialaccount/signed_out.html", {"has_no_sign_out": True})
    back = urljoin(settings.SITE_URL, reverse("account_login"))
    told = {"client_id": client.get_provider().app.client_id, "post_logout_redirect_uri": back}
    return redirect(f"{ends_at}{'&' if '?' in ends_at else '?'}{urlencode(told)}")


def not_reached(request: HttpRequest, provider: Provider, error: Exception) -> HttpResponse:
    """Our own page for a provider that does not answer, or not as it should."""
    page: HttpResponse = render_authentication_error(request, provider, exception=error)
    return page
