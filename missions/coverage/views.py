from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.htmx import render_part
from missions import rules
from missions.coverage.figures import coverage_below, coverage_of
from missions.gates import require
from missions.responsibility import coverage_roots
from people.models import Unit
from people.requests import SignedInRequest, today_in


@login_required
@require_safe
def coverage(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    roots = coverage_roots(request.user, today)
    if not roots:
        raise PermissionDenied
    return render(request, "missions/coverage.html", {"rows": coverage_of(roots, today)})


@login_required
@require_safe
def coverage_of_unit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    unit = get_object_or_404(Unit.objects.visible_to(request.user, on=today), pk=pk)
    require(rules.may_see_coverage(request.user, unit, today))
    context = {"unit": unit, "rows": coverage_below(unit, today)}
    return render_part(request, "missions/coverage.html", "missions/_coverage_rows.html", context)
