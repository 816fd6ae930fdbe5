"""Who may see figures."""

from __future__ import annotations

from reports.scope import Scope


def may_see_reports(scope: Scope) -> bool:
    """Holds the HR role on some unit today; the figures are of that unit and those below."""
    return bool(scope.granted)
