"""What PostgreSQL lets go when a retention has ended: content, through an `erased` event alone.

The event comes first, and the database takes it only for an agreement whose day has come.
"""

from __future__ import annotations

import pgtrigger

from people.models import never_truncated

_ERASED = """
    EXISTS (
        SELECT 1 FROM commitments_evidenceevent erased
        WHERE erased.agreement_id = {agreement} AND erased.kind = 'erased'
    )
"""

_GOES = """
    IF {only_when} NOT {erased} THEN
        RAISE EXCEPTION 'Cannot delete rows from % table', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
"""

OF_REVISION = "(SELECT agreement_id FROM commitments_revision WHERE id = OLD.revision_id)"
OF_FOLLOW_UP = "(SELECT agreement_id FROM commitments_followup WHERE id = OLD.follow_up_id)"
OWN = "OLD.agreement_id"

EVENT = """
    IF EXISTS (
        SELECT 1 FROM commitments_evidenceevent erased
        WHERE erased.agreement_id = NEW.agreement_id AND erased.kind = 'erased'
    ) THEN
        RAISE EXCEPTION 'nothing happens to what is erased' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind = 'erased' AND (NEW.actor_id IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM commitments_agreement agreement
        WHERE agreement.id = NEW.agreement_id AND agreement.ended_at IS NOT NULL
            AND agreement.erases_on <= (now() AT TIME ZONE 'Europe/Oslo')::date
    )) THEN
        RAISE EXCEPTION 'an agreement is erased when its retention has ended, and by nobody'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

RETENTION = """
    IF NEW.ended_at IS NOT NULL AND OLD.ended_at IS NULL AND (
        NEW.erases_on IS NULL OR NEW.erases_on < (NEW.ended_at AT TIME ZONE 'UTC')::date + 365
    ) THEN
        RAISE EXCEPTION 'what is ended is kept for a year at least'
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.erases_on IS NOT NULL AND OLD.erases_on IS DISTINCT FROM NEW.erases_on THEN
        RAISE EXCEPTION 'the day of erasure stands from when it is ended'
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.erased_at IS NOT NULL AND OLD.erased_at IS DISTINCT FROM NEW.erased_at
        OR OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM commitments_evidenceevent erased
            WHERE erased.agreement_id = NEW.id AND erased.kind = 'erased'
        )
    THEN
        RAISE EXCEPTION 'an agreement is erased by its event, and once'
            USING ERRCODE = 'check_violation';
    END IF;
"""

REVISION = """
    IF OLD.erased_at IS NOT NULL THEN
        RAISE EXCEPTION 'an erased revision never changes' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.erased_at IS NOT NULL THEN
        IF (
            OLD.agreement_id, OLD.number, OLD.state, OLD.turn, OLD.mission_version_id,
            OLD.version, OLD.proposed_by_id, OLD.proposed_at, OLD.agreed_by_id, OLD.agreed_at,
            OLD.signed_at, OLD.schema_version, OLD.sha256
        ) IS DISTINCT FROM (
            NEW.agreement_id, NEW.number, NEW.state, NEW.turn, NEW.mission_version_id,
            NEW.version, NEW.proposed_by_id, NEW.proposed_at, NEW.agreed_by_id, NEW.agreed_at,
            NEW.signed_at, NEW.schema_version, NEW.sha256
        ) OR concat(
            NEW.snapshot, NEW.reason, NEW.goals, NEW.put_off, NEW.upward, NEW.renegotiate_when,
            NEW.disagreement, NEW.follow_up_on
        ) <> '' OR NOT EXISTS (
            SELECT 1 FROM commitments_evidenceevent erased
            WHERE erased.agreement_id = NEW.agreement_id AND erased.kind = 'erased'
        ) THEN
            RAISE EXCEPTION 'a revision is erased whole, by its agreement''s event'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
"""


def erased(agreement: str) -> str:
    return _ERASED.format(agreement=agreement)


def kept_until_erased(name: str, agreement: str) -> list[pgtrigger.Trigger]:
    """Rows come in and never change, and go when their agreement is erased."""
    return [
        pgtrigger.Protect(name=f"{name}_never_changes", operation=pgtrigger.Update),
        goes_with_erasure(name, agreement),
        never_truncated(name),
    ]


def goes_with_erasure(name: str, agreement: str, *, only_when: str = "") -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"{name}_goes_with_erasure",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=_GOES.format(only_when=only_when, erased=erased(agreement)),
    )
