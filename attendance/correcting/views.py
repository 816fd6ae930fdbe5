"""The organiser puts one person's attendance right, with a reason that the person may read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendance.correcting.forms import CorrectionForm
from attendance.marking.actions import correct_attendance
from attendance.own_attendance.record import own_record
from common.refusals import refusals_kept
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import desk_path
from seminars.gates import organised


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    seminar, now = organised(request, pk), now_in(request)
    recordable = seminar.registrations.recordable().with_sessions_at_hand()
    registration = get_object_or_404(recordable, pk=registration_pk)
    form = CorrectionForm(registration, posted(request))
    if form.is_valid():
        with refusals_kept(request, form) as kept:
            correct_attendance(registration, **form.correction, by=request.user, now=now)
            messages.success(request, _("Oppmøtet er rettet."))
        if not kept.shows_form:
            return redirect("attendance:correct", pk, registration_pk)
    context = {
        "seminar": seminar,
        "registration": registration,
        "record": own_record(registration),
        "form": form,
        "breadcrumbs": desk_path(
            seminar, registration.user.name, below=(_("Deltakere"), "seminars:participants")
        ),
    }
    return render(request, "attendance/correct.html", context)
