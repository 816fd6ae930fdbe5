"""Who a unit's mission is for to read: the people who work in the unit today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from missions.models import Acknowledgement, MissionVersion
from people.models import Leadership, Position, User


@dataclass(frozen=True)
class Reading:
    """One person of the unit, and when they said «lest og forstått», if they have."""

    user: User
    acknowledged_at: dt.datetime | None


def people_in(unit_id: int, today: dt.date) -> QuerySet[User]:
    """Those who work in the very unit today, and its leader."""
    works = Position.objects.valid_on(today).filter(unit=unit_id, user=OuterRef("pk"))
    leads = Leadership.objects.valid_on(today).filter(unit=unit_id, user=OuterRef("pk"))
    people: QuerySet[User] = User.objects.filter(
        Q(Exists(works)) | Q(Exists(leads)), is_active=True
    )
    return people


def readers_of(version: MissionVersion, today: dt.date) -> list[User]:
    """Everybody in the unit but the one who published it."""
    return list(asked_to_read(version, today))


def readings_of(version: MissionVersion, today: dt.date) -> list[Reading]:
    """Those who are asked to read, in Norwegian order; whoever has moved on is not listed."""
    said = Acknowledgement.objects.filter(
        version__mission=version.mission_id, version__reading=version.reading, user=OuterRef("pk")
    ).order_by("acknowledged_at")
    people = asked_to_read(version, today).annotate(
        acknowledged_at=Subquery(said.values("acknowledged_at")[:1])
    )
    return [Reading(person, person.acknowledged_at) for person in people]


def asked_to_read(version: MissionVersion, today: dt.date) -> QuerySet[User]:
    """Everybody in the unit but those who published what is read together."""
    alike = MissionVersion.objects.published().filter(
        mission=version.mission_id, reading=version.reading
    )
    return people_in(version.mission.unit_id, today).exclude(pk__in=alike.values("published_by"))
