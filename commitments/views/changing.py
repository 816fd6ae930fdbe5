from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import actions, rules
from commitments.actions.locking import matched
from commitments.forms import PauseForm
from commitments.line import mission_for
from commitments.models import Revision
from commitments.views.confirming import confirm_page, confirm_with_reason
from commitments.views.scope import (
    current_revision,
    done_or_told,
    require,
    visible_agreement,
)
from missions.models import MissionVersion
from people.requests import SignedInRequest


@login_required
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require(rules.may_decline(request.user, current))
    holds = current.agreement.revisions.signed().exists()
    return confirm_with_reason(
        request,
        current.agreement,
        partial(actions.decline_proposal, revision=current),
        success=_("Du har avslått. Begrunnelsen din står på siden."),
        title=_("Avslå"),
        text=_("Skriv hvorfor. Bare dere to ser det."),
        consequences=[
            _("Det dere har signert fra før, gjelder som før.")
            if holds
            else _("Avtalen blir avsluttet. Dere kan begynne på en ny."),
            _("Vil du heller ha noe endret, kan du sende det tilbake eller endre det selv."),
        ],
        submit=_("Avslå"),
        submit_variant="danger",
    )


@login_required
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require(rules.may_withdraw(request.user, current))
    is_change = current.is_draft
    return confirm_with_reason(
        request,
        current.agreement,
        partial(actions.withdraw_proposal, revision=current),
        success=_("Det er trukket. Begrunnelsen din står på siden."),
        title=_("La endringen være") if is_change else _("Trekk forslaget ditt"),
        text=_("Skriv hvorfor. Bare dere to ser det."),
        consequences=[
            _("Det dere har signert, gjelder som før.")
            if is_change
            else _("Forslaget blir et utkast igjen, og du kan skrive videre på det.")
        ],
        submit=_("Trekk det"),
    )


@login_required
def reconcile(request: SignedInRequest, pk: int) -> HttpResponse:
    """Renews what is signed, or hangs a draft on the newest mission."""
    current = current_revision(request, pk)
    require(rules.may_reconcile(request.user, current))
    mission = mission_for(current.agreement.unit, timezone.localdate())
    more = _homeless(current, mission) if mission else []
    if not current.is_signed:
        return _reconcile_draft(request, current, more)
    return confirm_with_reason(
        request,
        current.agreement,
        partial(actions.renew_agreement, agreement=current.agreement),
        success=_("En ny utgave er påbegynt. Den signerte gjelder til dere har signert den nye."),
        title=_("Forny avtalen"),
        text=_("Dere går videre fra det dere har signert, på oppdraget slik det er nå."),
        consequences=[_("Den signerte utgaven endres aldri."), *more],
        submit=_("Begynn på fornyelsen"),
    )


def _homeless(current: Revision, mission: MissionVersion) -> list[str]:
    """What will be asked for: commitments whose core activity is not in the mission any more."""
    tied = matched(current.commitments.all(), mission)
    texts = [one.text for one in current.commitments.all() if tied[one.pk] is None]
    return [
        _("Velg ny kjerneaktivitet for «%(text)s», for den gamle er ikke i oppdraget mer.")
        % {"text": text}
        for text in texts
    ]


def _reconcile_draft(request: SignedInRequest, current: Revision, more: list[str]) -> HttpResponse:
    if request.method == "POST":
        action = partial(
            actions.reconcile_draft, revision=current, by=request.user, now=timezone.now()
        )
        success = _("Utkastet henger nå på det nyeste oppdraget.")
        return done_or_told(request, action, success=success, pk=current.agreement_id)
    return confirm_page(
        request,
        current.agreement,
        title=_("Avstem på nytt"),
        text=_("Det dere skriver, blir hengt på oppdraget slik det er nå."),
        consequences=[
            *more,
            *([] if current.is_draft else [_("Er det foreslått, blir det et utkast igjen.")]),
        ],
        submit=_("Avstem på nytt"),
    )


@login_required
def pause(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = visible_agreement(request, pk)
    require(rules.goes_on(request.user, agreement) and agreement.paused_at is None)
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = PauseForm(data, today=timezone.localdate(now))
    if data is not None and form.is_valid():
        day = form.cleaned_data["resumes_on"]
        action = partial(
            actions.pause_agreement, agreement=agreement, resumes_on=day, by=request.user, now=now
        )
        return done_or_told(request, action, success=_("Avtalen er på pause."), pk=pk)
    return confirm_page(
        request,
        agreement,
        title=_("Sett avtalen på pause"),
        text=_("Når en av dere er borte en stund. Du trenger ikke si hvorfor."),
        consequences=[
            _("Ingen av dere blir minnet om noe, og ingen samtale regnes som glemt."),
            _("En samtale som står i kalenderen, blir tatt ut."),
            _("Hver av dere kan gå videre når det passer."),
        ],
        form=form,
        submit=_("Sett på pause"),
    )


@login_required
def resume(request: SignedInRequest, pk: int) -> HttpResponse:
    agreement = visible_agreement(request, pk)
    require(rules.goes_on(request.user, agreement) and agreement.paused_at is not None)
    if request.method == "POST":
        action = partial(
            actions.resume_agreement, agreement=agreement, by=request.user, now=timezone.now()
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
