from people.models import Role
from tests.access import LOGIN, Row, row
from tests.cast import Cast
from tests.factories import make_role


def urls(cast: Cast) -> list[Row]:
    return [
        row("home"),
        row("team", signed_in=403, leader=200, manager=200),
        row("language", anonymous=405, signed_in=405),
        row("language", method="post", data={"language": "en"}, anonymous=302, signed_in=302),
        row("language", method="post", data={"language": "xx"}, anonymous=400, signed_in=400),
        row("privacy", anonymous=200),
        row("accessibility", anonymous=200),
        row("metrics", anonymous=404, signed_in=404),
        *signing_in(),
        *account(),
        *roles(cast),
    ]


def roles(cast: Cast) -> list[Row]:
    """Who may is asked to confirm who they are first: tests/accounts/test_roles.py goes on."""
    grant = make_role(cast.stranger, Role.HR, cast.other_unit)
    given = {"person": cast.leader.email, "role": "organiser", "valid_from": "2099-01-01"}
    unit = cast.unit.pk
    return [
        row("grant_role", unit, signed_in=403, administrator=302),
        row("grant_role", unit, method="post", data=given, signed_in=403, administrator=302),
        row("end_role", grant.pk, signed_in=404, administrator=302),
        row("end_role", grant.pk, method="post", signed_in=404, administrator=302),
    ]


def signing_in() -> list[Row]:
    """Whoever is signed in already is led on to where they were going."""
    return [
        row("account_login", anonymous=200, signed_in=302),
        row("account_request_login_code", anonymous=200, signed_in=302),
        row("account_confirm_login_code", signed_in=302),
        row("mfa_authenticate", signed_in=302),
        row("mfa_login_webauthn", signed_in=302),
        row("openid_connect_login", kwargs={"provider_id": "x"}, anonymous=404, signed_in=404),
        row("openid_connect_callback", kwargs={"provider_id": "x"}, anonymous=404, signed_in=404),
        row("socialaccount_login_cancelled", anonymous=200),
        row("socialaccount_login_error", anonymous=401, signed_in=401),
        row("account_logout"),
        row("account_logout", method="post", signed_in=LOGIN),
        row("signed_out", signed_in=LOGIN),
        row("provider_sign_out", signed_in=LOGIN),
        row("account_inactive", anonymous=200),
        row("account_reset_password", anonymous=200),
        row("account_reset_password_done", anonymous=200),
        row(
            "account_reset_password_from_key",
            kwargs={"uidb36": "1", "key": "set-password"},
            anonymous=410,
            signed_in=410,
        ),
        row("account_reset_password_from_key_done", anonymous=200),
    ]


def account() -> list[Row]:
    """One's own alone: there is nobody else's to ask for."""
    return [
        row("account"),
        row("account_sessions"),
        row("account_sessions", method="post", data={"session": "1"}, signed_in=302),
        row("own_data", signed_in=302),
        row("own_data", method="post", signed_in=302),
        row("account_reauthenticate", signed_in=302),
        row("account_reauthenticate_by_code"),
        row("account_reauthenticate_by_provider", signed_in=403),
        row("mfa_reauthenticate", signed_in=302),
        row("mfa_reauthenticate_webauthn", signed_in=302),
        row("account_change_password", signed_in=302),
        row("account_set_password", signed_in=302),
        row("mfa_index"),
        row("second_factor_needed", signed_in=302),
        row("mfa_activate_totp", signed_in=302),
        row("mfa_deactivate_totp", signed_in=404),
        row("mfa_view_recovery_codes", signed_in=404),
        row("mfa_generate_recovery_codes", signed_in=302),
        row("mfa_download_recovery_codes", signed_in=404),
        row("mfa_list_webauthn"),
        row("mfa_add_webauthn", signed_in=302),
        row("mfa_edit_webauthn", 1, signed_in=302),
        row("mfa_remove_webauthn", 1, signed_in=302),
    ]
