from __future__ import annotations

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
from seminars.messages.actions import closed_to_writing, recipients_of, write_to_participants
from seminars.messages.forms import MessageForm
from seminars.models import Seminar


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    """Written, then seen as it will be read, then sent."""
    seminar = organised(request, pk, is_counted=False)
    form = MessageForm(posted(request))
    context = {
        "seminar": seminar,
        "form": form,
        "refusal": closed_to_writing(seminar),
        "breadcrumbs": desk_path(seminar, _("Skriv til deltakerne")),
    }
    is_written = form.is_valid() and "change" not in request.POST
    if is_written and "confirmed" in request.POST and _is_sent(request, seminar, form):
        return redirect("seminars:participants", pk)
    if is_written and not form.errors:
        words = form.cleaned_data
        context["recipients"] = recipients_of(seminar, words["states"]).count()
        if not context["recipients"]:
            form.add_error("states", _("Ingen har den statusen nå."))
            return render(request, "seminars/write.html", context)
        context["letter"] = letters.message_preview(
            seminar, subject=words["subject"], words=words["text"], by=request.user
        )
    return render(request, "seminars/write.html", context)


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
