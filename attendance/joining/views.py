"""The way into a digital meeting: one press, and whoever goes in is recorded as having come."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from attendance.door.rules import LET_IN
from attendance.joining.actions import join_meeting
from attendance.joining.rules import closed_to_counting, meetings_of, nearest_meeting
from common.errors import NotNow, Refused
from common.refusals import refusals_held
from people.requests import SignedInRequest, now_in, today_in
from seminars.breadcrumbs import seminar_path
from seminars.models import Registration, Seminar, Session


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def meeting(request: SignedInRequest, pk: int, session_pk: int | None = None) -> HttpResponse:
    """The meeting of one session, or of the nearest.

    A form may not lead to another site (`form-action`), so what is posted is answered by a page of
    our own that goes on to the meeting. Whoever has a seat is given the link in any case.
    """
    registration, session = _own_meeting(request, pk, session_pk)
    now = now_in(request)
    is_in = False
    refusal: Refused | None = closed_to_counting(session, now)
    if request.method == "POST":
        with refusals_held(Refused) as held:
            result = join_meeting(
                registration=registration, session=session, by=request.user, now=now
            )
            is_in = result.answer in LET_IN
        refusal = held.refusal
    context = _page(session) | {"is_in": is_in, "refusal": refusal}
    return render(request, "attendance/meeting.html", context)


def _own_meeting(
    request: SignedInRequest, pk: int, session_pk: int | None
) -> tuple[Registration, Session]:
    """One's own seat and a meeting one goes to: 404 for whoever may not know the seminar."""
    today = today_in(request)
    seminar = get_object_or_404(Seminar.objects.visible_to(request.user, on=today), pk=pk)
    own = Registration.objects.visible_to(request.user, on=today).confirmed()
    registration = own.with_sessions_at_hand().filter(seminar=seminar).first()
    meetings = meetings_of(registration) if registration else []
    if session_pk is not None:
        meetings = [one for one in meetings if one.pk == session_pk]
    session = nearest_meeting(meetings, now_in(request))
    if registration is None or session is None:
        raise NotNow(
            _("Du har ingen plass på en samling med digitalt møte her."),
            url=reverse("seminars:detail", args=[pk]),
            label=_("Se seminaret"),
        )
    session.seminar = registration.seminar
    return registration, session


def _page(session: Session) -> dict[str, Any]:
    seminar = session.seminar
    return {
        "seminar": seminar,
        "session": session,
        "link": "" if seminar.is_cancelled else session.link,
        "breadcrumbs": seminar_path(seminar, _("Digitalt møte")),
    }
