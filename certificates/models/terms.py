"""What somebody has to have been at to get a certificate of a seminar."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seminars.models import CAME, AttendanceOutcome, Seminar

MOST_MINUTES = 1000 * 60


class CertificateRule(models.TextChoices):
    WHOLE = "whole", _("Den som var med på alt")
    CAME = "came", _("Den som møtte, også om det bare var til noe av det")
    OFF = "off", _("Ingen: seminaret har ikke kursbevis")


QUALIFYING = {
    CertificateRule.WHOLE.value: (AttendanceOutcome.ATTENDED.value,),
    CertificateRule.CAME.value: CAME,
    CertificateRule.OFF.value: (),
}
"""By rule, the outcomes that are worth a certificate."""


class CertificateTerms(models.Model):
    """What the organiser has settled of a seminar's certificates; without a row, what stands here.

    A certificate keeps the rule that it was issued for: a stricter one takes none away.
    """

    seminar = models.OneToOneField(
        Seminar, on_delete=models.CASCADE, related_name="certificate_terms"
    )
    rule = models.CharField(
        _("hvem som får kursbevis"),
        max_length=10,
        choices=CertificateRule,
        default=CertificateRule.WHOLE,
    )
    minutes = models.PositiveIntegerField(
        _("timer på beviset"),
        null=True,
        blank=True,
        help_text="In minutes; without it the length of the sessions that the person came to.",
    )
    is_automatic = models.BooleanField(
        _("utsted dagen etter"),
        default=True,
        help_text="The day after the seminar, without anybody pressing.",
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="certificate_terms_rule_is_known",
                condition=Q(rule__in=list(QUALIFYING)),
            ),
            models.CheckConstraint(
                name="certificate_terms_minutes_are_some",
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=MOST_MINUTES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seminar_id}, {self.rule}"
