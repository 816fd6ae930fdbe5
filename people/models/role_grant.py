"""Who has which role on a unit and all below it, from a day to a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.unit import Level, Unit
from people.roles import Role
from people.tree import ids_below
from people.validity import Validity, ValidityQuerySet, never_overlaps, validity_in_order

if TYPE_CHECKING:
    from people.models.user import User, Viewer


class RoleGrantQuerySet(ValidityQuerySet["RoleGrant"]):
    def visible_to(self, user: Viewer, *, on: dt.date) -> Self:
        """The roles on units which the user administers on the day."""
        if isinstance(user, AnonymousUser):
            return self.none()
        return self.filter(unit__in=ids_below(ids_administered(user, on)))

    def not_ended(self, today: dt.date) -> Self:
        """Those that hold today or will hold."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))

    def tending_staff_imports(self, *, on: dt.date) -> Self:
        """Those of the whole municipality: their holders mend HR's files and accept changes."""
        return self.valid_on(on).filter(
            role__in=[Role.ADMINISTRATOR, Role.HR],
            unit__in=Unit.objects.valid_on(on).filter(
                level=Level.MUNICIPALITY, parent__isnull=True
            ),
        )


class RoleGrant(Validity):
    """A role given on a unit; it holds for the unit's whole subtree."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(_("rolle"), max_length=20, choices=Role)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="role_grants")
    granted_by = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.PROTECT, related_name="grants_given"
    )

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            validity_in_order("role_grant_validity_in_order"),
            models.CheckConstraint(name="role_is_known", condition=Q(role__in=Role.values)),
            never_overlaps("role_is_granted_once_at_a_time", "user", "role", "unit"),
            # An administrator could else let themselves in to health data and to figures.
            models.CheckConstraint(
                name="role_is_granted_by_another",
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.unit}"

    def end_before(self, today: dt.date) -> None:
        """Yesterday is its last day. One that has not held for a whole day leaves no row."""
        if self.valid_from >= today:
            self.delete()
            return
        self.valid_to = today - dt.timedelta(days=1)
        self.save(update_fields=["valid_to"])


def ids_administered(user: User, on: dt.date) -> list[int]:
    """Return the units that the person is administrator of on the day."""
    grants = RoleGrant.objects.valid_on(on).filter(user=user, role=Role.ADMINISTRATOR)
    return list(grants.values_list("unit_id", flat=True))
