"""Seminars and the people in them."""

from seminars.models.audience import Audience, AudienceKind
from seminars.models.feed import CalendarFeed
from seminars.models.gatherings import Gathering, gatherings_of, last_gathering_at
from seminars.models.invitation import Invitation, InvitationQuerySet
from seminars.models.pool import SeatPool, SeatPoolQuerySet
from seminars.models.programme import ProgrammeItem, Speaker
from seminars.models.questions import Answer, Question, QuestionKind
from seminars.models.registration import Registration, RegistrationQuerySet
from seminars.models.requirements import Access, Diet, Needs, NeedsQuerySet
from seminars.models.seat_news import OF_THE_HALL, SeatNews, SeatNewsKind
from seminars.models.seminar import (
    ApprovalDefault,
    Seminar,
    SeminarQuerySet,
    SeminarState,
    WaitingListMode,
)
from seminars.models.seminar_role import (
    SeminarRole,
    SeminarRoleGrant,
    SeminarRoleGrantQuerySet,
)
from seminars.models.session import ChoiceGroup, Session, SessionChoice, SessionForm
from seminars.models.states import (
    CAME,
    HELD_FOR_A_TIME,
    HOLDS_SEAT,
    IN_QUEUE,
    IS_ACTIVE,
    IS_OVER,
    MARKED_IN_LIST,
    AttendanceOutcome,
    RegistrationState,
)

__all__ = [
    "CAME",
    "HELD_FOR_A_TIME",
    "HOLDS_SEAT",
    "IN_QUEUE",
    "IS_ACTIVE",
    "IS_OVER",
    "MARKED_IN_LIST",
    "OF_THE_HALL",
    "Access",
    "Answer",
    "ApprovalDefault",
    "AttendanceOutcome",
    "Audience",
    "AudienceKind",
    "CalendarFeed",
    "ChoiceGroup",
    "Diet",
    "Gathering",
    "Invitation",
    "InvitationQuerySet",
    "Needs",
    "NeedsQuerySet",
    "ProgrammeItem",
    "Question",
    "QuestionKind",
    "Registration",
    "RegistrationQuerySet",
    "RegistrationState",
    "SeatNews",
    "SeatNewsKind",
    "SeatPool",
    "SeatPoolQuerySet",
    "Seminar",
    "SeminarQuerySet",
    "SeminarRole",
    "SeminarRoleGrant",
    "SeminarRoleGrantQuerySet",
    "SeminarState",
    "Session",
    "SessionChoice",
    "SessionForm",
    "Speaker",
    "WaitingListMode",
    "gatherings_of",
    "last_gathering_at",
]
