"""One's own certificates."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certificates.issuing import issue_anew, issue_own
from certificates.models import Certificate
from certificates.numbers import grouped
from certificates.own_page import own_certificates, seminars_with_certificate_to_get
from common.refusals import refusals_told
from people.requests import SignedInRequest, now_in, today_in
from seminars.models import Seminar


@login_required
@require_safe
def own(request: SignedInRequest) -> HttpResponse:
    """«Kursbevisene mine»."""
    today, now = today_in(request), now_in(request)
    context = {
        "rows": own_certificates(request.user, today),
        "to_get": seminars_with_certificate_to_get(request.user, today, now),
        "breadcrumbs": [
            (_("Min profil"), reverse("people:profile")),
            (_("Kursbevisene mine"), None),
        ],
    }
    return render(request, "certificates/own.html", context)


@login_required
@require_safe
def document(request: SignedInRequest, pk: int) -> HttpResponse:
    """The sealed PDF; what is replaced or withdrawn may be kept too, and says so when checked."""
    visible = Certificate.objects.visible_to(request.user, on=today_in(request))
    sealed = visible.filter(document__isnull=False).select_related("document")
    certificate = get_object_or_404(sealed, pk=pk)
    response = HttpResponse(bytes(certificate.document.pdf), content_type="application/pdf")
    name = f"kursbevis-{grouped(certificate.number)}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_POST
def get(request: SignedInRequest, pk: int) -> HttpResponse:
    """Issue one's own certificate of a seminar."""
    seminar = get_object_or_404(
        Seminar.objects.visible_to(request.user, on=today_in(request)), pk=pk
    )
    with refusals_told(request):
        issue_own(seminar=seminar, by=request.user, now=now_in(request))
        messages.success(
            request, _("Kursbeviset er utstedt. Det kan lastes ned når det er forseglet.")
        )
    return redirect("certificates:own")


@login_required
@require_POST
def renew(request: SignedInRequest, pk: int) -> HttpResponse:
    """Issue a new one with today's name and language."""
    visible = Certificate.objects.visible_to(request.user, on=today_in(request))
    certificate = get_object_or_404(visible, pk=pk)
    with refusals_told(request):
        issue_anew(certificate=certificate, by=request.user, now=now_in(request))
        messages.success(
            request, _("Du har fått et nytt kursbevis. Det forrige står som erstattet.")
        )
    return redirect("certificates:own")
