from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.htmx import render_part
from common.numbers import number
from common.refusals import refusals_on, refusals_told
from people import audit
from people.models import AuditRecord, Unit
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import desk_path
from seminars.editing_window import closed_to_pools
from seminars.gates import organised
from seminars.models import Seminar
from seminars.pools.actions import closed_to_releasing, release_pool, reserve_seats
from seminars.pools.forms import ReserveForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pools(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = organised(request, pk)
    form = ReserveForm(posted(request), seminar=seminar, now=now)
    if request.method == "POST" and form.is_valid():
        latest = partial(_latest_of_pool, seminar, form.cleaned_data["agency"])
        with refusals_on(form, "seats", change=latest, by=request.user):
            reserve_seats(
                seminar=seminar, **form.cleaned_data, by=request.user, now=now, seen=form.seen
            )
            messages.success(request, _("Plassene er holdt av."))
            return redirect("seminars:pools", pk)
    context = {
        "seminar": seminar,
        "form": form,
        "pools": list(seminar.seat_pools.with_use()),
        "may_change": closed_to_pools(seminar, now) is None,
        "live_url": reverse("seminars:pools", args=[pk]),
        "breadcrumbs": desk_path(seminar, _("Plasser til virksomheter")),
    }
    return render_part(request, "seminars/pools.html", "seminars/_pools.html", context)


def _goes_on_in_words(seminar: Seminar) -> str:
    if seminar.promotes_by_hand:
        return _("Du velger hvem på ventelisten som får dem.")
    return _("Står noen på venteliste, får de plassene med en gang.")


def _latest_of_pool(seminar: Seminar, agency: Unit) -> AuditRecord | None:
    pool = seminar.seat_pools.get(agency=agency)
    return audit.latest(pool, "seminars.reserve_seats", "seminars.release_seats")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: SignedInRequest, pk: int, pool_pk: int) -> HttpResponse:
    seminar = organised(request, pk)
    pool = get_object_or_404(seminar.seat_pools.with_use(), pk=pool_pk)
    if request.method == "POST":
        with refusals_told(request):
            release_pool(pool=pool, by=request.user, now=now_in(request))
            messages.success(request, _("Plassene er åpne for alle."))
        return redirect("seminars:pools", pk)
    context = {
        "title": _("Frigi plassene til %(agency)s?") % {"agency": pool.agency},
        "refusal": closed_to_releasing(pool, now_in(request)),
        "consequences": [
            _("%(left)s plasser som ikke er brukt, blir åpne for alle.")
            % {"left": number(pool.left)},
            _("De som har fått plass, beholder den."),
            _goes_on_in_words(seminar),
        ],
        "submit": _("Frigi plassene"),
        "cancel": reverse("seminars:pools", args=[pk]),
    }
    return render(request, "components/confirm.html", context)
