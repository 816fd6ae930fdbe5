"""What certificates add to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from certificates.held_of_seminar import held_of_seminar
from certificates.own_data import own_data
from certificates.sending_times import SENDING_TIMES
from common.duties import Duty
from common.rooms import MenuEntry, PersonalDataRecord, PersonField, Room, register

RECORDS = (
    PersonalDataRecord(
        _("Kursbevis: navnet ditt slik det var, seminaret, dagene og timene"),
        _("For at du skal kunne vise at du deltok, og andre kunne kontrollere det"),
        _(
            "Du, og den du gir beviset til. Den som bare har nummeret, ser om beviset er gyldig, "
            "men ikke navnet"
        ),
        _("Til virksomheten sletter etter sin egen arkivplan. Da kan det ikke lenger kontrolleres"),
        ("erase_seminars",),
    ),
)

register(
    Room(
        app="certificates",
        letters=_("Kursbevis"),
        sending_times=SENDING_TIMES,
        menu=(
            MenuEntry(
                text=_("Kursbevisene mine"),
                url_name="certificates:own",
                place=15,
                is_personal=True,
            ),
        ),
        duties=(
            # At night, so that the letters go when work begins.
            Duty(
                "issue-certificates",
                "certificates.schedule.issue_certificates",
                crontab(hour="5", minute="25"),
            ),
            Duty(
                "correct-certificates",
                "certificates.schedule.correct_certificates",
                crontab(minute="4-59/10"),
            ),
            Duty(
                "seal-missing-certificates",
                "certificates.tasks.sweep_documents",
                crontab(minute="3-59/5"),
            ),
        ),
        needs_person=(
            PersonField("certificates.Certificate.user"),
            PersonField("certificates.Certificate.issued_by"),
        ),
        records=RECORDS,
        own_data=own_data,
        held_of_seminar=held_of_seminar,
        actions={
            "certificates.correct": _("rettet kursbevis etter at oppmøtet ble rettet"),
            "certificates.issue": _("utstedte kursbeviset sitt"),
            "certificates.issue_all": _("utstedte kursbevis"),
            "certificates.issue_anew": _("fikk et nytt kursbevis i stedet for et de hadde"),
            "certificates.settle_terms": _("bestemte hvem som får kursbevis"),
        },
        things={"certificates.certificate": _("kursbevis")},
    )
)
