"""What somebody holds of a certificate: its number, or the key that its document alone has."""

from __future__ import annotations

import hmac

from certificates.models import Certificate
from certificates.numbers import key_sha256, number_in


def certificate_with(typed: str) -> Certificate | None:
    """Return the certificate with the number; anybody who has it may ask what is true of it.

    Asked of the database also where it can be no number: nobody learns by the time it takes.
    """
    number = number_in(typed) or ""
    return Certificate.objects.select_related("document").filter(number=number).first()


def is_on_document(certificate: Certificate, key: str) -> bool:
    """Whether the key stands on the certificate's document."""
    document = getattr(certificate, "document", None)
    kept = document.key_sha256 if document is not None else ""
    return hmac.compare_digest(kept, key_sha256(key))
