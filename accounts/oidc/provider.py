"""OpenID Connect where a person is known by issuer and subject together."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from accounts.oidc.client import TokenClient
from accounts.oidc.tokens import is_word, uid_of

NONCE_LENGTH = 32


class IssuerBoundProvider(OpenIDConnectProvider):  # type: ignore[misc]
    oauth2_adapter_class = TokenClient

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """To the provider, with a nonce that the ID token must bring back."""
        nonce = get_random_string(NONCE_LENGTH)
        asked = kwargs.pop("auth_params", None)
        params = {**(self.get_auth_params() if asked is None else asked), "nonce": nonce}
        response: HttpResponse = super().redirect(
            request, process, next_url, data, auth_params=params, nonce=nonce, **kwargs
        )
        return response

    def extract_uid(self, data: dict[str, Any]) -> str:
        return uid_of(data["id_token"], self.app.settings["uid_field"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Only what somebody is recognised and confirmed by: the rest is nobody's business here."""
        claims = data["id_token"]
        names = {"iss", "tid", "sub", "nonce", "auth_time", self.app.settings["uid_field"]}
        kept = {name: claims.get(name) for name in names | {settings.OIDC_STAFF_CLAIM}}
        told = {
            name: value for name, value in kept.items() if isinstance(value, int) or is_word(value)
        }
        return {"id_token": told}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Name and address are HR's: the provider's are not looked at."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        return []


provider_classes = [IssuerBoundProvider]
