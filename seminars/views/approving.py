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
from people.requests import SignedInRequest
from seminars import actions
from seminars.forms.deciding import ApprovalForm
from seminars.models import Registration, Seminar
from seminars.views.organising import posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    """The line manager's answer; who is asked about is hers alone to see."""
    now = timezone.now()
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user), pk=pk)
    people = seminar.registrations.select_related("user", "unit", "registered_by")
    own = people.approvable_by(request.user, on=timezone.localdate(now))
    registration = get_object_or_404(own, pk=registration_pk)
    form = ApprovalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return _answer(request, registration, form)
    context = {
        "seminar": seminar,
        "registration": registration,
        "form": form,
        "may_answer": registration.is_awaiting and (registration.expires_at or now) > now,
        "breadcrumbs": [
            (_("Seminarer"), reverse("seminars:list")),
            (seminar.title, reverse("seminars:detail", args=[pk])),
            (_("Godkjenning"), None),
        ],
    }
    return render(request, "seminars/approve.html", context)


def _answer(
    request: SignedInRequest, registration: Registration, form: ApprovalForm
) -> HttpResponse:
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
    return redirect("seminars:own_staff", registration.seminar_id)
