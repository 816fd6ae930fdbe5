"""What PostgreSQL itself refuses, whoever asks: the rules of docs/agreements.md as triggers."""

from __future__ import annotations

from typing import Final

import pgtrigger

from commitments.models.states import TALK_PATIENCE, Party, RevisionState
from commitments.triggers import erasure
from commitments.triggers.bodies import before, body
from commitments.triggers.erasure import goes_with_erasure, kept_until_erased
from common.sql import sql_list
from people.guards import append_only, never_truncated

WAYS: Final = {
    RevisionState.DRAFT: (
        RevisionState.DRAFT,
        RevisionState.PROPOSED,
        RevisionState.WITHDRAWN,
        RevisionState.LAPSED,
    ),
    RevisionState.PROPOSED: (
        RevisionState.PROPOSED,
        RevisionState.AGREED,
        RevisionState.SUPERSEDED,
        RevisionState.WITHDRAWN,
        RevisionState.LAPSED,
    ),
    RevisionState.AGREED: (
        RevisionState.AGREED,
        RevisionState.SIGNED,
        RevisionState.SUPERSEDED,
        RevisionState.WITHDRAWN,
        RevisionState.LAPSED,
    ),
}
"""Where a revision goes from each state; from a state that is not here it goes nowhere."""
FOR_GOOD: Final = tuple(state for state in RevisionState if state not in WAYS)


def private_note_triggers() -> list[pgtrigger.Trigger]:
    both = pgtrigger.Insert | pgtrigger.Update
    return [before("private_note_is_a_partys", both)]


def end_trigger() -> pgtrigger.Trigger:
    kept = body("agreement_is_kept_until_erased")
    return before(
        "agreement_ends_for_good", pgtrigger.Update, kept + body("agreement_ends_for_good")
    )


def follow_up_lapse_trigger() -> pgtrigger.Trigger:
    name = "follow_up_lapses_on_its_day"
    days = str(TALK_PATIENCE.days)
    return before(name, pgtrigger.UpdateOf("lapsed_at"), body(name, patience=days))


def share_triggers() -> list[pgtrigger.Trigger]:
    return [
        before("share_of_what_was_left_behind", pgtrigger.Insert),
        before("share_ends_once", pgtrigger.Update),
        goes_with_erasure("share", erasure.OWN),
        never_truncated("share"),
    ]


def head_triggers() -> list[pgtrigger.Trigger]:
    return [
        before("agreement_begins_unproven", pgtrigger.Insert),
        before("agreement_is_one_of_a_pair", pgtrigger.Insert),
        before("agreement_head_moves_by_event", pgtrigger.Update),
    ]


def event_triggers() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Trigger(
            name="event_is_linked",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            declare=[("head", "RECORD")],
            func=body("event_is_linked"),
        ),
        before("event_of_erasure_in_its_time", pgtrigger.Insert),
        before("event_of_lapse_by_nobody", pgtrigger.Insert),
        pgtrigger.Trigger(
            name="event_moves_head",
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            func=body("event_moves_head"),
        ),
        *append_only("event"),
    ]


def salt_triggers() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.Protect(name="salt_never_changes", operation=pgtrigger.Update),
        before("salt_goes_with_erasure", pgtrigger.Delete),
        never_truncated("salt"),
    ]


def revision_triggers() -> list[pgtrigger.Trigger]:
    erased_whole = body("revision_is_erased_whole")
    goes = body(
        "revision_goes_its_way",
        for_good=sql_list(FOR_GOOD),
        ways=_ways(),
        parties=sql_list(Party),
        number_of_parties=str(len(Party)),
    )
    return [
        before("revision_begins_as_draft", pgtrigger.Insert),
        before("revision_goes_its_way", pgtrigger.Update, erased_whole + goes),
        pgtrigger.Protect(
            name="revision_is_kept",
            operation=pgtrigger.Delete,
            condition=~pgtrigger.Q(old__state="draft"),
        ),
        never_truncated("revision"),
    ]


def commitment_triggers() -> list[pgtrigger.Trigger]:
    new, old = "NEW.revision_id", "OLD.revision_id"
    extra = body("commitment_is_of_the_mission")
    return [
        before("commitment_into_draft", pgtrigger.Insert, _commitment(new, "NEW", extra)),
        before(
            "commitment_of_draft_changes",
            pgtrigger.Update,
            _commitment(f"{old}, {new}", "NEW", extra),
        ),
        before(
            "commitment_of_draft_goes",
            pgtrigger.Delete,
            f"IF {erasure.erased(erasure.OF_REVISION)} THEN RETURN OLD; END IF;"
            + _commitment(old, "OLD", ""),
        ),
        never_truncated("commitment"),
    ]


def signature_triggers() -> list[pgtrigger.Trigger]:
    return [
        before("signature_by_party_of_agreed", pgtrigger.Insert),
        *kept_until_erased("signature", erasure.OF_REVISION),
    ]


def document_triggers() -> list[pgtrigger.Trigger]:
    return [
        before("document_of_signed", pgtrigger.Insert),
        *kept_until_erased("document", erasure.OF_REVISION),
    ]


def _commitment(rows: str, answer: str, extra: str) -> str:
    return body("commitment_of_draft", rows=rows, answer=answer, extra=extra)


def _ways() -> str:
    """Return the pairs of states, a line for each that they go from."""
    lines = (", ".join(sql_list((old, new)) for new in after) for old, after in WAYS.items())
    return ",\n        ".join(lines)
