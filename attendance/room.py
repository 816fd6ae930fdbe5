"""What attendance adds to the portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from attendance.held_of_seminar import held_of_seminar
from attendance.my_page import my_page, short_questions
from attendance.own_data import own_data
from attendance.sending_times import SENDING_TIMES
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
        _("Når og ved hvilken dør du ble sjekket inn på et seminar, og hvem som gjorde det"),
        _(
            "For å slippe inn dem som har plass, og for at oppmøtet skal bygge på det som skjedde. "
            "Det brukes ikke til å følge med på arbeidstid"
        ),
        _("Du, arrangøren og den som står ved døren mens seminaret holdes"),
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
        letters=_("Brev om oppmøte"),
        sending_times=SENDING_TIMES,
        needs_person=(
            PersonField("attendance.Attendance.marked_by"),
            PersonField("attendance.AttendanceMark.by"),
            PersonField("attendance.Scan.by"),
            PersonField("attendance.UndoneScan.by"),
            PersonField("attendance.PastParticipation.user"),
        ),
        records=RECORDS,
        own_data=own_data,
        held_of_seminar=held_of_seminar,
        my_page=my_page,
        short_questions=short_questions,
        actions={
            "attendance.ask_for_correction": _("ba om at oppmøtet ble rettet"),
            "attendance.erase_past_participation": _("slettet deltakelse fra før portalen"),
            "attendance.import_participation": _("leste inn deltakelse fra før portalen"),
            "attendance.mark_attendance": _("førte oppmøte"),
            "attendance.undo_scan": _("angret en innsjekking"),
        },
        things={
            "attendance.pastparticipation": _("deltakelse fra før portalen"),
            "attendance.pastseminar": _("seminar fra før portalen"),
        },
    )
)
