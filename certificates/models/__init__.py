"""What a seminar's certificates ask for, the certificates, and their sealed documents."""

from certificates.models.certificate import (
    Certificate,
    CertificateQuerySet,
    CertificateState,
    ReplacementReason,
    WithdrawalReason,
)
from certificates.models.document import CertificateDocument, SealingAttempt
from certificates.models.terms import CertificateRule, CertificateTerms

__all__ = [
    "Certificate",
    "CertificateDocument",
    "CertificateQuerySet",
    "CertificateRule",
    "CertificateState",
    "CertificateTerms",
    "ReplacementReason",
    "SealingAttempt",
    "WithdrawalReason",
]
