"""Which agency a unit was part of before it was moved: what is counted of those days stays."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from people.models.user import Viewer


class FormerAgencyQuerySet(models.QuerySet["FormerAgency"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """As units are: no secret to those who work here."""
        return self.all() if user.is_authenticated else self.none()


class FormerAgency(models.Model):
    """That a unit was part of an agency, or of none, until a day that is over.

    The unit itself says what it is part of since the last of these.
    """

    unit = models.ForeignKey(
        "people.Unit", on_delete=models.CASCADE, related_name="former_agencies"
    )
    agency = models.ForeignKey(
        "people.Unit", null=True, on_delete=models.PROTECT, related_name="former_units"
    )
    until = models.DateField(_("til og med"))

    objects = FormerAgencyQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "until"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "until"], name="unit_has_one_former_agency_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}, {self.agency_id}"


AGENCY_DAYS_SQL = """
    SELECT unit_id, agency_id,
        daterange(lag(until) OVER (PARTITION BY unit_id ORDER BY until) + 1, until, '[]') AS days
    FROM people_formeragency
    UNION ALL
    SELECT unit.id, unit.agency_id, daterange(max(former.until) + 1, NULL, '[]')
    FROM people_unit unit LEFT JOIN people_formeragency former ON former.unit_id = unit.id
    GROUP BY unit.id
"""
"""The days on which each unit was part of each agency, without gaps; most have one row."""
