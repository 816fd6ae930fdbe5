from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from common.letters_wait import letters_wait
from common.numbers import number
from common.refusals import refusals_kept
from common.sending_times import near
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars import letters
from seminars.audience_size import people_outside
from seminars.breadcrumbs import desk_path
from seminars.forms.search import NameSearchForm
from seminars.gates import organised
from seminars.invitations.actions import invite_leaders, to_invite
from seminars.invitations.forms import InviteForm
from seminars.models import Seminar
from seminars.registration_window import closed_to_all

PAGE_SIZE = 100
_NOBODY_NEW = gettext_lazy("Alle du valgte, er invitert før.")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    form = InviteForm(posted(request), seminar=seminar, today=today_in(request))
    asked, refusal = None, closed_to_all(seminar, now_in(request))
    if form.is_valid() and "change" not in request.POST:
        asked = to_invite(seminar, **form.cleaned_data, by=request.user, now=now_in(request))
        if "confirmed" in request.POST or not asked or refusal:
            if _is_answered(request, seminar, form):
                return redirect("seminars:invitations", pk)
            asked = None
    context = {
        "seminar": seminar,
        "refusal": refusal,
        "asked": asked,
        "outside": people_outside(seminar, [one.user for one in asked or ()], on=today_in(request)),
        "letters_wait": _letters_wait(seminar, now_in(request)),
        "form": form,
        "letter": letters.invitation_preview(seminar, to=request.user),
        **_invited(request, seminar),
        "breadcrumbs": desk_path(seminar, _("Invitasjoner")),
    }
    return render(request, "seminars/invitations.html", context)


def _invited(request: SignedInRequest, seminar: Seminar) -> dict[str, Any]:
    """A page of those invited so far, found by name."""
    search = NameSearchForm(request.GET)
    invited = seminar.invitations.with_people().with_answer()
    invited = invited.none() if search.words is None else invited.named(search.words)
    page = Paginator(invited, PAGE_SIZE).get_page(request.GET.get("page"))
    return {"search": search, "page": page}


def _letters_wait(seminar: Seminar, now: dt.datetime) -> list[str]:
    when = near(seminar.starts_at, seminar.ends_at)
    return letters_wait("seminars.invitation", now, when=when)


def _is_answered(request: SignedInRequest, seminar: Seminar, form: InviteForm) -> bool:
    now = now_in(request)
    with refusals_kept(request, form) as kept:
        invited = invite_leaders(seminar=seminar, **form.cleaned_data, by=request.user, now=now)
        words = ngettext(
            "%(count)s person er invitert.", "%(count)s personer er invitert.", len(invited)
        ) % {"count": number(len(invited))}
        told = [words, *_letters_wait(seminar, now)] if invited else [_NOBODY_NEW]
        messages.success(request, " ".join(str(one) for one in told))
    return not kept.shows_form
