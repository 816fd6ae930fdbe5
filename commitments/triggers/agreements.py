"""What PostgreSQL itself refuses, whoever asks: the rules of docs/agreements.md as triggers."""

from __future__ import annotations

import pgtrigger

from commitments.triggers import erasure
from commitments.triggers.erasure import goes_with_erasure, kept_until_erased
from people.models import append_only, never_truncated

_REVISION_INSERT = """
    IF EXISTS (
        SELECT 1 FROM commitments_agreement WHERE id = NEW.agreement_id
            AND (ended_at IS NOT NULL OR leader_access_ended_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'an agreement that is over gets no more revisions'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> 'draft' THEN
        RAISE EXCEPTION 'a revision begins as a draft' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_REVISION_UPDATE = """
    IF OLD.state IN ('signed', 'superseded', 'withdrawn') THEN
        RAISE EXCEPTION 'a % revision never changes', OLD.state USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('draft', 'draft'), ('draft', 'proposed'), ('draft', 'withdrawn'),
        ('proposed', 'agreed'), ('proposed', 'superseded'), ('proposed', 'withdrawn'),
        ('agreed', 'signed'), ('agreed', 'superseded'), ('agreed', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'a revision does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.agreement_id, OLD.number) IS DISTINCT FROM (NEW.agreement_id, NEW.number)
        OR OLD.state <> 'draft' AND (
            OLD.mission_version_id, OLD.reason, OLD.follow_up_on, OLD.version,
            OLD.proposed_by_id, OLD.proposed_at, OLD.schema_version, OLD.snapshot, OLD.sha256,
            OLD.goals, OLD.put_off, OLD.upward, OLD.renegotiate_when, OLD.disagreement
        ) IS DISTINCT FROM (
            NEW.mission_version_id, NEW.reason, NEW.follow_up_on, NEW.version,
            NEW.proposed_by_id, NEW.proposed_at, NEW.schema_version, NEW.snapshot, NEW.sha256,
            NEW.goals, NEW.put_off, NEW.upward, NEW.renegotiate_when, NEW.disagreement
        )
    THEN
        RAISE EXCEPTION 'what is proposed never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'proposed'
        AND NEW.sha256 <> encode(sha256(convert_to(NEW.snapshot, 'UTF8')), 'hex')
    THEN
        RAISE EXCEPTION 'the hash is not the snapshot''s' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'proposed' AND EXISTS (
        SELECT 1 FROM commitments_commitment commitment
        LEFT JOIN missions_coreactivity activity ON activity.id = commitment.core_activity_id
        WHERE commitment.revision_id = NEW.id
            AND activity.version_id IS DISTINCT FROM NEW.mission_version_id
    ) THEN
        RAISE EXCEPTION 'what is proposed hangs on the mission, every commitment of it'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state IN ('agreed', 'signed') AND (
        SELECT count(DISTINCT owner) FROM commitments_commitment
        WHERE revision_id = NEW.id AND owner IN ('leader', 'employee')
    ) <> 2 THEN
        RAISE EXCEPTION 'both the leader and the employee commit to something'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'signed' AND (
        SELECT count(*) FROM commitments_signature
        WHERE revision_id = NEW.id AND sha256 = NEW.sha256
    ) <> 2 THEN
        RAISE EXCEPTION 'a revision is signed by both or not at all'
            USING ERRCODE = 'check_violation';
    END IF;
    -- Two who signed at once did not see each other's medium; here both are there.
    IF NEW.state = 'signed' AND (
        SELECT count(DISTINCT medium) FROM commitments_signature WHERE revision_id = NEW.id
    ) <> 1 THEN
        RAISE EXCEPTION 'both sign in the portal, or both on paper'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_COMMITMENT = """
    -- FOR SHARE waits for a proposal or a signature under way, so that nothing slips in beside it.
    PERFORM 1 FROM commitments_revision WHERE id IN ({rows}) ORDER BY id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM commitments_revision WHERE id IN ({rows}) AND state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'only the commitments of a draft change'
            USING ERRCODE = 'check_violation';
    END IF;
    {extra}
    RETURN {answer};
"""

_ACTIVITY_OF_THE_MISSION = """
    -- A draft may wait for its activity, where the words come from another mission.
    IF NEW.core_activity_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM commitments_revision revision
        JOIN missions_coreactivity activity ON activity.version_id = revision.mission_version_id
        JOIN missions_missionversion version ON version.id = activity.version_id
        WHERE revision.id = NEW.revision_id AND activity.id = NEW.core_activity_id
            AND version.state = 'published'
    ) THEN
        RAISE EXCEPTION 'a commitment is tied to an activity of the revision''s own mission'
            USING ERRCODE = 'check_violation';
    END IF;
"""

_SIGNATURE = """
    -- FOR SHARE waits for an edit under way: what is signed is what both see.
    PERFORM 1 FROM commitments_revision WHERE id = NEW.revision_id FOR SHARE;
    -- And for one who ends the substitution at this moment.
    PERFORM 1 FROM people_substitution WHERE id = NEW.substitution_id FOR SHARE;
    IF NOT EXISTS (
        SELECT 1 FROM commitments_revision revision
        JOIN commitments_agreement agreement ON agreement.id = revision.agreement_id
        WHERE revision.id = NEW.revision_id
            AND revision.state = 'agreed'
            AND revision.sha256 = NEW.sha256
            AND agreement.ended_at IS NULL
            AND agreement.leader_access_ended_at IS NULL
            AND coalesce(NEW.on_behalf_of_id, NEW.signer_id) = CASE NEW.party
                WHEN 'leader' THEN agreement.leader_id
                WHEN 'employee' THEN agreement.employee_id
            END
            AND (NEW.on_behalf_of_id IS NULL OR NEW.signer_id <> agreement.employee_id)
    ) THEN
        RAISE EXCEPTION 'only a party signs, and only what is agreed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.on_behalf_of_id IS NOT NULL AND NOT EXISTS (
        WITH RECURSIVE above(id, parent_id) AS (
            SELECT unit.id, unit.parent_id FROM people_unit unit
            JOIN commitments_agreement agreement ON agreement.unit_id = unit.id
            JOIN commitments_revision revision ON revision.agreement_id = agreement.id
            WHERE revision.id = NEW.revision_id
          UNION
            SELECT unit.id, unit.parent_id
            FROM people_unit unit JOIN above ON unit.id = above.parent_id
        )
        SELECT 1 FROM people_substitution substitution
        WHERE substitution.id = NEW.substitution_id
            AND substitution.leader_id = NEW.on_behalf_of_id
            AND substitution.substitute_id = NEW.signer_id
            AND substitution.ended_at IS NULL
            AND (NEW.signed_at AT TIME ZONE 'Europe/Oslo')::date
                BETWEEN substitution.valid_from AND substitution.valid_to
            AND substitution.unit_id IN (SELECT id FROM above)
    ) THEN
        RAISE EXCEPTION 'only a substitute signs for a leader, and only in that time and place'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM commitments_signature
        WHERE revision_id = NEW.revision_id AND medium <> NEW.medium
    ) THEN
        RAISE EXCEPTION 'both sign in the portal, or both on paper'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.medium = 'paper' AND NOT EXISTS (
        SELECT 1 FROM commitments_revision revision
        WHERE revision.id = NEW.revision_id AND NEW.paper_signed_on
            BETWEEN (revision.agreed_at AT TIME ZONE 'Europe/Oslo')::date
            AND (NEW.signed_at AT TIME ZONE 'Europe/Oslo')::date
    ) THEN
        RAISE EXCEPTION 'a paper is signed after it is agreed to, and before that is told'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_DOCUMENT = """
    IF NOT EXISTS (
        SELECT 1 FROM commitments_revision WHERE id = NEW.revision_id AND state = 'signed'
    ) THEN
        RAISE EXCEPTION 'only a signed revision has a document' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sha256 <> encode(sha256(NEW.pdf), 'hex') THEN
        RAISE EXCEPTION 'the hash is not the document''s' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


_HEAD_INSERT = """
    IF (NEW.evidence_number, NEW.evidence_sha256) <> (0, '') THEN
        RAISE EXCEPTION 'an agreement begins without evidence' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_HEAD_UPDATE = """
    IF (NEW.evidence_number, NEW.evidence_sha256)
        IS DISTINCT FROM (OLD.evidence_number, OLD.evidence_sha256)
        AND NOT (
            NEW.evidence_number = OLD.evidence_number + 1
            AND EXISTS (
                SELECT 1 FROM commitments_evidenceevent event
                WHERE event.agreement_id = NEW.id
                    AND event.number = NEW.evidence_number
                    AND event.sha256 = NEW.evidence_sha256
            )
        )
    THEN
        RAISE EXCEPTION 'the head of the evidence moves one event at a time'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_EVENT = """
    -- The lock is the chain's: two events at once stand one after the other.
    SELECT evidence_number, evidence_sha256 INTO head
        FROM commitments_agreement WHERE id = NEW.agreement_id FOR NO KEY UPDATE;
    NEW.number := head.evidence_number + 1;
    NEW.previous_sha256 := head.evidence_sha256;
    NEW.sha256 := encode(sha256(convert_to(concat_ws('|',
        'lederportalen.evidence.1', NEW.agreement_id, NEW.number, NEW.kind, NEW.subject,
        coalesce(NEW.actor_id, 0),
        to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        NEW.content_sha256, NEW.previous_sha256
    ), 'UTF8')), 'hex');
    RETURN NEW;
"""

_EVENT_MOVES_HEAD = """
    UPDATE commitments_agreement
        SET evidence_number = NEW.number, evidence_sha256 = NEW.sha256
        WHERE id = NEW.agreement_id;
    RETURN NULL;
"""

_SALT_DELETE = """
    IF NOT EXISTS (
        SELECT 1 FROM commitments_evidenceevent event
        JOIN commitments_evidenceevent erased
            ON erased.agreement_id = event.agreement_id AND erased.kind = 'erased'
        WHERE event.id = OLD.event_id
    ) THEN
        RAISE EXCEPTION 'a salt goes when its agreement is erased, and not before'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
"""


_END = """
    IF OLD.ended_at IS NOT NULL
        AND (OLD.ended_at, OLD.ended_by_id) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id)
    THEN
        RAISE EXCEPTION 'an ended agreement stays ended' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.leader_access_ended_at IS NOT NULL
        AND OLD.leader_access_ended_at IS DISTINCT FROM NEW.leader_access_ended_at
    THEN
        RAISE EXCEPTION 'a leader who has lost sight of an agreement does not get it back'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_SHARE = """
    IF NOT EXISTS (
        SELECT 1 FROM commitments_agreement agreement
        WHERE agreement.id = NEW.agreement_id
            AND agreement.leader_access_ended_at IS NOT NULL
            AND agreement.ended_at IS NULL
            AND NEW.with_user_id <> agreement.employee_id
            AND EXISTS (
                SELECT 1 FROM commitments_revision revision
                WHERE revision.agreement_id = agreement.id AND revision.state = 'signed'
            )
    ) THEN
        RAISE EXCEPTION 'only what was signed and left behind is shared'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_SHARE_ENDS = """
    IF OLD.ended_at IS NOT NULL
        OR (OLD.agreement_id, OLD.with_user_id, OLD.shared_at)
            IS DISTINCT FROM (NEW.agreement_id, NEW.with_user_id, NEW.shared_at)
    THEN
        RAISE EXCEPTION 'a share ends once, and nothing else of it changes'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


_PRIVATE_NOTE = """
    IF NOT EXISTS (
        SELECT 1 FROM commitments_followup talk
        JOIN commitments_agreement agreement ON agreement.id = talk.agreement_id
        WHERE talk.id = NEW.follow_up_id AND (
            NEW.author_id = agreement.employee_id
            OR NEW.author_id = agreement.leader_id AND agreement.leader_access_ended_at IS NULL
        )
    ) THEN
        RAISE EXCEPTION 'only a party writes notes for herself'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def private_note_triggers() -> list[pgtrigger.Trigger]:
    both = pgtrigger.Insert | pgtrigger.Update
    return [_before("private_note_is_a_partys", both, _PRIVATE_NOTE)]


def end_trigger() -> pgtrigger.Trigger:
    return _before("agreement_ends_for_good", pgtrigger.Update, erasure.RETENTION + _END)


def share_triggers() -> list[pgtrigger.Trigger]:
    return [
        _before("share_of_what_was_left_behind", pgtrigger.Insert, _SHARE),
        _before("share_ends_once", pgtrigger.Update, _SHARE_ENDS),
        goes_with_erasure("share", erasure.OWN),
        never_truncated("share"),
    ]


def head_triggers() -> list[pgtrigger.Trigger]:
    return [
        _before("agreement_begins_unproven", pgtrigger.Insert, _HEAD_INSERT),
        _before("agreement_head_moves_by_event", pgtrigger.Update, _HEAD_UPDATE),
    ]


def event_triggers() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name="event_is_linked",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            declare=[("head", "RECORD")],
            func=_EVENT,
        ),
        _before("event_of_erasure_in_its_time", pgtrigger.Insert, erasure.EVENT),
        pgtrigger.Trigger(
            name="event_moves_head",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            func=_EVENT_MOVES_HEAD,
        ),
        *append_only("event"),
    ]


