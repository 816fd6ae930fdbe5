from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from people.requests import SignedInRequest, now_in, posted, today_in
from seminars.editing.copy_actions import copy_seminar, moved_by_clocks
from seminars.editing.copy_forms import CopyForm
from seminars.gates import arranged
from seminars.models import Seminar


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = arranged(request, pk, is_counted=False)
    form = CopyForm(posted(request), today=today_in(request))
    if request.method == "POST" and form.is_valid():
        return _copied(request, seminar, form)
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


def _copied(request: SignedInRequest, seminar: Seminar, form: CopyForm) -> HttpResponse:
    made = copy_seminar(seminar=seminar, **form.cleaned_data, by=request.user, now=now_in(request))
    messages.success(request, _("Kopien er et utkast. Se over tidene før du publiserer."))
    if moved_by_clocks(seminar, made):
        words = _("Klokken stilles den natten, så minst én tid finnes ikke og er flyttet fram.")
        messages.warning(request, words)
    return redirect("seminars:edit", made.pk)
