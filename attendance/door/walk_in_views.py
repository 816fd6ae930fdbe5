"""Whoever comes without having registered: a free seat, and in."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from attendance.door.actions import let_in_unregistered
from attendance.door.forms import DOOR_LENGTH, WalkInForm
from attendance.door.rules import closed_to_scans
from attendance.door.words import when_and_where
from attendance.gates import at_door
from common.refusals import refusals_on
from people.choosing.answers import answer_person_search
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars import letters
from seminars.breadcrumbs import door_path
from seminars.candidates import organiser_candidates
from seminars.models import Session


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: SignedInRequest, pk: int, session_pk: int) -> HttpResponse:
    """For the hosts too: somebody whom the list does not have gets a seat that is free."""
    session, now = at_door(request, pk, session_pk), now_in(request)
    door = request.GET.get("door", "")[:DOOR_LENGTH]
    form = WalkInForm(
        posted(request),
        initial={"key": uuid.uuid4(), "door": door},
        candidates=organiser_candidates(request.user, session.seminar, on=today_in(request)),
    )
    if answer := answer_person_search(request, form):
        return answer
    if form.is_valid() and _is_let_in(request, session, form):
        return redirect("attendance:door", pk, session_pk)
    context = {
        "seminar": session.seminar,
        "session": session,
        "form": form,
        "closed": closed_to_scans(session.seminar, session, at=now, now=now),
        "letter": letters.registered_preview(session.seminar, to=request.user),
        "cancel_url": reverse("attendance:door", args=[pk, session_pk]),
        "breadcrumbs": door_path(session.seminar, _("Kom uten påmelding")),
    }
    return render(request, "attendance/walk_in.html", context)


def _is_let_in(request: SignedInRequest, session: Session, form: WalkInForm) -> bool:
    person = form.person_chosen
    with refusals_on(form):
        result = let_in_unregistered(
            session=session,
            user=person,
            by=request.user,
            now=now_in(request),
            door=form.cleaned_data["door"],
            key=form.scan_key,
        )
        if result.is_new:
            messages.success(request, _("%(name)s er inne.") % {"name": person.name})
        elif result.scan:
            words = _("%(name)s er allerede inne, %(when)s.")
            when = when_and_where(result.scan)
            messages.warning(request, words % {"name": person.name, "when": when})
    return not form.errors
