"""Who is signing what, for whom: what the pages about signing have in common."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import rules
from commitments.gates import breadcrumbs, current_revision, require_now
from commitments.models import Agreement, Medium, Revision
from commitments.signing.forms import PaperForm
from commitments.signing_authority import (
    SigningCapacity,
    has_signed_for_leader,
    revision_to_sign_for,
    signing_capacity_of,
)
from people.models import User
from people.requests import SignedInRequest, now_in


@dataclass(frozen=True)
class Signing:
    """One person about to sign one revision, as a party or for the leader."""

    revision: Revision
    seat: SigningCapacity
    user: User
    now: dt.datetime

    @property
    def agreement(self) -> Agreement:
        return self.revision.agreement

    @property
    def is_for_leader(self) -> bool:
        return self.seat.substitution is not None

    @property
    def shown(self) -> dict[str, object]:
        return {"revision": self.revision.pk, "sha256": self.revision.sha256}

    def is_elsewhere(self, medium: Medium) -> bool:
        """The other has signed, and not in this medium."""
        return any(one.medium != medium for one in self.revision.signatures.all())

    @property
    def has_other_signed(self) -> bool:
        return bool(self.revision.signatures.all())

    def paper_form(self, data: Any) -> PaperForm:
        agreed_at = self.revision.agreed_at or self.now
        return PaperForm(
            data,
            initial=self.shown,
            agreed_on=timezone.localdate(agreed_at),
            today=timezone.localdate(self.now),
        )

    @property
    def back(self) -> str:
        """A substitute has nothing more to see of the agreement after signing."""
        if self.is_for_leader:
            return reverse("commitments:substitutes")
        return reverse("commitments:detail", args=[self.agreement.pk])

    @property
    def others(self) -> str:
        """Whoever else there is to sign, by the given name."""
        agreement = self.agreement
        other = agreement.employee if self.is_for_leader else agreement.counterpart_of(self.user)
        return other.given_name

    def thanks(self, signed: Revision) -> str:
        if self.is_for_leader:
            words = _("Du har signert for %(name)s. Begge navnene står ved signaturen.")
            return words % {"name": self.agreement.leader.name}
        if signed.is_signed:
            return _("Avtalen er signert av dere begge. Dere får brev begge to.")
        words = _("Du har signert. Nå mangler bare signaturen til %(name)s.")
        return words % {"name": self.others}

    def breadcrumbs(self, request: SignedInRequest, title: str) -> list[tuple[str, str | None]]:
        if not self.is_for_leader:
            return breadcrumbs(self.agreement, request, title)
        return [
            (_("Avtaler"), reverse("commitments:list")),
            (_("Stedfortreder"), reverse("commitments:substitutes")),
            (title, None),
        ]


def signing_of(request: SignedInRequest, pk: int) -> Signing | HttpResponse:
    """404 for who may not know of it, 403 while there is nothing to sign, on when it is done."""
    now = now_in(request)
    waiting = revision_to_sign_for(request.user, pk, timezone.localdate(now))
    if waiting is None and _clicked_twice(request, pk):
        return redirect("commitments:substitutes")
    current = waiting or current_revision(request, pk)
    if rules.has_signed(request.user, current):
        return redirect("commitments:detail", pk)
    seat = signing_capacity_of(request.user, current.agreement, now)
    if rules.is_party(request.user, current.agreement):
        require_now(request, current.agreement, rules.may_sign_as(seat, current))
    if seat is None or not rules.may_sign_as(seat, current):
        raise PermissionDenied
    return Signing(current, seat, request.user, now)


def _clicked_twice(request: SignedInRequest, pk: int) -> bool:
    return request.method == "POST" and has_signed_for_leader(request.user, pk)
