"""The door of one session: who comes, who is in, and how many."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.door.actions import (
    ScanResult,
    let_in_unregistered,
    record_the_rest,
    scan,
    undo_scan,
)
from attendance.door.device_data import door_data, kept_until
from attendance.door.forms import MOST_AT_ONCE, DoorForm, SentScanForm, door_name
from attendance.door.page import door_page
from attendance.door.people import at_the_door, door_counts, door_rows, seen_twice
from attendance.door.policy import with_door_policy
from attendance.door.rules import DoorAnswer, closed_to_scans, opens_at
from attendance.door.words import DoorMessage, message_of, when_and_where
from attendance.gates import at_door, organised_session
from common.errors import Refused
from common.numbers import number
from common.refusals import refusals_held, refusals_on, refusals_told
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import door_path
from seminars.gates import helped
from seminars.models import Registration, Session


@login_required
@require_safe
def doors(request: SignedInRequest, pk: int) -> HttpResponse:
    """The seminar's sessions, each with its door; the only one at once."""
    seminar, now = helped(request, pk), now_in(request)
    sessions = seminar.sessions_in_order()
    if len(sessions) == 1:
        return redirect("attendance:door", pk, sessions[0].pk)
    rows = [
        {
            "session": session,
            "opens_at": opens_at(session),
            "closed": closed_to_scans(seminar, session, at=now, now=now),
        }
        for session in sessions
    ]
    context = {"seminar": seminar, "rows": rows, "breadcrumbs": door_path(seminar, _("Døren"))}
    return render(request, "attendance/doors.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    session, now = at_door(request, pk, session_pk), now_in(request)
    form = DoorForm(posted(request) or request.GET or None)
    result = None
    if form.is_valid() and request.method == "POST" and (seen := form.sighting(now=now)):
        with refusals_on(form):
            result = scan(session=session, seen=seen, by=request.user, now=now)
    page = render(request, "attendance/door.html", door_page(request, session, form, result))
    return with_door_policy(page)


@login_required
@require_safe
def door_shell(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    """The page with nobody in it: what a device may keep open to all who hold it."""
    session = at_door(request, pk, session_pk)
    context = door_page(request, session, DoorForm(), None, is_shell=True)
    return with_door_policy(render(request, "attendance/door.html", context))


@login_required
@require_safe
def door_worker(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    """What opens the page when the network is gone; beside it, so that it reaches no other."""
    at_door(request, pk, session_pk)
    script = Path(settings.BASE_DIR, "static", "js", "door_worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@login_required
@require_safe
def door_list(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    """Everybody whom the door may meet, for its own script."""
    session = at_door(request, pk, session_pk)
    until = kept_until(request, session)
    told = {
        "now": now_in(request).isoformat(),
        "until": until.isoformat(),
        "rows": door_data(session),
        "twice": [f"{one.name}: {', '.join(one.seen)}" for one in seen_twice(session)],
    }
    return JsonResponse(told)


@login_required
@require_POST
def scans(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    """What the page's script sends: each scan with its own key, and an answer to each."""
    session, now = at_door(request, pk, session_pk), now_in(request)
    sent = _sent(request.body)
    if sent is None:
        return JsonResponse({"refused": _("Skanningene kunne ikke leses.")}, status=400)
    answers = []
    for one in sent:
        form = SentScanForm(one)
        if not form.is_valid():
            answers.append({"key": str(one.get("key", "")), "refused": _("Ugyldig skanning.")})
            continue
        with refusals_held(Refused) as held:
            result = scan(session=session, seen=form.sighting, by=request.user, now=now)
        key = str(form.cleaned_data["key"])
        answers.append({"key": key} | (_refused(held.refusal) if held.refusal else _told(result)))
    return JsonResponse({"answers": answers})


def _sent(body: bytes) -> list[dict[str, Any]] | None:
    try:
        sent = json.loads(body)["scans"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    is_list = isinstance(sent, list) and len(sent) <= MOST_AT_ONCE
    return sent if is_list and all(isinstance(one, dict) for one in sent) else None


def _refused(refusal: Exception) -> dict[str, Any]:
    return {"refused": str(refusal)}


def _told(result: ScanResult) -> dict[str, Any]:
    message: DoorMessage = message_of(result)
    return {
        "answer": message.answer,
        "word": message.word,
        "name": message.name,
        "line": message.line,
        "registration": result.registration.pk if result.registration else None,
        "is_new": result.is_new,
        "seen": _seen(result) if result.answer == DoorAnswer.ALREADY_IN else [],
    }


def _seen(result: ScanResult) -> list[str]:
    """When and at which doors somebody was let in who is in already, the first first."""
    if result.registration is None or result.scan is None:
        return []
    scans = result.registration.scans.standing().filter(session=result.scan.session_id)
    return [when_and_where(scan) for scan in scans.in_order()]


@login_required
@require_POST
def undo(request: SignedInRequest, pk: int, session_pk: int, key: uuid.UUID) -> HttpResponse:
    """Take a scan back; answers the page's script in JSON, and a form with the page."""
    session = at_door(request, pk, session_pk)
    if request.headers.get("Accept") == "application/json":
        with refusals_held(Refused) as held:
            undo_scan(session=session, key=key, by=request.user, now=now_in(request))
        return JsonResponse({"refused": str(held.refusal or "")})
    with refusals_told(request):
        found = undo_scan(session=session, key=key, by=request.user, now=now_in(request))
        words = _("Innsjekkingen er angret.") if found else _("Det er ingenting å angre.")
        messages.success(request, words)
    return _back_to_door(session, door_name(request.POST))


def _back_to_door(session: Session, name: str) -> HttpResponse:
    """The page again, which goes on under the name of the door."""
    address = reverse("attendance:door", args=[session.seminar_id, session.pk])
    return redirect(f"{address}?{urlencode({'door': name})}" if name else address)


@login_required
@require_POST
def give_seat(
    request: SignedInRequest, pk: int, session_pk: int, registration_pk: int
) -> HttpResponse:
    """Whoever waits gets a seat that is free, and is let in."""
    session, now = at_door(request, pk, session_pk), now_in(request)
    rows: Any = session.seminar.registrations.active().select_related("user")
    registration: Registration = get_object_or_404(rows, pk=registration_pk)
    name = door_name(request.POST)
    with refusals_told(request):
        let_in_unregistered(
            session=session,
            user=registration.user,
            by=request.user,
            now=now,
            door=name,
            key=uuid.uuid4(),
        )
        words = _("%(name)s har fått plass og er inne.")
        messages.success(request, words % {"name": registration.user.name})
    return _back_to_door(session, name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rest(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    """Whoever is not in by now did not come: asked first."""
    session, now = organised_session(request, pk, session_pk), now_in(request)
    if request.method == "POST":
        with refusals_told(request):
            stored = record_the_rest(session=session, by=request.user, now=now)
            words = ngettext(
                "%(count)s deltaker er ført som ikke møtt.",
                "%(count)s deltakere er ført som ikke møtt.",
                stored,
            )
            messages.success(request, words % {"count": number(stored)})
        return redirect("attendance:door", pk, session_pk)
    context = _asked_about_the_rest(session) | {
        "refusal": closed_to_scans(session.seminar, session, at=now, now=now),
        "cancel": reverse("attendance:door", args=[pk, session_pk]),
    }
    return render(request, "components/confirm.html", context)


def _asked_about_the_rest(session: Session) -> dict[str, Any]:
    counts = door_counts(door_rows(session, at_the_door(session)))
    came = {"came": number(counts.came), "expected": number(counts.expected)}
    return {
        "title": _("Føre resten som ikke møtt?"),
        "text": session.seminar.title,
        "consequences": [
            _("%(came)s av %(expected)s er inne.") % came,
            _("Alle som det ikke er ført noe om, blir ført som ikke møtt på denne samlingen."),
            _("Kommer noen senere, kan du fortsatt slippe dem inn."),
        ],
        "submit": _("Før resten som ikke møtt"),
    }
