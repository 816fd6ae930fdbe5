from __future__ import annotations

import logging

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments import actions, rules
from commitments.documents import keep_document
from commitments.forms import SeenForm
from commitments.identity import fresh_proof
from commitments.models import Revision
from commitments.pdf import render_document
from commitments.views.reading import reading_context
from commitments.views.scope import breadcrumbs, current_revision, require, signed_revision
from common.errors import Refused
from common.seal import CannotSeal
from people.requests import SignedInRequest

logger = logging.getLogger(__name__)


@login_required
@never_cache
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    if rules.has_signed(request.user, current):
        return redirect("commitments:detail", pk)
    require(rules.may_sign(request.user, current))
    proof = fresh_proof(request, timezone.now())
    if proof is None:
        return _confirm_identity(request, current)
    form = SeenForm(request.POST or None, initial=_shown(current))
    if request.method == "POST" and form.is_valid():
        return _signed(request, current, form.cleaned_data["sha256"])
    context = {
        **reading_context(request, current),
        "form": form,
        "proof": proof,
        "breadcrumbs": breadcrumbs(current.agreement, request, _("Signer")),
    }
    return render(request, "commitments/sign.html", context)


def _shown(current: Revision) -> dict[str, object]:
    return {"revision": current.pk, "sha256": current.sha256}


def _confirm_identity(request: SignedInRequest, current: Revision) -> HttpResponse:
    """To the page that asks who you are, which leads back here; a POST is never carried along."""
    if request.method != "POST":
        raise ReauthenticationRequired
    messages.error(request, _("Det er for lenge siden du bekreftet hvem du er."))
    return redirect("commitments:sign", current.agreement_id)


def _signed(request: SignedInRequest, current: Revision, sha256: str) -> HttpResponse:
    now = timezone.now()
    try:
        signed = actions.sign_agreement(
            revision=current,
            sha256=sha256,
            proof=fresh_proof(request, now),
            by=request.user,
            now=now,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("commitments:detail", current.agreement_id)
    if signed.is_signed:
        messages.success(request, _("Avtalen er signert av dere begge. Dere får brev begge to."))
    else:
        name = current.agreement.counterpart_of(request.user).given_name
        text = _("Du har signert. Nå mangler bare signaturen til %(name)s.") % {"name": name}
        messages.success(request, text)
    return redirect("commitments:detail", current.agreement_id)


@login_required
@require_safe
@never_cache
def pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    signed = signed_revision(request, pk)
    name = f"avtale-{signed.agreement_id}-utgave-{signed.number}"
    try:
        content = bytes(keep_document(revision=signed, now=timezone.now()).pdf)
    except (CannotSeal, ImproperlyConfigured):
        logger.warning("A copy without a seal was given out.", exc_info=True)
        name, content = f"{name}-uten-segl", render_document(signed)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
