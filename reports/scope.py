"""What one person with the HR role may count: her granted units and all below them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

from people.models import Level, Role, RoleGrant, Unit, User
from people.tree import ids_below

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    granted: tuple[int, ...]
    is_everything: bool
    """The grant is on the municipality: people who had no unit are counted too."""

    def of_units(self, rows: QuerySet[Row], field: str = "unit") -> QuerySet[Row]:
        """The rows whose unit lies within."""
        if self.is_everything:
            return rows
        return rows.filter(**{f"{field}__in": ids_below(self.granted)})

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
        return self.of_units(Unit.objects.agencies(), "pk")


def scope_of(user: User, today: dt.date) -> Scope:
    grants = (
        RoleGrant.objects.valid_on(today)
        .filter(user=user, role=Role.HR)
        .values_list("unit", "unit__level")
    )
    levels = dict(grants)
    return Scope(tuple(levels), is_everything=Level.MUNICIPALITY in levels.values())
