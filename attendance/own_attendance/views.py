"""What a participant has of the door: the code, and how they are recorded."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from attendance import codes
from attendance.own_attendance.actions import ask_for_correction, closed_to_asking
from attendance.own_attendance.forms import CorrectionWishForm
from attendance.own_attendance.record import own_record
from common.errors import NotNow
from common.refusals import refusals_kept
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars.breadcrumbs import seminar_path
from seminars.models import Registration, Seminar


def _own_seat(request: SignedInRequest, pk: int) -> Registration:
    """One's own certain seat: 404 for those who may not know the seminar, else led back to it."""
    today = today_in(request)
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user, on=today), pk=pk)
    own = Registration.objects.visible_to(request.user, on=today).confirmed()
    registration = own.with_sessions_at_hand().filter(seminar=seminar).first()
    if registration is None:
        raise NotNow(
            _("Du har ingen plass på dette seminaret, og derfor ingen kode."),
            url=reverse("seminars:detail", args=[pk]),
            label=_("Se seminaret"),
        )
    return registration


@login_required
@require_safe
@never_cache
def my_code(request: SignedInRequest, pk: int) -> HttpResponse:
    """One's own code, large: shown at the door from a phone, or printed."""
    registration = _own_seat(request, pk)
    code = codes.code_of(registration.pk, codes.key_of(registration.seminar))
    context = {
        "seminar": registration.seminar,
        "registration": registration,
        "code": code,
        "breadcrumbs": seminar_path(registration.seminar, _("Koden din")),
    }
    return render(request, "attendance/my_code.html", context)


@login_required
@require_safe
@never_cache
def my_code_image(request: SignedInRequest, pk: int) -> HttpResponse:
    registration = _own_seat(request, pk)
    code = codes.code_of(registration.pk, codes.key_of(registration.seminar))
    return HttpResponse(codes.svg_of(code), content_type="image/svg+xml")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_record(request: SignedInRequest, pk: int) -> HttpResponse:
    """How one's own attendance is recorded, and a way to have it put right."""
    registration, now = _own_recordable(request, pk), now_in(request)
    form = CorrectionWishForm(posted(request))
    if form.is_valid():
        with refusals_kept(request, form) as kept:
            words = form.cleaned_data["words"]
            ask_for_correction(registration=registration, words=words, by=request.user, now=now)
            messages.success(request, _("Arrangøren har fått brev om det."))
        if not kept.shows_form:
            return redirect("attendance:my_record", pk)
    context = {
        "seminar": registration.seminar,
        "registration": registration,
        "record": own_record(registration),
        "form": form,
        "refusal": closed_to_asking(registration, now),
        "breadcrumbs": seminar_path(registration.seminar, _("Oppmøtet ditt")),
    }
    return render(request, "attendance/my_record.html", context)


def _own_recordable(request: SignedInRequest, pk: int) -> Registration:
    """One's own part in the seminar, of which something is recorded or may be."""
    today = today_in(request)
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user, on=today), pk=pk)
    own = Registration.objects.visible_to(request.user, on=today).recordable()
    registration = own.with_sessions_at_hand().filter(seminar=seminar).order_by("-pk").first()
    if registration is None:
        raise NotNow(
            _("Du var ikke påmeldt dette seminaret, så det er ikke ført noe om deg."),
            url=reverse("seminars:detail", args=[pk]),
            label=_("Se seminaret"),
        )
    return registration
