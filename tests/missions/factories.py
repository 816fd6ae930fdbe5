"""Missions without surprises: published unless one asks for a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from missions.models import (
    Acknowledgement,
    CoreActivity,
    Mission,
    MissionChange,
    MissionVersion,
    VersionState,
)
from people.models import Unit, User
from tests.factories import make_user

ACTIVITIES = ("Besøke dem som trenger oss", "Lære bort egenmestring", "Melde fra i tide")


def make_draft(
    unit: Unit,
    *,
    by: User | None = None,
    activities: Sequence[str] = ACTIVITIES,
    above: MissionVersion | None = None,
    **fields: Any,
) -> MissionVersion:
    """A draft with all that publishing needs."""
    mission, _is_new = Mission.objects.get_or_create(unit=unit)
    last = mission.versions.first()
    version = MissionVersion.objects.create(
        mission=mission,
        number=last.number + 1 if last else 1,
        core_task=fields.pop("core_task", f"{unit.name} gjør hverdagen tryggere."),
        for_whom=fields.pop("for_whom", "De som bor i bydelen"),
        drafted_by=by or make_user("Berit Haugen"),
        above=above,
        serves=fields.pop("serves", above and above.core_activities.first()),
        **fields,
    )
    for order, text in enumerate(activities, start=1):
        CoreActivity.objects.create(version=version, order=order, text=text)
    return version


def make_mission(unit: Unit, *, at: dt.datetime | None = None, **fields: Any) -> MissionVersion:
    """A published version; a second call for the same unit makes the next version.

    Under one `above`, it serves the first of its activities.
    """
    version = make_draft(unit, **fields)
    version.state = VersionState.PUBLISHED
    before = version.mission.versions.published().first()
    version.reading = before.reading if version.change == MissionChange.MINOR else version.number
    version.published_at = at or timezone.now()
    version.published_by = version.drafted_by
    version.save()
    return version


def make_acknowledgement(version: MissionVersion, user: User) -> Acknowledgement:
    return Acknowledgement.objects.create(
        version=version, user=user, acknowledged_at=timezone.now()
    )
