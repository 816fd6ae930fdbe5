"""What happens to a mission when its unit is reorganised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, zip_longest

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from missions.actions.writing import Wording, wording_of, write_wording
from missions.models import MOST_ACTIVITIES, Mission, MissionVersion, VersionState
from missions.sight import mission_above
from people import audit
from people.models import Unit


def hand_over_missions(*, now: dt.datetime) -> int:
    """Give every successor of a closed unit its mission as a draft; answers with how many got one.

    Each successor in a transaction of its own. What was handed over once is not handed over
    again, so that two at once, or every night, do it once.
    """
    today = timezone.localdate(now)
    closed = MissionVersion.objects.current().filter(
        mission__unit__valid_to__lt=today, mission__unit=OuterRef("predecessors")
    )
    successors = Unit.objects.valid_on(today).filter(Exists(closed)).distinct()
    return sum(hand_over_to(unit=unit, now=now) for unit in successors)


@transaction.atomic
def hand_over_to(*, unit: Unit, now: dt.datetime) -> bool:
    """Start the unit's draft from the missions it takes over, and say so in the draft.

    A unit that has written something itself keeps its words: the missions that come are shown
    beside them. False when there was nothing new to hand over.
    """
    mission, _is_new = Mission.objects.get_or_create(unit=unit)
    Mission.objects.select_for_update().get(pk=mission.pk)
    sources = list(_sources(unit, mission, timezone.localdate(now)))
    if not sources:
        return False
    draft = mission.versions.drafts().first() or _started(mission, sources, now)
    draft.inherits.add(*sources)
    audit.record(
        "missions.hand_over_missions", draft, by=None, sources=[source.pk for source in sources]
    )
    return True


def _sources(unit: Unit, mission: Mission, today: dt.date) -> list[MissionVersion]:
    taken = MissionVersion.objects.filter(mission=mission, inherits=OuterRef("pk"))
    return list(
        MissionVersion.objects.current()
        .filter(mission__unit__successors=unit, mission__unit__valid_to__lt=today)
        .exclude(Exists(taken))
        .with_content()
        .order_by("mission__unit__sort_key")
    )


def _started(mission: Mission, sources: list[MissionVersion], now: dt.datetime) -> MissionVersion:
    current = MissionVersion.objects.current_for(mission.unit)
    draft = MissionVersion.objects.create(
        mission=mission,
        number=current.number + 1 if current else 1,
        state=VersionState.DRAFT,
        above=mission_above(mission.unit, timezone.localdate(now)),
        drafted_at=now,
    )
    wording = wording_of(current) if current else _together(sources)
    write_wording(draft, replace(wording, serves=None))
    return draft


def _together(sources: list[MissionVersion]) -> Wording:
    """One source as it is; of several, all their words, and their activities by turns."""
    turns = zip_longest(*(wording_of(source).core_activities for source in sources))
    activities = dict.fromkeys(text for text in chain.from_iterable(turns) if text)
    return Wording(
        core_task=_joined(source.core_task for source in sources),
        for_whom=_joined(source.for_whom for source in sources),
        not_our_task=_joined(source.not_our_task for source in sources),
        contribution=_joined(source.contribution for source in sources),
        core_activities=list(activities)[:MOST_ACTIVITIES],
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(dict.fromkeys(text for text in texts if text))
