from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.refusals import refusals_kept
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import desk_path
from seminars.forms.reasons import MoveForm
from seminars.gates import organised
from seminars.seats.offer_period import promotions_end_at
from seminars.seats.waiting_list import page_of_queue
from seminars.waiting_list.actions import closed_queue, move_in_queue


@login_required
@require_safe
def queue(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = organised(request, pk, is_counted=False)
    context = {
        "seminar": seminar,
        "page": page_of_queue(seminar, now, request.GET.get("page")),
        "ends_at": promotions_end_at(seminar),
        "may_move": closed_queue(seminar, now) is None,
        "breadcrumbs": desk_path(seminar, _("Venteliste")),
    }
    return render(request, "seminars/queue.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    registration = get_object_or_404(seminar.registrations.with_people(), pk=registration_pk)
    form = MoveForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_kept(request, form) as kept:
            move_in_queue(
                registration=registration, **form.cleaned_data, by=request.user, now=now_in(request)
            )
            messages.success(request, _("Rekkefølgen er endret."))
        if not kept.shows_form:
            return redirect("seminars:queue", pk)
    context = {
        "title": _("Flytt %(name)s i køen?") % {"name": registration.user.name},
        "consequences": [_("Andre rykker fram eller tilbake. Begrunnelsen blir lagret.")],
        "form": form,
        "submit": _("Flytt"),
        "cancel": reverse("seminars:queue", args=[pk]),
    }
    return render(request, "components/confirm.html", context)
