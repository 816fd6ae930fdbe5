from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commitments.conversation_forms import SeenRevisionForm
from commitments.evidence.pdf import render_document, render_for_paper
from commitments.evidence.sealing import keep_document
from commitments.gates import signed_revision
from commitments.models import Medium, Revision
from commitments.reading.views import reading_context
from commitments.signing.actions import sign_agreement
from commitments.signing.capacity import Signing, signing_of
from commitments.signing.identity import fresh_proof
from common.refusals import refusals_told
from evidence.documents import CannotBeSet
from evidence.seal import CannotSeal
from people.requests import SignedInRequest, now_in

logger = logging.getLogger(__name__)


@login_required
@never_cache
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    signing = signing_of(request, pk)
    if isinstance(signing, HttpResponse):
        return signing
    if signing.is_elsewhere(Medium.PORTAL):
        return redirect("commitments:paper", pk)
    proof = fresh_proof(request, signing.now)
    if proof is None:
        return _confirm_identity(request, signing)
    form = SeenRevisionForm(request.POST or None, initial=signing.shown)
    if request.method == "POST" and form.is_valid():
        return _signed(request, signing, form.cleaned_data["sha256"])
    return _page(request, "sign", signing, form=form, proof=proof, title=_("Signer"))


@login_required
@never_cache
def paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """Saying that it was signed on paper: open to read, and confirmed as any signature is."""
    signing = signing_of(request, pk)
    if isinstance(signing, HttpResponse):
        return signing
    if signing.is_elsewhere(Medium.PAPER):
        messages.info(request, _("Den andre har signert i portalen. Da må du også signere her."))
        return redirect("commitments:sign", pk)
    proof = fresh_proof(request, signing.now)
    if proof is None and "bekreft" in request.GET:
        return _confirm_identity(request, signing, page="paper")
    form = signing.paper_form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and proof is None:
        return _confirm_identity(request, signing, page="paper")
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data
        return _signed(request, signing, seen["sha256"], paper_signed_on=seen["paper_signed_on"])
    return _page(request, "paper", signing, form=form, proof=proof, title=_("Signer på papir"))


@login_required
@require_safe
@never_cache
def paper_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    signing = signing_of(request, pk)
    if isinstance(signing, HttpResponse):
        return signing
    revision = signing.revision
    name = f"avtale-{revision.agreement_id}-utgave-{revision.number}-papir"
    try:
        return _pdf(name, render_for_paper(revision))
    except CannotBeSet:
        logger.exception("The paper of revision %s could not be set.", revision.pk)
        messages.error(
            request,
            _("Avtalen kan ikke skrives ut som et helt dokument. Signer den i portalen i stedet."),
        )
        return redirect("commitments:detail", revision.agreement_id)


def _page(
    request: SignedInRequest, name: str, signing: Signing, *, title: str, **extra: Any
) -> HttpResponse:
    context = {
        **reading_context(request, signing.revision),
        "signing": signing,
        "title": title,
        "breadcrumbs": signing.breadcrumbs(request, title),
        **extra,
    }
    return render(request, f"commitments/{name}.html", context)


def _confirm_identity(
    request: SignedInRequest, signing: Signing, *, page: str = "sign"
) -> HttpResponse:
    """To the page that asks who you are, which leads back here; a POST is never carried along."""
    if request.method != "POST":
        raise ReauthenticationRequired
    messages.error(request, _("Det er for lenge siden du bekreftet hvem du er."))
    return redirect(f"commitments:{page}", signing.revision.agreement_id)


def _signed(
    request: SignedInRequest,
    signing: Signing,
    sha256: str,
    *,
    paper_signed_on: dt.date | None = None,
) -> HttpResponse:
    now = now_in(request)
    with refusals_told(request):
        signed = sign_agreement(
            revision=signing.revision,
            sha256=sha256,
            proof=fresh_proof(request, now),
            by=request.user,
            now=now,
            paper_signed_on=paper_signed_on,
        )
        messages.success(request, signing.thanks(signed))
    return redirect(signing.back)


@login_required
@require_safe
@never_cache
def pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    signed = signed_revision(request, pk)
    name = f"avtale-{signed.agreement_id}-utgave-{signed.number}"
    try:
        content = bytes(keep_document(revision=signed, now=now_in(request)).pdf)
    except CannotBeSet:
        return _not_made_yet(request, signed)
    except (CannotSeal, ImproperlyConfigured):
        logger.warning("A copy without a seal was given out.", exc_info=True)
        try:
            name, content = f"{name}-uten-segl", render_document(signed)
        except CannotBeSet:
            return _not_made_yet(request, signed)
    return _pdf(name, content)


def _not_made_yet(request: SignedInRequest, signed: Revision) -> HttpResponse:
    """The agreement is signed and safe; those who run the portal see that its document is not."""
    logger.exception("The document of revision %s could not be set.", signed.pk)
    messages.warning(
        request,
        _("Dokumentet er ikke laget ennå. Avtalen er signert og gjelder. Prøv igjen senere."),
    )
    return redirect("commitments:detail", signed.agreement_id)


def _pdf(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
