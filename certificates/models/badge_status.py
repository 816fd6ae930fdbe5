"""Where the status of a certificate's digital badge stands, and when the badge ended."""

from __future__ import annotations

from typing import Final, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Mod

from people.guards import never_truncated

LIST_SIZE: Final = 131_072
"""Places in one list: the least that Bitstring Status List 1.0 allows."""


class BadgeStatusQuerySet(models.QuerySet["BadgeStatus"]):
    def of_list(self, number: int) -> Self:
        first = (number - 1) * LIST_SIZE
        return self.filter(place__gte=first, place__lt=first + LIST_SIZE)

    def ended(self) -> Self:
        """Of those whose certificate has been replaced or withdrawn."""
        return self.filter(ended_at__isnull=False)

    def indexes(self) -> list[int]:
        """Return their places, each counted within its own list."""
        within = Mod(F("place"), LIST_SIZE, output_field=models.BigIntegerField())
        return list(self.order_by().values_list(within, flat=True))


class BadgeStatus(models.Model):
    """One bit in a public list, which says whether a badge still stands.

    The database makes the row with the certificate, at random in its list, so that neighbours in
    the list are no colleagues. It outlives the certificate: a badge that was taken back does not
    become good because the archive plan erased why.
    """

    certificate = models.OneToOneField(
        "certificates.Certificate",
        null=True,
        on_delete=models.SET_NULL,
        related_name="badge_status",
    )
    place = models.BigIntegerField(unique=True)
    ended_at = models.DateTimeField(null=True)

    objects = BadgeStatusQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["place"], condition=Q(ended_at__isnull=False), name="badge_status_ended"
            )
        ]
        constraints = [
            models.CheckConstraint(name="badge_status_place_is_one", condition=Q(place__gte=0)),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="badge_status_keeps_its_place", fields=["place"]),
            pgtrigger.Protect(
                name="badge_status_stays_with_its_certificate",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.certificate_id IS DISTINCT FROM OLD.certificate_id"
                    " AND NEW.certificate_id IS NOT NULL"
                ),
            ),
            pgtrigger.Protect(
                name="badge_status_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at"
                ),
            ),
            pgtrigger.Protect(name="badge_status_never_goes", operation=pgtrigger.Delete),
            never_truncated("badge_status"),
        ]

    def __str__(self) -> str:
        return f"{self.list_number}#{self.index}"

    @property
    def list_number(self) -> int:
        return self.place // LIST_SIZE + 1

    @property
    def index(self) -> int:
        return self.place % LIST_SIZE
