"""What PostgreSQL itself refuses of private answers: seen by nobody too early, changed by nobody
after both have read them.
"""

from __future__ import annotations

import pgtrigger

from commitments.triggers.bodies import before, body
from people.guards import never_truncated


def preparation_triggers() -> list[pgtrigger.Trigger]:
    revealed = body("_is_revealed")
    erased = body("_preparation_is_erased", agreement="OLD.agreement_id")
    changes = body("preparation_is_read_by_both_or_none", revealed=revealed)
    goes = body("preparation_goes_with_erasure", revealed=revealed, erased=erased)
    return [
        before("preparation_is_ones_own", pgtrigger.Insert),
        before("preparation_is_read_by_both_or_none", pgtrigger.Update, changes),
        before("preparation_goes_with_erasure", pgtrigger.Delete, goes),
        never_truncated("preparation"),
    ]


def answer_triggers() -> list[pgtrigger.Trigger]:
    erased = body("_preparation_is_erased", agreement="preparation.agreement_id")
    new, old = "NEW.preparation_id", "OLD.preparation_id"
    return [
        before("answer_before_ready", pgtrigger.Insert, _answer(new, "NEW")),
        before("answer_changes_before_ready", pgtrigger.Update, _answer(f"{old}, {new}", "NEW")),
        before(
            "answer_goes_before_ready",
            pgtrigger.Delete,
            _answer(old, "OLD", unless=f"AND NOT {erased}"),
        ),
        never_truncated("answer"),
    ]


def _answer(rows: str, answer: str, *, unless: str = "") -> str:
    return body("answer_before_ready", rows=rows, answer=answer, unless=unless)
