from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common.numbers import number
from common.refusals import refusals_kept
from people.requests import SignedInRequest, now_in, posted
from seminars import letters
from seminars.breadcrumbs import desk_path
from seminars.gates import organised
from seminars.messages.actions import closed_to_writing, write_to_participants
from seminars.messages.forms import ManyForm, MessageForm
from seminars.models import Seminar

FROM_TICKS = "krysset"
"""Said by the list of participants: whoever ticked nobody there does not mean everybody."""
MOST_NAMED = 100
"""Recipients named before the letter goes; of the others it is said how many they are."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    """Written, then seen as it will be read and with who gets it, then sent."""
    seminar = organised(request, pk, is_counted=False)
    ticked = request.GET.getlist("til")
    if FROM_TICKS in request.GET and not ticked:
        messages.warning(request, _("Kryss av dem du vil skrive til, først."))
        return redirect("seminars:participants", pk)
    form = MessageForm(posted(request), seminar=seminar, ticked=ticked)
    context = {
        "seminar": seminar,
        "form": form,
        "ticked": number(form.ticked_count) if form.ticked_count else "",
        "refusal": closed_to_writing(seminar),
        "breadcrumbs": desk_path(seminar, _("Skriv til deltakerne")),
    }
    if form.is_valid() and "change" not in request.POST:
        is_confirmed = "confirmed" in request.POST
        count = form.recipients().count()
        many = ManyForm(request.POST if is_confirmed else None, count=count)
        if is_confirmed and many.is_valid() and _is_sent(request, seminar, form):
            return redirect("seminars:participants", pk)
        if not form.errors:
            context |= {"many": many, "recipients": count, "unnamed": max(count - MOST_NAMED, 0)}
            context |= _before_sending(request, seminar, form)
    return render(request, "seminars/write.html", context)


def _before_sending(
    request: SignedInRequest, seminar: Seminar, form: MessageForm
) -> dict[str, Any]:
    words = form.cleaned_data
    by_name = form.recipients().with_people().order_by("user__sort_key", "pk")
    return {
        "named": by_name[:MOST_NAMED],
        "letter": letters.message_preview(
            seminar, subject=words["subject"], words=words["text"], by=request.user
        ),
    }


def _is_sent(request: SignedInRequest, seminar: Seminar, form: MessageForm) -> bool:
    with refusals_kept(request, form, "states") as kept:
        count = write_to_participants(
            seminar=seminar, **form.cleaned_data, by=request.user, now=now_in(request)
        )
        words = ngettext(
            "Brevet er på vei til %(count)s person.",
            "Brevet er på vei til %(count)s personer.",
            count,
        )
        messages.success(request, words % {"count": number(count)})
    return not kept.shows_form
