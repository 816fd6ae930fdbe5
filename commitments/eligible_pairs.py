"""Between whom an agreement can be: a line manager and this very person, in one unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Case, F, Func, When
from django.db.models.functions import Cast

from missions.line_of_sight import line_of_sight
from missions.models import MissionVersion
from people.models import Position, Unit, User
from people.organisation import line_manager_of
from people.reporting_line import positions_led_by
from people.succession import followers_of

_PAIR = ArrayField(BigIntegerField())


@dataclass(frozen=True)
class Pair:
    """A leader and an employee, and the unit where the one leads the other."""

    leader: User
    employee: User
    unit: Unit
    title: str

    @property
    def key(self) -> str:
        return f"{self.leader.pk}-{self.employee.pk}-{self.unit.pk}"


def pairs_of_employee(user: User, today: dt.date) -> list[Pair]:
    """With the line manager of each position the person holds."""
    positions = Position.objects.valid_on(today).filter(user=user).select_related("unit__agency")
    found = []
    for position in positions:
        manager = line_manager_of(user, on=today, unit=position.unit)
        if manager is not None:
            found.append(Pair(manager, user, position.unit, position.title))
    return _each_once(found)


def pairs_of_leader(user: User, today: dt.date) -> list[Pair]:
    """With everybody whose line manager this person is, in the unit where they are."""
    led = positions_led_by(user.pk, today)
    with connection.cursor() as cursor:  # by itself: joined, the planner reads everybody
        cursor.execute(led.sql, led.params)
        found = [pk for (pk,) in cursor.fetchall()]
    positions = (
        Position.objects.filter(pk__in=found, user__is_active=True)
        .select_related("user", "unit__agency")
        .order_by("user__sort_key", "valid_from")
    )
    return _each_once(Pair(user, one.user, one.unit, one.title) for one in positions)


def pairs_led_by(user: User, today: dt.date) -> ArraySubquery:
    """Return whom the person leads and where, each once: the employee, the unit, and 1 for those
    who have no address."""
    is_led = Func(  # looked up by key, one by one: joined, everybody would be read
        F("pk"),
        positions_led_by(user.pk, today),
        arg_joiner=" = ANY(ARRAY",
        template="%(expressions)s)",
        output_field=BooleanField(),
    )
    positions = Position.objects.filter(is_led, user__is_active=True).order_by()
    has_none = Case(When(user__email__isnull=True, then=1), default=0)
    pair = Func(
        F("user_id"),
        F("unit_id"),
        Cast(has_none, BigIntegerField()),
        template="ARRAY[%(expressions)s]",
        output_field=_PAIR,
    )
    return ArraySubquery(positions.values(pair=pair).distinct())


def pairs_of(user: User, today: dt.date) -> list[Pair]:
    return [*pairs_of_employee(user, today), *pairs_of_leader(user, today)]


def _each_once(pairs: Iterable[Pair]) -> list[Pair]:
    """Two positions in one unit are one conversation."""
    return list({pair.key: pair for pair in pairs}.values())


def title_in(user: User, unit: Unit, today: dt.date) -> str:
    """What the person is called in the unit; empty for whoever has no position there."""
    position = Position.objects.valid_on(today).filter(user=user, unit=unit).first()
    return position.title if position is not None else ""


def mission_for(unit: Unit, today: dt.date) -> MissionVersion | None:
    """The published mission of the unit, or of the nearest unit above that has one.

    Of a unit that has closed, that of the one unit that follows it, once there is one.
    """
    if not unit.is_valid_on(today):
        follower = Unit.objects.filter(pk__in=followers_of([unit.pk], today).values()).first()
        if follower is not None and (mission := _nearest_mission(follower, today)):
            return mission
    return _nearest_mission(unit, today)


def _nearest_mission(unit: Unit, today: dt.date) -> MissionVersion | None:
    step = line_of_sight(unit, today).own
    return step.version or step.above
