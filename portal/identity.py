"""The identity provider, as the environment names it and the sign-in page shows it."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

OIDC_PROVIDER_ID = "jobbkonto"


@dataclass(frozen=True)
class IdentityProvider:
    name: str
    login_url: str


def identity_provider() -> IdentityProvider | None:
    """None for a portal without one, where people sign in with password, code or passkey."""
    if not settings.OIDC_SERVER_URL:
        return None
    login_url = reverse("openid_connect_login", kwargs={"provider_id": OIDC_PROVIDER_ID})
    return IdentityProvider(name=settings.OIDC_PROVIDER_NAME, login_url=login_url)
