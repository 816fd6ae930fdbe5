from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.requests import SignedInRequest
from seminars.breadcrumbs import desk_path
from seminars.gates import organised
from seminars.retention.personal_data import held_by


@login_required
@require_safe
def personal_data(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    context = {
        "seminar": seminar,
        "held": held_by(seminar),
        "breadcrumbs": desk_path(seminar, _("Persondata")),
    }
    return render(request, "seminars/personal_data.html", context)
