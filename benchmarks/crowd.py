"""Seminars of a hundred to a hundred thousand people, made in SQL and taken away again.

Committed and vacuumed, as autovacuum leaves any table that has rested: an index is read otherwise
when nobody has yet said which rows are old.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from people.models import Level, Role, RoleGrant, Unit, User
from seminars.models import Seminar, Session

AGENCIES = 40
OF_TEN_HAVE_SEATS = 6
OF_TEN_WAIT = 3

PEOPLE = """
    INSERT INTO people_user
           (password, email, name, first_name, language, is_active, is_to_come, created_at)
    SELECT '', 'growth' || n || '@example.org', chr(65 + n %% 26) || 'ne Vekst ' || n, '', 'nb',
           true, false, now()
      FROM generate_series(1, %(size)s) AS n
"""
UNITS = """
    INSERT INTO people_unit (valid_from, hr_id, name, short_name, level, level_name, parent_id)
    SELECT current_date - 365, 'GROWTH-' || n, 'Vekstetaten ' || n, '', 'agency', 'etat', %(top)s
      FROM generate_series(1, %(agencies)s) AS n
"""
OWN_AGENCY = "UPDATE people_unit SET agency_id = id WHERE hr_id LIKE 'GROWTH-%%'"
CROWD = """
    CREATE TEMPORARY TABLE crowd AS
    SELECT person.id AS user_id, person.n, agency.id AS agency_id, person.n %% 10 AS tenth
      FROM (SELECT id, row_number() OVER (ORDER BY id) AS n
              FROM people_user WHERE email LIKE 'growth%%@example.org') AS person
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n
              FROM people_unit WHERE hr_id LIKE 'GROWTH-%%') AS agency
        ON agency.n = 1 + person.n %% %(agencies)s
"""
REGISTRATIONS = """
    INSERT INTO seminars_registration
           (seminar_id, user_id, unit_id, agency_id, was_leader, state, created_at, queued_at,
            confirmed_at, withdrawn_at, registered_by_id, calendar_uid, calendar_sequence)
    SELECT %(seminar)s, user_id, agency_id, agency_id, true,
           CASE WHEN is_held OR tenth < %(seats)s THEN 'registered'
                WHEN tenth < %(seats)s + %(waits)s THEN 'waitlisted' ELSE 'withdrawn' END,
           now(), now() - interval '1 day' + n * interval '1 ms',
           CASE WHEN is_held OR tenth < %(seats)s THEN now() END,
           CASE WHEN NOT is_held AND tenth >= %(seats)s + %(waits)s THEN now() END,
           user_id, %(seminar)s || '-' || n, 0
      FROM crowd, (SELECT %(is_held)s AS is_held) AS kind
     WHERE n <= %(size)s
"""
INVITATIONS = """
    INSERT INTO seminars_invitation
           (seminar_id, user_id, unit_id, agency_id, was_leader, invited_at)
    SELECT %(seminar)s, user_id, agency_id, agency_id, true, now() FROM crowd WHERE n <= %(size)s
"""
ATTENDANCE = """
    INSERT INTO attendance_attendance (registration_id, outcome, marked_by_id, marked_at)
    SELECT id, CASE WHEN user_id %% 7 = 0 THEN 'no_show' ELSE 'attended' END, user_id, now()
      FROM seminars_registration WHERE seminar_id = %(seminar)s AND user_id %% 10 > 0
"""
MARKS = """
    INSERT INTO attendance_attendancemark (registration_id, session_id, outcome, reason, by_id, at)
    SELECT registration.id, session.id, attendance.outcome, '', marked_by_id, marked_at
      FROM attendance_attendance AS attendance
      JOIN seminars_registration AS registration ON registration.id = registration_id
      JOIN seminars_session AS session USING (seminar_id)
     WHERE seminar_id = %(seminar)s
"""
SESSIONS = """
    INSERT INTO attendance_sessionattendance (registration_id, session_id, outcome)
    SELECT mark.registration_id, mark.session_id, mark.outcome
      FROM attendance_attendancemark AS mark
      JOIN seminars_session AS session ON session.id = mark.session_id
     WHERE session.seminar_id = %(seminar)s
"""
OUTCOMES = """
    UPDATE seminars_registration AS registration SET outcome = attendance.outcome
      FROM attendance_attendance AS attendance
     WHERE attendance.registration_id = registration.id AND seminar_id = %(seminar)s
"""
LETTERS = """
    INSERT INTO outbox_letter
           (key, kind, urgency, to_email, language, subject, text, html, calendar, calendar_method,
            is_reminder, is_secret, about_type, about_id, message_id, state, attempts, last_error,
            queued_at, next_attempt_at, sent_at, recipient_id)
    SELECT 'growth-' || id, 'seminars.confirmed', 1, '', 'nb', 'Plassen er din', 'Plassen er din',
           '', '', '', false, false, 'seminars.registration', id, 'growth-' || id, 'sent', 1, '',
           now(), now(), now(), user_id
      FROM seminars_registration WHERE seminar_id = %(seminar)s
