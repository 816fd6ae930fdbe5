"""Going on from what was signed: to a newer mission, or with a new leader."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters
from commitments.eligible_pairs import Pair, mission_for, pairs_of_employee
from commitments.ending.actions import end_locked, tell_both_that_it_ended
from commitments.evidence import chain
from commitments.locking import (
    AgreementRefused,
    copy_forward,
    copy_words,
    lock_agreement,
    lock_open_agreement,
    matched,
    revision_in,
)
from commitments.models import (
    Agreement,
    Ending,
    EventKind,
    Revision,
    RevisionState,
    Share,
    lapses_on,
)
from commitments.writing.actions import next_draft
from missions.models import MissionVersion
from people import audit
from people.models import User
from people.succession import ids_that_became


@transaction.atomic
def renew_agreement(*, agreement: Agreement, reason: str, by: User, now: dt.datetime) -> Revision:
    """Copy what is signed forward as a draft on the unit's mission of today.

    Commitments follow their core activity by its words; one whose activity is gone waits in the
    draft for another. What is signed holds until both have signed the new one. Raises
    AgreementRefused when nothing is signed, or when a change is under way already.
    """
    locked = lock_open_agreement(agreement.pk, by=by, now=now)
    newest = locked.revisions.live().with_content().order_by("-number").first()
    if newest is None or not newest.is_signed:
        raise AgreementRefused(_("En endring av avtalen er allerede i gang."))
    draft = copy_forward(
        newest,
        mission_version=_mission(locked, now),
        turn=locked.party(by),
        reason=reason,
        edited_by=by,
        edited_at=now,
        created_at=now,
    )
    chain.record(EventKind.RENEWED, draft, agreement=locked, by=by, at=now)
    audit.record("commitments.renew_agreement", locked, by=by, revision=draft.number)
    return draft


def closed_to_reconciling(
    current: Revision, mission: MissionVersion | None
) -> AgreementRefused | None:
    """What makes it pointless: page and action ask the same."""
    if mission is None:
        return AgreementRefused(_("Enheten har ikke noe publisert oppdrag i dag."))
    if not current.is_open or current.mission_version_id == mission.pk:
        return AgreementRefused(_("Avtalen bygger allerede på det nyeste oppdraget."))
    return None


@transaction.atomic
def reconcile_draft(*, revision: Revision, by: User, now: dt.datetime) -> Revision:
    """Hang what is being written on the unit's mission of today, activities matched by words.

    What is proposed or agreed goes on as a new draft, as by any edit, and signatures on it count
    no more. Raises AgreementRefused when it is signed, or hangs on the newest already.
    """
    agreement = lock_open_agreement(revision.agreement_id, by=by, now=now)
    current = revision_in(agreement, revision)
    mission = _mission(agreement, now)
    refusal = closed_to_reconciling(current, mission)
    if refusal is not None:
        raise refusal
    draft = current if current.is_draft else next_draft(current, by=by, now=now)
    tied = matched(draft.commitments.select_related("core_activity"), mission)
    draft.commitments.update(core_activity=None)
    Revision.objects.filter(pk=draft.pk).update(
        mission_version=mission,
        version=F("version") + 1,
        edited_by=by,
        edited_at=now,
        lapses_on=lapses_on(RevisionState.DRAFT, timezone.localdate(now)),
    )
    for pk, activity in tied.items():
        draft.commitments.filter(pk=pk).update(core_activity=activity)
    audit.record("commitments.reconcile_draft", agreement, by=by, revision=draft.number)
    return Revision.objects.get(pk=draft.pk)


def _mission(agreement: Agreement, now: dt.datetime) -> MissionVersion:
    mission = mission_for(agreement.unit, timezone.localdate(now))
    if mission is None:
        raise AgreementRefused(_("Enheten har ikke noe publisert oppdrag i dag."))
    return mission


@transaction.atomic
def carry_agreement_forward(*, share: Share, by: User, now: dt.datetime) -> Agreement:
    """Begin an agreement with the employee's new leader from what was signed with the former.

    The words are a draft that either may change; nothing is agreed. The old one ends, the sharing
    with it, and the other of the two gets a letter. Raises AgreementRefused when it is shared
    no more, when the new leader leads the employee no more, or when those two have an agreement
    already.
    """
    old = lock_agreement(share.agreement_id)
    current = old.shares.active().select_related("with_user").filter(pk=share.pk).first()
    if current is None or by not in (old.employee, current.with_user):
        raise AgreementRefused(_("Avtalen er ikke delt."))
    pair = _pair(old, current.with_user, timezone.localdate(now))
    agreement = _begin(old, pair, by=by, now=now)
    Share.objects.filter(pk=current.pk).update(ended_at=now)
    end_locked(old, as_=Ending.CARRIED, by=by, now=now)
    tell_both_that_it_ended(old)
    audit.record("commitments.carry_agreement_forward", agreement, by=by, carried_from=old.pk)
    letters.write_carried(agreement, to=agreement.counterpart_of(by), by=by)
    return agreement


def _pair(old: Agreement, leader: User, today: dt.date) -> Pair:
    """In the unit of the old one if the two are there, else in the first where they are."""
    pairs = [one for one in pairs_of_employee(old.employee, today) if one.leader == leader]
    if not pairs:
        raise AgreementRefused(_("Du kan bare dele avtalen med den som er lederen din nå."))
    pair = min(pairs, key=lambda one: one.unit.pk != old.unit_id)
    under_way = Agreement.objects.open().filter(
        leader=leader, employee=old.employee, unit__in=ids_that_became(pair.unit.pk)
    )
    if under_way.exists():
        raise AgreementRefused(_("Dere to har allerede begynt på en avtale her."))
    return pair


def _begin(old: Agreement, pair: Pair, *, by: User, now: dt.datetime) -> Agreement:
    mission = mission_for(pair.unit, timezone.localdate(now))
    if mission is None:
        raise AgreementRefused(_("Enheten har ikke noe publisert oppdrag i dag."))
    agreement = Agreement.objects.create(
        leader=pair.leader,
        employee=pair.employee,
        unit=pair.unit,
        agency=pair.unit.agency,
        carried_from=old,
        created_by=by,
        created_at=now,
    )
    signed = old.revisions.signed().with_content().order_by("-number")[0]
    draft = Revision(
        agreement=agreement,
        number=1,
        turn=agreement.party(by),
        mission_version=mission,
        edited_by=by,
        edited_at=now,
        created_at=now,
    )
    copy_words(signed, draft)
    chain.record(EventKind.STARTED, agreement, agreement=agreement, by=by, at=now)
    return agreement
