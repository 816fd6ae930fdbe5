"""What a seminar's certificates ask for, and settling it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from certificates.models import CertificateRule, CertificateTerms
from common.edit_conflicts import Seen
from people import audit
from people.models import User
from seminars.models import Seminar
from seminars.seats.allocation import lock_seminar


@dataclass(frozen=True, slots=True)
class TermsContent:
    """What the organiser settles, as plain values."""

    rule: str = CertificateRule.WHOLE.value
    minutes: int | None = None
    is_automatic: bool = True


def terms_of(seminar: Seminar) -> TermsContent:
    """Return what the organiser has settled, or what holds where nobody has."""
    found = CertificateTerms.objects.filter(seminar=seminar).first()
    if found is None:
        return TermsContent()
    return TermsContent(found.rule, found.minutes, found.is_automatic)


def rule_of(seminar: Seminar) -> str:
    """Return what the seminar's certificates ask for."""
    return terms_of(seminar).rule


@transaction.atomic
def settle_terms(
    *, seminar: Seminar, terms: TermsContent, by: User, seen: Seen | None = None
) -> None:
    """Settle who gets a certificate of the seminar, and what it states of hours.

    Those issued already keep the rule they were issued for; other hours reach them by the next
    correction. Raises EditConflict when another has settled what was not `seen`.
    """
    seminar = lock_seminar(seminar.pk)
    stored = asdict(terms_of(seminar))
    if seen is not None and CertificateTerms.objects.filter(seminar=seminar).exists():
        seen.refuse_conflict(stored, asdict(terms))
    if stored == asdict(terms):
        return
    CertificateTerms.objects.update_or_create(seminar=seminar, defaults=asdict(terms))
    audit.record("certificates.settle_terms", seminar, by=by, **asdict(terms))
