from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.letters_wait import letters_wait
from common.refusals import refusals_kept, refusals_told
from common.sending_times import near
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import desk_path
from seminars.forms.reasons import MoveForm
from seminars.forms.search import NameSearchForm
from seminars.gates import organised
from seminars.models import Seminar
from seminars.seats.allocation import give_seat
from seminars.seats.offer_period import moves_up, promotions_end_at
from seminars.seats.queue_limits import closed_to_giving
from seminars.seats.waiting_list import page_of_queue
from seminars.seats.ways_in import given_in_words
from seminars.waiting_list.actions import (
    closed_queue,
    closed_to_giving_to,
    closed_to_moving,
    move_in_queue,
)


@login_required
@require_safe
def queue(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = organised(request, pk, is_counted=False)
    search = NameSearchForm(request.GET)
    context = {
        "seminar": seminar,
        "search": search,
        "page": page_of_queue(seminar, now, request.GET.get("page"), words=search.words),
        "ends_at": promotions_end_at(seminar),
        "may_move": closed_queue(seminar, now) is None,
        "may_give": closed_to_giving(seminar, now) is None,
        "breadcrumbs": desk_path(seminar, _("Venteliste")),
    }
    return render(request, "seminars/queue.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    """The organiser gives a free seat to somebody of their choice."""
    now = now_in(request)
    seminar = organised(request, pk, is_counted=False)
    registration = get_object_or_404(seminar.registrations.with_people(), pk=registration_pk)
    name = {"name": registration.user.name}
    if request.method == "POST":
        with refusals_told(request):
            given = give_seat(registration=registration, by=request.user, now=now)
            messages.success(request, given_in_words(given) % name)
        return redirect(_queue_as_seen(request, pk))
    context = {
        "title": _("Gi plass til %(name)s?") % name,
        "consequences": [
            _what_giving_means(seminar, now),
            *_letters_wait(seminar, now),
            _("De andre på ventelisten blir stående."),
        ],
        "refusal": closed_to_giving_to(registration, now),
        "submit": _("Gi plass"),
        "cancel": _queue_as_seen(request, pk),
    }
    return render(request, "components/confirm.html", context)


def _queue_as_seen(request: SignedInRequest, pk: int) -> str:
    """The list where the person was in it: its search and its page."""
    url, query = reverse("seminars:queue", args=[pk]), request.GET.urlencode()
    return f"{url}?{query}" if query else url


def _letters_wait(seminar: Seminar, now: dt.datetime) -> list[str]:
    is_offer = moves_up(seminar, now) and seminar.offers_expire_after is not None
    kind = "seminars.offered" if is_offer else "seminars.promoted"
    return letters_wait(kind, now, when=near(seminar.starts_at, seminar.ends_at))


def _what_giving_means(seminar: Seminar, now: dt.datetime) -> str:
    if not moves_up(seminar, now):
        return _("Personen får brev om at plassen er sikker, og en oppføring til kalenderen.")
    if seminar.offers_expire_after is not None:
        return _("Personen får brev med tilbud om plassen, og en frist for å svare.")
    if seminar.approval_days is not None:
        return _("Personen får brev, og nærmeste leder må godkjenne før plassen er sikker.")
    return _("Personen får brev om at plassen er sikker, og en oppføring til kalenderen.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    registration = get_object_or_404(seminar.registrations.with_people(), pk=registration_pk)
    registration.seminar = seminar
    form = MoveForm(posted(request))
    if request.method == "POST" and form.is_valid():
        with refusals_kept(request, form) as kept:
            move_in_queue(
                registration=registration, **form.cleaned_data, by=request.user, now=now_in(request)
            )
            messages.success(request, _("Rekkefølgen er endret."))
        if not kept.shows_form:
            return redirect(_queue_as_seen(request, pk))
    context = {
        "title": _("Flytt %(name)s i køen?") % {"name": registration.user.name},
        "refusal": closed_to_moving(registration, now_in(request)),
        "consequences": [_("Andre rykker fram eller tilbake. Begrunnelsen blir lagret.")],
        "form": form,
        "submit": _("Flytt"),
        "cancel": _queue_as_seen(request, pk),
    }
    return render(request, "components/confirm.html", context)
