"""What people and units add to the portal."""

from __future__ import annotations

import datetime as dt

from celery.schedules import crontab
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import KEPT, MenuEntry, PersonalDataRecord, Room, register
from people.erasing import KEPT_AFTER_LEAVING
from people.models import IMPORT_UNDO_WINDOW, Role
from people.my_page import my_page, short_questions
from people.own_data import own_data

UNDO_HOURS = IMPORT_UNDO_WINDOW // dt.timedelta(hours=1)

RECORDS = (
    PersonalDataRecord(
        _("Navn, e-post, ansattnummer, stilling og enhet"),
        _("For å vite hvem du er, og hvem som er lederen din"),
        _("Den du har avtale med, de som arrangerer seminaret ditt, HR og administrator"),
        format_lazy(
            _(
                "Så lenge du har en stilling og {days} dager etter, og så lenge en avtale eller et"
                " kurs viser til deg"
            ),
            days=KEPT_AFTER_LEAVING.days,
        ),
        ("erase-who-left",),
    ),
    PersonalDataRecord(
        _("Hvordan navn, adresse, stilling, lederforhold og roller var før siste import fra HR"),
        _("For at en import med feil skal kunne tas tilbake"),
        _("Ingen kan lese det. Det brukes bare når importen tas tilbake"),
        format_lazy(_("Slettes {hours} timer etter importen"), hours=UNDO_HOURS),
        ("forget-staff-import-changes",),
    ),
    PersonalDataRecord(
        _("Navn du hadde før et navnebytte"),
        _("For at du skal bli funnet i lister av dem som kjenner det gamle navnet"),
        _("Bare du kan lese det. Den som søker på det, får opp navnet du har nå"),
        _("I ett år etter navnebyttet"),
        ("forget-former-names",),
    ),
    PersonalDataRecord(
        _("Hvem som er stedfortreder for en leder, når, og hvem som oppga det"),
        _("For at avtaler kan signeres når lederen er borte, med begge navn"),
        _("Lederen, stedfortrederen, den som oppga det, og de lederen har avtale med"),
        _("Gjelder alltid til en dato. Kan ikke endres eller slettes: signaturer hviler på det"),
        (KEPT,),
    ),
    PersonalDataRecord(
        _("Hvem som gjorde hva i portalen: meldte på, signerte, ga en rolle"),
        _("For å kunne vise at alt er gått riktig for seg"),
        _("Administrator"),
        _("Kan ikke endres eller slettes"),
        (KEPT,),
    ),
)

register(
    Room(
        app="people",
        duties=(
            Duty(
                "forget-former-names",
                "people.tasks.forget_former_names",
                crontab(hour="4", minute="5"),
            ),
            Duty(
                "erase-who-left",
                "people.tasks.erase_who_left",
                crontab(hour="4", minute="55"),
            ),
            Duty(
                "forget-old-staff-imports",
                "people.tasks.forget_old_staff_imports",
                crontab(hour="4", minute="15"),
            ),
            Duty(
                "forget-staff-import-changes",
                "people.tasks.forget_staff_import_changes",
                crontab(minute="50"),
            ),
        ),
        my_page=my_page,
        short_questions=short_questions,
        menu=(
            MenuEntry(
                text=_("Personalimport"),
                url_name="people:staff_imports",
                place=85,
                leads_somewhere=lambda affiliation: affiliation.has_any(
                    Role.ADMINISTRATOR, Role.HR
                ),
            ),
            MenuEntry(
                text=_("Roller"),
                url_name="people:roles",
                place=80,
                leads_somewhere=lambda affiliation: affiliation.has_any(Role.ADMINISTRATOR),
            ),
            MenuEntry(text=_("Min profil"), url_name="people:profile", place=10, is_personal=True),
        ),
        goes_with_person=("people.FormerName.user",),
        records=RECORDS,
        own_data=own_data,
        actions={
            "grant_role": _("ga en rolle"),
            "end_role": _("avsluttet en rolle"),
            "people.name_substitute": _("oppga en stedfortreder"),
            "people.end_substitution": _("avsluttet en stedfortreder"),
            "people.undo_import": _("tok en personalimport tilbake"),
            "people.agree_to_import": _("godtok det en personalimport stoppet ved"),
            "people.erase_person": _("slettet en som har sluttet"),
            "import_staff": _("hentet enheter og ansatte fra HR-systemet"),
        },
        things={
            "people.rolegrant": _("rolle"),
            "people.staffimportrun": _("personalimport"),
            "people.substitution": _("stedfortreder"),
            "people.unit": _("enhet"),
            "people.user": _("person"),
        },
    )
)
