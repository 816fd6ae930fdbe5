"""Talking with the provider: what it says of itself, and the token it gives for a code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest

from accounts.oidc.tokens import verified_claims

WELL_KNOWN = "/.well-known/openid-configuration"
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint")


class TokenClient(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself, where it is the one that we were told of.

        Its issuer is the very address it was found at (OpenID Connect Discovery, 4.3), and it
        never leads from TLS to an address without.
        """
        try:
            found: dict[str, Any] = super().openid_config
            said = {name: found[name] for name in NEEDED}
        except (ValueError, KeyError, TypeError) as error:
            raise OAuth2Error("The provider does not say what it is.") from error
        told = self.get_provider().server_url.removesuffix(WELL_KNOWN)
        if str(said["issuer"]).rstrip("/") != told.rstrip("/"):
            raise OAuth2Error("The provider is another than the one that was named.")
        schemes = {urlsplit(str(url)).scheme for url in said.values()}
        if schemes != {urlsplit(told).scheme}:
            raise OAuth2Error("The provider leads to an address without TLS.")
        return found

    @property
    def end_session_url(self) -> str:
        """Where the provider ends its own session; empty where it says of none that we may use."""
        said = str(self.openid_config.get("end_session_endpoint") or "")
        told = self.get_provider().server_url
        return said if urlsplit(said).scheme == urlsplit(told).scheme else ""

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Only the ID token is used: the access token is neither kept nor looked into."""
        return SocialToken(token=str(data["access_token"]))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = verified_claims(
            kwargs["response"].get("id_token"),
            issuer=self.openid_config["issuer"],
            client_id=app.client_id,
        )
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})
