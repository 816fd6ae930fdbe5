"""A municipality at full size with five years behind it, for measuring: rows made in bulk.

6,000 leaders in 3,000 units: each unit has one leader now and had another before.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from django.db import connection, transaction

from demo.agreements import play_cast_agreements
from demo.growth import full_organisation
from demo.load import give_passwords, grant_roles, staff_folder
from demo.missions import play_missions
from demo.names import DATA
from demo.staff import import_staff_files, write_staff_files
from demo.stage import Stage
from people.models import Leadership, Position
from seminars.models import Seminar, SeminarState, Session

YEARS = 5
DAYS_AHEAD = 90
"""The last of the five years ends three months from today, so that there is something to come."""
LEADING_SINCE_DAYS = 3000


@dataclass(frozen=True)
class Scale:
    """How much of everything; the tests load a smaller one."""

    units: int = 3_000
    people: int = 57_000
    seminars: int = YEARS * 400
    registrations: int = 250
    """For each seminar."""
    invited: int = 300

    @property
    def leaders(self) -> int:
        return 2 * self.units


FULL = Scale()


@transaction.atomic
def load_municipality(*, today: dt.date, scale: Scale = FULL) -> Stage:
    organisation = full_organisation(units=scale.units, people=scale.people)
    write_staff_files(organisation, staff_folder(), today)
    import_staff_files(staff_folder(), today)
    stage = Stage(organisation, today)
    grant_roles(stage)
    give_passwords(stage)
    _former_leaders(stage)
    play_missions(stage)
    play_cast_agreements(stage)
    _seminars(stage, scale)
    with connection.cursor() as cursor:
        _participation(cursor, stage.now, scale)
        cursor.execute("ANALYZE")
    return stage


def _former_leaders(stage: Stage) -> None:
    """In each unit somebody who works there led it until the day before the leader of today."""
    began = stage.at(-LEADING_SINCE_DAYS).date()
    leaders = set(stage.leaders.values())
    former = _one_employee_each(stage, leaders)
    today = Leadership.objects.valid_on(stage.today).filter(unit__in=former, valid_from__gt=began)
    Leadership.objects.bulk_create(
        (
            Leadership(
                unit_id=row.unit_id,
                user_id=former[row.unit_id],
                valid_from=began,
                valid_to=row.valid_from - dt.timedelta(days=1),
            )
            for row in today
        ),
        batch_size=2000,
    )


def _one_employee_each(stage: Stage, leaders: set[Any]) -> dict[int, int]:
    """For every unit a person who leads nothing now; nobody is taken twice."""
    free = (
        Position.objects.valid_on(stage.today)
        .exclude(user__in=[leader.pk for leader in leaders])
        .order_by("pk")
        .values_list("user", flat=True)
        .distinct()
    )
    units = sorted(unit.pk for unit in stage.units.values())
    return dict(zip(units, islice(dict.fromkeys(free), len(units)), strict=False))


def _seminars(stage: Stage, scale: Scale) -> None:
    texts = tomllib.loads((DATA / "seminars.toml").read_text(encoding="utf-8"))
    kinds = cycle([texts["main"], *texts["coming"], *texts["earlier"]])
    seminars = [
        _seminar(stage, text, number, scale)
        for number, text in zip(range(scale.seminars), kinds, strict=False)
    ]
    Seminar.objects.bulk_create(seminars, batch_size=500)
    Session.objects.bulk_create(
        (Session(seminar=one, starts_at=one.starts_at, ends_at=one.ends_at) for one in seminars),
        batch_size=500,
    )


def _seminar(stage: Stage, text: dict[str, Any], number: int, scale: Scale) -> Seminar:
    """Every tenth has fewer seats than there are people who want one."""
    day = DAYS_AHEAD - YEARS * 365 + number * YEARS * 365 // scale.seminars
    wanted = scale.registrations
    return Seminar(
        title=f"{text['title']} ({number + 1})",
        summary=text["summary"],
        description=text.get("description", "").strip(),
        audience=text.get("audience", ""),
        organiser_unit=stage.named("Utviklings- og kompetanseetaten"),
        created_by=stage.cast["organiser"],
        state=SeminarState.PUBLISHED,
        capacity=wanted * 4 // 5 if number % 10 == 0 else wanted + 10 * (number % 7),
        registration_opens_at=stage.at(day - 130),
        registration_closes_at=stage.at(day - 1),
        starts_at=stage.at(day, "09.00"),
        ends_at=stage.at(day, "15.00"),
        place_name=text.get("place_name", ""),
        meeting_url=text.get("meeting_url", ""),
        published_at=stage.at(day - 131),
    )


_LEADERS_SQL = """
CREATE TEMPORARY TABLE demo_leader ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY one.user_id) - 1 AS number,
       one.user_id, one.unit_id, one.agency_id
  FROM (SELECT DISTINCT ON (led.user_id) led.user_id, led.unit_id, unit.agency_id
          FROM people_leadership led JOIN people_unit unit ON unit.id = led.unit_id
         ORDER BY led.user_id, led.valid_from) AS one
