from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Refused
from common.htmx import is_htmx, render_part
from common.spreadsheet import Cell, xlsx_response
from people.requests import SignedInRequest
from seminars import actions, attendance
from seminars.forms import ParticipantFilterForm, RegisterOtherForm, RemoveForm
from seminars.models import AttendanceOutcome, Registration, Seminar
from seminars.views.organising import organised, posted

PAGE_SIZE = 100


@login_required
@require_safe
def participant_list(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    seminar = organised(request, pk)
    form = ParticipantFilterForm(request.GET)
    found = form.apply(seminar.registrations.with_people())
    context = {
        "seminar": seminar,
        "form": form,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "outcomes": AttendanceOutcome.choices,
        "counts": attendance.counts_of(seminar),
        "may_mark": attendance.may_be_marked(seminar, now),
        "may_remove": seminar.is_published and not seminar.has_started(now),
        "breadcrumbs": _path(seminar, None),
    }
    return render_part(
        request, "seminars/participants.html", "seminars/_participants.html", context
    )


@login_required
@require_POST
def mark(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk)
    marks = attendance.marks_in(request.POST)
    if "all_attended" in request.POST:
        marks = attendance.unrecorded_as_attended(seminar)
    try:
        count = actions.mark_attendance(
            seminar=seminar, marks=marks, by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        return _answer(request, seminar, str(refusal), is_refused=True)
    words = ngettext(
        "Oppmøte er lagret for %(count)d deltaker.",
        "Oppmøte er lagret for %(count)d deltakere.",
        count,
    )
    return _answer(request, seminar, words % {"count": count})


def _answer(
    request: SignedInRequest, seminar: Seminar, words: str, *, is_refused: bool = False
) -> HttpResponse:
    """A word beside the row for htmx; otherwise the list again, where the person was in it."""
    if is_htmx(request):
        return HttpResponse(words if is_refused else _("Lagret"), content_type="text/plain")
    level = messages.ERROR if is_refused else messages.SUCCESS
    messages.add_message(request, level, words)
    url = reverse("seminars:participants", args=[seminar.pk])
    query = request.GET.urlencode()
    return redirect(f"{url}?{query}" if query else url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_other(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk)
    form = RegisterOtherForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            registration = actions.register_on_behalf(
                seminar=seminar, user=form.person, by=request.user, now=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = (
                _("%(name)s er påmeldt.")
                if registration.has_seat
                else _("%(name)s står på ventelisten, for alle plassene er tatt.")
            )
            messages.success(request, words % {"name": form.person.name})
            return redirect("seminars:participants", pk)
    context = {
        "seminar": seminar,
        "form": form,
        "cancel_url": reverse("seminars:participants", args=[pk]),
        "breadcrumbs": _path(seminar, _("Meld på en annen")),
    }
    return render(request, "seminars/register_other.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, pk: int, registration_pk: int) -> HttpResponse:
    seminar = organised(request, pk)
    people = seminar.registrations.with_people()
    registration = get_object_or_404(people, pk=registration_pk)
    form = RemoveForm(posted(request))
    list_url = reverse("seminars:participants", args=[pk])
    if request.method == "POST" and form.is_valid():
        _remove(request, registration, form.cleaned_data["reason"])
        return redirect(list_url)
    context = {
        "title": _("Ta bort påmeldingen til %(name)s?") % {"name": registration.user.name},
        "consequences": [
            _("Personen får brev om det, og seminaret tas ut av kalenderen."),
            _("Plassen går til den som står først på ventelisten."),
        ],
        "form": form,
        "submit": _("Ta bort påmeldingen"),
        "submit_variant": "danger",
        "cancel": list_url,
    }
    return render(request, "components/confirm.html", context)


def _remove(request: SignedInRequest, registration: Registration, reason: str) -> None:
    try:
        actions.remove_participant(
            registration=registration, by=request.user, reason=reason, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Påmeldingen til %(name)s er tatt bort.")
        messages.success(request, words % {"name": registration.user.name})


@login_required
@require_safe
def export(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk)
    headings = [
        _("Navn"), _("E-post"), _("Virksomhet"), _("Enhet"), _("Leder"),
        _("Status"), _("Meldt på"), _("Oppmøte"),
    ]  # fmt: skip
    return xlsx_response(f"deltakere-{pk}", _("Deltakere"), headings, _rows(seminar))


def _rows(seminar: Seminar) -> Iterator[list[Cell]]:
    for registration in seminar.registrations.with_people().in_list_order():
        yield [
            registration.user.name,
            registration.user.email,
            str(registration.agency or ""),
            str(registration.unit or ""),
            _("ja") if registration.was_leader else _("nei"),
            registration.get_state_display(),
            registration.created_at,
            attendance.outcome_in_words(registration),
        ]


def _path(seminar: Seminar, here: str | None) -> list[tuple[str, str | None]]:
    list_url = reverse("seminars:participants", args=[seminar.pk]) if here else None
    path: list[tuple[str, str | None]] = [
        (_("Seminarer"), reverse("seminars:list")),
        (_("Arrangør"), reverse("seminars:organise")),
        (seminar.title, reverse("seminars:detail", args=[seminar.pk])),
        (_("Deltakere"), list_url),
    ]
    return [*path, (here, None)] if here else path
