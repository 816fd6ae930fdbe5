"""Bringing certificates to what is recorded: withdrawn, replaced, or issued once more.

Attendance is corrected in the room below, which knows of no certificates: a sweep finds what no
longer agrees. Until it has, nobody is told that such a certificate is valid (`certificates.truth`).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from certificates import letters
from certificates.basis import outdated
from certificates.issuing import issue_certificates, replace, worth_of
from certificates.models import Certificate, ReplacementReason, WithdrawalReason
from certificates.models.terms import QUALIFYING
from people import audit
from seminars.models import Seminar
from seminars.seats.allocation import lock_seminar

logger = logging.getLogger(__name__)


def correct_certificates(*, now: dt.datetime) -> int:
    """Withdraw, replace and issue once more what corrections ask for; answers with how many.

    Each seminar in a transaction of its own: one that cannot be gone through is logged, and tried
    again.
    """
    done = 0
    for seminar, rows in groupby(outdated(), key=itemgetter(0)):
        try:
            done += _correct(seminar, [pk for _seminar, pk in rows], now=now)
        except Exception:
            logger.exception("The certificates of seminar %s were not corrected.", seminar)
    for (seminar, rule), people in groupby(list(_earned_again()), key=itemgetter(0, 1)):
        try:
            done += _issue_again(seminar, rule, [user for *_of, user in people], now=now)
        except Exception:
            logger.exception("The certificates of seminar %s were not issued again.", seminar)
    return done


@transaction.atomic
def _correct(seminar_pk: int, pks: list[int], *, now: dt.datetime) -> int:
    seminar = lock_seminar(seminar_pk)
    valid = Certificate.objects.valid().filter(pk__in=pks).select_related("user")
    held = list(valid.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    worth = worth_of(held)
    withdrawn = replaced = 0
    for certificate in held:
        today = worth[certificate.pk]
        if today is None:
            _withdraw(certificate, now=now)
            withdrawn += 1
        elif today.basis != certificate.basis:
            replace(certificate, today, reason=ReplacementReason.CORRECTED, by=None, now=now)
            replaced += 1
    if withdrawn or replaced:
        told = {"withdrawn": withdrawn, "replaced": replaced}
        audit.record("certificates.correct", seminar, by=None, counts=told)
    return withdrawn + replaced


def _withdraw(certificate: Certificate, *, now: dt.datetime) -> None:
    certificate.withdrawn_at = now
    certificate.withdrawal_reason = WithdrawalReason.ATTENDANCE
    certificate.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    letters.withdrawn(certificate, now=now)


def _issue_again(seminar_pk: int, rule: str, users: list[int], *, now: dt.datetime) -> int:
    seminar = Seminar.objects.get(pk=seminar_pk)
    return len(issue_certificates(seminar=seminar, by=None, now=now, rule=rule, only=users))


def _earned_again() -> Iterator[tuple[int, str, int]]:
    """Yield the seminar, rule and person where a withdrawn certificate would be right after all."""
    valid = Certificate.objects.valid().filter(user=OuterRef("user"), seminar=OuterRef("seminar"))
    withdrawn = Certificate.objects.filter(withdrawal_reason=WithdrawalReason.ATTENDANCE)
    is_earned = Q()
    for rule, outcomes in QUALIFYING.items():
        is_earned |= Q(rule=rule, registration__outcome__in=outcomes)
    again = withdrawn.filter(is_earned, ~Exists(valid)).order_by("seminar", "rule", "user")
    yield from again.values_list("seminar", "rule", "user").distinct()
