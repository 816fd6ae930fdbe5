"""The demo's missions: a cascade from the municipality to the clinics, with holes in it."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from demo.names import DATA
from demo.organisation import StaffUnit
from demo.post import delivered
from demo.stage import Stage
from missions.models import Acknowledgement, CoreActivity, Mission, MissionVersion, VersionState
from missions.political_priorities import Signal
from missions.writing.actions import (
    MissionWording,
    acknowledge_mission,
    draft_mission,
    publish_mission,
    save_draft,
    wording_of,
)
from people.models import AuditRecord, User

CAST_CLINIC = "Tannklinikken Grønland"
WITHOUT_MISSION = ["Tannklinikken Røa", "Tannklinikken Holmlia", "Tannklinikken Ammerud"]
ALWAYS_WRITTEN = ["bydel", "tannhelse-region", "tannklinikk"]
WRITTEN_SHARE = 0.7
"""How many of the units for which there is a text have written theirs."""
PUBLISHED_DAYS_AGO = [700, 610, 510, 420, 330]
"""By height from the municipality down; each spreads over the 60 days that follow."""


def play_missions(stage: Stage) -> None:
    """Old missions in bulk, as old rows; the cast's own clinic by the room's actions."""
    _Cascade(stage).publish()
    _cast_clinic(stage)


def wording_for(
    unit: StaffUnit, texts: dict[str, Any], rng: random.Random, *, district: str = ""
) -> MissionWording | None:
    """What the unit has written, or None for a unit of which nothing is known."""
    text = texts["unit"].get(unit.name) or rng.choice(texts["kind"].get(unit.kind, [None]))
    if text is None:
        return None
    names = {"unit": unit.name, "short": district}
    return MissionWording(
        core_task=text["core_task"].format(**names),
        for_whom=text["for_whom"].format(**names),
        not_our_task=text["not_our_task"].format(**names),
        contribution=text["contribution"].format(**names),
        core_activities=list(text["activities"]),
        signals=[_signal(row) for row in text.get("signals", [])],
    )


def _signal(row: dict[str, Any]) -> Signal:
    return Signal(row["title"], row["source"], row.get("url", ""), row.get("decided_on"))


def read_texts() -> dict[str, Any]:
    return tomllib.loads((DATA / "missions.toml").read_text(encoding="utf-8"))


class _Cascade:
    """Level by level, so that each mission is written under the one above it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.rng = stage.rng("missions")
        self.texts = read_texts()
        self.parents = {unit.hr_id: unit.parent for unit in stage.organisation.units}
        self.current: dict[str, MissionVersion] = {}
        self.activities: dict[int, list[CoreActivity]] = {}

    def publish(self) -> None:
        by_height = sorted(self.stage.organisation.units, key=self._height)
        for height, units in groupby(by_height, key=self._height):
            self._publish_level(height, list(self._writing(list(units))))

    def _height(self, unit: StaffUnit) -> int:
        return 0 if not unit.parent else unit.hr_id.count("-") + 1

    def _writing(self, units: list[StaffUnit]) -> Iterator[tuple[StaffUnit, MissionWording]]:
        for unit in units:
            district = self.stage.organisation.district_of(unit)
            wording = wording_for(unit, self.texts, self.rng, district=district)
            is_known = unit.name in self.texts["unit"] or unit.kind in ALWAYS_WRITTEN
            is_written = is_known or self.rng.random() < WRITTEN_SHARE
            if unit.name in [*WITHOUT_MISSION, CAST_CLINIC] or unit.hr_id not in self.stage.leaders:
                continue
            if wording is not None and is_written:
                yield unit, wording

    def _publish_level(self, height: int, written: list[tuple[StaffUnit, MissionWording]]) -> None:
        missions = Mission.objects.bulk_create(
            Mission(unit=self.stage.units[unit.hr_id]) for unit, _wording in written
        )
        versions = MissionVersion.objects.bulk_create(
            self._draft(mission, unit, wording, height)
            for mission, (unit, wording) in zip(missions, written, strict=True)
        )
        activities = CoreActivity.objects.bulk_create(
            CoreActivity(version=version, order=order, text=text)
            for version, (_unit, wording) in zip(versions, written, strict=True)
            for order, text in enumerate(wording.core_activities, start=1)
        )
        for activity in activities:
            self.activities.setdefault(activity.version_id, []).append(activity)
        for version in versions:
            version.state = VersionState.PUBLISHED
            version.reading = version.number
            version.published_by = version.drafted_by
            version.published_at = version.drafted_at + dt.timedelta(days=5)
        MissionVersion.objects.bulk_update(
            versions, ["state", "reading", "published_by", "published_at"]
        )
        AuditRecord.objects.bulk_create(_record(version) for version in versions)
        self._acknowledge(versions)
        self.current |= {
            unit.hr_id: version for version, (unit, _wording) in zip(versions, written, strict=True)
        }

    def _draft(
        self, mission: Mission, unit: StaffUnit, wording: MissionWording, height: int
    ) -> MissionVersion:
        day = self.rng.randrange(60) - PUBLISHED_DAYS_AGO[height]
        above = self._above(unit)
        return MissionVersion(
            mission=mission,
            number=1,
            core_task=wording.core_task,
            for_whom=wording.for_whom,
            not_our_task=wording.not_our_task,
            contribution=wording.contribution,
            signals=[signal.as_row() for signal in wording.signals],
            above=above,
            serves=self.rng.choice(self.activities[above.pk]) if above else None,
            drafted_by=self.stage.leaders[unit.hr_id],
            drafted_at=self.stage.at(day, "10.15"),
        )

    def _above(self, unit: StaffUnit) -> MissionVersion | None:
        parent = self.parents[unit.hr_id]
        while parent and parent not in self.current:
            parent = self.parents[parent]
        return self.current.get(parent)

    def _acknowledge(self, versions: list[MissionVersion]) -> None:
        """Most have read it; in one unit of eight nobody has yet."""
        rows = []
        for version in versions:
            willing = 0.0 if self.rng.random() < 0.125 else self.rng.uniform(0.5, 1.0)
            for reader in self.stage.employees[version.mission.unit.hr_id]:
                if self.rng.random() < willing:
                    days = dt.timedelta(days=self.rng.randint(1, 20), hours=self.rng.randint(0, 5))
                    rows.append(self._reading(version, reader, days))
        Acknowledgement.objects.bulk_create(rows)

    def _reading(
        self, version: MissionVersion, reader: User, after: dt.timedelta
    ) -> Acknowledgement:
        """Soon after it was published, or after the person came."""
        published_at = version.published_at or version.drafted_at
        came_at = self.stage.midnight(self.stage.hired_on[reader.pk])
        when = max(published_at, came_at) + after
        return Acknowledgement(version=version, user=reader, acknowledged_at=when)