"""
TABLES = (
    "people_user, people_unit, seminars_seminar, seminars_registration, attendance_attendance, "
    "attendance_attendancemark, attendance_sessionattendance, seminars_invitation, outbox_letter"
)
GONE = (
    "DELETE FROM outbox_letter WHERE key LIKE 'growth-%%'",
    "DELETE FROM attendance_attendance WHERE registration_id IN"
    " (SELECT id FROM seminars_registration WHERE seminar_id = ANY(%(seminars)s))",
    "DELETE FROM attendance_sessionattendance WHERE registration_id IN"
    " (SELECT id FROM seminars_registration WHERE seminar_id = ANY(%(seminars)s))",
    "DELETE FROM attendance_attendancemark WHERE registration_id IN"
    " (SELECT id FROM seminars_registration WHERE seminar_id = ANY(%(seminars)s))",
    "DELETE FROM seminars_registration WHERE seminar_id = ANY(%(seminars)s)",
    "DELETE FROM seminars_invitation WHERE seminar_id = ANY(%(seminars)s)",
    "DELETE FROM seminars_seatpool WHERE seminar_id = ANY(%(seminars)s)",
    "DELETE FROM seminars_session WHERE seminar_id = ANY(%(seminars)s)",
    "DELETE FROM seminars_seminar WHERE id = ANY(%(seminars)s)",
    "DELETE FROM people_rolegrant WHERE user_id IN"
    " (SELECT id FROM people_user WHERE email LIKE 'growth%%@example.org')",
    "DELETE FROM people_user WHERE email LIKE 'growth%%@example.org'",
    "DELETE FROM people_unit WHERE hr_id LIKE 'GROWTH%%'",
)


@dataclass(frozen=True)
class Crowd:
    """One seminar of each size to come, one that has begun, and who works with them."""

    organiser: User
    coordinator: User
    coming: dict[int, Seminar]
    begun: dict[int, Seminar]


@contextmanager
def crowd_of(*sizes: int) -> Iterator[Crowd]:
    """Committed while it is used; nothing of it is left afterwards."""
    _remove()
    try:
        with transaction.atomic():
            made = _made(sizes)
        _rest()
        yield made
    finally:
        _remove()
        _rest()


def _made(sizes: tuple[int, ...]) -> Crowd:
    now = timezone.now()
    top = _top(now)
    _run(PEOPLE, size=max(sizes))
    _run(UNITS, top=top.pk, agencies=AGENCIES)
    _run(OWN_AGENCY)
    _run(CROWD, agencies=AGENCIES)
    made = Crowd(
        organiser=_in_role("organiser", Role.ORGANISER, top),
        coordinator=_in_role("coordinator", Role.COORDINATOR, Unit.objects.get(hr_id="GROWTH-1")),
        coming={size: _seminar(top, size, now + dt.timedelta(days=30)) for size in sizes},
        begun={size: _seminar(top, size, now - dt.timedelta(hours=1)) for size in sizes},
    )
    _run("DROP TABLE crowd")
    return made


def _top(now: dt.datetime) -> Unit:
    since = timezone.localdate(now) - dt.timedelta(days=365)
    top: Unit = Unit.objects.create(
        name="Vekstbyen", hr_id="GROWTH", level=Level.UNIT, level_name="by", valid_from=since
    )
    return top


def _in_role(name: str, role: Role, unit: Unit) -> User:
    user = User.objects.create_user(f"growth-{name}@example.org", name="Vera Vekst")
    RoleGrant.objects.create(user=user, role=role, unit=unit, valid_from=unit.valid_from)
    return user


def _seminar(unit: Unit, size: int, starts_at: dt.datetime) -> Seminar:
    is_to_come = starts_at > timezone.now()
    published_at = timezone.now() - dt.timedelta(days=1)
    seminar: Seminar = Seminar.objects.create(
        title=f"Vekst{size}",
        summary="Vekst",
        organiser_unit=unit,
        created_by=User.objects.get(email="growth1@example.org"),
        capacity=size,
        state="published",
        published_at=published_at,
        place_name="Rådhuset",
        registration_opens_at=published_at,
        registration_closes_at=starts_at,
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=6),
    )
    Session.objects.create(seminar=seminar, starts_at=starts_at, ends_at=seminar.ends_at)
    shares = {"seats": OF_TEN_HAVE_SEATS, "waits": OF_TEN_WAIT, "is_held": not is_to_come}
    # Counting each seat as it is given is another benchmark.
    _run("SET LOCAL session_replication_role = replica")
    _run(REGISTRATIONS, seminar=seminar.pk, size=size, **shares)
    for statement in (
        (INVITATIONS, LETTERS) if is_to_come else (ATTENDANCE, MARKS, SESSIONS, OUTCOMES)
    ):
        _run(statement, seminar=seminar.pk, size=size)
    _run("SET LOCAL session_replication_role = origin")
    return seminar


def _remove() -> None:
    seminars = list(Seminar.objects.filter(organiser_unit__hr_id="GROWTH").values_list(flat=True))
    with transaction.atomic():
        _run("SET LOCAL session_replication_role = replica")
        for statement in GONE:
            _run(statement, seminars=seminars)


def _rest() -> None:
    _run(f"VACUUM (ANALYZE) {TABLES}")


def _run(statement: str, **params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
