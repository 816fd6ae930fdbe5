"""What is printed for a door: the list to tick off, and badges."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from attendance.gates import at_door, organised_session
from attendance.printing.papers import MOST_ROWS, attendance_list, badges
from common.refusals import refusals_told
from evidence.documents import CannotBeSet
from people.requests import SignedInRequest, now_in
from seminars.breadcrumbs import door_path
from seminars.gates import helped, organised
from seminars.models import Seminar, Session
from seminars.rules import organises_shown

logger = logging.getLogger(__name__)


@login_required
@require_safe
def choose(request: SignedInRequest, pk: int) -> HttpResponse:
    """What can be printed, of each session and of all."""
    seminar = helped(request, pk)
    sessions = seminar.sessions_in_order()
    seats = seminar.registrations.confirmed()
    chosen = set(seats.values_list("choices__session", flat=True))
    context = {
        "seminar": seminar,
        "sessions": sessions,
        "has_several": len(sessions) > 1,
        "with_people": [one for one in sessions if not one.is_parallel or one.pk in chosen],
        "seated": seats.count(),
        "most": MOST_ROWS,
        "with_codes": organises_shown(seminar),
        "breadcrumbs": door_path(seminar, _("Skriv ut")),
    }
    return render(request, "attendance/printing.html", context)


@login_required
@require_safe
def list_pdf(request: SignedInRequest, pk: int, session_pk: int | None = None) -> HttpResponse:
    """Who is expected, to tick off and sign: to one session, or to each of them."""
    if session_pk is None:
        seminar = helped(request, pk)
        sessions = seminar.sessions_in_order()
    else:
        session = at_door(request, pk, session_pk)
        seminar, sessions = session.seminar, [session]
    return _pdf(
        request,
        seminar,
        _file_name("oppmoteliste", pk, session_pk),
        lambda: attendance_list(seminar, sessions, now=now_in(request)),
    )


@login_required
@require_safe
def badges_pdf(request: SignedInRequest, pk: int, session_pk: int | None = None) -> HttpResponse:
    """A badge for each who has a seat, without a code: for hosts too."""
    session = None if session_pk is None else at_door(request, pk, session_pk)
    seminar = session.seminar if session else helped(request, pk)
    return _badges(request, seminar, session, with_codes=False)


@login_required
@require_safe
def coded_badges_pdf(
    request: SignedInRequest, pk: int, session_pk: int | None = None
) -> HttpResponse:
    """Badges with the codes that let people in: for those alone who organise it."""
    session = None if session_pk is None else organised_session(request, pk, session_pk)
    seminar = session.seminar if session else organised(request, pk)
    return _badges(request, seminar, session, with_codes=True)


def _badges(
    request: SignedInRequest, seminar: Seminar, session: Session | None, *, with_codes: bool
) -> HttpResponse:
    name = "navneskilt-med-kode" if with_codes else "navneskilt"
    return _pdf(
        request,
        seminar,
        _file_name(name, seminar.pk, session.pk if session else None),
        lambda: badges(seminar, session, with_codes=with_codes, now=now_in(request)),
    )


def _file_name(kind: str, pk: int, session_pk: int | None) -> str:
    return f"{kind}-{pk}-samling-{session_pk}" if session_pk else f"{kind}-{pk}"


def _pdf(
    request: SignedInRequest, seminar: Seminar, name: str, make: Callable[[], bytes]
) -> HttpResponse:
    """Answer with the file, or lead back to what can be printed and say why this cannot."""
    with refusals_told(request):
        try:
            pdf = make()
        except CannotBeSet:
            logger.exception("What is printed for seminar %s could not be set.", seminar.pk)
            words = _("Filen kunne ikke lages. Bruk regnearket med deltakerne i stedet.")
            messages.error(request, words)
            return redirect("attendance:printing", seminar.pk)
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
        return response
    return redirect("attendance:printing", seminar.pk)
