"""The hall's screen, and checking oneself in by what it shows."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from attendance import codes
from attendance.door.actions import Sighting, scan
from attendance.door.rules import closed_to_scans
from attendance.door.words import message_of
from attendance.gates import at_door
from attendance.models import ScanWay
from attendance.self_check_in.screen_codes import CHANGES_EVERY, OPENED_FOR, is_shown, token_of
from common.errors import NotNow
from common.refusals import refusals_told
from people.requests import SignedInRequest, now_in, today_in
from seminars.models import Registration, Seminar, Session

OPENED = "attendance_opened"
"""In the browser's session: by session of a seminar, when its code was opened in time."""


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