def salt_triggers() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Protect(name="salt_never_changes", operation=pgtrigger.Update),
        _before("salt_goes_with_erasure", pgtrigger.Delete, _SALT_DELETE),
        never_truncated("salt"),
    ]


def revision_triggers() -> list[pgtrigger.Trigger]:
    return [
        _before("revision_begins_as_draft", pgtrigger.Insert, _REVISION_INSERT),
        _before("revision_goes_its_way", pgtrigger.Update, erasure.REVISION + _REVISION_UPDATE),
        pgtrigger.Protect(
            name="revision_is_kept",
            operation=pgtrigger.Delete,
            condition=~pgtrigger.Q(old__state="draft"),
        ),
        never_truncated("revision"),
    ]


def commitment_triggers() -> list[pgtrigger.Trigger]:
    new, old = "NEW.revision_id", "OLD.revision_id"
    extra = _ACTIVITY_OF_THE_MISSION
    return [
        _before("commitment_into_draft", pgtrigger.Insert, _commitment(new, "NEW", extra)),
        _before(
            "commitment_of_draft_changes",
            pgtrigger.Update,
            _commitment(f"{old}, {new}", "NEW", extra),
        ),
        _before(
            "commitment_of_draft_goes",
            pgtrigger.Delete,
            f"IF {erasure.erased(erasure.OF_REVISION)} THEN RETURN OLD; END IF;"
            + _commitment(old, "OLD", ""),
        ),
        never_truncated("commitment"),
    ]


def signature_triggers() -> list[pgtrigger.Trigger]:
    return [
        _before("signature_by_party_of_agreed", pgtrigger.Insert, _SIGNATURE),
        *kept_until_erased("signature", erasure.OF_REVISION),
    ]


def document_triggers() -> list[pgtrigger.Trigger]:
    return [
        _before("document_of_signed", pgtrigger.Insert, _DOCUMENT),
        *kept_until_erased("document", erasure.OF_REVISION),
    ]


def _commitment(rows: str, answer: str, extra: str) -> str:
    return _COMMITMENT.format(rows=rows, answer=answer, extra=extra)


def _before(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operation, func=func)
