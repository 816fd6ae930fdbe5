from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _

from commitments import rules
from commitments.confirmation_page import confirm_with_reason
from commitments.ending.actions import end_agreement
from commitments.gates import (
    current_revision,
    require_now,
)
from people.requests import SignedInRequest


@login_required
def end(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    agreement = current.agreement
    require_now(request, agreement, rules.goes_on(request.user, agreement))
    return confirm_with_reason(
        request,
        agreement,
        partial(end_agreement, agreement=agreement),
        success=_("Avtalen er avsluttet."),
        title=_("Avslutt avtalen"),
        crumb=_("Avslutt"),
        text=_("Skriv hvorfor. Bare dere to ser det."),
        consequences=[
            _("Ingen av dere kan skrive mer i avtalen."),
            _("Det som er signert, blir stående og kan leses av dere begge."),
            _("Dere kan begynne på en ny avtale."),
        ],
        submit=_("Avslutt avtalen"),
        submit_variant="danger",
    )
