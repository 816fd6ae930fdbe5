"""Beginning with a whole unit at once, from what the leader has written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters
from commitments.drafts import AgreementContent
from commitments.eligible_pairs import Pair, mission_for
from commitments.locking import AgreementRefused
from commitments.models import PLEDGE, AgreementRound, Revision, RoundPledge
from commitments.writing.actions import save_draft, start_agreement
from people import audit
from people.models import Unit, User

OF_A_ROUND = ("goals", "put_off", "upward", "renegotiate_when")


@transaction.atomic
def begin_round(
    *, unit: Unit, pairs: Sequence[Pair], content: AgreementContent, by: User, now: dt.datetime
) -> AgreementRound:
    """Start an agreement with each, as a draft with these words in it, and keep them as a template.

    Each employee gets a letter that asks them to prepare. Whoever has begun with the leader
    meanwhile is left as they are. Raises AgreementRefused when the unit has no published mission,
    or when all have begun: a round pressed twice is one round; for anybody whom `by` does not lead
    in the unit, and for a core activity that is not one of the unit's mission.
    """
    if not pairs:
        raise AgreementRefused(_("Velg minst én å begynne med."))
    if any(pair.unit != unit or pair.leader != by for pair in pairs):
        raise AgreementRefused(_("Velg bare noen du leder i denne enheten."))
    _refuse_foreign_activities(unit, content, now)
    begun = AgreementRound.objects.create(
        leader=by,
        unit=unit,
        created_at=now,
        **{name: getattr(content, name) for name in OF_A_ROUND},
    )
    RoundPledge.objects.bulk_create(
        RoundPledge(round=begun, order=order, **{name: getattr(one, name) for name in PLEDGE})
        for order, one in enumerate(content.commitments, start=1)
    )
    for pair in pairs:
        _begin_one(begun, pair, content, by=by, now=now)
    if not begun.agreements.exists():
        raise AgreementRefused(_("Alle du valgte, har allerede begynt på en avtale med deg."))
    audit.record("commitments.begin_round", begun, by=by, count=begun.agreements.count())
    return begun


def _refuse_foreign_activities(unit: Unit, content: AgreementContent, now: dt.datetime) -> None:
    mission = mission_for(unit, timezone.localdate(now))
    known = {one.pk for one in mission.core_activities.all()} if mission else set()
    chosen = {one.core_activity_id for one in content.commitments} - {None}
    if mission is not None and not chosen <= known:
        raise AgreementRefused(
            _("Kjerneaktiviteten du valgte, står ikke i oppdraget lenger. Velg igjen.")
        )


def _begin_one(
    begun: AgreementRound, pair: Pair, content: AgreementContent, *, by: User, now: dt.datetime
) -> None:
    agreement = start_agreement(pair=pair, by=by, now=now)
    if agreement.created_at != now:
        return
    draft: Revision = agreement.revisions.get()
    save_draft(revision=draft, seen_version=draft.version, content=content, by=by, now=now)
    begun.agreements.add(agreement)
    letters.write_begun(agreement, to=pair.employee, by=by)


@transaction.atomic
def delete_round(*, begun: AgreementRound, by: User) -> None:
    """Throw the template away. The agreements that began from it stay as they are."""
    audit.record("commitments.delete_round", begun, by=by)
    begun.delete()
