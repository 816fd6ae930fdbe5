"""OpenID Connect where a person is known by issuer and subject together."""

from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import (
    OpenIDConnectProvider,
    _pick_data,
)


class IssuerBoundProvider(OpenIDConnectProvider):  # type: ignore[misc]
    def extract_uid(self, data: dict[str, Any]) -> str:
        """`iss` names the tenant at Entra ID; the subject alone is only unique within it."""
        claims = _pick_data(data)
        subject = claims[self.app.settings["uid_field"]]
        return f"{claims['iss']}|{subject}"


provider_classes = [IssuerBoundProvider]