"""

# A stride that has no factor in common with the number of leaders meets each once.
_ASKED_SQL = """
CREATE TEMPORARY TABLE demo_asked ON COMMIT DROP AS
WITH size AS (SELECT count(*)::int AS leaders FROM demo_leader)
SELECT seminar.id AS seminar_id, nth.n, leader.user_id, leader.unit_id, leader.agency_id,
       seminar.capacity, seminar.starts_at, seminar.ends_at, seminar.created_by_id,
       LEAST(seminar.registration_opens_at + nth.n * interval '12 hours', %(now)s) AS at,
       abs(hashint8(seminar.id * 1000 + nth.n)) %% 100 AS chance
  FROM seminars_seminar seminar
 CROSS JOIN size
 CROSS JOIN generate_series(0, %(invited)s - 1) AS nth(n)
  JOIN demo_leader leader
    ON leader.number = (seminar.id * 991 + nth.n * 7919) %% size.leaders
"""

_INVITATIONS_SQL = """
INSERT INTO seminars_invitation
       (seminar_id, user_id, unit_id, agency_id, was_leader, invited_at, invited_by_id)
SELECT seminar_id, user_id, unit_id, agency_id, true, at, created_by_id
  FROM demo_asked
"""

_REGISTRATIONS_SQL = """
INSERT INTO seminars_registration
       (seminar_id, user_id, unit_id, agency_id, was_leader, state, created_at, queued_at,
        confirmed_at, withdrawn_at, registered_by_id, calendar_uid, calendar_sequence,
        outcome)
SELECT seminar_id, user_id, unit_id, agency_id, true, state, at, at,
       CASE WHEN state <> 'waitlisted' THEN at END,
       CASE WHEN state = 'withdrawn' THEN at + interval '1 minute' END,
       user_id, md5(seminar_id || '-' || n)::uuid::text, 0,
       CASE WHEN state <> 'registered' OR ends_at >= %(now)s OR chance >= 97 THEN ''
            WHEN chance < 88 THEN 'attended'
            WHEN chance < 93 THEN 'no_show' ELSE 'excused' END
  FROM (SELECT *, CASE WHEN n >= capacity THEN 'waitlisted'
                       WHEN chance < 6 THEN 'withdrawn'
                       ELSE 'registered' END AS state
          FROM demo_asked WHERE n < %(registered)s) AS asked
"""

_ATTENDANCES_SQL = """
INSERT INTO attendance_attendance (registration_id, outcome, marked_by_id, marked_at)
SELECT registration.id,
       CASE WHEN asked.chance < 88 THEN 'attended'
            WHEN asked.chance < 93 THEN 'no_show' ELSE 'excused' END,
       asked.created_by_id, asked.ends_at + interval '1 hour'
  FROM demo_asked asked
  JOIN seminars_registration registration USING (seminar_id, user_id)
 WHERE registration.state = 'registered' AND asked.ends_at < %(now)s AND asked.chance < 97
"""

_MARKS_SQL = """
INSERT INTO attendance_attendancemark (registration_id, session_id, outcome, reason, by_id, at)
SELECT registration_id, session.id, attendance.outcome, '', marked_by_id, marked_at
  FROM attendance_attendance attendance
  JOIN seminars_registration registration ON registration.id = registration_id
  JOIN seminars_session session USING (seminar_id)
"""

_SESSION_ATTENDANCE_SQL = """
INSERT INTO attendance_sessionattendance (registration_id, session_id, outcome)
SELECT registration_id, session_id, outcome FROM attendance_attendancemark
"""


def _participation(cursor: Any, now: dt.datetime, scale: Scale) -> None:
    """Half a million registrations, made by PostgreSQL from a few thousand leaders.

    The trigger that counts seats is passed by, where this role may: it counts for each row, and
    the capacities are kept by how the rows are made.
    """
    cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")
    values = {"now": now, "invited": scale.invited, "registered": scale.registrations}
    for sql in (
        _LEADERS_SQL,
        _ASKED_SQL,
        _INVITATIONS_SQL,
        _REGISTRATIONS_SQL,
        _ATTENDANCES_SQL,
        _MARKS_SQL,
        _SESSION_ATTENDANCE_SQL,
    ):
        cursor.execute(sql, values if "%(" in sql else None)
