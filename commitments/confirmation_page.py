"""A page that says what will happen before it does: words, a form if one is needed, a button."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from commitments.conversation_forms import ReasonForm
from commitments.gates import active_share, breadcrumbs, done_or_kept
from commitments.models import Agreement
from commitments.visibility_text import who_sees
from people.requests import SignedInRequest, now_in


def confirm_page(
    request: SignedInRequest, agreement: Agreement, *, title: str, crumb: str = "", **page: Any
) -> HttpResponse:
    """`crumb` is the title where there is little room."""
    context = {
        "title": title,
        "cancel": reverse("commitments:detail", args=[agreement.pk]),
        "who_sees": who_sees(agreement, share=active_share(agreement)),
        "breadcrumbs": breadcrumbs(agreement, request, crumb or title),
        **page,
    }
    return render(request, "commitments/confirm.html", context)


def confirm_with_reason(
    request: SignedInRequest,
    agreement: Agreement,
    action: Callable[..., object],
    *,
    success: str,
    **page: Any,
) -> HttpResponse:
    """Asks why, and does it."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = partial(
            action, reason=form.cleaned_data["text"], by=request.user, now=now_in(request)
        )
        answer = done_or_kept(request, form, done, success=success, pk=agreement.pk, field="text")
        if answer is not None:
            return answer
    return confirm_page(request, agreement, form=form, **page)
