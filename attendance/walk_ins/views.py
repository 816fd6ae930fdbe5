"""Registering somebody else, who waits for nothing while a gathering is going on."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendance.walk_ins.actions import register_walk_in
from common.letters_wait import letters_wait
from common.refusals import refusals_on
from common.sending_times import near
from people.choosing.answers import answer_person_search
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars import letters
from seminars.breadcrumbs import Crumb, desk_path
from seminars.candidates import organiser_candidates
from seminars.clashes import has_clash
from seminars.forms.registration_of_others import BringInForm
from seminars.gates import organised
from seminars.models import Seminar
from seminars.registration_window import closed_to_all
from seminars.seats.queue_limits import closed_to_waiting
from seminars.seats.ways_in import outcome_in_words, register_on_behalf


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_other(request: SignedInRequest, pk: int) -> HttpResponse:
    """For a seat or the queue; while a gathering is going on, as somebody who came to it."""
    seminar = organised(request, pk)
    now = now_in(request)
    candidates = organiser_candidates(request.user, seminar, on=today_in(request))
    form = BringInForm(seminar, now, posted(request), candidates=candidates)
    if answer := answer_person_search(request, form):
        return answer
    is_asked = form.is_valid() and form.must_confirm(has_clash(seminar, form.person_chosen))
    if form.is_valid() and not is_asked and _is_let_in(request, seminar, form):
        return redirect("seminars:participants", pk)
    context = {
        "seminar": seminar,
        "form": form,
        "is_asked": is_asked,
        "when_full": _when_full(seminar, now),
        "refusal": closed_to_all(seminar, now),
        "letters_wait": letters_wait(
            "seminars.confirmed", now, when=near(seminar.starts_at, seminar.ends_at)
        ),
        "letter": letters.registered_preview(seminar, to=request.user),
        "cancel_url": reverse("seminars:participants", args=[pk]),
        "breadcrumbs": _path(seminar),
    }
    return render(request, "attendance/register_other.html", context)


def _is_let_in(request: SignedInRequest, seminar: Seminar, form: BringInForm) -> bool:
    now, person = now_in(request), form.person_chosen
    way_in = register_walk_in if seminar.is_held_now(now) else register_on_behalf
    with refusals_on(form, place=form.place_refusal):
        registration = way_in(
            seminar=seminar, user=person, by=request.user, choices=form.choices, now=now
        )
        messages.success(request, outcome_in_words(registration) % {"name": person.name})
    return not form.errors


def _when_full(seminar: Seminar, now: dt.datetime) -> str:
    """What becomes of one more, when every seat is taken."""
    if not seminar.takes_newcomers(now):
        return _(
            "Ingen kan meldes på før en plass blir ledig. Har dere rom til flere, kan du øke "
            "antall plasser under «Rediger»."
        )
    refusal = closed_to_waiting(seminar, seminar.waiting_count)
    return str(refusal) if refusal else _("Den du melder på, kommer bakerst på ventelisten.")


def _path(seminar: Seminar) -> list[Crumb]:
    below = (_("Deltakere"), "seminars:participants")
    return desk_path(seminar, _("Meld på en annen"), below=below)
