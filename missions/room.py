"""What missions add to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import KEPT, ONESELF, MenuEntry, PersonalDataRecord, Room, register
from missions.my_page import my_page, short_questions
from missions.own_data import own_data
from missions.sending_times import SENDING_TIMES
from people.models import Role

RECORDS = (
    PersonalDataRecord(
        _("At du har lest og forstått enhetens oppdrag"),
        _("For at du og lederen din skal vite at samtalen er tatt"),
        _("Du og lederen din"),
        _("Så lenge oppdraget er oppbevart"),
        ("erase-who-left",),
    ),
    PersonalDataRecord(
        _("Det du selv skriver om bidraget ditt til oppdraget"),
        _("For at du skal ha det klart, og kunne ta det med i en samtale eller en avtale"),
        _("Bare du, til du deler det med lederen din. HR ser det aldri"),
        _("Til du tømmer feltet og lagrer. Det du har tatt med i en avtale, blir stående der"),
        (ONESELF, "erase-who-left"),
    ),
    PersonalDataRecord(
        _("Kommentarene dine til et utkast som er delt med enheten"),
        _("For at oppdraget skal bli bedre før det gjelder"),
        _("Du og den som har ansvaret for oppdraget, til det er publisert"),
        _("Kan ikke endres eller slettes. Når oppdraget er publisert, vises de ikke lenger"),
        (KEPT,),
    ),
    PersonalDataRecord(
        _("Spørsmål oppover: hvem som spurte, hvem som svarte, og hva de skrev"),
        _("For at lederen over skal svare, og for at alle i linjen skal se svaret"),
        _("Den som skal svare, og alle som kan lese oppdraget det gjelder"),
        _("Kan ikke endres eller slettes"),
        (KEPT,),
    ),
)

register(
    Room(
        app="missions",
        sending_times=SENDING_TIMES,
        duties=(
            Duty(
                "hand-over-missions",
                "missions.tasks.hand_over_missions",
                crontab(hour="4", minute="40"),
            ),
        ),
        my_page=my_page,
        short_questions=short_questions,
        letters=_("Oppdrag"),
        menu=(
            MenuEntry(text=_("Oppdrag"), url_name="missions:mine", place=20),
            MenuEntry(
                text=_("Dekning"),
                url_name="missions:coverage",
                place=70,
                leads_somewhere=lambda affiliation: affiliation.has_any(Role.HR),
            ),
        ),
        goes_with_person=("missions.Contribution.user",),
        records=RECORDS,
        own_data=own_data,
        actions={
            "missions.acknowledge_mission": _("sa at oppdraget er lest og forstått"),
            "missions.answer_question": _("svarte på et spørsmål oppover"),
            "missions.ask_question": _("stilte et spørsmål oppover"),
            "missions.comment_on_draft": _("kommenterte et utkast"),
            "missions.draft_mission": _("begynte på et oppdrag"),
            "missions.explain_term": _("forklarte et ord i ordlisten"),
            "missions.hand_over_missions": _("førte et oppdrag videre til en ny enhet"),
            "missions.publish_mission": _("publiserte et oppdrag"),
            "missions.remove_contribution": _("slettet bidraget sitt"),
            "missions.remove_term": _("fjernet et ord fra ordlisten"),
            "missions.save_draft": _("lagret et utkast til oppdrag"),
            "missions.share_contribution": _("delte bidraget sitt med lederen"),
            "missions.share_draft": _("delte et utkast med enheten"),
            "missions.withdraw_contribution": _("sluttet å dele bidraget sitt"),
            "missions.write_contribution": _("skrev om bidraget sitt"),
        },
        things={
            "missions.acknowledgement": _("lest og forstått"),
            "missions.contribution": _("bidrag"),
            "missions.missionversion": _("oppdrag"),
            "missions.term": _("ord"),
            "missions.upwardquestion": _("spørsmål oppover"),
        },
    )
)
