"""Who signs for which party: the two themselves, and for a leader on leave a substitute.

A substitute sees one thing only: what both have agreed to and the leader has not signed, in the
time and the part of the organisation that the substitution holds for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from commitments.models import Agreement, Party, Revision, RevisionState, Signature
from commitments.models.revision import RevisionQuerySet
from commitments.unmanaged_sql import left_behind
from people.models import Substitution, User
from people.tree import ids_above_row, ids_below


@dataclass(frozen=True)
class SigningCapacity:
    """The party whose signature somebody may put; with a substitution it is the leader's."""

    party: Party
    substitution: Substitution | None = None


def signing_capacity_of(
    user: User, agreement: Agreement, now: dt.datetime
) -> SigningCapacity | None:
    """None for whoever is neither a party nor stands in for the leader at this moment."""
    party = agreement.party_of(user)
    if party is not None:
        return SigningCapacity(party)
    held = substitution_for(agreement, timezone.localdate(now), substitute=user)
    return SigningCapacity(Party.LEADER, held) if held is not None else None


def substitution_for(
    agreement: Agreement, today: dt.date, *, substitute: User | None = None
) -> Substitution | None:
    """What holds for the agreement's leader there today; never in favour of the employee."""
    if agreement.is_parted:
        return None
    held = Substitution.objects.for_leader_in(agreement.leader_id, agreement.unit_id, today)
    held = held.exclude(substitute=agreement.employee_id).select_related("substitute", "leader")
    return (held if substitute is None else held.filter(substitute=substitute)).first()


def substitutions_for(agreements: Iterable[Agreement], today: dt.date) -> dict[int, Substitution]:
    """What `substitution_for` answers for each of many, by agreement; two questions for all."""
    held = Substitution.objects.standing().valid_on(today).filter(leader=OuterRef("leader"))
    held = held.filter(unit__in=ids_above_row(OuterRef("unit")))
    held = held.exclude(substitute=OuterRef("employee"))
    found = Agreement.objects.filter(
        pk__in=[one.pk for one in agreements], leader_access_ended_at__isnull=True
    ).annotate(held=Subquery(held.values("pk")[:1]))
    by_agreement = dict(found.exclude(held=None).order_by().values_list("pk", "held"))
    known = Substitution.objects.select_related("substitute", "leader").in_bulk(
        set(by_agreement.values())
    )
    return {pk: known[one] for pk, one in by_agreement.items()}


def revisions_to_sign_for(user: User, today: dt.date) -> RevisionQuerySet:
    """All that somebody may see as a substitute today."""
    held = list(Substitution.objects.standing().valid_on(today).filter(substitute=user))
    if not held:
        return Revision.objects.none()
    moved = left_behind(today, leaders=[one.leader_id for one in held])
    waiting = Revision.objects.filter(
        ~Q(agreement__pk__in=moved),
        _covered_by(held),
        state=RevisionState.AGREED,
        agreement__ended_at__isnull=True,
        agreement__leader_access_ended_at__isnull=True,
    )
    return waiting.exclude(agreement__employee=user).exclude(
        pk__in=Signature.objects.filter(party=Party.LEADER).values("revision")
    )


def revision_to_sign_for(user: User, agreement_pk: int, today: dt.date) -> Revision | None:
    waiting = revisions_to_sign_for(user, today).exclude(agreement__leader=user)
    return waiting.filter(agreement=agreement_pk).with_content().first()


def _covered_by(held: list[Substitution]) -> Q:
    covered = Q()
    for one in held:
        covered |= Q(agreement__leader=one.leader_id, agreement__unit__in=ids_below([one.unit_id]))
    return covered


def has_signed_for_leader(user: User, agreement_pk: int) -> bool:
    """So that a second click is answered as the first one was."""
    return Signature.objects.filter(
        signer=user, on_behalf_of__isnull=False, revision__agreement=agreement_pk
    ).exists()
