"""What attendance adds to the portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from attendance.my_page import my_page, short_questions
from attendance.own_data import own_data
from common.rooms import PersonalDataRecord, PersonField, Room, register

RECORDS = (
    PersonalDataRecord(
        _("Oppmøte på seminarer"),
        _("For å vite om tilbudene når fram"),
        _(
            "Du, de som arrangerte, og i et år lederen din og den som er stedfortreder for "
            "lederen. HR ser antall"
        ),
        _("Til virksomheten sletter etter sin egen arkivplan"),
        ("erase_seminars",),
    ),
    PersonalDataRecord(
        _("Hvilke seminarer du deltok på før portalen, fra kommunens eldre systemer og lister"),
        _("For at du skal ha alt du har deltatt på, på ett sted"),
        _("Bare du. Det telles ikke i HRs tall"),
        _("Til virksomheten sletter etter sin egen arkivplan"),
        ("erase_seminars",),
    ),
)

register(
    Room(
        app="attendance",
        needs_person=(
            PersonField("attendance.Attendance.marked_by"),
            PersonField("attendance.PastParticipation.user"),
        ),
        records=RECORDS,
        own_data=own_data,
        my_page=my_page,
        short_questions=short_questions,
        actions={
            "attendance.erase_past_participation": _("slettet deltakelse fra før portalen"),
            "attendance.import_participation": _("leste inn deltakelse fra før portalen"),
            "attendance.mark_attendance": _("førte oppmøte"),
        },
        things={
            "attendance.pastparticipation": _("deltakelse fra før portalen"),
            "attendance.pastseminar": _("seminar fra før portalen"),
        },
    )
)
