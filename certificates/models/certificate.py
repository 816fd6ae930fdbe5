"""The certificate: that somebody came to a seminar, as it was when it was issued."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.models.badge_status import LIST_SIZE
from certificates.models.kept import goes_with_its_seminar
from certificates.models.terms import QUALIFYING, CertificateRule
from certificates.numbers import NUMBER_PATTERN, grouped, new_number
from certificates.snapshot import CertificateFacts, facts_of
from common.sql import sql_list, trigger_body
from people.guards import never_truncated
from people.models import User, Viewer
from seminars.models import Registration, Seminar

ISSUED_FOR = [CertificateRule.WHOLE.value, CertificateRule.CAME.value]


class CertificateState(models.TextChoices):
    VALID = "valid", _("Gyldig")
    REPLACED = "replaced", _("Erstattet")
    WITHDRAWN = "withdrawn", _("Trukket tilbake")


class ReplacementReason(models.TextChoices):
    """Why a newer one stands instead. Only the first leaves what the older says true."""

    ASKED_FOR = "asked_for", _("Personen ba om et nytt")
    CORRECTED = "corrected", _("Oppmøtet eller timene er rettet")


class WithdrawalReason(models.TextChoices):
    """Why nothing stands any more."""

    ATTENDANCE = "attendance", _("Oppmøtet er rettet")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """One's own, and nobody else's."""
        return self.none() if isinstance(user, AnonymousUser) else self.filter(user=user)

    def valid(self) -> Self:
        """Neither replaced nor withdrawn."""
        return self.filter(replaced_at__isnull=True, withdrawn_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-issued_at", "-pk")

    def without_document(self) -> Self:
        """Valid ones that are not sealed yet: of the others nobody needs a new document."""
        return self.valid().filter(document__isnull=True)

    def due_for_document(self, *, now: dt.datetime, after: dt.timedelta) -> Self:
        """Issued a while ago and not sealed: those never tried first, then the longest put off."""
        waited = self.without_document().filter(issued_at__lte=now - after)
        ready = waited.filter(
            Q(sealing_attempt__isnull=True) | Q(sealing_attempt__next_at__lte=now)
        )
        return ready.order_by(F("sealing_attempt__next_at").asc(nulls_first=True), "pk")


class Certificate(models.Model):
    """That a person came to a seminar. Nothing in it changes: a newer one replaces it, once.

    `snapshot` holds all that it says; `basis` what it was derived from (`certificates.basis`), by
    which a correction of attendance or of the seminar's times is found.
    """

    number = models.CharField(max_length=20, unique=True, default=new_number, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="certificates"
    )
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="certificates", db_index=False
    )
    seminar = models.ForeignKey(Seminar, on_delete=models.PROTECT, related_name="certificates")
    rule = models.CharField(max_length=10, choices=CertificateRule)
    basis = models.CharField(max_length=64)
    snapshot = models.TextField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="None where the portal issued it by itself.",
    )
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.RESTRICT, related_name="replaced_by"
    )
    replaced_at = models.DateTimeField(null=True)
    replacement_reason = models.CharField(max_length=10, choices=ReplacementReason, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=10, choices=WithdrawalReason, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["user", "-issued_at"], name="certificate_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "seminar"],
                condition=Q(replaced_at__isnull=True, withdrawn_at__isnull=True),
                name="certificate_is_one_while_valid",
            ),
            models.CheckConstraint(
                name="certificate_number_is_whole", condition=Q(number__regex=NUMBER_PATTERN)
            ),
            models.CheckConstraint(
                name="certificate_hashes_are_whole",
                condition=Q(sha256__regex="^[0-9a-f]{64}$", basis__regex="^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="certificate_rule_issues", condition=Q(rule__in=ISSUED_FOR)
            ),
            models.CheckConstraint(
                name="certificate_replacement_has_its_reason",
                condition=Q(replaced_at__isnull=True, replacement_reason="")
                | Q(replaced_at__isnull=False, replacement_reason__in=ReplacementReason.values),
            ),
            models.CheckConstraint(
                name="certificate_withdrawal_has_its_reason",
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawal_reason__in=WithdrawalReason.values),
            ),
            models.CheckConstraint(
                name="certificate_ends_in_one_way",
                condition=Q(replaced_at__isnull=True) | Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="certificate_times_in_order",
                condition=(Q(replaced_at__isnull=True) | Q(replaced_at__gte=F("issued_at")))
                & (Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("issued_at"))),
            ),
        ]
        triggers = [
            # Nobody has proof of what is not recorded, whoever writes the row. It waits for whoever
            # is correcting attendance, and they for it.
            pgtrigger.Trigger(
                name="certificate_is_earned",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("came", "text"), ("older", "certificates_certificate%ROWTYPE")],
                func=trigger_body(
                    "certificates",
                    "certificate_is_earned",
                    whole=sql_list(QUALIFYING["whole"]),
                    came_at_all=sql_list(QUALIFYING["came"]),
                ),
            ),
            pgtrigger.ReadOnly(
                name="certificate_never_changes",
                fields=[
                    "number",
                    "registration",
                    "user",
                    "seminar",
                    "rule",
                    "basis",
                    "snapshot",
                    "sha256",
                    "issued_at",
                    "issued_by",
                    "replaces",
                ],
            ),
            pgtrigger.Trigger(
                name="certificate_ends_once",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    "OLD.replaced_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL"
                ),
                func=trigger_body("certificates", "certificate_ends_once"),
            ),
            # Asked when the transaction ends: the older gives way before the newer can be written.
            pgtrigger.Trigger(
                name="certificate_is_replaced_by_one",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("NEW.replaced_at IS NOT NULL"),
                func=trigger_body("certificates", "certificate_is_replaced_by_one"),
            ),
            pgtrigger.Trigger(
                name="certificate_has_badge_status",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                func=trigger_body(
                    "certificates", "certificate_has_badge_status", size=str(LIST_SIZE)
                ),
            ),
            pgtrigger.Trigger(
                name="badge_ends_with_its_certificate",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                condition=pgtrigger.Condition(
                    "NEW.replaced_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL"
                ),
                func=trigger_body("certificates", "badge_ends_with_its_certificate"),
            ),
            goes_with_its_seminar("certificate", "OLD.seminar_id"),
            never_truncated("certificate"),
        ]

    def __str__(self) -> str:
        return grouped(self.number)

    @cached_property
    def facts(self) -> CertificateFacts:
        """What it says, from what was frozen."""
        return facts_of(self.snapshot)

    @property
    def state(self) -> CertificateState:
        """What became of this one; `certificates.truth` says what is true of it today."""
        if self.withdrawn_at is not None:
            return CertificateState.WITHDRAWN
        return CertificateState.VALID if self.replaced_at is None else CertificateState.REPLACED

    @property
    def is_valid(self) -> bool:
        return self.state == CertificateState.VALID
