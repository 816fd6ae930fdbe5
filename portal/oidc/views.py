"""To the provider and back, with our own page for whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
    OAuth2View,
)
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

from portal.oidc.client import TokenClient


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


def not_reached(request: HttpRequest, provider: Provider, error: Exception) -> HttpResponse:
    """Our own page for a provider that does not answer, or not as it should."""
    page: HttpResponse = render_authentication_error(request, provider, exception=error)
    return page
