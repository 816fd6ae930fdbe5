"""What signing in adds to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from accounts.own_data import own_data
from accounts.sending_times import SENDING_TIMES
from common.duties import Duty
from common.rooms import ONESELF, MenuEntry, PersonalDataRecord, Room, register

RECORDS = (
    PersonalDataRecord(
        _("Passord, passnøkler og hemmeligheten til appen, alle uleselige"),
        _("For å slippe inn deg og ingen andre"),
        _("Ingen"),
        _("Til du fjerner dem"),
        (ONESELF, "erase-who-left"),
    ),
    PersonalDataRecord(
        _("Hvor du er logget inn: nettleser, nettadresse, når du logget inn og sist var her"),
        _("For at du skal kunne se om noen andre er inne, og logge dem ut"),
        _("Bare du"),
        _("Slettes natten etter at du er logget ut"),
        ("forget-ended-sessions",),
    ),
)

register(
    Room(
        app="accounts",
        sending_times=SENDING_TIMES,
        duties=(
            Duty(
                "forget-ended-sessions",
                "accounts.tasks.clear_sessions",
                crontab(hour="4", minute="25"),
            ),
            # When the night's file from HR is in, and before those who have the roles are at work.
            Duty(
                "carry-roles-over",
                "accounts.tasks.carry_roles_over",
                crontab(hour="6", minute="20"),
            ),
            Duty(
                "tell-of-staff-imports",
                "accounts.tasks.tell_administrators",
                crontab(minute="*/5"),
            ),
        ),
        letters=_("Innlogging"),
        letter_prefix="account",
        menu=(
            MenuEntry(
                text=_("Konto og innlogging"), url_name="account", place=30, is_personal=True
            ),
        ),
        goes_with_person=(
            "account.EmailAddress.user",
            "mfa.Authenticator.user",
            "socialaccount.SocialAccount.user",
            "usersessions.UserSession.user",
        ),
        records=RECORDS,
        own_data=own_data,
    )
)