def _record(version: MissionVersion) -> AuditRecord:
    return AuditRecord(
        at=version.published_at or version.drafted_at,
        actor=version.published_by,
        action="missions.publish_mission",
        object_type=version._meta.label_lower,
        object_id=str(version.pk),
        details={"number": version.number},
    )


def _cast_clinic(stage: Stage) -> None:
    """Published long ago and read by most; a second version lies ready to be published."""
    unit = stage.named(CAST_CLINIC)
    leader = stage.leader_of(unit)
    texts = read_texts()
    first = wording_for(stage.organisation.named(CAST_CLINIC), texts, random.Random(3))
    if first is None:
        raise LookupError(f"there is no text for {CAST_CLINIC}")
    published_at = stage.at(-345, "14.00")
    with delivered(published_at):
        draft = draft_mission(unit=unit, by=leader, now=stage.at(-350))
        first = replace(first, serves=_first_above(draft))
        save_draft(version=draft, wording=first, by=leader, now=stage.at(-346))
        version = publish_mission(version=draft, by=leader, now=published_at)
    for day, reader in enumerate(stage.employees[unit.hr_id]):
        if reader != stage.cast["employee"] and day % 4 != 3:
            read_at = max(published_at, stage.midnight(stage.hired_on[reader.pk]))
            now = read_at + dt.timedelta(days=day + 1)
            acknowledge_mission(version=version, by=reader, now=now)
    second = draft_mission(unit=unit, by=leader, now=stage.at(-2, "15.20"))
    save_draft(
        version=second, wording=_second(wording_of(version)), by=leader, now=stage.at(-1, "13.05")
    )


def _second(wording: MissionWording) -> MissionWording:
    """The same with one activity more."""
    teaching = "Gi opplæring til helsefagarbeidere på sykehjemmene i nærheten"
    return replace(wording, core_activities=[*wording.core_activities, teaching])


def _first_above(draft: MissionVersion) -> int | None:
    if draft.above is None:
        return None
    return draft.above.core_activities.values_list("pk", flat=True).first()
