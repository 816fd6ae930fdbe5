"""What PostgreSQL refuses of pairs: a row that names two others names two of one agreement."""

from __future__ import annotations

from typing import Final

import pgtrigger

from commitments.models.words import EventKind

SUBJECTS: Final[dict[str, tuple[EventKind, ...]]] = {
    "agreement": (
        EventKind.STARTED,
        EventKind.PARTED,
        EventKind.RETAINED,
        EventKind.ENDED,
        EventKind.ERASED,
    ),
    "revision": (
        EventKind.PROPOSED,
        EventKind.SENT_BACK,
        EventKind.DECLINED,
        EventKind.WITHDRAWN,
        EventKind.AGREED,
        EventKind.COMPLETED,
        EventKind.AMENDED,
        EventKind.RENEWED,
    ),
    "signature": (EventKind.SIGNED, EventKind.SIGNED_FOR, EventKind.ON_PAPER),
    "document": (EventKind.SEALED,),
    "preparation": (EventKind.REVEALED,),
    "followup": (EventKind.TALKED,),
    "share": (EventKind.SHARED,),
}
"""Which row of its agreement each kind of event is about: a kind that is not here is refused."""

_EVENT = """
    IF NOT (CASE
        WHEN NEW.kind IN ({agreement}) THEN NEW.subject = NEW.agreement_id
        WHEN NEW.kind IN ({revision}) THEN EXISTS (
            SELECT 1 FROM commitments_revision
            WHERE id = NEW.subject AND agreement_id = NEW.agreement_id
        )
        WHEN NEW.kind IN ({signature}) THEN EXISTS (
            SELECT 1 FROM commitments_signature signature
            JOIN commitments_revision revision ON revision.id = signature.revision_id
            WHERE signature.id = NEW.subject AND revision.agreement_id = NEW.agreement_id
        )
        WHEN NEW.kind IN ({document}) THEN EXISTS (
            SELECT 1 FROM commitments_document document
            JOIN commitments_revision revision ON revision.id = document.revision_id
            WHERE document.id = NEW.subject AND revision.agreement_id = NEW.agreement_id
        )
        WHEN NEW.kind IN ({preparation}) THEN EXISTS (
            SELECT 1 FROM commitments_preparation
            WHERE id = NEW.subject AND agreement_id = NEW.agreement_id
        )
        WHEN NEW.kind IN ({followup}) THEN EXISTS (
            SELECT 1 FROM commitments_followup
            WHERE id = NEW.subject AND agreement_id = NEW.agreement_id
        )
        WHEN NEW.kind IN ({share}) THEN EXISTS (
            SELECT 1 FROM commitments_share
            WHERE id = NEW.subject AND agreement_id = NEW.agreement_id
        )
        ELSE false
    END) THEN
        RAISE EXCEPTION 'an event is about a row of its own agreement'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_FOLLOW_UP = """
    IF NOT EXISTS (
        SELECT 1 FROM commitments_revision revision
        WHERE revision.id = NEW.revision_id AND revision.agreement_id = NEW.agreement_id
            AND revision.state = 'signed'
    ) THEN
        RAISE EXCEPTION 'a conversation is about a signed revision of its own agreement'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_OUTCOME = """
    IF NOT EXISTS (
        SELECT 1 FROM commitments_followup talk
        JOIN commitments_commitment commitment ON commitment.revision_id = talk.revision_id
        WHERE talk.id = NEW.follow_up_id AND commitment.id = NEW.commitment_id
    ) THEN
        RAISE EXCEPTION 'a word is said of a commitment that the conversation is about'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_NOTE = """
    IF NOT EXISTS (
        SELECT 1 FROM commitments_revision revision
        JOIN commitments_agreement agreement ON agreement.id = revision.agreement_id
        WHERE revision.id = NEW.revision_id
            AND NEW.author_id IN (agreement.leader_id, agreement.employee_id)
    ) THEN
        RAISE EXCEPTION 'only the two whose agreement it is say something about it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_UNSAVED = """
    IF NOT EXISTS (
        SELECT 1 FROM commitments_agreement agreement
        WHERE agreement.id = NEW.agreement_id
            AND NEW.author_id IN (agreement.leader_id, agreement.employee_id)
    ) THEN
        RAISE EXCEPTION 'only the two whose agreement it is write on it'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_CARRIED = """
    IF NEW.carried_from_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM commitments_agreement before
        WHERE before.id = NEW.carried_from_id AND before.employee_id = NEW.employee_id
            AND before.leader_access_ended_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'an agreement is carried forward from one of the same employee''s'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def event_of_its_agreement() -> pgtrigger.Trigger:
    kinds = {
        name: ", ".join(f"'{kind.value}'" for kind in kinds) for name, kinds in SUBJECTS.items()
    }
    return _before("event_is_about_its_agreement", pgtrigger.Insert, _EVENT.format(**kinds))


def follow_up_of_its_agreement() -> pgtrigger.Trigger:
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("agreement_id", "revision_id")
    return _before("follow_up_is_of_its_agreement", operation, _FOLLOW_UP)


def outcome_of_its_conversation() -> pgtrigger.Trigger:
    return _before("outcome_is_of_its_conversation", pgtrigger.Insert, _OUTCOME)


def note_by_a_party() -> pgtrigger.Trigger:
    return _before("note_is_a_partys", pgtrigger.Insert, _NOTE)


def unsaved_work_by_a_party() -> pgtrigger.Trigger:
    both = pgtrigger.Insert | pgtrigger.Update
    return _before("unsaved_work_is_a_partys", both, _UNSAVED)


def carried_from_ones_own() -> pgtrigger.Trigger:
    return _before("agreement_is_carried_from_ones_own", pgtrigger.Insert, _CARRIED)


def _before(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operation, func=func)
