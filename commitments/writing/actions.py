"""Starting an agreement, and writing on it together."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters
from commitments.drafts import AgreementContent, Base, Promise, content_of
from commitments.eligible_pairs import Pair, mission_for
from commitments.evidence import chain
from commitments.locking import (
    AgreementRefused,
    changed_meanwhile,
    copy_forward,
    lock_open_agreement,
)
from commitments.models import (
    PLEDGE,
    WORDING,
    Agreement,
    Commitment,
    EventKind,
    Revision,
    RevisionState,
    lapses_on,
)
from commitments.writing.autosave_actions import forget_unsaved
from commitments.writing.merging import Merged, merge
from people import audit
from people.models import User
from people.succession import ids_that_became


class DraftConflict(AgreementRefused):
    """The other saved first; `current` is what they saved, and nothing of ours was.

    `merged` is all of both with what is left to choose, where it is known what ours was made from.
    """

    def __init__(self, message: str, current: Revision, merged: Merged | None = None) -> None:
        super().__init__(message)
        self.current = current
        self.merged = merged


@transaction.atomic
def start_agreement(*, pair: Pair, by: User, now: dt.datetime) -> Agreement:
    """Begin the conversation, with the unit's mission of today pinned to it.

    Two who start at once get the same agreement. Nobody is written to: there is nothing to read
    yet. Raises AgreementRefused when neither the unit nor any above it has a published mission.
    """
    mission = mission_for(pair.unit, timezone.localdate(now))
    if mission is None:
        raise AgreementRefused(
            _("Enheten har ikke noe publisert oppdrag ennå, og avtalen skal bygge på det.")
        )
    parties = {"leader": pair.leader, "employee": pair.employee, "unit": pair.unit}
    under_way = Agreement.objects.open().filter(
        leader=pair.leader, employee=pair.employee, unit__in=ids_that_became(pair.unit.pk)
    )
    try:
        with transaction.atomic():
            agreement = Agreement.objects.create(
                **parties, agency=pair.unit.agency, created_by=by, created_at=now
            )
    except IntegrityError:
        return under_way.order_by("pk")[:1].get()
    Revision.objects.create(
        agreement=agreement,
        number=1,
        turn=agreement.party(by),
        mission_version=mission,
        edited_by=by,
        edited_at=now,
        created_at=now,
    )
    chain.record(EventKind.STARTED, agreement, agreement=agreement, by=by, at=now)
    audit.record("commitments.start_agreement", agreement, by=by, unit=pair.unit.pk)
    return agreement


@transaction.atomic
def save_draft(
    *,
    revision: Revision,
    seen_version: int,
    content: AgreementContent,
    by: User,
    now: dt.datetime,
    base: Base | None = None,
) -> Revision:
    """Keep what is written. On a proposal or an agreed revision this starts the next one.

    Then the old one is superseded, any signature on it counts no more, and whoever had signed
    gets a letter. Whoever comes second has theirs put together with what was saved, when `base`
    says what the two began from and they changed different things. Raises DraftConflict when both
    changed the same, or when it was proposed or agreed to meanwhile, and AgreementRefused when
    there is nothing to edit. What the writer had not saved elsewhere is forgotten.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by, now=now)
    current = _current(agreement)
    if current.pk != revision.pk or current.version != seen_version or _moved_on(current, base):
        content = _put_together(current, base, content)
    draft = current if current.is_draft else next_draft(current, by=by, now=now)
    is_kept = Revision.objects.filter(
        pk=draft.pk, version=draft.version, state=RevisionState.DRAFT
    ).update(
        version=F("version") + 1,
        follow_up_on=content.follow_up_on,
        **{name: getattr(content, name) for name in WORDING},
        edited_by=by,
        edited_at=now,
        lapses_on=lapses_on(RevisionState.DRAFT, timezone.localdate(now)),
    )
    if not is_kept:
        raise changed_meanwhile()
    _write(draft, content.commitments)
    forget_unsaved(agreement, by=by)
    audit.record("commitments.save_draft", agreement, by=by, revision=draft.number)
    return Revision.objects.get(pk=draft.pk)


def _moved_on(current: Revision, base: Base | None) -> bool:
    """Proposed or agreed to since, which raises no version and yet is another thing to edit."""
    return base is not None and current.state != base.state


def _put_together(current: Revision, base: Base | None, mine: AgreementContent) -> AgreementContent:
    message = _("Den andre lagret mens du skrev.")
    if base is None:
        raise DraftConflict(message, current)
    merged = merge(base.content, mine, content_of(current))
    if not merged.is_whole or not current.is_draft:
        raise DraftConflict(message, current, merged)
    return merged.content


def _current(agreement: Agreement) -> Revision:
    current = agreement.revisions.open().with_content().first()
    if current is None:
        raise AgreementRefused(_("Avtalen er signert. Be om endring for å skrive en ny utgave."))
    return current


def next_draft(current: Revision, *, by: User, now: dt.datetime) -> Revision:
    """A counter-proposal, or a change of heart: the words go on in a revision of their own."""
    signers = [signature.signer for signature in current.signatures.select_related("signer")]
    supersede(current)
    draft = copy_forward(
        current,
        turn=current.agreement.party(by),
        edited_by=by,
        edited_at=now,
        created_at=now,
    )
    for signer in signers:
        if signer != by:
            letters.write_signature_voided(current, to=signer, by=by)
    other = current.agreement.counterpart_of(by)
    if other not in signers:
        letters.write_rewritten(current, to=other, by=by)
    return draft


def supersede(revision: Revision) -> None:
    """Raises AgreementRefused for the one who comes second."""
    is_done = Revision.objects.filter(pk=revision.pk, state=revision.state).update(
        state=RevisionState.SUPERSEDED, turn=""
    )
    if not is_done:
        raise changed_meanwhile()


def _write(draft: Revision, promises: list[Promise]) -> None:
    Commitment.objects.filter(revision=draft).delete()
    threads: set[uuid.UUID] = set()
    activities = {one.pk for one in draft.mission_version.core_activities.all()}
    Commitment.objects.bulk_create(
        Commitment(
            revision=draft,
            order=order,
            owner=one.owner,
            thread=_thread(one, threads),
            **{name: getattr(one, name) for name in PLEDGE} | _activity(one, activities),
        )
        for order, one in enumerate(promises, start=1)
    )


def _activity(promise: Promise, known: set[int]) -> dict[str, int | None]:
    """None where the draft hangs on another version of the mission than this was typed for."""
    is_known = promise.core_activity_id in known
    return {"core_activity_id": promise.core_activity_id if is_known else None}


def _thread(promise: Promise, taken: set[uuid.UUID]) -> uuid.UUID:
    """Its own, or a new one where it has none or another promise came with the same."""
    is_own = promise.thread is not None and promise.thread not in taken
    thread = promise.thread if is_own and promise.thread else uuid.uuid4()
    taken.add(thread)
    return thread
