"""The marks of the list of participants."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from attendance.marking import marks
from attendance.marking.actions import MarkingResult, mark_attendance
from common.errors import Refused
from common.htmx import is_htmx
from common.numbers import number
from common.refusals import refusals_held, refused_part
from people.requests import SignedInRequest, now_in
from seminars.gates import organised
from seminars.models import MARKED_IN_LIST, Seminar


@login_required
@require_POST
def mark(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar, now = organised(request, pk), now_in(request)
    is_rest = "all_attended" in request.POST
    with refusals_held(Refused) as held:
        marked = marks.marks_in(request.POST)
        seen = marks.seen_in(request.POST)
        if is_rest:
            marked, seen = marks.unrecorded_as_attended(seminar), {}
        result = mark_attendance(seminar=seminar, marks=marked, seen=seen, by=request.user, now=now)
    if held.refusal:
        return _refused(request, seminar, held.refusal)
    if is_htmx(request):
        return _marked_rows(request, seminar, marked, result)
    _tell_marked(request, result, is_rest=is_rest)
    return _back_to_list(request, seminar)


def _marked_rows(
    request: SignedInRequest,
    seminar: Seminar,
    marks: Mapping[int, str],
    result: MarkingResult,
) -> HttpResponse:
    """For htmx: the rows as they stand now, with what could not be stored beside them."""
    conflicts = {conflict.registration.pk: conflict for conflict in result.conflicts}
    rows = [
        {"registration": registration, "conflict": conflicts.get(registration.pk)}
        for registration in seminar.registrations.with_people().filter(pk__in=marks)
    ]
    context = {"rows": rows, "seminar": seminar, "outcomes": MARKED_IN_LIST}
    return render(request, "attendance/_marks.html", context)


def _tell_marked(request: SignedInRequest, result: MarkingResult, *, is_rest: bool) -> None:
    if result.stored:
        words = ngettext(
            "Oppmøte er lagret for %(count)s deltaker.",
            "Oppmøte er lagret for %(count)s deltakere.",
            result.stored,
        )
        messages.success(request, words % {"count": number(result.stored)})
    elif not result.conflicts:
        messages.info(request, _("Ingenting er endret."))
    for conflict in () if is_rest else result.conflicts:
        messages.warning(request, f"{conflict.registration.user.name}: {conflict}")


def _refused(request: SignedInRequest, seminar: Seminar, refusal: Refused) -> HttpResponse:
    if is_htmx(request):
        return refused_part(refusal)
    messages.error(request, str(refusal))
    return _back_to_list(request, seminar)


def _back_to_list(request: SignedInRequest, seminar: Seminar) -> HttpResponse:
    """The list again, where the person was in it."""
    url = reverse("seminars:participants", args=[seminar.pk])
    query = request.GET.urlencode()
    return redirect(f"{url}?{query}" if query else url)
