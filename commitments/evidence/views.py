from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from commitments.evidence.forms import VerifyForm
from commitments.evidence.inspection import VerificationResult, inspect_file, inspect_hash
from evidence.seal_health import seal_health
from people.requests import SignedInRequest, now_in, today_in


@login_required
@never_cache
def verify(request: SignedInRequest) -> HttpResponse:
    """Open to everybody signed in: who holds a document, may ask whether it is whole."""
    is_asked = request.method == "POST"
    form = VerifyForm(request.POST, request.FILES) if is_asked else VerifyForm()
    context = {
        "form": form,
        "answer": _answer(request, form) if form.is_valid() else None,
        "seal": seal_health(now_in(request)),
        "breadcrumbs": [(_("Avtaler"), reverse("commitments:list")), (_("Kontroller"), None)],
    }
    return render(request, "commitments/verify.html", context)


def _answer(request: SignedInRequest, form: VerifyForm) -> VerificationResult:
    today = today_in(request)
    file = form.cleaned_data["file"]
    if file is None:
        return inspect_hash(form.cleaned_data["sha256"], by=request.user, today=today)
    return inspect_file(file.read(), by=request.user, today=today)
