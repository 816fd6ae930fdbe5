from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusals import refusals_told
from people.requests import SignedInRequest, now_in, today_in
from seminars.breadcrumbs import seminar_path
from seminars.models import Registration, Seminar
from seminars.offers.actions import accept_offer, decline_offer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user, on=today), pk=pk)
    registration = _newest_of(request, seminar)
    if registration is None:
        messages.info(request, _("Du har ikke noe tilbud om plass på dette seminaret."))
        return redirect("seminars:detail", pk)
    if request.method == "POST":
        return _answer(request, registration)
    if not registration.is_offered:
        messages.info(request, _("Tilbudet er ikke lenger åpent."))
        return redirect("seminars:detail", pk)
    context = {
        "seminar": seminar,
        "registration": registration,
        "is_late": bool(registration.expires_at and registration.expires_at <= now_in(request)),
        "breadcrumbs": seminar_path(seminar, _("Tilbud om plass")),
    }
    return render(request, "seminars/offer.html", context)


def _newest_of(request: SignedInRequest, seminar: Seminar) -> Registration | None:
    """Also one that is over: whoever presses the button late is told what became of it."""
    today = today_in(request)
    own = Registration.objects.visible_to(request.user, on=today).filter(seminar=seminar)
    registration = own.order_by("-pk").first()
    if registration is not None:
        registration.seminar = seminar
    return registration


def _answer(request: SignedInRequest, registration: Registration) -> HttpResponse:
    says_no = request.POST.get("answer") == "decline"
    action = decline_offer if says_no else accept_offer
    with refusals_told(request):
        action(registration=registration, by=request.user, now=now_in(request))
        if not says_no:
            return redirect("seminars:receipt", registration.seminar_id)
        messages.success(request, _("Takk for svaret. Du har ikke lenger tilbud om plass."))
    return redirect("seminars:detail", registration.seminar_id)
