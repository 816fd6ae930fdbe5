"""What the pulse adds to the portal."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common.duties import Duty
from common.rooms import PersonalDataRecord, PersonField, Room, register
from common.small_groups import SMALL_GROUP_WORD
from pulse.my_page import my_page, short_questions
from pulse.own_data import own_data
from pulse.sending_times import SENDING_TIMES
from pulse.unit_steps import UNIT_STEP_FIELDS, unit_step, unit_steps, with_unit_step

RECORDS = (
    PersonalDataRecord(
        _("At du er spurt i en pulsmåling, og om du har svart. Svaret er bare med i en sum"),
        _("For at hver skal svare én gang, og for at lederen skal vite om oppdraget er kjent"),
        format_lazy(
            _("Ingen ser hvem som har svart. Lederen ser summen etter fristen, fra {fewest} svar"),
            fewest=SMALL_GROUP_WORD,
        ),
        _("Slettes ett år etter at målingen er over"),
        ("keep-pulses",),
    ),
)

register(
    Room(
        app="pulse",
        sending_times=SENDING_TIMES,
        duties=(Duty("keep-pulses", "pulse.tasks.keep_pulses", crontab(minute="8-59/15")),),
        my_page=my_page,
        short_questions=short_questions,
        letters=_("Oppdrag"),
        needs_person=(PersonField("pulse.PulseInvitation.user"),),
        records=RECORDS,
        silence=(_("Svarer du ikke på en pulsmåling, får ingen vite det. Du spørres ikke igjen."),),
        own_data=own_data,
        unit_steps=unit_steps,
        with_unit_step=with_unit_step,
        unit_step_fields=UNIT_STEP_FIELDS,
        unit_step=unit_step,
        actions={
            "pulse.erase_pulse": _("slettet hvem som var spurt i en pulsmåling"),
            "pulse.note_conversation": _("noterte at samtalen etter en pulsmåling er tatt"),
            "pulse.open_pulse": _("åpnet en pulsmåling"),
            "pulse.settle_pulse": _("avsluttet en pulsmåling"),
        },
        things={
            "pulse.pulseround": _("pulsmåling"),
        },
    )
)
