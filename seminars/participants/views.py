from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.htmx import render_part
from common.keys import read_key
from common.letters_wait import letters_wait
from common.refusals import refusals_kept
from common.sending_times import near
from common.spreadsheet import xlsx_response
from people.requests import SignedInRequest, now_in, posted
from seminars import letters
from seminars.breadcrumbs import desk_path
from seminars.forms.reasons import RemoveForm
from seminars.forms.search import ParticipantFilterForm
from seminars.gates import organised
from seminars.models import MARKED_IN_LIST, Registration, RegistrationQuerySet, Seminar
from seminars.participants import spreadsheet
from seminars.participants.counts import counts_of, seats_of
from seminars.participants.participant_pages import WholeList
from seminars.participants.participant_rows import RowActions, participant_rows
from seminars.registration_window import closed_to_all
from seminars.rules import may_mark_attendance
from seminars.seats.withdrawal import closed_to_ending, remove_participant
from seminars.session_lists import counts_by_session

PAGE_SIZE = 100


@login_required
@require_safe
def participant_list(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = organised(request, pk)
    form = ParticipantFilterForm(request.GET)
    found = form.apply(seminar.registrations.all())
    may_mark, may = may_mark_attendance(seminar, now), RowActions.at(seminar, now)
    page = _page(seminar, found, request.GET.get("page"), is_whole=not form.is_narrowed)
    context = {
        "seminar": seminar,
        "form": form,
        "page": page,
        **_ticks(request, page),
        "rows": participant_rows(page, seminar, may),
        "outcomes": MARKED_IN_LIST,
        "counts": counts_of(seminar) if may_mark else seats_of(seminar),
        "session_counts": counts_by_session(seminar),
        "may_mark": may_mark,
        "may_bring_in": closed_to_all(seminar, now) is None,
        "has_row_actions": bool(may),
        "breadcrumbs": desk_path(seminar, _("Deltakere")),
    }
    return render_part(
        request, "seminars/participants.html", "seminars/_participants.html", context
    )


def _ticks(request: SignedInRequest, page: Page[Any]) -> dict[str, set[int]]:
    """Those ticked to be written to, on this page of the list or another, or before a search."""
    sent = request.GET.getlist("til")
    ticked = {key for text in sent if (key := read_key(text)) is not None}
    return {"ticked": ticked, "ticked_elsewhere": ticked - {one.pk for one in page}}


def _page(
    seminar: Seminar, found: RegistrationQuerySet, number: str | None, *, is_whole: bool
) -> Page[Any]:
    """Sorts numbers alone, and reads the people of one page: a list may be a hundred thousand."""
    numbers: Any = WholeList(seminar) if is_whole else found.values_list("pk", flat=True)
    page: Page[Any] = Paginator(numbers, PAGE_SIZE).get_page(number)
    ids = list(page.object_list)
    people = seminar.registrations.with_people()
    if seminar.has_choices:
        people = people.prefetch_related("choices__session")
    found_people = people.in_bulk(ids)
    page.object_list = [found_people[pk] for pk in ids if pk in found_people]
    return page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    seminar = organised(request, pk)
    registration = get_object_or_404(seminar.registrations.with_people(), pk=registration_pk)
    registration.seminar = seminar
    form = RemoveForm(posted(request))
    letter = None
    if "preview" in request.POST and form.is_valid():
        reason = form.cleaned_data["reason"]
        letter = letters.removed_preview(seminar, reason=reason, to=registration.user)
    elif form.is_valid() and _is_removed(request, registration, form):
        return redirect(_list_as_seen(request, pk))
    context = _removing(registration, now_in(request)) | {"form": form, "letter": letter}
    context["cancel"] = _list_as_seen(request, pk)
    return render(request, "components/confirm.html", context)


def _removing(registration: Registration, now: dt.datetime) -> dict[str, Any]:
    when = near(registration.seminar.starts_at, registration.seminar.ends_at)
    return {
        "title": _("Ta bort påmeldingen til %(name)s?") % {"name": registration.user.name},
        "refusal": closed_to_ending(registration, now),
        "consequences": [
            _("Personen får brev om det, og det som gjenstår, tas ut av kalenderen."),
            *letters_wait("seminars.removed", now, when=when),
            _goes_on_in_words(registration.seminar, now),
        ],
        "preview": _("Se brevet først"),
        "submit": _("Ta bort påmeldingen"),
        "submit_variant": "danger",
    }


def _list_as_seen(request: SignedInRequest, pk: int) -> str:
    """The list where the person was in it: its search and its page."""
    url, query = reverse("seminars:participants", args=[pk]), request.GET.urlencode()
    return f"{url}?{query}" if query else url


def _goes_on_in_words(seminar: Seminar, now: dt.datetime) -> str:
    if seminar.takes_newcomers(now) and seminar.promotes_by_hand:
        return _("Plassen blir ledig, og du velger hvem på ventelisten som får den.")
    if seminar.takes_newcomers(now):
        return _("Står noen på venteliste, går plassen til den første av dem.")
    return _("Plassen går ikke til andre, for ingen nye kommer med etter første samling.")


def _is_removed(request: SignedInRequest, registration: Registration, form: RemoveForm) -> bool:
    with refusals_kept(request, form) as kept:
        remove_participant(
            registration=registration, **form.cleaned_data, by=request.user, now=now_in(request)
        )
        words = _("Påmeldingen til %(name)s er tatt bort.")
        messages.success(request, words % {"name": registration.user.name})
    return not kept.shows_form


@login_required
@require_safe
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    questions = list(seminar.questions.all())
    groups = list(seminar.choice_groups.all()) if seminar.has_choices else []
    return xlsx_response(
        f"deltakere-{pk}",
        _("Deltakere"),
        spreadsheet.columns(questions, groups),
        spreadsheet.rows(seminar, questions, groups),
        spreadsheet.about(seminar, now_in(request)),
    )
