"""What this room holds about one person, for their own export."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from common.own_data import Column, Section, section
from people.models import User


def own_data(user: User, today: dt.date) -> list[Section]:
    """By name alone: what a key or an app keeps secret leaves the portal for nobody."""
    kinds: dict[str, str] = {
        Authenticator.Type.WEBAUTHN: _("passnøkkel"),
        Authenticator.Type.TOTP: _("engangskode fra app"),
        Authenticator.Type.RECOVERY_CODES: _("gjenopprettingskoder"),
    }
    return [
        section(
            "passkeys_and_factors",
            _("Passnøkler og totrinnsinnlogging"),
            Authenticator.objects.filter(user=user).order_by("pk"),
            Column("type", _("Slag"), lambda kind: kinds.get(kind, kind)),
            Column("data__name", _("Navn")),
            Column("created_at", _("Lagt til")),
            Column("last_used_at", _("Sist brukt")),
        ),
        section(
            "provider_accounts",
            _("Koblet til kommunens innlogging"),
            SocialAccount.objects.filter(user=user).order_by("pk"),
            Column("provider", _("Innlogging")),
            Column("uid", _("ID hos innloggingstjenesten")),
            Column("last_login", _("Sist brukt")),
        ),
        section(
            "sessions",
            _("Her er du logget inn"),
            UserSession.objects.filter(user=user).order_by("pk"),
            Column("user_agent", _("Nettleser")),
            Column("ip", _("Nettadresse")),
            Column("created_at", _("Logget inn")),
            Column("last_seen_at", _("Sist brukt")),
        ),
    ]
