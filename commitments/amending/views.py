from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _

from commitments import rules
from commitments.amending.actions import amend_agreement
from commitments.confirmation_page import confirm_with_reason
from commitments.gates import (
    current_revision,
    require_now,
)
from people.requests import SignedInRequest


@login_required
def amend(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    agreement = current.agreement
    require_now(request, agreement, rules.may_amend(request.user, agreement, current))
    return confirm_with_reason(
        request,
        agreement,
        partial(amend_agreement, agreement=agreement),
        success=_("En ny utgave er påbegynt. Den signerte gjelder til dere har signert den nye."),
        title=_("Be om endring"),
        text=_("Dere går videre fra den signerte utgaven, og signerer den nye begge to."),
        consequences=[
            _("Den signerte utgaven endres aldri, og gjelder til den nye er signert."),
            _("Begrunnelsen blir en del av den nye utgaven."),
        ],
        submit=_("Begynn på ny utgave"),
    )
