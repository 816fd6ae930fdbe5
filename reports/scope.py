"""What one person with the HR role may count: the units it is granted on, and all below them.

And what has been merged into them: its figures of the days before are counted where they were.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from people.models import FormerAgency, Level, Role, RoleGrant, Unit, User
from people.succession import carried_into
from people.tree import ids_below

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    granted: tuple[int, ...]
    is_everything: bool
    """The grant is on the municipality: people who had no unit are counted too."""
    merged: tuple[int, ...] = ()
    """Closed units that were carried into what lies within."""

    @property
    def roots(self) -> tuple[int, ...]:
        return (*self.granted, *self.merged)

    def names(self) -> list[str]:
        """The units that the role is granted on, as the file says of what it is."""
        units = Unit.objects.filter(pk__in=self.granted).order_by("sort_key", "pk")
        return list(units.values_list("name", flat=True))

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
            Q(agency__in=self.whole_agencies()) | (partly & Q(unit__in=ids_below(self.roots)))
        )

    def agencies(self) -> QuerySet[Unit]:
        """Agencies of which anything at all lies within."""
        agencies = _agencies_ever()
        if self.is_everything:
            return agencies
        within = Unit.objects.filter(pk__in=ids_below(self.roots))
        return agencies.filter(
            Q(pk__in=within.values("agency")) | Q(pk__in=self._partial_agencies())
        )

    def holds_some_of(self, agency: Unit) -> bool:
        return self.agencies().filter(pk=agency.pk).exists()

    def whole_agencies(self) -> QuerySet[Unit]:
        """Agencies that lie within from top to bottom."""
        agencies = _agencies_ever()
        return agencies if self.is_everything else agencies.filter(pk__in=ids_below(self.roots))

    def _partial_agencies(self) -> QuerySet[Any, Any]:
        """Those of parts that the role is granted on, also from before the part was moved."""
        parts = Unit.objects.filter(pk__in=self.roots).exclude(level=Level.AGENCY).order_by()
        left = FormerAgency.objects.filter(unit__in=parts.values("pk"), agency__isnull=False)
        return (
            parts.filter(agency__isnull=False)
            .values("agency")
            .union(left.order_by().values("agency"))
        )


def _agencies_ever() -> QuerySet[Unit]:
    """Also what was an agency and is a part of one now: figures of those days are still its own."""
    were = FormerAgency.objects.order_by().values("agency")
    return Unit.objects.filter(Q(level=Level.AGENCY) | Q(pk__in=were))


def scope_of(user: User, today: dt.date) -> Scope:
    grants = (
        RoleGrant.objects.valid_on(today)
        .filter(user=user, role=Role.HR)
        .values_list("unit", "unit__level")
    )
    levels = dict(grants)
    if not levels or Level.MUNICIPALITY in levels.values():
        return Scope(tuple(levels), is_everything=bool(levels))
    return Scope(tuple(levels), is_everything=False, merged=tuple(carried_into(levels, today)))
