"""What a person finds on «Kursbevisene mine»: what they have, and what they may have."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from certificates.badge_key import offers_badges
from certificates.issuing import closed_to_issuing
from certificates.models import Certificate, CertificateDocument, CertificateRule
from certificates.models.terms import QUALIFYING
from certificates.truth import Standing, Truth, truths_of
from certificates.words import CertificateWords, words_of
from people.models import User
from seminars.models import CAME, Registration, Seminar


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """One of the person's certificates, with what is true of it today."""

    certificate: Certificate
    words: CertificateWords
    name: str
    truth: Truth
    is_sealed: bool
    has_badge: bool
    may_be_renewed: bool
    """Today's name, language or title is another than the one on it."""


def own_certificates(user: User, today: dt.date) -> list[OwnCertificate]:
    sealed = CertificateDocument.objects.filter(certificate=OuterRef("pk"))
    own = Certificate.objects.visible_to(user, on=today).newest_first()
    rows = list(own.select_related("seminar__organiser_unit").annotate(is_sealed=Exists(sealed)))
    truths = truths_of(rows)
    return [_own(certificate, truths[certificate.pk], user) for certificate in rows]


def _own(certificate: Certificate, truth: Truth, user: User) -> OwnCertificate:
    return OwnCertificate(
        certificate=certificate,
        words=words_of(certificate.facts),
        name=certificate.facts.name,
        truth=truth,
        is_sealed=certificate.is_sealed,  # type: ignore[attr-defined]
        has_badge=truth.standing == Standing.VALID and offers_badges(),
        may_be_renewed=truth.standing == Standing.VALID and _says_other(certificate, user),
    )


def _says_other(certificate: Certificate, user: User) -> bool:
    facts, seminar = certificate.facts, certificate.seminar
    said = (facts.name, facts.language, facts.seminar_title, facts.organiser)
    return said != (user.name, user.language, seminar.title, seminar.organiser_unit.name)


def seminars_with_certificate_to_get(user: User, today: dt.date, now: dt.datetime) -> list[Seminar]:
    """Return the seminars that the person came to and has no valid certificate of, newest first."""
    valid = Certificate.objects.valid().filter(user=user, seminar=OuterRef("seminar"))
    own = Registration.objects.visible_to(user, on=today).filter(outcome__in=CAME)
    rows = own.filter(~Exists(valid)).select_related("seminar__certificate_terms")
    found: dict[int, Seminar] = {}
    for row in rows.order_by("-seminar__starts_at", "-pk"):
        terms = getattr(row.seminar, "certificate_terms", None)
        rule = terms.rule if terms else CertificateRule.WHOLE.value
        is_open = closed_to_issuing(row.seminar, rule, now) is None
        if is_open and row.outcome in QUALIFYING[rule]:
            found.setdefault(row.seminar_id, row.seminar)
    return list(found.values())
