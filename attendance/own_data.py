"""What this room holds about one person, for their own export."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from attendance.models import (
    Attendance,
    AttendanceMark,
    PastOutcome,
    PastParticipation,
    Scan,
    ScanWay,
)
from common.own_data import Column, Section, labels, section
from people.models import User
from seminars.models import AttendanceOutcome, Registration


def own_data(user: User, today: dt.date) -> list[Section]:
    own = Registration.objects.visible_to(user, on=today)
    return [
        section(
            "attendance",
            _("Oppmøte på seminarer"),
            Attendance.objects.visible_to(user, on=today),
            Column("registration__seminar__title", _("Seminar")),
            Column("outcome", _("Oppmøte"), labels(AttendanceOutcome)),
            Column("marked_at", _("Ført")),
        ),
        section(
            "scans",
            _("Innsjekkinger"),
            Scan.objects.filter(registration__in=own).order_by("pk"),
            Column("registration__seminar__title", _("Seminar")),
            Column("happened_at", _("Tidspunkt")),
            Column("door", _("Dør")),
            Column("way", _("Hvordan"), labels(ScanWay)),
            Column("undone__at", _("Angret")),
        ),
        section(
            "marks",
            _("Oppmøte ført for hånd"),
            AttendanceMark.objects.filter(registration__in=own).order_by("pk"),
            Column("registration__seminar__title", _("Seminar")),
            Column("outcome", _("Oppmøte"), labels(AttendanceOutcome)),
            Column("reason", _("Begrunnelse")),
            Column("at", _("Ført")),
        ),
        section(
            "past_participations",
            _("Deltakelse på seminarer før portalen"),
            PastParticipation.objects.visible_to(user, on=today).order_by("seminar__first_day"),
            Column("seminar__title", _("Seminar")),
            Column("seminar__first_day", _("Første dag")),
            Column("seminar__last_day", _("Siste dag")),
            Column("seminar__organiser_unit__name", _("Arrangør")),
            Column("outcome", _("Oppmøte"), labels(PastOutcome)),
            Column("minutes", _("Minutter")),
            Column("imported_at", _("Lest inn")),
        ),
    ]
