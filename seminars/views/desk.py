from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from common.htmx import render_part
from common.numbers import number
from people.requests import SignedInRequest, posted
from seminars import actions, letters
from seminars.actions.copying import moved_by_clocks
from seminars.actions.listing import Entry
from seminars.agencies import seats_by_agency
from seminars.bulk import Found, read_list
from seminars.clashes import people_with_clash
from seminars.forms.copying import CopyForm
from seminars.forms.listing import ListForm
from seminars.personal_data import held_by
from seminars.views.breadcrumbs import desk_path
from seminars.views.gates import organised


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    form = CopyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        made = actions.copy_seminar(
            seminar=seminar, **form.cleaned_data, by=request.user, now=timezone.now()
        )
        messages.success(request, _("Kopien er et utkast. Se over tidene før du publiserer."))
        if moved_by_clocks(seminar, made):
            messages.warning(
                request,
                _("Klokken stilles den natten, så minst én tid finnes ikke og er flyttet frem."),
            )
        return redirect("seminars:edit", made.pk)
    context = {
        "title": _("Lag en kopi av «%(title)s»?") % {"title": seminar.title},
        "consequences": [
            _("Tekst, sted, samlinger, program, kursholdere, plasser og spørsmål blir med."),
            _("Ingen deltakere, invitasjoner eller svar blir med."),
            _("Kopien er et utkast som bare arrangører ser."),
        ],
        "form": form,
        "submit": _("Lag kopien"),
        "cancel": reverse("seminars:detail", args=[pk]),
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """First what the list would do, line by line; nothing happens before it is confirmed."""
    seminar = organised(request, pk)
    form = ListForm(posted(request), request.FILES or None)
    found = Found([])
    if request.method == "POST" and form.is_valid():
        found = read_list(form.tables, seminar)
        if "confirmed" in request.POST:
            people = [line.person for line in found.lines if line.person and not line.problem]
            entries = actions.register_list(
                seminar=seminar, people=people, by=request.user, now=timezone.now()
            )
            _tell(request, entries)
            return redirect("seminars:participants", pk)
    good = [line.person for line in found.lines if line.person and not line.problem]
    context = {
        "seminar": seminar,
        "form": form,
        "lines": found.lines,
        "said": found.said,
        "clashing": people_with_clash(seminar, [person.pk for person in good]),
        "letter": letters.registered_preview(seminar, to=request.user),
        "good": len(good),
        "addresses": "\n".join(person.email for person in good),
        "breadcrumbs": desk_path(seminar, _("Meld på fra liste")),
    }
    return render(request, "seminars/register_list.html", context)


def _tell(request: SignedInRequest, entries: list[Entry]) -> None:
    made = [entry.registration for entry in entries if entry.registration]
    seated = sum(registration.has_seat for registration in made)
    words = ngettext(
        "%(seated)s fikk plass, og %(waiting)s står på ventelisten.",
        "%(seated)s fikk plass, og %(waiting)s står på ventelisten.",
        seated,
    )
    if made:
        messages.success(
            request,
            words % {"seated": number(seated), "waiting": number(len(made) - seated)},
        )
    for entry in entries:
        if entry.refusal:
            messages.warning(request, f"{entry.person.name}: {entry.refusal}")
    if not entries:
        messages.info(request, _("Ingen nye å melde på."))


@login_required
@require_safe
def seats(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asked for anew by the page itself every 20 seconds; the same address without a script."""
    seminar = organised(request, pk, is_counted=False)
    rows = seats_by_agency(seminar)
    context = {
        "seminar": seminar,
        "rows": rows,
        "most": max((row.width for row in rows), default=0),
        "taken": sum(row.taken for row in rows),
        "held": sum(row.held for row in rows),
        "waiting": sum(row.waiting for row in rows),
        "at": timezone.now(),
        "breadcrumbs": desk_path(seminar, _("Plasser per virksomhet")),
    }
    return render_part(request, "seminars/seats.html", "seminars/_seats.html", context)


@login_required
@require_safe
def personal_data(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    context = {
        "seminar": seminar,
        "held": held_by(seminar),
        "breadcrumbs": desk_path(seminar, _("Persondata")),
    }
    return render(request, "seminars/personal_data.html", context)
