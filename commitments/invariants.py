"""What is always true of agreements that both have signed, asked of the rows themselves."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from commitments.models import Revision
from evidence.seal_health import seal_health

GRACE = dt.timedelta(minutes=15)
"""Three rounds of the sweep: what it has not sealed by then, it does not seal."""
BECOMES_A_DOCUMENT = "what both have signed becomes a document"
INVARIANTS = (BECOMES_A_DOCUMENT,)


@dataclass(frozen=True, slots=True)
class AgreementFault:
    invariant: str
    agreement_id: int
    row_id: int

    def __str__(self) -> str:
        return f"{self.invariant}: agreement {self.agreement_id}, revision {self.row_id}"


def faults(*, now: dt.datetime) -> list[AgreementFault]:
    """Everything that should not be. A portal that cannot seal waits for its certificate."""
    if not seal_health(now).can_seal:
        return []
    late = Revision.objects.without_document().filter(signed_at__lt=now - GRACE).order_by("pk")
    return [
        AgreementFault(BECOMES_A_DOCUMENT, agreement, pk)
        for agreement, pk in late.values_list("agreement_id", "pk")
    ]
