"""Who may write a unit's mission, and who is asked to read it."""

from __future__ import annotations

import datetime as dt

from missions.models import MissionVersion
from missions.readers import people_in
from missions.responsibility import units_answered_for
from people.models import Unit, User


def may_write_mission(user: User, unit: Unit, today: dt.date) -> bool:
    """The unit's leader today; for a unit that nobody leads, the nearest leader above."""
    return Unit.objects.filter(pk=unit.pk, pk__in=units_answered_for(user, today)).exists()


def may_see_readers(user: User, version: MissionVersion, today: dt.date) -> bool:
    """Who has read and who has not is between the unit and its leader."""
    return may_write_mission(user, version.mission.unit, today)


def belongs_to(user: User, unit: Unit, today: dt.date) -> bool:
    """Works in the unit today, or leads it."""
    return people_in(unit.pk, today).filter(pk=user.pk).exists()


def may_acknowledge(user: User, version: MissionVersion, today: dt.date) -> bool:
    """One says «lest og forstått» to what one's own unit is for, unless one published it."""
    return (
        version.is_published
        and version.published_by_id != user.pk
        and belongs_to(user, version.mission.unit, today)
    )
