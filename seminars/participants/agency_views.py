from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.htmx import render_part
from people.requests import SignedInRequest, now_in
from seminars.breadcrumbs import desk_path
from seminars.gates import organised
from seminars.participants.seats_by_agency import seats_by_agency


@login_required
@require_safe
def seats(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked for anew by the page itself every 20 seconds; the same address without a script."""
    seminar = organised(request, pk, is_counted=False)
    rows = seats_by_agency(seminar)
    context = {
        "seminar": seminar,
        "rows": rows,
        "most": max((row.width for row in rows), default=0),
        "taken": sum(row.taken for row in rows),
        "held": sum(row.held for row in rows),
        "waiting": sum(row.waiting for row in rows),
        "at": now_in(request),
        "breadcrumbs": desk_path(seminar, _("Plasser per virksomhet")),
    }
    return render_part(request, "seminars/seats.html", "seminars/_seats.html", context)
