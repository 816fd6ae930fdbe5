from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common.letters_wait import letters_wait
from common.numbers import number
from common.sending_times import near
from people.requests import SignedInRequest, now_in, posted
from seminars import letters
from seminars.breadcrumbs import desk_path
from seminars.bulk_registration import Found, read_list
from seminars.clashes import people_with_clash
from seminars.gates import organised
from seminars.models import Seminar
from seminars.participants import bulk_actions
from seminars.participants.bulk_actions import Entry
from seminars.participants.bulk_forms import ListForm
from seminars.registration_window import closed_to_all


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """First what the list would do, line by line; nothing happens before it is confirmed."""
    seminar, now = organised(request, pk), now_in(request)
    form = ListForm(posted(request), request.FILES or None)
    found = read_list(form.tables, seminar) if form.is_valid() else Found([])
    good = [line.person for line in found.lines if line.person and not line.problem]
    if form.is_valid() and "confirmed" in request.POST:
        by = request.user
        _tell(request, bulk_actions.register_list(seminar=seminar, people=good, by=by, now=now))
        return redirect("seminars:participants", pk)
    context = {
        "seminar": seminar,
        "form": form,
        "refusal": closed_to_all(seminar, now),
        "letters_wait": _letters_wait(seminar, now),
        "lines": found.lines,
        "said": found.said,
        "clashing": people_with_clash(seminar, [person.pk for person in good]),
        "letter": letters.registered_preview(seminar, to=request.user),
        "good": len(good),
        "addresses": "\n".join(person.listed_as for person in good),
        "breadcrumbs": desk_path(seminar, _("Meld på fra liste")),
    }
    return render(request, "seminars/register_list.html", context)


def _letters_wait(seminar: Seminar, now: dt.datetime) -> list[str]:
    near_it = near(seminar.starts_at, seminar.ends_at)
    return letters_wait("seminars.confirmed", now, when=near_it)


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
