from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments.follow_up.overdue import leaders_below, unheld_by
from commitments.gates import require
from commitments.visibility_text import who_sees_unheld
from people.requests import SignedInRequest, affiliation_in, today_in


@login_required
@require_safe
@never_cache
def unheld(request: SignedInRequest) -> HttpResponse:
    require(affiliation_in(request, request.user).is_leader)
    today = today_in(request)
    leaders = leaders_below(request.user, today)
    context = {
        "has_leaders": bool(leaders),
        "unheld": unheld_by(leaders, today),
        "who_sees": who_sees_unheld(),
        "breadcrumbs": [
            (_("Avtaler"), reverse("commitments:list")),
            (_("Samtaler som ikke er holdt"), None),
        ],
    }
    return render(request, "commitments/unheld.html", context)
