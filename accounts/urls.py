"""The pages of allauth that the portal uses, under Norwegian addresses and allauth's own names.

Listed one by one: signing up, changing one's e-mail and linking accounts are not for users here
(HR decides), and a page that does not exist needs no guarding.
"""

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from django.urls import path, re_path

from accounts import views as ours
from accounts.identity_provider import only_without_provider
from accounts.oidc import views as oidc

# allauth lets a first password be chosen unasked; with it one could then confirm who one is.
set_password = only_without_provider(reauthentication_required(account.password_set))

urlpatterns = [
    path("", ours.overview, name="account"),
    path("innlogginger/", ours.sessions, name="account_sessions"),
    path("logg-inn/", account.login, name="account_login"),
    path(
        "logg-inn/kode/",
        only_without_provider(account.request_login_code),
        name="account_request_login_code",
    ),
    path(
        "logg-inn/kode/bekreft/",
        only_without_provider(account.confirm_login_code),
        name="account_confirm_login_code",
    ),
    path("logg-inn/trinn-to/", mfa.authenticate, name="mfa_authenticate"),
    path(
        "logg-inn/passnokkel/",
        only_without_provider(webauthn.login_webauthn),
        name="mfa_login_webauthn",
    ),
    path("logg-inn/<slug:provider_id>/", oidc.sign_in, name="openid_connect_login"),
    path("logg-inn/<slug:provider_id>/svar/", oidc.answer, name="openid_connect_callback"),
    path("avbrutt/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("feilet/", socialaccount.login_error, name="socialaccount_login_error"),
    path("logg-ut/", ours.sign_out, name="account_logout"),
    path("logget-ut/", oidc.signed_out, name="signed_out"),
    path("logget-ut/jobbkonto/", oidc.sign_out, name="provider_sign_out"),
    path("stengt/", account.account_inactive, name="account_inactive"),
    path("bekreft/", account.reauthenticate, name="account_reauthenticate"),
    path("bekreft/kode/", ours.reauthenticate_by_code, name="account_reauthenticate_by_code"),
    path(
        "bekreft/jobbkonto/",
        ours.reauthenticate_by_provider,
        name="account_reauthenticate_by_provider",
    ),
    path("bekreft/trinn-to/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "bekreft/passnokkel/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"
    ),
    path(
        "passord/", only_without_provider(account.password_change), name="account_change_password"
    ),
    path("passord/velg/", set_password, name="account_set_password"),
    path(
        "passord/glemt/",
        only_without_provider(account.password_reset),
        name="account_reset_password",
    ),
    path(
        "passord/sendt/",
        only_without_provider(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^passord/nytt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        only_without_provider(ours.reset_password),
        name="account_reset_password_from_key",
    ),
    path(
        "passord/lagret/",
        only_without_provider(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("trinn-to/trengs/", ours.second_factor_needed, name="second_factor_needed"),
    path("trinn-to/", mfa.index, name="mfa_index"),
    path("trinn-to/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("trinn-to/app/av/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("trinn-to/koder/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "trinn-to/koder/nye/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "trinn-to/koder/last-ned/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("trinn-to/passnokler/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("trinn-to/passnokler/ny/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("trinn-to/passnokler/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path(
        "trinn-to/passnokler/<int:pk>/fjern/",
        webauthn.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
]
