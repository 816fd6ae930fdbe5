from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.languages import Written
from common.refusals import refusals_kept, refusals_told
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars import rules
from seminars.approvals.actions import approve_registration, decline_registration
from seminars.approvals.restore_actions import closed_to_restoring, restore_declined
from seminars.breadcrumbs import Crumb
from seminars.forms.reasons import ApprovalForm
from seminars.models import Registration, Seminar
from seminars.seats import approver


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    """The line manager's answer; who is asked about is for that manager alone to see."""
    now = now_in(request)
    asked = approver.answerable_by(request.user, pk, on=timezone.localdate(now))
    registration = get_object_or_404(asked, pk=registration_pk)
    form = ApprovalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if _is_answered(request, registration, form):
            return redirect("seminars:own_staff", registration.seminar_id)
        registration = get_object_or_404(asked, pk=registration_pk)
    is_over = approver.why_no_answer(registration, now)
    seminar = registration.seminar
    context = {
        "seminar": seminar,
        "registration": registration,
        "form": form,
        "is_over": is_over,
        "typed_words": [reason] if (reason := form["reason"].value()) else [],
        "may_restore": closed_to_restoring(registration, now) is None,
        "breadcrumbs": _path(seminar),
    }
    return render(request, "seminars/approve.html", context)


def _is_answered(request: SignedInRequest, registration: Registration, form: ApprovalForm) -> bool:
    """A refusal is told on the page, which says what became of it, also of a cancelled one."""
    now, name = now_in(request), {"name": registration.user.name}
    with refusals_kept(request, form, "reason") as kept:
        if form.says_no:
            reason = form.cleaned_data["reason"]
            decline_registration(registration=registration, by=request.user, reason=reason, now=now)
            messages.success(request, _("Påmeldingen til %(name)s er avslått.") % name)
        else:
            approve_registration(registration=registration, by=request.user, now=now)
            messages.success(request, _("Påmeldingen til %(name)s er godkjent.") % name)
    return not kept.shows_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    """Taking a refusal back: the line manager's, and the organiser's for everybody."""
    declined = approver.restorable_by(request.user, pk, on=today_in(request))
    registration = get_object_or_404(declined, pk=registration_pk)
    seminar = registration.seminar
    if request.method == "POST":
        with refusals_told(request):
            restore_declined(registration=registration, by=request.user, now=now_in(request))
            name = {"name": registration.user.name}
            messages.success(request, _("Avslaget er trukket tilbake. %(name)s har plass.") % name)
        return redirect(_back(request, seminar))
    context = {
        "seminar": seminar,
        "registration": registration,
        "refusal": closed_to_restoring(registration, now_in(request)),
        "back": _back(request, seminar),
        "breadcrumbs": _path(seminar),
    }
    return render(request, "seminars/restore_declined.html", context)


def _back(request: SignedInRequest, seminar: Seminar) -> str:
    is_organiser = rules.organises(request.user, seminar, today_in(request))
    return reverse(f"seminars:{'participants' if is_organiser else 'own_staff'}", args=[seminar.pk])


def _path(seminar: Seminar) -> list[Crumb]:
    """A cancelled seminar's own page is for those who were in."""
    page = [(Written(seminar.title), reverse("seminars:detail", args=[seminar.pk]))]
    return [
        (_("Seminarer"), reverse("seminars:list")),
        *([] if seminar.is_cancelled else page),
        (_("Godkjenning"), None),
    ]
