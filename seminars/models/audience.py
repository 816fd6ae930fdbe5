"""Whom a seminar is for."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Unit, User


class AudienceKind(models.TextChoices):
    EVERYONE = "everyone", _("Alle ansatte")
    LEADERS = "leaders", _("Ledere")
    AGENCIES = "agencies", _("Ansatte i valgte virksomheter")
    LISTED = "listed", _("Navngitte personer")
    LED_ON = "led_on", _("De som var ledere på en bestemt dato")


class Audience(models.Model):
    """Whom a seminar is open to, and from when; without any it is open to everybody."""

    seminar = models.ForeignKey(
        "seminars.Seminar", on_delete=models.CASCADE, related_name="audiences"
    )
    kind = models.CharField(_("hvem"), max_length=10, choices=AudienceKind)
    opens_at = models.DateTimeField(
        _("åpner"),
        null=True,
        blank=True,
        help_text=_("Står feltet tomt, gjelder seminarets egen åpning."),
    )
    led_on = models.DateField(_("ledet en enhet den"), null=True, blank=True)
    levels = ArrayField(
        models.CharField(max_length=70),
        verbose_name=_("nivåer"),
        default=list,
        blank=True,
        help_text="Keys of `people.levels`: leaders at one of these; empty for any leader.",
    )
    agencies = models.ManyToManyField(Unit, verbose_name=_("virksomheter"), related_name="+")
    people = models.ManyToManyField(User, verbose_name=_("personer"), related_name="audiences")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="audience_kind_is_known", condition=Q(kind__in=AudienceKind.values)
            ),
            models.CheckConstraint(
                name="audience_led_on_has_its_date",
                condition=Q(kind="led_on", led_on__isnull=False)
                | (~Q(kind="led_on") & Q(led_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="audience_levels_are_of_leaders",
                condition=Q(levels=[]) | Q(kind__in=["leaders", "led_on"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
