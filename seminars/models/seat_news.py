"""What the organisers of a seminar have been told of its seats."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SeatNewsKind(models.TextChoices):
    FULL = "full", _("Alle plassene er tatt")
    FREE = "free", _("Det er blitt ledige plasser, og ingen venter")
    CHOOSE = "choose", _("Det er ledige plasser å gi til dem som venter")
    FEW = "few", _("Få er påmeldt, og det er kort tid igjen")


OF_THE_HALL = (SeatNewsKind.FULL.value, SeatNewsKind.FREE.value, SeatNewsKind.CHOOSE.value)
"""Each of these takes the place of the one before; that few come is told once."""


class SeatNews(models.Model):
    """One thing told of one seminar on one day, so that it is not told again the day after."""

    seminar = models.ForeignKey(
        "seminars.Seminar", on_delete=models.CASCADE, related_name="seat_news"
    )
    kind = models.CharField(max_length=10, choices=SeatNewsKind)
    told_on = models.DateField()

    class Meta:
        ordering = ["told_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seminar", "kind", "told_on"], name="seat_news_is_told_once_a_day"
            ),
            models.CheckConstraint(
                name="seat_news_kind_is_known",
                condition=Q(kind__in=["full", "free", "choose", "few"]),
            ),
        ]
