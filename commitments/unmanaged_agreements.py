"""Which agreements are between two who do not lead and are led any more, on a day."""

from __future__ import annotations

import datetime as dt

from commitments import unmanaged_sql
from commitments.models import Agreement, Share
from people.organisation import line_managers_of


def left_behind(on: dt.date, *, only: int | None = None) -> list[int]:
    """Agreements whose leader is not the line manager there any more and still stands in them."""
    found = Agreement.objects.filter(pk__in=unmanaged_sql.left_behind(on, only=only))
    return list(found.order_by("pk").values_list("pk", flat=True))


def outlived_shares(on: dt.date) -> list[Share]:
    """Shares with somebody who is not the employee's line manager any more either."""
    shares = Share.objects.active().select_related("agreement__employee", "with_user")
    return [
        share
        for share in shares
        if share.with_user not in line_managers_of(share.agreement.employee, on=on)
    ]
