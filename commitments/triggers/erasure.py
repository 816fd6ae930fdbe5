"""What PostgreSQL lets go when a retention has ended: content, through an `erased` event alone.

The event comes first, and the database takes it only for an agreement whose day has come.
"""

from __future__ import annotations

import pgtrigger

from commitments.triggers.bodies import body
from people.guards import never_truncated

OF_REVISION = "(SELECT agreement_id FROM commitments_revision WHERE id = OLD.revision_id)"
OF_FOLLOW_UP = "(SELECT agreement_id FROM commitments_followup WHERE id = OLD.follow_up_id)"
OWN = "OLD.agreement_id"


def erased(agreement: str) -> str:
    return body("_is_erased", agreement=agreement)


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
        func=body("goes_with_erasure", only_when=only_when, erased=erased(agreement)),
    )
