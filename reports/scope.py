"""What one person with the HR role may count: the units it is granted on, and all below them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from people.models import Level, Role, RoleGrant, Unit, User
from people.tree import ids_below

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    granted: tuple[int, ...]
    is_everything: bool
    """The grant is on the municipality: people who had no unit are counted too."""

    def of_snapshots(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Invitations and registrations of people who worked within when they were made.

        By the agency that the row remembers, where the whole agency lies within: a unit that has
        since been moved to another agency takes no figure with it. Where only a part of the agency
        lies within, the row's unit must be one of that part.
        """
        if self.is_everything:
            return rows
        partly = Q(agency__in=self._partial_agencies()) | Q(agency__isnull=True)
        return rows.filter(
            Q(agency__in=self.whole_agencies()) | (partly & Q(unit__in=ids_below(self.granted)))
        )

    def agencies(self) -> QuerySet[Unit]:
        """Agencies of which anything at all lies within."""
        agencies = Unit.objects.agencies()
        if self.is_everything:
            return agencies
        within = Unit.objects.filter(pk__in=ids_below(self.granted))
        return agencies.filter(pk__in=within.values("agency"))

    def holds_some_of(self, agency: Unit) -> bool:
        return self.agencies().filter(pk=agency.pk).exists()

    def whole_agencies(self) -> QuerySet[Unit]:
        """Agencies that lie within from top to bottom."""
        agencies = Unit.objects.agencies()
        return agencies if self.is_everything else agencies.filter(pk__in=ids_below(self.granted))

    def _partial_agencies(self) -> QuerySet[Unit, Any]:
        granted_parts = Unit.objects.filter(pk__in=self.granted).exclude(level=Level.AGENCY)
        return granted_parts.filter(agency__isnull=False).order_by().values("agency")


def scope_of(user: User, today: dt.date) -> Scope:
    grants = (
        RoleGrant.objects.valid_on(today)
        .filter(user=user, role=Role.HR)
        .values_list("unit", "unit__level")
    )
    levels = dict(grants)
    return Scope(tuple(levels), is_everything=Level.MUNICIPALITY in levels.values())
