from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import rules
from commitments.confirmation_page import confirm_page
from commitments.conversation_forms import PauseForm
from commitments.gates import done_or_told, require_now, visible_agreement
from commitments.pausing.actions import pause_agreement, resume_agreement
from people.requests import SignedInRequest, now_in


@login_required
def pause(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = visible_agreement(request, pk)
    goes_on = rules.goes_on(request.user, agreement)
    require_now(request, agreement, goes_on and agreement.paused_at is None)
    now = now_in(request)
    data = request.POST if request.method == "POST" else None
    form = PauseForm(data, today=timezone.localdate(now))
    if data is not None and form.is_valid():
        day = form.cleaned_data["resumes_on"]
        action = partial(
            pause_agreement, agreement=agreement, resumes_on=day, by=request.user, now=now
        )
        return done_or_told(request, action, success=_("Avtalen er på pause."), pk=pk)
    return confirm_page(
        request,
        agreement,
        title=_("Sett avtalen på pause"),
        text=_("Når en av dere er borte en stund. Du trenger ikke si hvorfor."),
        consequences=_what_a_pause_does(),
        form=form,
        submit=_("Sett på pause"),
    )


def _what_a_pause_does() -> list[str]:
    return [
        _("Ingen av dere blir minnet om noe, og ingen samtale regnes som glemt."),
        _("En samtale som står i kalenderen, blir tatt ut."),
        _("Hver av dere kan gå videre når det passer."),
    ]


@login_required
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = visible_agreement(request, pk)
    goes_on = rules.goes_on(request.user, agreement)
    require_now(request, agreement, goes_on and agreement.paused_at is not None)
    if request.method == "POST":
        action = partial(
            resume_agreement, agreement=agreement, by=request.user, now=now_in(request)
        )
        return done_or_told(request, action, success=_("Avtalen går videre."), pk=pk)
    return confirm_page(
        request,
        agreement,
        title=_("Gå videre med avtalen"),
        text=_("Da er den ikke lenger på pause."),
        consequences=[_("En samtale som skulle vært holdt i mellomtiden, får en dag om to uker.")],
        submit=_("Gå videre"),
    )
