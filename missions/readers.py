"""Who a unit's mission is for to read: the people who work in the unit today."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from missions.models import Acknowledgement, MissionChange, MissionVersion
from people.models import Leadership, Position, Unit, User


@dataclass(frozen=True)
class Reading:
    """One person of the unit, and when they said «lest og forstått», if they have."""

    user: User
    acknowledged_at: dt.datetime | None


def people_in(unit_id: int, today: dt.date) -> QuerySet[User]:
    """Those who work in the very unit today, and its leader."""
    works = Position.objects.valid_on(today).filter(unit=unit_id).order_by().values("user")
    leads = Leadership.objects.valid_on(today).filter(unit=unit_id).order_by().values("user")
    # From the unit to its people: asking of each person whether they work here would ask all.
    people: QuerySet[User] = User.objects.filter(pk__in=works.union(leads), is_active=True)
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


def unread_since(
    *, after: dt.datetime, until: dt.datetime, today: dt.date
) -> Iterator[tuple[MissionVersion, User]]:
    """What holds now and was asked to be read in between, by whom it is unread.

    Only by those who worked there when it was published, and so had the letter.
    """
    asking = MissionVersion.objects.published().filter(
        published_at__gt=after, published_at__lte=until, change=MissionChange.MATERIAL
    )
    asked = asking.filter(mission=OuterRef("mission"), number=OuterRef("reading"))
    current = (
        MissionVersion.objects.current()
        .filter(mission__unit__in=Unit.objects.valid_on(today))
        .annotate(asked_at=Subquery(asked.values("published_at")[:1]))
        .filter(asked_at__isnull=False)
        .select_related("mission__unit")
    )
    versions: dict[int, Any] = {version.mission.unit_id: version for version in current}
    known = _known_by(versions.values())
    for place in _places(versions, today):
        version = versions[place.unit_id]
        came_after = place.valid_from > timezone.localdate(version.asked_at)
        if not came_after and place.user_id not in known[version.mission_id, version.reading]:
            yield version, place.user


def _places(units: Iterable[int], today: dt.date) -> list[Position | Leadership]:
    """Everybody's place in these units today; whoever both works and leads there comes twice."""
    here = {"unit__in": list(units), "user__is_active": True}
    works = Position.objects.valid_on(today).filter(**here).select_related("user")
    leads = Leadership.objects.valid_on(today).filter(**here).select_related("user")
    return [*works, *leads]


def _known_by(versions: Iterable[MissionVersion]) -> dict[tuple[int, int | None], set[int]]:
    """By mission and reading: who has said they read it, and who published it."""
    missions = [version.mission_id for version in versions]
    known: dict[tuple[int, int | None], set[int]] = defaultdict(set)
    said = Acknowledgement.objects.filter(version__mission__in=missions)
    published = MissionVersion.objects.published().filter(mission__in=missions)
    for mission, reading, user in (
        *said.values_list("version__mission", "version__reading", "user"),
        *published.values_list("mission", "reading", "published_by"),
    ):
        known[mission, reading].add(user)
    return known
