"""Where a person stands to a unit's mission: asked to read it, or answering for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from common.rooms import UnitStep, unit_step_of, with_unit_step
from missions.line_of_sight import MissionLine, lines_of_sight
from missions.models import Contribution, MissionVersion
from missions.responsibility import units_answered_for
from people.models import Leadership, Position, Unit, User


@dataclass(frozen=True)
class OwnLine:
    """A line as one person meets it: what they can do next at the end of it."""

    line: MissionLine
    draft_id: int | None
    shared_draft_id: int | None
    """Somebody else's draft, that the person is asked for an opinion on."""
    may_write: bool
    may_acknowledge: bool
    has_contribution: bool = False
    """Whether the person has written how they contribute in the unit."""
    waiting: UnitStep | None = None
    """What another room asks of the person as one who works in the unit."""

    @property
    def has_read(self) -> bool:
        """Read by the person, or written; not where there is nothing to read."""
        return self.line.own.version is not None and not self.may_acknowledge

    @property
    def may_contribute(self) -> bool:
        """There is a mission to contribute to, and nothing is written yet."""
        return self.is_own and self.line.own.version is not None and not self.has_contribution

    @property
    def is_own(self) -> bool:
        """The person works in the unit or leads it, and not only answers for it in a vacancy."""
        unit: Any = self.line.unit
        return bool(unit.is_own)


def with_mission_tasks(units: QuerySet[Unit], user: User, today: dt.date) -> QuerySet[Any]:
    """Adds `is_own` (works there or leads it), `is_answered_for`, and the `draft_id` under way.

    `shared_draft_id` is that draft where it is shared with those who work in the unit;
    `has_contribution` says whether the person has written how they contribute there. What
    other rooms have waiting for the person in the unit is added by those rooms.
    """
    works = Position.objects.valid_on(today).filter(user=user, unit=OuterRef("pk"))
    leads = Leadership.objects.valid_on(today).filter(user=user, unit=OuterRef("pk"))
    drafts = MissionVersion.objects.drafts().filter(mission__unit=OuterRef("pk"))
    concerned: QuerySet[Any] = units.annotate(
        is_own=Exists(works) | Exists(leads),
        has_contribution=Exists(Contribution.objects.filter(user=user, unit=OuterRef("pk"))),
        is_answered_for=Case(
            When(Q(pk__in=units_answered_for(user, today)), then=True),
            default=False,
            output_field=BooleanField(),
        ),
        draft_id=Subquery(drafts.values("pk")[:1]),
        shared_draft_id=Subquery(drafts.filter(shared_at__isnull=False).values("pk")[:1]),
    )
    annotated: QuerySet[Any] = with_unit_step(concerned, user, today)
    return annotated


def own_lines(units: Iterable[Unit], user: User, today: dt.date) -> list[OwnLine]:
    """Lines to units that come from `with_mission_tasks`."""
    return [own_line(line) for line in lines_of_sight(units, today, reader=user)]


def own_line(line: MissionLine) -> OwnLine:
    """Return a line whose unit is as `with_mission_tasks` has it, and the version at its end."""
    unit: Any = line.unit
    version = line.own.version
    return OwnLine(
        line=line,
        draft_id=unit.draft_id if unit.is_answered_for else None,
        shared_draft_id=unit.shared_draft_id if unit.is_own and not unit.is_answered_for else None,
        may_write=unit.is_answered_for,
        may_acknowledge=unit.is_own
        and version is not None
        and version.acknowledged_at is None
        and not version.wrote_it,
        has_contribution=unit.has_contribution,
        waiting=unit_step_of(unit),
    )
