from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from people.requests import SignedInRequest, affiliation_in, now_in, today_in
from seminars import rules
from seminars.browsing.calendar_marks import LEGEND, mark_of
from seminars.browsing.months import Month, empty_months
from seminars.models import Seminar
from seminars.seats.seats_left import seats_left_for


@login_required
@require_safe
def month(request: SignedInRequest) -> HttpResponse:
    """The month asked for, or else the first, from today's on, in which something is held."""
    now, today = now_in(request), today_in(request)
    visible = Seminar.objects.visible_to(request.user, on=today).announced()
    asked = Month.read(request.GET.get("maned", ""))
    empty = empty_months(asked or Month.of(today), visible.published(), today=today)
    shown = asked or (empty and empty.then) or Month.of(today)
    found = visible.held_between(*shown.limits()).with_own_state(request.user).with_seat_counts()
    seminars = list(found.prefetch_related("sessions"))
    left = seats_left_for(request.user, seminars, now)
    marks = {one.pk: mark_of(one, now, left=left[one.pk]) for one in seminars}
    context = {
        "month": shown,
        "today": Month.of(today),
        "weeks": shown.weeks(seminars, marks, today=today),
        "empty": empty,
        "legend": LEGEND,
        "may_arrange": rules.may_arrange(affiliation_in(request, request.user)),
        "breadcrumbs": [(_("Seminarer"), reverse("seminars:list")), (_("Kalender"), None)],
    }
    return render(request, "seminars/calendar.html", context)
