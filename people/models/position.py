"""Who works where, from a day to a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.validity import Validity, ValidityQuerySet, never_overlaps, validity_in_order

if TYPE_CHECKING:
    from people.models.user import Viewer


class PositionQuerySet(ValidityQuerySet["Position"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The positions of whom one may know."""
        return self.filter(user__in=get_user_model().objects.visible_to(user, on=on))


class Position(Validity):
    """A person's place of work: one person may hold several at once."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="positions")
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="positions")
    title = models.CharField(_("stilling"), max_length=200)

    objects = PositionQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from", "pk"]
        constraints = [
            validity_in_order("position_validity_in_order"),
            never_overlaps("position_does_not_overlap_itself", "user", "unit", "title"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.unit}"
