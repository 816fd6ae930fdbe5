"""How many came to something in a half-year: counted once, and never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.small_groups import SMALL_GROUP
from people.models import Unit


class AttendanceGroup(models.TextChoices):
    """Each person is in one group of one agency, so that no two figures share anybody."""

    LEADERS = "leaders", _("ledere")
    OTHERS = "others", _("andre enn ledere")


class AttendanceFigure(models.Model):
    """Of one group in one agency: how many came to a seminar that started in the half-year.

    Where the number itself would be about a small group, only bounds are stored that are the same
    for nobody and few, and for all and nearly all.
    """

    first_day = models.DateField(_("halvårets første dag"))
    agency = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=10, choices=AttendanceGroup)
    people = models.PositiveIntegerField()
    """Leaders: those who lead on the day it is counted. Others: those with attendance recorded."""
    at_least = models.PositiveIntegerField()
    at_most = models.PositiveIntegerField()
    counted_on = models.DateField(_("telt"))

    class Meta:
        ordering = ["first_day", "agency_id", "group"]
        constraints = [
            models.UniqueConstraint(
                fields=["first_day", "agency", "group"], name="attendance_is_counted_once"
            ),
            models.CheckConstraint(
                name="attendance_tells_of_no_small_group",
                condition=(Q(at_least=0) | Q(at_least__gte=SMALL_GROUP))
                & Q(at_most__gte=F("at_least"), at_most__lte=F("people")),
            ),
        ]
        triggers = [pgtrigger.Protect(name="attendance_figure_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.agency}, {self.get_group_display()}, {self.first_day}"
