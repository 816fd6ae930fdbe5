from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import Refused
from people.requests import SignedInRequest
from seminars import actions, calendar
from seminars.answering import AnswersForm, answers_form
from seminars.models import Registration, Seminar
from seminars.refusals import AlreadyRegistered, SeatsAreBusy
from seminars.showing import seminar_for
from seminars.standing import standing_of
from seminars.views.organising import posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    seminar = seminar_for(request.user, pk, now)
    form = answers_form(seminar, posted(request))
    if request.method == "POST" and form.is_valid():
        return _register(request, seminar, form)
    standing = standing_of(request.user, seminar, now)
    if standing.registration is not None:
        return redirect("seminars:receipt", pk)
    if standing.refusal:
        messages.error(request, standing.refusal)
        return redirect("seminars:detail", pk)
    context = {
        "seminar": seminar,
        "standing": standing,
        "form": form,
        "breadcrumbs": _path(seminar, _("Påmelding")),
    }
    return render(request, "seminars/register.html", context)


def _register(request: SignedInRequest, seminar: Seminar, form: AnswersForm) -> HttpResponse:
    try:
        now = timezone.now()
        if form.answers:
            given = form.answers
            actions.register_with_answers(seminar=seminar, answers=given, by=request.user, now=now)
        else:
            actions.register_for_seminar(seminar=seminar, by=request.user, now=now)
    except AlreadyRegistered as refusal:
        messages.info(request, str(refusal))
    except SeatsAreBusy as refusal:
        messages.warning(request, str(refusal))
        return redirect("seminars:register", seminar.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("seminars:detail", seminar.pk)
    return redirect("seminars:receipt", seminar.pk)


@login_required
@require_safe
def receipt(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    seminar = seminar_for(request.user, pk, now)
    standing = standing_of(request.user, seminar, now)
    if standing.registration is None:
        return redirect("seminars:detail", pk)
    context = {
        "seminar": seminar,
        "standing": standing,
        "breadcrumbs": _path(seminar, _("Kvittering")),
    }
    return render(request, "seminars/receipt.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user), pk=pk)
    registration = Registration.objects.visible_to(request.user).active().of(seminar)
    if registration is None:
        messages.info(request, _("Du er ikke påmeldt dette seminaret."))
        return redirect("seminars:detail", pk)
    if request.method == "POST":
        return _withdraw(request, registration)
    context = {
        "seminar": seminar,
        "registration": registration,
        "breadcrumbs": _path(seminar, _("Avmelding")),
    }
    return render(request, "seminars/withdraw.html", context)


def _withdraw(request: SignedInRequest, registration: Registration) -> HttpResponse:
    try:
        actions.withdraw_registration(
            registration=registration, by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Du er meldt av. Takk for at du sa fra."))
    return redirect("seminars:detail", registration.seminar_id)


@login_required
@require_safe
def calendar_file(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user), pk=pk)
    registration = Registration.objects.visible_to(request.user).holding_seat().of(seminar)
    if registration is None or seminar.is_cancelled:
        raise Http404
    sessions = seminar.sessions.all()
    return HttpResponse(
        calendar.downloadable(registration, sessions, now=timezone.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="seminar-{seminar.pk}.ics"'},
    )


def _path(seminar: Seminar, here: str) -> list[tuple[str, str | None]]:
    return [
        (_("Seminarer"), reverse("seminars:list")),
        (seminar.title, reverse("seminars:detail", args=[seminar.pk])),
        (here, None),
    ]
