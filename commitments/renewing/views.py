from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _

from commitments import rules
from commitments.confirmation_page import confirm_page, confirm_with_reason
from commitments.eligible_pairs import mission_for
from commitments.gates import current_revision, done_or_told, require_now
from commitments.locking import matched
from commitments.models import Revision
from commitments.renewing.actions import closed_to_reconciling, reconcile_draft, renew_agreement
from missions.models import MissionVersion
from people.requests import SignedInRequest, now_in, today_in


@login_required
def reconcile(request: SignedInRequest, pk: int) -> HttpResponse:
    """Renews what is signed, or hangs a draft on the newest mission."""
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.may_reconcile(request.user, current))
    mission = mission_for(current.agreement.unit, today_in(request))
    more = _homeless(current, mission) if mission else []
    if not current.is_signed:
        return _reconcile_draft(request, current, mission, more)
    return confirm_with_reason(
        request,
        current.agreement,
        partial(renew_agreement, agreement=current.agreement),
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
        _("Velg ny kjerneaktivitet for «%(text)s». Den gamle er ikke lenger i oppdraget.")
        % {"text": text}
        for text in texts
    ]


def _reconcile_draft(
    request: SignedInRequest, current: Revision, mission: MissionVersion | None, more: list[str]
) -> HttpResponse:
    if request.method == "POST":
        action = partial(reconcile_draft, revision=current, by=request.user, now=now_in(request))
        success = _("Utkastet bygger nå på det nyeste oppdraget.")
        return done_or_told(request, action, success=success, pk=current.agreement_id)
    return confirm_page(
        request,
        current.agreement,
        refusal=closed_to_reconciling(current, mission),
        title=_("Avstem på nytt"),
        text=_("Det dere skriver, blir knyttet til oppdraget slik det er nå."),
        consequences=[
            *more,
            *([] if current.is_draft else [_("Er det foreslått, blir det et utkast igjen.")]),
        ],
        submit=_("Avstem på nytt"),
    )
