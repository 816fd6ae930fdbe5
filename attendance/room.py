"""What attendance adds to the portal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from attendance.own_data import own_data
from common.rooms import PersonalDataRecord, Room, register

RECORDS = (
    PersonalDataRecord(
        _("Oppmøte på seminarer"),
        _("For å vite om tilbudene når fram"),
        _("Du og arrangøren. HR ser antall"),
        _("Til virksomheten sletter etter sin egen arkivplan"),
    ),
)

register(
    Room(
        app="attendance",
        records=RECORDS,
        own_data=own_data,
        actions={"attendance.mark_attendance": _("førte oppmøte")},
    )
)
