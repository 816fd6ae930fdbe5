from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _

from commitments import rules
from commitments.confirmation_page import confirm_with_reason
from commitments.declining.actions import decline_proposal, withdraw_proposal
from commitments.gates import current_revision, require_now
from people.requests import SignedInRequest


@login_required
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.may_decline(request.user, current))
    holds = current.agreement.revisions.signed().exists()
    return confirm_with_reason(
        request,
        current.agreement,
        partial(decline_proposal, revision=current),
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
    require_now(request, current.agreement, rules.may_withdraw(request.user, current))
    is_change = current.is_draft
    return confirm_with_reason(
        request,
        current.agreement,
        partial(withdraw_proposal, revision=current),
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
