from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.refusals import refusals_on, refusals_told
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars import calendar
from seminars.breadcrumbs import seminar_path
from seminars.calendar_links import calendar_links
from seminars.clashes import clashes_of
from seminars.forms.registration import RegistrationForm, registration_form
from seminars.gates import for_participant
from seminars.models import Registration, Seminar
from seminars.page_queries import seminar_for
from seminars.participant_status import participant_status_of
from seminars.questions.actions import register_with_answers
from seminars.refusals import TO_PUT_RIGHT
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import closed_to_ending, withdraw_registration


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = seminar_for(request.user, pk, now)
    form = registration_form(seminar, now, posted(request))
    if request.method == "POST" and form.is_valid():
        answer = _register(request, seminar, form)
        if answer is not None:
            return answer
    standing = participant_status_of(request.user, seminar, now)
    if standing.registration is not None:
        return redirect("seminars:receipt", pk)
    if standing.refusal:
        messages.error(request, standing.refusal)
        return redirect("seminars:detail", pk)
    clashes = clashes_of(request.user, seminar) if seminar.has_clash else []
    form.show(is_for_queue=standing.is_for_queue, clashes=clashes)
    context = {
        "seminar": seminar,
        "standing": standing,
        "form": form,
        "clashes": clashes,
        "breadcrumbs": seminar_path(seminar, _("Påmelding")),
    }
    return render(request, "seminars/register.html", context)


def _register(
    request: SignedInRequest, seminar: Seminar, form: RegistrationForm
) -> HttpResponse | None:
    """None for what can be put right on the page, with all that was typed still there."""
    about: dict[str, Any] = {"seminar": seminar, "by": request.user, "choices": form.choices}
    now = now_in(request)
    on_form = refusals_on(form, only=TO_PUT_RIGHT, place=form.place_refusal)
    with refusals_told(request) as told, on_form:
        if form.answers:
            register_with_answers(**about, answers=form.answers, now=now)
        else:
            register_for_seminar(**about, now=now)
    if on_form.refusal:
        return None
    if told.refusal and not told.refusal.is_so_already:
        return redirect("seminars:detail", seminar.pk)
    return redirect("seminars:receipt", seminar.pk)


@login_required
@require_safe
def receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = seminar_for(request.user, pk, now)
    standing = participant_status_of(request.user, seminar, now)
    if standing.registration is None:
        return redirect("seminars:detail", pk)
    registration = standing.registration
    context = {
        "seminar": seminar,
        "standing": standing,
        "calendar_links": calendar_links(registration, now),
        "chosen": [one for one in registration.own_sessions if one.is_parallel],
        "breadcrumbs": seminar_path(seminar, _("Kvittering")),
    }
    return render(request, "seminars/receipt.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_participant
def withdraw(request: SignedInRequest, registration: Registration) -> HttpResponse:
    seminar, now = registration.seminar, now_in(request)
    if request.method == "POST":
        return _withdraw(request, registration)
    context = {
        "seminar": seminar,
        "registration": registration,
        "refusal": closed_to_ending(registration, now),
        "is_closed": now > seminar.registration_closes_at or not seminar.takes_newcomers(now),
        "is_under_way": registration.has_seat and seminar.has_started(now),
        "is_served": seminar.takes_newcomers(now),
        "breadcrumbs": seminar_path(seminar, _("Avmelding")),
    }
    return render(request, "seminars/withdraw.html", context)


def _withdraw(request: SignedInRequest, registration: Registration) -> HttpResponse:
    with refusals_told(request):
        withdraw_registration(registration=registration, by=request.user, now=now_in(request))
        messages.success(request, _("Du er meldt av. Takk for at du sa fra."))
    return redirect("seminars:detail", registration.seminar_id)


@login_required
@require_safe
def calendar_file(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user, on=today), pk=pk)
    registration = Registration.objects.visible_to(request.user, on=today).confirmed().of(seminar)
    if registration is None or seminar.is_cancelled:
        raise Http404
    return HttpResponse(
        calendar.downloadable(registration, registration.own_sessions, now=now_in(request)),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="seminar-{seminar.pk}.ics"'},
    )
