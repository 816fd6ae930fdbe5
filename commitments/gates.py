"""How every page of this room begins: what this person may see, and then what they may do."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.models import Agreement, Revision, Share
from commitments.state_text import state_told
from common.edit_conflicts import Change
from common.errors import NotNow
from common.keys import read_key
from common.refusals import refusals_kept, refusals_told
from people.requests import SignedInRequest, today_in


def visible_agreement(request: SignedInRequest, pk: int) -> Agreement:
    today = today_in(request)
    return get_object_or_404(
        Agreement.objects.visible_to(request.user, on=today).with_people(), pk=pk
    )


def current_revision(request: SignedInRequest, pk: int) -> Revision:
    """Where agreement `pk` stands: its newest revision that is neither replaced nor withdrawn."""
    of_agreement = (
        Revision.objects.visible_to(request.user, on=today_in(request))
        .filter(agreement=pk)
        .with_content()
        .order_by("-number")
    )
    live = of_agreement.live().first()
    # An agreement that was ended before it was signed has only withdrawn revisions to show.
    return live or get_object_or_404(of_agreement, pk=of_agreement.values("pk")[:1])


def signed_revision(request: SignedInRequest, pk: int) -> Revision:
    """The one asked for by number, else the newest."""
    signed = (
        Revision.objects.visible_to(request.user, on=today_in(request))
        .filter(agreement=pk)
        .signed()
    )
    number = read_key(request.GET.get("utgave", ""))
    if number is not None:
        signed = signed.filter(number=number)
    return get_object_or_404(signed.with_content().order_by("-number")[:1])


def active_share(agreement: Agreement) -> Share | None:
    """With whom it is shared, if it is; asked for only where there can be one."""
    if not agreement.is_parted:
        return None
    return agreement.shares.active().with_people().first()


def require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def require_now(
    request: SignedInRequest, agreement: Agreement, is_allowed: bool, *, why: str = ""
) -> None:
    """Refuse with how things stand now, and a way on: the link may be older than what happened."""
    if not is_allowed:
        raise NotNow(
            why or state_told(agreement, request.user),
            url=reverse("commitments:detail", args=[agreement.pk]),
            label=_("Se avtalen slik den er nå"),
        )


def breadcrumbs(
    agreement: Agreement, request: SignedInRequest, *more: str
) -> list[tuple[str, str | None]]:
    other = agreement.counterpart_of(request.user)
    trail: list[tuple[str, str | None]] = [
        (_("Avtaler"), reverse("commitments:list")),
        (other.name, reverse("commitments:detail", args=[agreement.pk])),
        *((label, None) for label in more),
    ]
    return [*trail[:-1], (trail[-1][0], None)]


def done_or_told(
    request: SignedInRequest, action: Callable[[], object], *, success: str, pk: int
) -> HttpResponse:
    """Do it, say that it is done or why it was not, and go back to the agreement."""
    with refusals_told(request):
        action()
        messages.success(request, success)
    return redirect("commitments:detail", pk)


def done_or_kept(
    request: SignedInRequest,
    form: forms.Form,
    action: Callable[[], object],
    *,
    success: str,
    pk: int,
    field: str | None = None,
    change: Callable[[], Change | None] = lambda: None,
) -> HttpResponse | None:
    """Do what a form with words asks for; None to show it again, with the words and the refusal."""
    with refusals_kept(request, form, field, change=change) as kept:
        action()
        messages.success(request, success)
    return None if kept.shows_form else redirect("commitments:detail", pk)
