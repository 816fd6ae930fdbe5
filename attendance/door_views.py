"""The door of one session: who comes, who is in, and how many."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.door_forms import DOOR_LENGTH, MOST_AT_ONCE, DoorForm, SentScanForm
from attendance.door_list import at_the_door, door_counts, door_rows, seen_twice
from attendance.door_words import DoorMessage, message_of
from attendance.doors import closed_to_scans, opens_at
from attendance.gates import at_door, organised_session
from attendance.scanning import (
    ScanResult,
    let_in_unregistered,
    record_the_rest,
    scan,
    undo_scan,
)
from common.errors import Refused
from common.numbers import number
from common.refusals import refusals_held, refusals_on, refusals_told
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import desk_path
from seminars.gates import helped
from seminars.models import Registration, Session
from seminars.registration_window import closed_to_all
from seminars.rules import organises_shown


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
    context = {"seminar": seminar, "rows": rows, "breadcrumbs": desk_path(seminar, _("Døren"))}
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
    return render(request, "attendance/door.html", _page(request, session, form, result))


def _page(
    request: SignedInRequest, session: Session, form: DoorForm, result: ScanResult | None
) -> dict[str, Any]:
    seminar, now = session.seminar, now_in(request)
    rows = door_rows(session, at_the_door(session))
    words = "" if result else form.data.get("words", "")
    may_bring_in = closed_to_all(seminar, now) is None and seminar.is_held_now(now)
    return {
        "seminar": seminar,
        "session": session,
        "form": form,
        "door": form.data.get("door", "")[:DOOR_LENGTH],
        "key": uuid.uuid4(),
        "message": message_of(result) if result else None,
        "undo": result.scan if result and result.is_new else None,
        "rows": [row for row in rows if words.casefold() in f"{row.name} {row.unit}".casefold()],
        "words": words,
        "counts": door_counts(rows),
        "twice": seen_twice(session),
        "closed": closed_to_scans(seminar, session, at=now, now=now),
        "has_started": session.has_started(now),
        "organises": organises_shown(seminar),
        "may_bring_in": may_bring_in,
        "may_give": may_bring_in and seminar.seats_left > 0,
        "breadcrumbs": desk_path(seminar, _("Døren")),
    }


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
    }


@login_required
@require_POST
def undo(request: SignedInRequest, pk: int, session_pk: int, key: uuid.UUID) -> HttpResponse:
    session = at_door(request, pk, session_pk)
    with refusals_told(request):
        found = undo_scan(session=session, key=key, by=request.user, now=now_in(request))
        words = _("Innsjekkingen er angret.") if found else _("Det er ingenting å angre.")
        messages.success(request, words)
    return redirect("attendance:door", pk, session_pk)


@login_required
@require_POST
def give_seat(
    request: SignedInRequest, pk: int, session_pk: int, registration_pk: int
) -> HttpResponse:
    """Whoever waits gets a seat that is free, and is let in."""
    session, now = at_door(request, pk, session_pk), now_in(request)
    rows: Any = session.seminar.registrations.active().select_related("user")
    registration: Registration = get_object_or_404(rows, pk=registration_pk)
    with refusals_told(request):
        let_in_unregistered(
            session=session,
            user=registration.user,
            by=request.user,
            now=now,
            door="",
            key=uuid.uuid4(),
        )
        words = _("%(name)s har fått plass og er inne.")
        messages.success(request, words % {"name": registration.user.name})
    return redirect("attendance:door", pk, session_pk)


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
