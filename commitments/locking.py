"""The one lock of this room, and what is refused to whoever comes second."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from commitments.models import (
    PLEDGE,
    WORDING,
    Agreement,
    Commitment,
    Revision,
)
from commitments.signing_authority import SigningCapacity, signing_capacity_of
from commitments.unmanaged_agreements import left_behind
from common.errors import Refused
from missions.models import MissionVersion
from outbox.actions import let_go
from people.models import Substitution, User


class AgreementRefused(Refused):
    """The agreement could not be changed, agreed to or signed as asked."""


def lock_agreement(pk: int) -> Agreement:
    """The agreement, held until the transaction ends: every action begins here."""
    return (
        Agreement.objects.select_for_update(of=("self",))
        .select_related("leader", "employee", "unit", "agency")
        .get(pk=pk)
    )


def lock_open_agreement(pk: int, *, by: User, now: dt.datetime) -> Agreement:
    """Raises AgreementRefused when it is over, or when `by` is not one of the two."""
    agreement = lock_agreement(pk)
    if agreement.party_of(by) is None:
        raise AgreementRefused(_("Bare de to avtalen gjelder, kan gjøre noe med den."))
    _refuse_when_over(agreement, timezone.localdate(now))
    let_go(about=agreement, to=by, now=now)
    return agreement


def _refuse_when_over(agreement: Agreement, today: dt.date) -> None:
    if agreement.ended_at is not None:
        raise AgreementRefused(_("Avtalen er avsluttet."))
    # The sweep closes it within a quarter of an hour; nothing is done in it meanwhile.
    if agreement.is_parted or left_behind(today, only=agreement.pk):
        raise AgreementRefused(_("Lederen er ikke med i avtalen lenger."))


def lock_for_signing(pk: int, *, by: User, now: dt.datetime) -> tuple[Agreement, SigningCapacity]:
    """The agreement, and whose signature `by` may put on it: their own, or their leader's.

    A substitution is held too, so that nobody ends it meanwhile. Raises AgreementRefused when it
    is ended, and for everybody else.
    """
    agreement = lock_agreement(pk)
    seat = signing_capacity_of(by, agreement, now)
    if seat is None or not _still_holds(seat.substitution):
        raise AgreementRefused(
            _("Bare de to avtalen gjelder, eller en stedfortreder for lederen, kan signere.")
        )
    _refuse_when_over(agreement, timezone.localdate(now))
    let_go(about=agreement, to=by, now=now)
    return agreement, seat


def _still_holds(substitution: Substitution | None) -> bool:
    if substitution is None:
        return True
    held = Substitution.objects.standing().select_for_update(no_key=True)
    return held.filter(pk=substitution.pk).first() is not None


def revision_in(agreement: Agreement, revision: Revision) -> Revision:
    """Return the agreement's own revision as it stands under the lock, not as the page had it.

    Looked up within what is locked: a form may name any. Raises AgreementRefused for another's.
    """
    own: Revision | None = agreement.revisions.with_content().filter(pk=revision.pk).first()
    if own is None:
        raise changed_meanwhile()
    return own


def changed_meanwhile() -> AgreementRefused:
    return AgreementRefused(
        _("Avtalen er endret siden du så den. Les den på nytt før du går videre.")
    )


def copy_forward(revision: Revision, **changes: Any) -> Revision:
    """The next revision: a draft with the same words, for whoever has the turn to go on with.

    Of what is signed the day of the next conversation does not follow: from then on it stands with
    the conversation alone, and an empty day in a change leaves that as it is.
    """
    newest = Revision.objects.filter(agreement=revision.agreement_id).order_by("-number")
    draft = Revision(
        agreement=revision.agreement,
        **{
            "number": newest.values_list("number", flat=True)[:1].get() + 1,
            "mission_version": revision.mission_version,
            "reason": revision.reason,
            **changes,
        },
    )
    if not revision.is_signed:
        draft.follow_up_on = still_to_come(revision.follow_up_on, draft)
    return copy_words(revision, draft)


def still_to_come(day: dt.date | None, draft: Revision) -> dt.date | None:
    """Return the day unless it had passed when the draft was made: nobody plans backwards."""
    return day if day is not None and day >= timezone.localdate(draft.created_at) else None


def copy_words(source: Revision, draft: Revision) -> Revision:
    """Keep `draft` with the words of `source`, its commitments tied to the draft's own mission.

    What two disagree about is theirs, and does not follow into another agreement; nor does a day
    that has passed.
    """
    for name in WORDING:
        if name != "disagreement" or draft.agreement_id == source.agreement_id:
            setattr(draft, name, getattr(source, name))
    draft.save(force_insert=True)
    commitments = list(source.commitments.all())
    tied = matched(commitments, draft.mission_version)
    Commitment.objects.bulk_create(
        Commitment(
            revision=draft,
            owner=one.owner,
            thread=one.thread,
            order=one.order,
            **{name: getattr(one, name) for name in PLEDGE}
            | {
                "core_activity_id": tied[one.pk],
                "review_on": still_to_come(one.review_on, draft),
            },
        )
        for one in commitments
    )
    return draft


def matched(commitments: Iterable[Commitment], mission: MissionVersion) -> dict[int, int | None]:
    """The activity of `mission` for each commitment: the one with the same words, else None."""
    known = {_words(one.text): one.pk for one in mission.core_activities.all()}
    return {
        one.pk: known.get(_words(one.core_activity.text)) if one.core_activity else None
        for one in commitments
    }


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()
