from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.requests import SignedInRequest, today_in
from seminars.browsing.months import Month
from seminars.models import Seminar


@login_required
@require_safe
def month(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    shown = Month.read(request.GET.get("maned", ""), today=today)
    starts, ends = shown.limits()
    seminars = (
        Seminar.objects.visible_to(request.user, on=today)
        .announced()
        .held_between(starts, ends)
        .with_own_state(request.user)
        .prefetch_related("sessions")
    )
    weeks = shown.weeks(seminars, today=today)
    context = {
        "month": shown,
        "weeks": weeks,
        "has_seminars": any(day.entries and day.is_in_month for week in weeks for day in week),
        "breadcrumbs": [(_("Seminarer"), reverse("seminars:list")), (_("Kalender"), None)],
    }
    return render(request, "seminars/calendar.html", context)
