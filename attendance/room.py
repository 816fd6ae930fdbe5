"""What attendance adds to the portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from attendance.my_page import my_page, short_questions
from attendance.own_data import own_data
from common.rooms import PersonalDataRecord, Room, register

RECORDS = (
    PersonalDataRecord(
        _("Oppmøte på seminarer"),
        _("For å vite om tilbudene når fram"),
        _("Du og arrangøren. HR ser antall"),
        _("Til virksomheten sletter etter sin egen arkivplan"),
    ),
    PersonalDataRecord(
        _("Hvilke seminarer du deltok på før portalen, fra kommunens eldre systemer og lister"),
        _("For at du skal ha alt du har deltatt på, på ett sted"),
        _("Bare du. Det telles ikke i HRs tall"),
        _("Til virksomheten sletter etter sin egen arkivplan"),
    ),
)

register(
    Room(
        app="attendance",
        records=RECORDS,
        own_data=own_data,
        my_page=my_page,
        short_questions=short_questions,
        actions={
            "attendance.import_participation": _("leste inn deltakelse fra før portalen"),
            "attendance.mark_attendance": _("førte oppmøte"),
        },
    )
)
