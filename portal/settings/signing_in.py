"""How people sign in: django-allauth's settings, and the provider that the environment names.

Why it is so is decided in docs/adr/0015-signing-in.md.
"""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

env = Env()

VALIDATION = "django.contrib.auth.password_validation"

AUTHENTICATION_BACKENDS = ["people.backends.PersonBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": f"{VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
]

# With these four set, the provider alone lets people in (docs/entra-id.md).
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_NEEDED = ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
oidc_missing = [name for name in OIDC_NEEDED if not env.str(name, "").strip()]
if oidc_missing and len(oidc_missing) < len(OIDC_NEEDED):
    raise ImproperlyConfigured(
        f"A provider to sign in by is only half set up: {', '.join(oidc_missing)} is missing."
    )
OIDC_PROVIDER_NAME = env.str("OIDC_PROVIDER_NAME", "jobbkontoen")
OIDC_SUBJECT_CLAIM = env.str("OIDC_SUBJECT_CLAIM", "oid")
"""Who somebody is to the provider for ever: «oid» at Entra ID, «sub» at most others."""
OIDC_STAFF_CLAIM = env.str("OIDC_STAFF_CLAIM", "employeeid")
"""HR's own number in the provider's answer: how somebody is found the first time."""

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # HR vouches for the addresses
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 1  # as many letters as `code_letter` below lets through
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# A whole agency shares one address on its way out, so it is the account that is guarded closely:
# from one address first, so that a stranger locks nobody out from where they usually sign in, and
# then from everywhere together, where they have not signed in before (accounts.adapter). Letters
# that anybody can ask for are counted on the address, and nobody is refused for them: half as long
# as a code is good for, so that one that still is has been sent (accounts.asked_letters).
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "120/m/ip,5/300s/key",  # codes of a second factor
    "password_from": "120/m/ip",
    "password_here": "5/300s/key",
    "password_anywhere": "50/h/key",
    "request_login_code": "300/m/ip",
    "code_letter": "2/300s/key",
    "reset_password": "120/m/ip",
    "password_letter": "2/300s/key",
    "reset_password_from_key": "120/m/ip",
    "demo_sign_in": "120/m/ip",
    # Open to strangers, who may look at many certificates and prove few (certificates).
    "certificate_check": "300/m/ip",
    "certificate_proof": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
"""How many proxies of our own stand in front and add to X-Forwarded-For: whose address counts."""
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE, a working day
ACCOUNT_FORMS = {
    "request_login_code": "accounts.forms.PortalRequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.PortalConfirmLoginCodeForm",
    "reset_password": "accounts.forms.PortalResetPasswordForm",
}
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", False)
"""Of organisers, logistics, HR and administrators, where no provider lets people in. Production
says yes unless told otherwise; the demo's people sign in by one click."""
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.PortalActivateTOTPForm",
    "authenticate": "accounts.forms.PortalAuthenticateForm",
    "reauthenticate": "accounts.forms.PortalReauthenticateForm",
    "authenticate_webauthn": "accounts.forms.PortalAuthenticateWebAuthnForm",
    "login_webauthn": "accounts.forms.PortalLoginWebAuthnForm",
    "reauthenticate_webauthn": "accounts.forms.PortalReauthenticateWebAuthnForm",
    "add_webauthn": "accounts.forms.PortalAddWebAuthnForm",
    "edit_webauthn": "accounts.forms.PortalEditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lederportalen"
MFA_ALLOW_UNVERIFIED_EMAIL = True
SOCIALACCOUNT_ADAPTER = "accounts.oidc.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "jobbkonto",
                "name": OIDC_PROVIDER_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {
                    "server_url": OIDC_SERVER_URL,
                    "uid_field": OIDC_SUBJECT_CLAIM,
                    "fetch_userinfo": False,
                },
            }
        ],
    }

FORM_TARGETS: list[str] = []
"""Where a form may lead besides the portal: starting to sign in redirects to the provider."""
if OIDC_SERVER_URL:
    provider = urlsplit(OIDC_SERVER_URL)
    FORM_TARGETS.append(f"{provider.scheme}://{provider.netloc}")
