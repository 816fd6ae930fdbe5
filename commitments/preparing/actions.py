"""Thinking first, each alone: answers that the two show each other at the same moment."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from commitments import letters
from commitments.evidence import chain
from commitments.locking import AgreementRefused, lock_open_agreement
from commitments.models import (
    Agreement,
    EventKind,
    Party,
    Preparation,
    PreparedAnswer,
    RevisionState,
    UnsavedWork,
    lapses_on,
)
from commitments.models.preparation import PreparationQuerySet
from commitments.preparation_progress import fingerprint
from commitments.writing.autosave_actions import forget_unsaved
from people import audit
from people.models import User


class AnswerConflict(AgreementRefused):
    """The author has saved another answer, in another window, than the one this was made from."""

    def __init__(self, saved: str) -> None:
        super().__init__(_("Du har lagret et annet svar i et annet vindu mens du skrev her."))
        self.saved = saved


@transaction.atomic
def save_answer(
    *,
    agreement: Agreement,
    question: str,
    text: str,
    by: User,
    now: dt.datetime,
    seen: str | None = None,
) -> Preparation:
    """Keep one answer, for its author alone; an empty one is no answer.

    What was kept of it unsaved goes. Nobody is told, and the audit trail does not know. Raises
    AgreementRefused once `by` has said that they are ready, and AnswerConflict when the form was
    made from another answer than what is saved (`seen` is a fingerprint of it).
    """
    preparation = _own(lock_open_agreement(agreement.pk, by=by, now=now), by, now)
    if preparation.is_ready:
        raise AgreementRefused(_("Du har sagt at du er klar. Da endres ikke svarene."))
    answers = PreparedAnswer.objects.filter(preparation=preparation, question=question)
    saved = answers.values_list("text", flat=True).first() or ""
    if seen is not None and seen != fingerprint(saved) and text != saved:
        raise AnswerConflict(saved)
    forget_unsaved(agreement, by=by, question=question)
    _keep_waiting(agreement, now)
    if not text:
        answers.delete()
    elif not answers.update(text=text, edited_at=now):
        PreparedAnswer.objects.create(
            preparation=preparation, question=question, text=text, edited_at=now
        )
    return preparation


@transaction.atomic
def say_ready(
    *, agreement: Agreement, by: User, now: dt.datetime, expects_reveal: bool | None = None
) -> bool:
    """Say that one's answers may be read as soon as the other's may; True when they now are.

    The first to be ready asks the other by letter to prepare. With the second, both sets are shown
    to both and frozen, what either had typed and not saved goes, and the first gets a letter.
    Raises AgreementRefused without any answer, and when it would show them at once to somebody
    who was told that it would not (`expects_reveal`): it cannot be undone.
    """
    locked = lock_open_agreement(agreement.pk, by=by, now=now)
    own = _own(locked, by, now)
    if not own.answers.exists():
        raise AgreementRefused(_("Svar på minst ett spørsmål før du sier at du er klar."))
    others_ready = _of_occasion(own).exclude(pk=own.pk).filter(ready_at__isnull=False)
    if expects_reveal is False and not own.is_ready and others_ready.exists():
        raise AgreementRefused(
            _("%(name)s ble klar mens du leste. Nå vises svarene med en gang, og for godt.")
            % {"name": locked.counterpart_of(by).given_name}
        )
    is_done = Preparation.objects.filter(pk=own.pk, ready_at__isnull=True).update(ready_at=now)
    if is_done:
        _keep_waiting(locked, now)
        audit.record("commitments.say_ready", locked, by=by)
    both = list(_of_occasion(own).filter(ready_at__isnull=False))
    if is_done and len(both) == len(Party):
        UnsavedWork.objects.filter(agreement=locked).exclude(question="").delete()
        for preparation in both:
            chain.record(
                EventKind.REVEALED, preparation, agreement=locked, by=preparation.author, at=now
            )
        letters.write_revealed(own, to=locked.counterpart_of(by), by=by)
    elif is_done:
        letters.write_asked_to_prepare(own, to=locked.counterpart_of(by), by=by)
    return len(both) == len(Party)


@transaction.atomic
def take_back_ready(*, agreement: Agreement, by: User, now: dt.datetime) -> None:
    """Go on answering. Raises AgreementRefused once the other has read the answers."""
    locked = lock_open_agreement(agreement.pk, by=by, now=now)
    own = _own(locked, by, now)
    if _of_occasion(own).filter(ready_at__isnull=False).count() == len(Party):
        raise AgreementRefused(_("Dere har allerede vist svarene til hverandre."))
    Preparation.objects.filter(pk=own.pk).update(ready_at=None)
    audit.record("commitments.take_back_ready", locked, by=by)


def _keep_waiting(agreement: Agreement, now: dt.datetime) -> None:
    """A draft that the two prepare for is not left, though nothing is written in it yet."""
    drafts = agreement.revisions.filter(state=RevisionState.DRAFT)
    drafts.update(lapses_on=lapses_on(RevisionState.DRAFT, timezone.localdate(now)))


def forget_unshared(agreement: Agreement) -> None:
    """What the two never showed each other goes when the conversation is over."""
    unshared = Preparation.objects.filter(agreement=agreement).unrevealed()
    unshared.filter(ready_at__isnull=False).update(ready_at=None)
    PreparedAnswer.objects.filter(preparation__in=unshared).delete()
    unshared.delete()


def _own(agreement: Agreement, by: User, now: dt.datetime) -> Preparation:
    """Raises AgreementRefused when there is nothing that one could prepare for."""
    if not agreement.revisions.open().exists():
        raise AgreementRefused(_("Avtalen er signert. Be om endring for å forberede noe nytt."))
    preparation, _is_new = Preparation.objects.get_or_create(
        agreement=agreement,
        party=agreement.party(by),
        occasion=agreement.revisions.signed().count(),
        defaults={"author": by, "created_at": now},
    )
    return preparation


def _of_occasion(own: Preparation) -> PreparationQuerySet:
    return Preparation.objects.filter(agreement=own.agreement_id, occasion=own.occasion)
