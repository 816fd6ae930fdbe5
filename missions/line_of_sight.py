"""The line of sight: every mission from the municipality down to where somebody works."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from missions.models import MissionVersion
from people.models import Unit, User
from people.tree import ids_above


@dataclass(frozen=True)
class LineOfSightStep:
    """One unit on the line, and what it says it is for, if it has said so."""

    unit: Unit
    version: MissionVersion | None
    above: MissionVersion | None
    """The nearest mission above on the line, which this one contributes to."""
    is_closed: bool

    @property
    def is_behind(self) -> bool:
        """The contribution was written under another version than the one that holds above."""
        return self.version is not None and self.version.above_id != (
            self.above.pk if self.above else None
        )


@dataclass(frozen=True)
class MissionLine:
    """From the municipality, down to `unit`, which is the last step."""

    unit: Unit
    steps: list[LineOfSightStep]

    @property
    def own(self) -> LineOfSightStep:
        return self.steps[-1]


def line_of_sight(unit: Unit, today: dt.date) -> MissionLine:
    return lines_of_sight([unit], today)[0]


def lines_of_sight(
    units: Iterable[Unit], today: dt.date, *, reader: User | None = None
) -> list[MissionLine]:
    """The lines of all these units in three queries, however many and however deep.

    With `reader`, each version carries when that person acknowledged it (`acknowledged_at`).
    """
    ends = list(units)
    on_lines = {
        unit.pk: unit for unit in Unit.objects.filter(pk__in=ids_above(unit.pk for unit in ends))
    }
    versions = MissionVersion.objects.current().filter(mission__unit__in=on_lines).with_content()
    if reader is not None:
        versions = versions.with_reading_by(reader)
    missions = {version.mission.unit_id: version for version in versions}
    return [MissionLine(unit, _steps(unit, on_lines, missions, today)) for unit in ends]


def _steps(
    unit: Unit,
    units: dict[int, Unit],
    missions: dict[int, MissionVersion],
    today: dt.date,
) -> list[LineOfSightStep]:
    steps: list[LineOfSightStep] = []
    above = None
    for one in reversed(_rise(unit, units)):
        version = missions.get(one.pk)
        steps.append(LineOfSightStep(one, version, above, is_closed=not one.is_valid_on(today)))
        above = version or above
    return steps


def _rise(unit: Unit, units: dict[int, Unit]) -> list[Unit]:
    """The unit, then the one above it, and so on to the top."""
    line = [units[unit.pk]]
    while (parent_id := line[-1].parent_id) is not None:
        line.append(units[parent_id])
    return line


def mission_above(unit: Unit, today: dt.date) -> MissionVersion | None:
    """The nearest published mission above the unit, past units without one."""
    return line_of_sight(unit, today).own.above
