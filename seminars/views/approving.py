from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import Refused
from people.requests import SignedInRequest, posted
from seminars import actions, approvals
from seminars.forms.deciding import ApprovalForm
from seminars.models import Registration, Seminar
from seminars.views.breadcrumbs import Crumb


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    """The line manager's answer; who is asked about is hers alone to see."""
    now = timezone.now()
    asked = approvals.answerable_by(request.user, pk, on=timezone.localdate(now))
    registration = get_object_or_404(asked, pk=registration_pk)
    form = ApprovalForm(posted(request))
    is_over = approvals.why_no_answer(registration, now)
    if request.method == "POST" and form.is_valid():
        return _answer(request, registration, form)
    seminar = registration.seminar
    context = {
        "seminar": seminar,
        "registration": registration,
        "form": form,
        "is_over": is_over,
        "breadcrumbs": _path(seminar),
    }
    return render(request, "seminars/approve.html", context)


def _answer(
    request: SignedInRequest, registration: Registration, form: ApprovalForm
) -> HttpResponse:
    """A refusal leads back to the page, which says what became of it, also of a cancelled one."""
    now, name = timezone.now(), {"name": registration.user.name}
    try:
        if form.says_no:
            reason = form.cleaned_data["reason"]
            actions.decline_registration(
                registration=registration, by=request.user, reason=reason, now=now
            )
            messages.success(request, _("Påmeldingen til %(name)s er avslått.") % name)
        else:
            actions.approve_registration(registration=registration, by=request.user, now=now)
            messages.success(request, _("Påmeldingen til %(name)s er godkjent.") % name)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("seminars:approve", registration.seminar_id, registration.pk)
    return redirect("seminars:own_staff", registration.seminar_id)


def _path(seminar: Seminar) -> list[Crumb]:
    """A cancelled seminar's own page is for those who were in."""
    page = [(seminar.title, reverse("seminars:detail", args=[seminar.pk]))]
    return [
        (_("Seminarer"), reverse("seminars:list")),
        *([] if seminar.is_cancelled else page),
        (_("Godkjenning"), None),
    ]
