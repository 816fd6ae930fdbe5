"""Agreements between a leader and an employee: drafted in turns, signed by both, kept as signed."""

from commitments.models.agreement import Agreement
from commitments.models.content import Commitment, Document, DocumentAttempt, Note
from commitments.models.evidence import EvidenceEvent, EvidenceSalt
from commitments.models.follow_up import FollowUp, Outcome, PrivateNote
from commitments.models.leader_change import Share
from commitments.models.preparation import GuidingQuestion, Preparation, PreparedAnswer
from commitments.models.reading_access import seen_by
from commitments.models.revision import Revision, lapses_on
from commitments.models.rounds import AgreementRound, RoundPledge
from commitments.models.signature import Signature
from commitments.models.states import (
    OPEN_STATES,
    PATIENCE,
    TALK_PATIENCE,
    AgreementState,
    Ending,
    EventKind,
    Medium,
    Method,
    NoteKind,
    Owner,
    Party,
    RevisionState,
    Word,
)
from commitments.models.unsaved import UnsavedWork
from commitments.models.wording import LONGEST_WORDING, PLEDGE, WORDING, Pledge, Wording

__all__ = [
    "LONGEST_WORDING",
    "OPEN_STATES",
    "PATIENCE",
    "PLEDGE",
    "TALK_PATIENCE",
    "WORDING",
    "Agreement",
    "AgreementRound",
    "AgreementState",
    "Commitment",
    "Document",
    "DocumentAttempt",
    "Ending",
    "EventKind",
    "EvidenceEvent",
    "EvidenceSalt",
    "FollowUp",
    "GuidingQuestion",
    "Medium",
    "Method",
    "Note",
    "NoteKind",
    "Outcome",
    "Owner",
    "Party",
    "Pledge",
    "Preparation",
    "PreparedAnswer",
    "PrivateNote",
    "Revision",
    "RevisionState",
    "RoundPledge",
    "Share",
    "Signature",
    "UnsavedWork",
    "Word",
    "Wording",
    "lapses_on",
    "seen_by",
]
