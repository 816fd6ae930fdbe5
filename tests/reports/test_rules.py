"""Who may see figures, and with that who may not."""

from __future__ import annotations

from reports.rules import may_see_reports
from reports.scope import scope_of
from tests import clock
from tests.cast import KINDS, Cast


def test_may_see_reports_is_for_hr(cast: Cast) -> None:
    today = clock.today()
    may = [kind for kind in KINDS if may_see_reports(scope_of(getattr(cast, kind), today))]
    assert may == ["hr"]
