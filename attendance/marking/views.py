"""The marks of the list of participants."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from attendance.marking import marks
from attendance.marking.actions import MarkingResult, closed_to_marking, mark_attendance
from common.errors import Refused
from common.htmx import is_htmx
from common.numbers import number
from common.refusals import refusals_held, refused_part
from people.requests import SignedInRequest, now_in
from seminars.gates import organised
from seminars.models import MARKED_IN_LIST, Seminar

_NOBODY_LEFT = gettext_lazy("Oppmøtet er ført for alle.")


@login_required
@require_POST
def mark(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar, now = organised(request, pk), now_in(request)
    with refusals_held(Refused) as held:
        marked = marks.marks_in(request.POST)
        seen = marks.seen_in(request.POST)
        result = mark_attendance(seminar=seminar, marks=marked, seen=seen, by=request.user, now=now)
    if held.refusal:
        return _refused(request, seminar, held.refusal)
    if is_htmx(request):
        return _marked_rows(request, seminar, marked, result)
    _tell_marked(request, result)
    return _back_to_list(request, seminar)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mark_rest(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked once more first: a slip would be taken back one by one."""
    seminar, now = organised(request, pk), now_in(request)
    if request.method == "POST":
        with refusals_held(Refused) as held:
            rest = marks.unrecorded_as_attended(seminar)
            result = mark_attendance(seminar=seminar, marks=rest, seen={}, by=request.user, now=now)
            _tell_stored(request, result)
        if held.refusal:
            return _refused(request, seminar, held.refusal)
        return _back_to_list(request, seminar)
    count = len(marks.unrecorded_as_attended(seminar))
    context = {
        "title": _("Merke resten som møtt?"),
        "text": seminar.title,
        "refusal": closed_to_marking(seminar, now) or (None if count else _NOBODY_LEFT),
        "consequences": [_rest_in_words(count), _("De som er ført allerede, blir stående.")],
        "submit": _("Merk resten som møtt"),
        "cancel": _list_as_seen(request, seminar),
    }
    return render(request, "components/confirm.html", context)


def _rest_in_words(count: int) -> str:
    words = ngettext(
        "%(count)s deltaker som det ikke er ført noe om, blir ført som møtt.",
        "%(count)s deltakere som det ikke er ført noe om, blir ført som møtt.",
        count,
    )
    return words % {"count": number(count)}


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


def _tell_marked(request: SignedInRequest, result: MarkingResult) -> None:
    _tell_stored(request, result)
    for conflict in result.conflicts:
        messages.warning(request, f"{conflict.registration.user.name}: {conflict}")


def _tell_stored(request: SignedInRequest, result: MarkingResult) -> None:
    if result.stored:
        words = ngettext(
            "Oppmøte er lagret for %(count)s deltaker.",
            "Oppmøte er lagret for %(count)s deltakere.",
            result.stored,
        )
        messages.success(request, words % {"count": number(result.stored)})
    elif not result.conflicts:
        messages.info(request, _("Ingenting er endret."))


def _refused(request: SignedInRequest, seminar: Seminar, refusal: Refused) -> HttpResponse:
    if is_htmx(request):
        return refused_part(refusal)
    messages.error(request, str(refusal))
    return _back_to_list(request, seminar)


def _back_to_list(request: SignedInRequest, seminar: Seminar) -> HttpResponse:
    return redirect(_list_as_seen(request, seminar))


def _list_as_seen(request: SignedInRequest, seminar: Seminar) -> str:
    """The list again, where the person was in it."""
    url = reverse("seminars:participants", args=[seminar.pk])
    query = request.GET.urlencode()
    return f"{url}?{query}" if query else url
