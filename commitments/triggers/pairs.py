"""What PostgreSQL refuses of pairs: a row that names two others names two of one agreement."""

from __future__ import annotations

from typing import Final

import pgtrigger

from commitments.models.states import EventKind
from commitments.triggers.bodies import before, body
from common.sql import sql_list

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
        EventKind.LAPSED,
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


def event_of_its_agreement() -> pgtrigger.Trigger:
    name = "event_is_about_its_agreement"
    kinds = {subject: sql_list(kinds) for subject, kinds in SUBJECTS.items()}
    return before(name, pgtrigger.Insert, body(name, **kinds))


def follow_up_of_its_agreement() -> pgtrigger.Trigger:
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("agreement_id", "revision_id")
    return before("follow_up_is_of_its_agreement", operation)


def outcome_of_its_conversation() -> pgtrigger.Trigger:
    return before("outcome_is_of_its_conversation", pgtrigger.Insert)


def note_by_a_party() -> pgtrigger.Trigger:
    return before("note_is_a_partys", pgtrigger.Insert)


def unsaved_work_by_a_party() -> pgtrigger.Trigger:
    both = pgtrigger.Insert | pgtrigger.Update
    return before("unsaved_work_is_a_partys", both)


def carried_from_ones_own() -> pgtrigger.Trigger:
    return before("agreement_is_carried_from_ones_own", pgtrigger.Insert)
