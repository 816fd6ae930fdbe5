from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.edit_conflicts import EditConflict
from common.languages import Written
from common.refusals import refusals_on, refusals_told
from people import audit
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import desk_path, seminar_path
from seminars.forms.registration import ChoicesForm, choices_form
from seminars.gates import for_participant, organised
from seminars.models import Registration
from seminars.parallel_sessions.actions import change_choices, closed_to_choosing
from seminars.refusals import TO_PUT_RIGHT


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_participant
def choose(request: SignedInRequest, registration: Registration) -> HttpResponse:
    """One's own way through the parallel sessions, for as long as it may be changed."""
    seminar = registration.seminar
    form = choices_form(registration, now_in(request), posted(request))
    if request.method == "POST" and form.is_valid() and _choose(request, registration, form):
        return redirect("seminars:detail", seminar.pk)
    form.show(is_for_queue=registration.is_waiting)
    context = {
        "seminar": seminar,
        "registration": registration,
        "form": form,
        "lead": Written(seminar.title),
        "refusal": closed_to_choosing(registration, by=request.user, now=now_in(request)),
        "cancel_url": reverse("seminars:detail", args=[seminar.pk]),
        "breadcrumbs": seminar_path(seminar, _("Velg samling")),
    }
    return render(request, "seminars/choose.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_for(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    """The organiser moves a participant to another of the parallel sessions."""
    seminar = organised(request, pk)
    people = seminar.registrations.active().with_people()
    registration = get_object_or_404(people, pk=registration_pk)
    registration.seminar = seminar
    form = choices_form(registration, now_in(request), posted(request))
    list_url = reverse("seminars:participants", args=[pk])
    if request.method == "POST" and form.is_valid() and _choose(request, registration, form):
        return redirect(list_url)
    form.show(is_for_queue=registration.is_waiting)
    context = {
        "seminar": seminar,
        "registration": registration,
        "form": form,
        "lead": registration.user.name,
        "refusal": closed_to_choosing(registration, by=request.user, now=now_in(request)),
        "cancel_url": list_url,
        "breadcrumbs": desk_path(
            seminar, _("Velg samling"), below=(_("Deltakere"), "seminars:participants")
        ),
    }
    return render(request, "seminars/choose.html", context)


def _choose(request: SignedInRequest, registration: Registration, form: ChoicesForm) -> bool:
    """Whether it went well; what can be put right stands at its field otherwise."""
    latest = partial(audit.latest, registration, "seminars.choose")
    on_form = refusals_on(
        form,
        only=(EditConflict, *TO_PUT_RIGHT),
        place=form.place_refusal,
        change=latest,
        by=request.user,
    )
    with refusals_told(request), on_form:
        change_choices(
            registration=registration,
            choices=form.choices,
            by=request.user,
            now=now_in(request),
            seen=form.seen,
        )
        if registration.user == request.user:
            words = _("Valget ditt er lagret.")
        else:
            words = _("Valget til %(name)s er lagret.") % {"name": registration.user.name}
        messages.success(request, words)
    return on_form.refusal is None
