"""Seminars and the people in them."""

from seminars.models.participation import (
    HOLDS_SEAT,
    IN_QUEUE,
    IS_ACTIVE,
    Attendance,
    AttendanceOutcome,
    Invitation,
    InvitationQuerySet,
    Registration,
    RegistrationQuerySet,
    RegistrationState,
)
from seminars.models.seminar import (
    ProgrammeItem,
    Seminar,
    SeminarQuerySet,
    SeminarState,
    Session,
    Speaker,
)

__all__ = [
    "HOLDS_SEAT",
    "IN_QUEUE",
    "IS_ACTIVE",
    "Attendance",
    "AttendanceOutcome",
    "Invitation",
    "InvitationQuerySet",
    "ProgrammeItem",
    "Registration",
    "RegistrationQuerySet",
    "RegistrationState",
    "Seminar",
    "SeminarQuerySet",
    "SeminarState",
    "Session",
    "Speaker",
]
