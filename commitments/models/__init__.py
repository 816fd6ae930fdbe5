"""Agreements between a leader and an employee: drafted in turns, signed by both, kept as signed."""

from commitments.models.agreement import Agreement, Revision
from commitments.models.content import Commitment, Document, Note
from commitments.models.evidence import EvidenceEvent, EvidenceSalt
from commitments.models.follow_up import FollowUp, Outcome
from commitments.models.signature import Signature
from commitments.models.words import (
    OPEN_STATES,
    AgreementState,
    EventKind,
    Medium,
    Method,
    NoteKind,
    Owner,
    Party,
    RevisionState,
    Word,
)

__all__ = [
    "OPEN_STATES",
    "Agreement",
    "AgreementState",
    "Commitment",
    "Document",
    "EventKind",
    "EvidenceEvent",
    "EvidenceSalt",
    "FollowUp",
    "Medium",
    "Method",
    "Note",
    "NoteKind",
    "Outcome",
    "Owner",
    "Party",
    "Revision",
    "RevisionState",
    "Signature",
    "Word",
]
