"""The sealed document of a certificate, and that it could not be made yet."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from certificates.models.certificate import Certificate
from certificates.models.kept import goes_with_its_seminar
from people.guards import never_truncated


class CertificateDocumentQuerySet(models.QuerySet["CertificateDocument"]):
    def described(self) -> Self:
        """All that is said about them, and not the documents."""
        return self.defer("pdf")


class CertificateDocument(models.Model):
    """The sealed PDF of a certificate, made from its snapshot alone.

    The name key stands on it and nowhere else: here is only what it is known by.
    """

    certificate = models.OneToOneField(
        Certificate, on_delete=models.CASCADE, related_name="document"
    )
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    key_sha256 = models.CharField(max_length=64)
    sealed_with = models.CharField(max_length=64, help_text="SHA-256 of the seal's certificate.")
    timestamped_by = models.CharField(
        max_length=200, blank=True, help_text="Empty where the portal's own clock says when."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = CertificateDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["sealed_with"], name="certificate_document_by_seal")]
        constraints = [
            models.CheckConstraint(
                name="certificate_document_is_sealed",
                condition=Q(
                    sha256__regex="^[0-9a-f]{64}$",
                    key_sha256__regex="^[0-9a-f]{64}$",
                    sealed_with__regex="^[0-9a-f]{64}$",
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="certificate_document_never_changes", operation=pgtrigger.Update
            ),
            goes_with_its_seminar(
                "certificate_document",
                "(SELECT seminar_id FROM certificates_certificate WHERE id = OLD.certificate_id)",
            ),
            never_truncated("certificate_document"),
        ]

    def __str__(self) -> str:
        return self.sha256


class SealingAttempt(models.Model):
    """That the document of a certificate could not be made, and when it is tried again.

    It proves nothing; it goes when the document is made.
    """

    certificate = models.OneToOneField(
        Certificate, primary_key=True, on_delete=models.CASCADE, related_name="sealing_attempt"
    )
    tries = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.certificate_id}, {self.tries}"
