"""What a seminar's certificates ask for, the certificates, their documents, and their badges."""

from certificates.models.badge_status import LIST_SIZE, BadgeStatus
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
    "LIST_SIZE",
    "BadgeStatus",
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
