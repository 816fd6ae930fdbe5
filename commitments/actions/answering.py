"""Taking turns: propose, send back, agree, comment."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import evidence, letters, snapshot
from commitments.actions.autosaving import forget_unsaved
from commitments.actions.drafting import supersede
from commitments.actions.locking import (
    AgreementRefused,
    as_it_is,
    changed_meanwhile,
    copy_forward,
    lock_open_agreement,
)
from commitments.actions.substituting import tell_substitute
from commitments.line import title_in
from commitments.models import (
    Commitment,
    EventKind,
    Note,
    NoteKind,
    Owner,
    Revision,
    RevisionState,
)
from people import audit
from people.models import User
from people.organisation import current_position


@transaction.atomic
def propose_agreement(
    *, revision: Revision, seen_version: int, by: User, now: dt.datetime
) -> Revision:
    """Freeze the draft as a snapshot and give the other the word, with a letter.

    Raises AgreementRefused when it has been saved since it was seen, or commits to nothing.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by)
    draft = as_it_is(revision)
    if not draft.commitments.all():
        raise AgreementRefused(_("Skriv minst én forpliktelse før du foreslår avtalen."))
    if without_activity(draft):
        raise AgreementRefused(
            _("Velg kjerneaktivitet for hver forpliktelse før du foreslår avtalen.")
        )
    frozen = _freeze(draft, timezone.localdate(now))
    is_done = Revision.objects.filter(
        pk=draft.pk, state=RevisionState.DRAFT, version=seen_version
    ).update(
        state=RevisionState.PROPOSED,
        turn=agreement.party(agreement.counterpart_of(by)),
        proposed_by=by,
        proposed_at=now,
        schema_version=snapshot.SCHEMA_VERSION,
        snapshot=frozen,
        sha256=snapshot.sha256_of(frozen),
    )
    if not is_done:
        raise changed_meanwhile()
    proposed = Revision.objects.get(pk=draft.pk)
    forget_unsaved(agreement, by=by)
    evidence.record(EventKind.PROPOSED, proposed, agreement=agreement, by=by, at=now)
    audit.record("commitments.propose_agreement", agreement, by=by, revision=draft.number)
    letters.write_proposed(draft, to=agreement.counterpart_of(by), by=by)
    return proposed


def _freeze(draft: Revision, today: dt.date) -> str:
    agreement = draft.agreement
    position = current_position(agreement.leader, today)
    content = snapshot.take(
        draft,
        leader_title=position.title if position is not None else "",
        employee_title=title_in(agreement.employee, agreement.unit, today),
    )
    return snapshot.canonical(content)


@transaction.atomic
def send_back_proposal(*, revision: Revision, note: str, by: User, now: dt.datetime) -> Revision:
    """Ask for changes, in words. The proposer goes on from a copy, and gets a letter.

    Raises AgreementRefused when the proposal does not lie with `by` any more.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by)
    proposal = _proposal_to(revision, by)
    supersede(proposal)
    draft = copy_forward(
        proposal,
        turn=agreement.party(agreement.counterpart_of(by)),
        edited_by=proposal.edited_by,
        edited_at=now,
        created_at=now,
    )
    Note.objects.create(
        revision=proposal, author=by, kind=NoteKind.SENT_BACK, text=note, created_at=now
    )
    evidence.record(EventKind.SENT_BACK, proposal, agreement=agreement, by=by, at=now)
    audit.record("commitments.send_back_proposal", agreement, by=by, revision=proposal.number)
    letters.write_sent_back(proposal, to=agreement.counterpart_of(by), by=by)
    return draft


@transaction.atomic
def agree_to_proposal(*, revision: Revision, sha256: str, by: User, now: dt.datetime) -> Revision:
    """Say yes to exactly what was read; then both may sign, and the proposer gets a letter.

    Raises AgreementRefused when the proposal is another than the one read, or when either side is
    without a commitment of its own.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by)
    proposal = _proposal_to(revision, by)
    _refuse_one_sided(proposal)
    is_done = Revision.objects.filter(
        pk=proposal.pk, state=RevisionState.PROPOSED, sha256=sha256
    ).update(state=RevisionState.AGREED, turn="", agreed_by=by, agreed_at=now)
    if not is_done:
        raise changed_meanwhile()
    agreed = Revision.objects.get(pk=proposal.pk)
    evidence.record(EventKind.AGREED, agreed, agreement=agreement, by=by, at=now)
    audit.record("commitments.agree_to_proposal", agreement, by=by, revision=proposal.number)
    letters.write_agreed(proposal, to=agreement.counterpart_of(by), by=by)
    tell_substitute(agreed, now=now)
    return agreed


def _proposal_to(revision: Revision, by: User) -> Revision:
    proposal = as_it_is(revision)
    if not proposal.is_proposed or proposal.turn != proposal.agreement.party_of(by):
        raise changed_meanwhile()
    return proposal


def missing_sides(revision: Revision) -> set[str]:
    """Whose own commitment is missing: «both» is nobody's own."""
    owners = {commitment.owner for commitment in revision.commitments.all()}
    return {Owner.LEADER.value, Owner.EMPLOYEE.value} - owners


def without_activity(revision: Revision) -> list[Commitment]:
    """Those that are not tied to a core activity of the revision's own mission yet."""
    own = {activity.pk for activity in revision.mission_version.core_activities.all()}
    return [one for one in revision.commitments.all() if one.core_activity_id not in own]


def _refuse_one_sided(proposal: Revision) -> None:
    missing = missing_sides(proposal)
    if Owner.LEADER in missing:
        raise AgreementRefused(_("Lederen må ha minst én egen forpliktelse. Rediger, og foreslå."))
    if Owner.EMPLOYEE in missing:
        raise AgreementRefused(
            _("Medarbeideren må ha minst én egen forpliktelse. Rediger, og foreslå.")
        )


@transaction.atomic
def comment_on_agreement(*, revision: Revision, text: str, by: User, now: dt.datetime) -> Note:
    """Say something to the other about the text. It stays, and changes nothing else."""
    agreement = lock_open_agreement(revision.agreement_id, by=by)
    note = Note.objects.create(revision=revision, author=by, text=text, created_at=now)
    audit.record("commitments.comment_on_agreement", agreement, by=by, revision=revision.number)
    return note
