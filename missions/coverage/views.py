from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.htmx import is_htmx, render_part
from missions import rules
from missions.coverage.figures import by_level, coverage_below, coverage_of
from missions.gates import require
from missions.responsibility import coverage_roots
from people.models import Unit
from people.requests import SignedInRequest, today_in


@login_required
@require_safe
def coverage(request: SignedInRequest) -> HttpResponse:
    """The units one answers for; a single one with what lies right below it."""
    today = today_in(request)
    roots = coverage_roots(request.user, today)
    if not roots:
        raise PermissionDenied
    context: dict[str, Any] = {"rows": coverage_of(roots, today)}
    if len(roots) == 1:
        context |= _below(roots[0], today)
    return render(request, "missions/coverage.html", context)


@login_required
@require_safe
def coverage_of_unit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    unit = get_object_or_404(Unit.objects.visible_to(request.user, on=today), pk=pk)
    require(rules.may_see_coverage(request.user, unit, today))
    rows = [] if is_htmx(request) else coverage_of([unit.pk], today)
    context = {"unit": unit, "rows": rows, **_below(unit.pk, today)}
    return render_part(request, "missions/coverage.html", "missions/_coverage_below.html", context)


def _below(unit_id: int, today: dt.date) -> dict[str, Any]:
    """What is unfolded under one unit's tile."""
    rows = coverage_below(unit_id, today)
    return {"unfolded": unit_id, "below": by_level(rows), "found": len(rows)}
