"""Who leads what, from a day to a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models

from people.validity import Validity, ValidityQuerySet, never_overlaps, validity_in_order

if TYPE_CHECKING:
    from people.models.user import Viewer


class LeadershipQuerySet(ValidityQuerySet["Leadership"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """Who leads what is known to everybody who works here."""
        return self.all() if user.is_authenticated else self.none()


class Leadership(Validity):
    """That a person leads a unit. A unit has one leader at a time, or none."""

    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="leaderships")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="leaderships")

    objects = LeadershipQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            validity_in_order("leadership_validity_in_order"),
            never_overlaps("unit_has_one_leader_at_a_time", "unit"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.unit}"
