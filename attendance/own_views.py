"""What a participant has of the door: the code, checking oneself in, and how one is recorded."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from attendance import codes
from attendance.correcting import ask_for_correction, closed_to_asking
from attendance.door_words import message_of
from attendance.doors import closed_to_scans
from attendance.forms import CorrectionWishForm
from attendance.gates import at_door
from attendance.models import ScanWay
from attendance.own_record import own_record
from attendance.scanning import Sighting, scan
from attendance.screen_codes import CHANGES_EVERY, OPENED_FOR, is_shown, token_of
from common.errors import NotNow
from common.refusals import refusals_kept, refusals_told
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars.breadcrumbs import seminar_path
from seminars.models import Registration, Seminar, Session

OPENED = "attendance_opened"
"""In the browser's session: by session of a seminar, when its code was opened in time."""


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
@require_safe
@never_cache
def screen(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    """For the projector: the code by which participants check themselves in."""
    session, now = at_door(request, pk, session_pk), now_in(request)
    context = {
        "seminar": session.seminar,
        "session": session,
        "closed": closed_to_scans(session.seminar, session, at=now, now=now),
        "address": _address(request, session, now),
        "seconds": CHANGES_EVERY // 2,
    }
    return render(request, "attendance/screen.html", context)


@login_required
@require_safe
@never_cache
def screen_image(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    session = at_door(request, pk, session_pk)
    drawn = codes.svg_of(_address(request, session, now_in(request)))
    return HttpResponse(drawn, content_type="image/svg+xml")


def _address(request: HttpRequest, session: Session, now: dt.datetime) -> str:
    path = reverse("attendance:check_in", args=[session.pk, token_of(session, now)])
    return request.build_absolute_uri(path)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check_in(request: HttpRequest, session_pk: int, token: str) -> HttpResponse:
    """Opened from the hall's screen: whoever is signed in presses once and is in.

    The code is asked before anybody is sent to sign in, and what was opened in time is remembered
    for as long as that may take.
    """
    now = now_in(request)
    if is_shown(session_pk, token, now):
        request.session[OPENED] = {str(session_pk): now.isoformat()}
    return _checking_in(cast(SignedInRequest, request), session_pk)


@login_required
def _checking_in(request: SignedInRequest, session_pk: int) -> HttpResponse:
    today, now = today_in(request), now_in(request)
    visible = Seminar.objects.visible_to(request.user, on=today)
    seminar = get_object_or_404(visible, sessions=session_pk)
    session = get_object_or_404(seminar.sessions.select_related("seminar"), pk=session_pk)
    if not _opened_in_time(request, session, now):
        raise NotNow(
            _("Koden på skjermen er byttet. Les den på nytt med telefonen."),
            url=reverse("seminars:detail", args=[session.seminar_id]),
            label=_("Se seminaret"),
        )
    own = Registration.objects.visible_to(request.user, on=today).active()
    registration = own.filter(seminar=session.seminar_id).first()
    message = None
    if request.method == "POST" and registration is not None:
        with refusals_told(request):
            seen = _seen_by_oneself(registration, session, now)
            message = message_of(scan(session=session, seen=seen, by=request.user, now=now))
    context = {"session": session, "registration": registration, "message": message}
    return render(request, "attendance/check_in.html", context)


def _seen_by_oneself(registration: Registration, session: Session, now: dt.datetime) -> Sighting:
    """One key a session and day: pressed twice it is one scan."""
    day = timezone.localdate(now)
    return Sighting(
        key=uuid.uuid5(uuid.NAMESPACE_OID, f"self:{registration.pk}:{session.pk}:{day}"),
        device_time=now,
        way=ScanWay.SELF,
        registration_pk=registration.pk,
    )


def _opened_in_time(request: HttpRequest, session: Session, now: dt.datetime) -> bool:
    opened = request.session.get(OPENED, {}).get(str(session.pk))
    return opened is not None and now - dt.datetime.fromisoformat(opened) <= OPENED_FOR


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
