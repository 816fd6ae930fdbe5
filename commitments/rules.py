"""Who may do what with an agreement. Only the two parties ever may; see docs/agreements.md."""

from __future__ import annotations

import datetime as dt

from commitments.models import Agreement, FollowUp, Party, Revision
from commitments.signing_authority import SigningCapacity
from people.models import Position, Unit, User
from people.organisation import line_manager_of


def may_start(user: User, *, leader: User, employee: User, unit: Unit, today: dt.date) -> bool:
    """One of the two starts, and the leader leads this very person in this very unit."""
    works_there = Position.objects.valid_on(today).filter(user=employee, unit=unit).exists()
    return (
        user in (leader, employee)
        and works_there
        and line_manager_of(employee, on=today, unit=unit) == leader
    )


def is_party(user: User, agreement: Agreement) -> bool:
    return agreement.party_of(user) is not None


def goes_on(user: User, agreement: Agreement) -> bool:
    """Between two who still lead and are led: what both may do hangs on this."""
    is_over = agreement.ended_at is not None or agreement.is_parted
    return is_party(user, agreement) and not is_over and not agreement.is_parting


def may_decline(user: User, revision: Revision) -> bool:
    """What is proposed to oneself, and what both had agreed to until both have signed it."""
    return may_answer(user, revision) or (revision.is_agreed and goes_on(user, revision.agreement))


def may_withdraw(user: User, revision: Revision) -> bool:
    """One's own proposal, or a change that is being drafted."""
    is_own = revision.is_proposed and revision.proposed_by_id == user.pk
    is_change = revision.is_draft and revision.number > 1 and _is_signed(revision.agreement)
    return goes_on(user, revision.agreement) and (is_own or is_change)


def _is_signed(agreement: Agreement) -> bool:
    return agreement.revisions.signed().exists()


def may_reconcile(user: User, revision: Revision) -> bool:
    """Hang it on the newest mission: while it is written, or by renewing what is signed."""
    return goes_on(user, revision.agreement) and (revision.is_open or revision.is_signed)


def may_settle(user: User, agreement: Agreement) -> bool:
    """Share or close what was signed with a former leader: the employee's alone to decide."""
    is_left = agreement.is_parted and agreement.ended_at is None
    return is_left and user.pk == agreement.employee_id


def may_edit(user: User, revision: Revision) -> bool:
    """Edit rights are symmetric: either party, until it is signed."""
    return goes_on(user, revision.agreement) and revision.is_open


def may_prepare(user: User, revision: Revision) -> bool:
    """Before something is written or while it is: not about what is signed already."""
    return goes_on(user, revision.agreement) and revision.is_open


def may_propose(user: User, revision: Revision) -> bool:
    return goes_on(user, revision.agreement) and revision.is_draft


def may_answer(user: User, revision: Revision) -> bool:
    """Agree or send back: the party the proposal lies with, never the one who made it."""
    agreement = revision.agreement
    return (
        goes_on(user, agreement)
        and revision.is_proposed
        and revision.turn == agreement.party_of(user)
    )


def may_sign(user: User, revision: Revision) -> bool:
    """A party that has not signed yet what both have agreed to."""
    is_ready = revision.is_agreed and not has_signed(user, revision)
    return is_ready and goes_on(user, revision.agreement)


def may_sign_as(seat: SigningCapacity | None, revision: Revision) -> bool:
    """Also for a substitute: the leader's signature is missing on what both have agreed to."""
    return (
        seat is not None
        and revision.is_agreed
        and revision.agreement.ended_at is None
        and not revision.agreement.is_parted
        and not revision.agreement.is_parting
        and not is_signed_by(seat.party, revision)
    )


def has_signed(user: User, revision: Revision) -> bool:
    """The party that this person is: a substitute may have done it for the leader."""
    party = revision.agreement.party_of(user)
    return party is not None and is_signed_by(party, revision)


def is_signed_by(party: Party, revision: Revision) -> bool:
    return any(signature.party == party for signature in revision.signatures.all())


def may_amend(user: User, agreement: Agreement, current: Revision) -> bool:
    return goes_on(user, agreement) and current.is_signed


def may_arrange(user: User, agreement: Agreement) -> bool:
    """Agree on when to talk: once something is signed to talk about."""
    return goes_on(user, agreement) and _is_signed(agreement)


def may_hold_follow_up(user: User, follow_up: FollowUp) -> bool:
    return (
        goes_on(user, follow_up.agreement)
        and follow_up.held_at is None
        and follow_up.lapsed_at is None
    )
