"""What PostgreSQL itself refuses of private answers: seen by nobody too early, changed by nobody
after both have read them.
"""

from __future__ import annotations

import pgtrigger

from people.models import never_truncated

_BEGINS = """
    IF NEW.ready_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM commitments_agreement agreement
        WHERE agreement.id = NEW.agreement_id
            AND NEW.author_id = CASE NEW.party
                WHEN 'leader' THEN agreement.leader_id
                WHEN 'employee' THEN agreement.employee_id
            END
    ) THEN
        RAISE EXCEPTION 'each of the two prepares for themselves, and begins unready'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_REVEALED = """
    EXISTS (
        SELECT 1 FROM commitments_preparation other
        WHERE other.agreement_id = OLD.agreement_id AND other.occasion = OLD.occasion
            AND other.party <> OLD.party AND other.ready_at IS NOT NULL
    )
"""

_ERASED = """
    EXISTS (
        SELECT 1 FROM commitments_evidenceevent event
        WHERE event.agreement_id = {agreement} AND event.kind = 'erased'
    )
"""

_CHANGES = f"""
    -- The agreement's row is the lock, so that two who say it at once stand one after the other.
    PERFORM 1 FROM commitments_agreement WHERE id = OLD.agreement_id FOR NO KEY UPDATE;
    IF (OLD.agreement_id, OLD.party, OLD.author_id, OLD.occasion, OLD.created_at)
        IS DISTINCT FROM (NEW.agreement_id, NEW.party, NEW.author_id, NEW.occasion, NEW.created_at)
    THEN
        RAISE EXCEPTION 'only that somebody is ready changes' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.ready_at IS NOT NULL AND {_REVEALED} THEN
        RAISE EXCEPTION 'what both have read is not taken back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_GOES = f"""
    IF OLD.ready_at IS NOT NULL AND {_REVEALED}
        AND NOT {_ERASED.format(agreement="OLD.agreement_id")}
    THEN
        RAISE EXCEPTION 'what both have read goes when the agreement is erased, and not before'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
"""

_ANSWER = """
    -- FOR SHARE waits for one who is saying «klar», so that nothing slips in beside it.
    PERFORM 1 FROM commitments_preparation WHERE id IN ({rows}) ORDER BY id FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM commitments_preparation preparation
        WHERE preparation.id IN ({rows}) AND preparation.ready_at IS NOT NULL {unless}
    ) THEN
        RAISE EXCEPTION 'answers change until one has said that one is ready'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN {answer};
"""


def preparation_triggers() -> list[pgtrigger.Trigger]:
    return [
        _before("preparation_is_ones_own", pgtrigger.Insert, _BEGINS),
        _before("preparation_is_read_by_both_or_none", pgtrigger.Update, _CHANGES),
        _before("preparation_goes_with_erasure", pgtrigger.Delete, _GOES),
        never_truncated("preparation"),
    ]


def answer_triggers() -> list[pgtrigger.Trigger]:
    erased = _ERASED.format(agreement="preparation.agreement_id")
    new, old = "NEW.preparation_id", "OLD.preparation_id"
    return [
        _before("answer_before_ready", pgtrigger.Insert, _answer(new, "NEW")),
        _before("answer_changes_before_ready", pgtrigger.Update, _answer(f"{old}, {new}", "NEW")),
        _before(
            "answer_goes_before_ready",
            pgtrigger.Delete,
            _answer(old, "OLD", unless=f"AND NOT {erased}"),
        ),
        never_truncated("answer"),
    ]


def _answer(rows: str, answer: str, *, unless: str = "") -> str:
    return _ANSWER.format(rows=rows, answer=answer, unless=unless)


def _before(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operation, func=func)
