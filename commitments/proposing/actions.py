"""Taking turns: propose, send back, agree, comment."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters
from commitments.evidence import chain, snapshot
from commitments.evidence.pdf import try_document
from commitments.locking import (
    AgreementRefused,
    changed_meanwhile,
    copy_forward,
    lock_open_agreement,
    revision_in,
)
from commitments.models import (
    Agreement,
    Commitment,
    EventKind,
    Note,
    NoteKind,
    Owner,
    Revision,
    RevisionState,
    lapses_on,
)
from commitments.substitution.actions import tell_substitute
from commitments.writing.actions import supersede
from commitments.writing.autosave_actions import forget_unsaved
from common.drawable import undrawable
from common.text import named
from evidence.canonical import canonical, sha256_of
from evidence.documents import CannotBeSet
from people import audit
from people.models import User
from people.without_address import no_address_text


@transaction.atomic
def propose_agreement(
    *, revision: Revision, seen_version: int, by: User, now: dt.datetime
) -> Revision:
    """Freeze the draft as a snapshot and give the other the word, with a letter.

    Raises AgreementRefused when it has been saved since it was seen, commits to nothing, could
    not become a whole document, or is for somebody who has no address to be told of it by.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by, now=now)
    draft = revision_in(agreement, revision)
    if nobody := no_address_text(agreement.counterpart_of(by)):
        raise AgreementRefused(nobody)
    refuse_passed_days(draft, timezone.localdate(now))
    if not draft.commitments.all():
        raise AgreementRefused(_("Skriv minst én forpliktelse før du foreslår avtalen."))
    if without_activity(draft):
        raise AgreementRefused(
            _("Velg kjerneaktivitet for hver forpliktelse før du foreslår avtalen.")
        )
    content = snapshot.take_on(draft, timezone.localdate(now))
    _refuse_undocumentable(draft, content, now=now)
    frozen = canonical(content)
    is_done = Revision.objects.filter(
        pk=draft.pk, state=RevisionState.DRAFT, version=seen_version
    ).update(
        state=RevisionState.PROPOSED,
        turn=agreement.party(agreement.counterpart_of(by)),
        proposed_by=by,
        proposed_at=now,
        lapses_on=lapses_on(RevisionState.PROPOSED, timezone.localdate(now)),
        schema_version=snapshot.SCHEMA_VERSION,
        snapshot=frozen,
        sha256=sha256_of(frozen),
    )
    if not is_done:
        raise changed_meanwhile()
    proposed = Revision.objects.get(pk=draft.pk)
    forget_unsaved(agreement, by=by)
    chain.record(EventKind.PROPOSED, proposed, agreement=agreement, by=by, at=now)
    audit.record("commitments.propose_agreement", agreement, by=by, revision=draft.number)
    letters.write_proposed(proposed, to=agreement.counterpart_of(by), by=by)
    return proposed


def _refuse_undocumentable(draft: Revision, content: dict[str, Any], *, now: dt.datetime) -> None:
    """What no document can show is found here, where it can still be written otherwise."""
    if signs := undrawable("".join(snapshot.own_words(content))):
        raise AgreementRefused(
            _("Tegnet %(signs)s kan ikke skrives i dokumentet. Ta det bort før du foreslår.")
            % {"signs": named(signs)}
        )
    try:
        try_document(draft, content, now=now)
    except CannotBeSet as error:
        words = ", ".join(f"«{word[:40]}»" for word in error.words[:3])
        raise AgreementRefused(
            _("Avtalen kan ikke bli et helt dokument. Skriv dette på en annen måte: %(words)s")
            % {"words": words or _("teksten med uvanlige tegn")}
        ) from error


@transaction.atomic
def send_back_proposal(*, revision: Revision, note: str, by: User, now: dt.datetime) -> Revision:
    """Ask for changes, in words. The proposer goes on from a copy, and gets a letter.

    Raises AgreementRefused when the proposal does not lie with `by` any more.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by, now=now)
    proposal = _proposal_to(by, agreement, revision)
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
    chain.record(EventKind.SENT_BACK, proposal, agreement=agreement, by=by, at=now)
    audit.record("commitments.send_back_proposal", agreement, by=by, revision=proposal.number)
    letters.write_sent_back(proposal, to=agreement.counterpart_of(by), by=by)
    return draft


@transaction.atomic
def agree_to_proposal(*, revision: Revision, sha256: str, by: User, now: dt.datetime) -> Revision:
    """Say yes to exactly what was read; then both may sign, and the proposer gets a letter.

    Raises AgreementRefused when the proposal is another than the one read, or when either side is
    without a commitment of its own.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by, now=now)
    proposal = _proposal_to(by, agreement, revision)
    refuse_passed_days(proposal, timezone.localdate(now))
    _refuse_one_sided(proposal)
    is_done = Revision.objects.filter(
        pk=proposal.pk, state=RevisionState.PROPOSED, sha256=sha256
    ).update(
        state=RevisionState.AGREED,
        turn="",
        agreed_by=by,
        agreed_at=now,
        lapses_on=lapses_on(RevisionState.AGREED, timezone.localdate(now)),
    )
    if not is_done:
        raise changed_meanwhile()
    agreed = Revision.objects.get(pk=proposal.pk)
    chain.record(EventKind.AGREED, agreed, agreement=agreement, by=by, at=now)
    audit.record("commitments.agree_to_proposal", agreement, by=by, revision=proposal.number)
    letters.write_agreed(agreed, to=agreement.counterpart_of(by), by=by)
    tell_substitute(agreed, now=now)
    return agreed


def _proposal_to(by: User, agreement: Agreement, revision: Revision) -> Revision:
    proposal = revision_in(agreement, revision)
    if not proposal.is_proposed or proposal.turn != agreement.party_of(by):
        raise changed_meanwhile()
    return proposal


def refuse_passed_days(revision: Revision, today: dt.date) -> None:
    """What two are to sign plans nothing backwards: a day may pass while a text lies there."""
    if revision.follow_up_on is not None and revision.follow_up_on < today:
        raise AgreementRefused(
            _("Dagen for neste oppfølgingssamtale er passert. Rediger, og velg en senere dag.")
        )
    if any(one.review_on and one.review_on < today for one in revision.commitments.all()):
        raise AgreementRefused(
            _(
                "Dagen en forpliktelse skal vurderes på nytt, er passert. "
                "Rediger, og velg en senere dag."
            )
        )


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
    agreement = lock_open_agreement(revision.agreement_id, by=by, now=now)
    said_about = revision_in(agreement, revision)
    note = Note.objects.create(revision=said_about, author=by, text=text, created_at=now)
    audit.record("commitments.comment_on_agreement", agreement, by=by, revision=said_about.number)
    return note
