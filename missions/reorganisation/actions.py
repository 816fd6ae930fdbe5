"""What happens to a mission when its unit is reorganised."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, zip_longest

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from missions.letters import write_mission_handed_over
from missions.line_of_sight import mission_above
from missions.models import (
    MOST_ACTIVITIES,
    CoreActivity,
    Mission,
    MissionVersion,
    VersionState,
)
from missions.models.mission import MissionVersionQuerySet
from missions.responsibility import answering_for
from missions.writing.actions import MissionWording, wording_of, write_wording
from people import audit
from people.models import Unit

_CLOSED_BEFORE_SQL = """
    WITH RECURSIVE today(day) AS (SELECT %s::date),
    closed(id) AS (SELECT unit.id FROM today, people_unit unit WHERE unit.valid_to < today.day),
    before(heir, id) AS (
        SELECT step.to_unit_id, step.from_unit_id
        FROM today, people_unit_successors step
        JOIN closed ON closed.id = step.from_unit_id
        JOIN people_unit heir ON heir.id = step.to_unit_id
        WHERE today.day BETWEEN heir.valid_from AND coalesce(heir.valid_to, 'infinity')
      UNION
        SELECT before.heir, step.from_unit_id
        FROM before
        JOIN people_unit_successors step ON step.to_unit_id = before.id
        JOIN closed ON closed.id = step.from_unit_id
    )
    SELECT heir, id FROM before
"""
"""Each open unit with every closed one that it follows, through successors that closed too."""


def hand_over_missions(*, now: dt.datetime) -> int:
    """Give every successor of a closed unit its mission as a draft; answers with how many got one.

    Each successor in a transaction of its own. What was handed over once is not handed over
    again, so that two at once, or every night, do it once.
    """
    closed_before = _with_something_new(_closed_before(timezone.localdate(now)))
    successors = Unit.objects.filter(pk__in=closed_before).order_by("pk")
    return sum(
        _hand_over_to(unit=unit, closed=closed_before[unit.pk], now=now) for unit in successors
    )


def _closed_before(today: dt.date) -> dict[int, set[int]]:
    closed: defaultdict[int, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSED_BEFORE_SQL, [today])
        for heir, unit in cursor.fetchall():
            closed[heir].add(unit)
    return closed


def _with_something_new(closed_before: dict[int, set[int]]) -> dict[int, set[int]]:
    """Those of the successors that something waits for, by the rules of `_sources`.

    Four queries for all of them: most have been given everything long since.
    """
    held = _newest_with_words(set().union(*closed_before.values()))
    places = dict(held.values_list("pk", "mission__unit"))
    takers = MissionVersion.objects.filter(inherits__in=places).order_by()
    given, settled = _pairs(takers), _pairs(takers.published())
    return {
        heir: closed
        for heir, closed in closed_before.items()
        if any(
            place in closed
            and (pk, heir) not in given
            and not any((pk, unit) in settled for unit in closed)
            for pk, place in places.items()
        )
    }


def _pairs(takers: QuerySet[MissionVersion]) -> set[tuple[int, int]]:
    """What was taken over, and by which unit."""
    return set(takers.values_list("inherits", "mission__unit"))


@transaction.atomic
def _hand_over_to(*, unit: Unit, closed: Iterable[int], now: dt.datetime) -> bool:
    """Start the unit's draft from what these closed units held, and say so in the draft.

    A unit that has written something itself keeps its words: the missions that come are shown
    beside them. Whoever answers for it gets a letter. False when there was nothing new.
    """
    sources = list(_sources(unit, closed))
    if not sources:
        return False
    mission, _is_new = Mission.objects.get_or_create(unit=unit)
    Mission.objects.select_for_update().get(pk=mission.pk)
    sources = list(_sources(unit, closed))  # another may have handed over while this one waited
    if not sources:
        return False
    draft = mission.versions.drafts().first() or _started(mission, _spoken_for(sources), now)
    draft.inherits.add(*sources)
    audit.record(
        "missions.hand_over_missions", draft, by=None, sources=[source.pk for source in sources]
    )
    leader = answering_for(unit, timezone.localdate(now))
    if leader is not None and leader.is_active:
        write_mission_handed_over(draft, sources=sources, to=leader)
    return True


def _sources(unit: Unit, closed: Iterable[int]) -> QuerySet[MissionVersion]:
    """What holds and what was under way in the closed units, but for what is dealt with.

    That is what the unit has been given, and what a closed unit on the way made its own.
    """
    taken = MissionVersion.objects.filter(inherits=OuterRef("pk"))
    given = taken.filter(mission__unit=unit)
    settled = taken.published().filter(mission__unit__in=closed)
    sources: QuerySet[MissionVersion] = (
        _newest_with_words(closed)
        .exclude(Exists(given))
        .exclude(Exists(settled))
        .with_content()
        .prefetch_related("inherits")
        .order_by("mission__unit__sort_key", "number")
    )
    return sources


def _newest_with_words(units: Iterable[int]) -> MissionVersionQuerySet:
    """What holds in these units, and drafts that somebody has written in."""
    activities = CoreActivity.objects.filter(version=OuterRef("pk"))
    has_words = ~Q(core_task="") | ~Q(for_whom="") | Q(Exists(activities))
    newest: MissionVersionQuerySet = (
        MissionVersion.objects.current() | MissionVersion.objects.drafts().filter(has_words)
    )
    return newest.filter(mission__unit__in=list(units))


def _spoken_for(sources: list[MissionVersion]) -> list[MissionVersion]:
    """One version a unit, what it published or else its draft, and none that another carries on."""
    first = {source.mission_id: source for source in reversed(sources)}
    carried = {kept.pk for source in first.values() for kept in source.inherits.all()}
    return [
        source
        for source in sources
        if source == first[source.mission_id] and source.pk not in carried
    ]


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


def _together(sources: list[MissionVersion]) -> MissionWording:
    """One source as it is; of several, all their words, and their activities by turns."""
    turns = zip_longest(*(wording_of(source).core_activities for source in sources))
    activities = dict.fromkeys(text for text in chain.from_iterable(turns) if text)
    return MissionWording(
        core_task=_joined(source.core_task for source in sources),
        for_whom=_joined(source.for_whom for source in sources),
        not_our_task=_joined(source.not_our_task for source in sources),
        contribution=_joined(source.contribution for source in sources),
        core_activities=list(activities)[:MOST_ACTIVITIES],
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(dict.fromkeys(text for text in texts if text))
