"""What the letters add to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import MenuEntry, PersonalDataRecord, Room, register
from outbox.my_page import my_page
from outbox.own_data import own_data

RECORDS = (
    PersonalDataRecord(
        _("Brev portalen har sendt deg"),
        _("For at du skal finne dem igjen, og for å vite om de kom fram"),
        _("Bare du. Den som drifter posten, ser adressen og emnet når et brev ikke kom fram"),
        _("Brev med kode tømmes straks de er sendt, de andre ett år etter at de ble skrevet"),
        ("deliver-waiting-letters", "empty-old-letters"),
    ),
)

register(
    Room(
        app="outbox",
        duties=(
            Duty(
                "empty-old-letters",
                "outbox.tasks.empty_old_letters",
                crontab(hour="4", minute="10"),
            ),
            Duty("deliver-waiting-letters", "outbox.tasks.sweep_letters", crontab()),
        ),
        my_page=my_page,
        menu=(MenuEntry(text=_("Mine brev"), url_name="outbox:mine", place=20, is_personal=True),),
        goes_with_person=("outbox.Letter.recipient", "outbox.ReminderOptOut.user"),
        records=RECORDS,
        own_data=own_data,
        actions={
            "outbox.retry_letter": _("sendte et brev på nytt"),
            "outbox.retry_letters": _("sendte alle brev som feilet, på nytt"),
            "outbox.release_held": _("sendte brev som ble holdt tilbake"),
            "outbox.discard_held": _("lot være å sende brev som ble holdt tilbake"),
            "outbox.stop_reminders": _("slo av påminnelser"),
            "outbox.resume_reminders": _("slo på påminnelser"),
        },
        things={"outbox.letter": _("brev"), "outbox.mailserver": _("e-posttjeneren")},
    )
)
