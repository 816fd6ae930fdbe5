"""What is always true of seats, asked of the rows themselves and of nothing the actions use.

The database's guards keep most of it; this is for what came past them, as by a restored backup or
a repair by hand, and for what no constraint can say.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from people.models import User
from seminars.models import Registration, Seminar
from seminars.seats.offer_period import moves_up

GRACE = dt.timedelta(minutes=15)
"""Three rounds of the sweep: what it has not put right by then, it does not see."""


@dataclass(frozen=True, slots=True)
class Fault:
    invariant: str
    seminar_id: int
    row_id: int
    """The registration, the pool, or the seminar again."""

    def __str__(self) -> str:
        return f"{self.invariant}: seminar {self.seminar_id}, row {self.row_id}"


SEATS = """
    WITH seats AS (
        SELECT seminar.id, seminar.capacity, seminar.state, seminar.ends_at,
               seminar.waiting_list_mode, seminar.waiting_list_limit,
               CASE WHEN seminar.admits_latecomers THEN seminar.last_gathering_at
                    ELSE seminar.starts_at END AS joining_ends_at,
               count(held.id) AS taken,
               count(held.id) FILTER (WHERE own.id IS NULL) AS outside,
               coalesce((SELECT sum(seats) FROM seminars_seatpool
                          WHERE seminar_id = seminar.id AND released_at IS NULL), 0) AS reserved
          FROM seminars_seminar AS seminar
          LEFT JOIN seminars_registration AS held
            ON held.seminar_id = seminar.id
           AND held.state IN ('registered', 'offered', 'awaiting')
          LEFT JOIN seminars_seatpool AS own ON own.id = held.pool_id AND own.released_at IS NULL
         GROUP BY seminar.id
    ), pools AS (
        SELECT pool.id, pool.seminar_id, pool.agency_id, pool.seats, count(held.id) AS used
          FROM seminars_seatpool AS pool
          LEFT JOIN seminars_registration AS held
            ON held.pool_id = pool.id AND held.state IN ('registered', 'offered', 'awaiting')
         WHERE pool.released_at IS NULL
         GROUP BY pool.id
    )
"""

INVARIANTS = {
    "the hall is never oversold": "SELECT id, id FROM seats WHERE taken > capacity",
    "no seat is promised twice": "SELECT id, id FROM seats WHERE outside + reserved > capacity",
    "a pool is never oversold": "SELECT seminar_id, id FROM pools WHERE used > seats",
    "a seat lies in its own seminar's pool": """
        SELECT held.seminar_id, held.id FROM seminars_registration AS held
          JOIN seminars_seatpool AS pool ON pool.id = held.pool_id
         WHERE pool.seminar_id <> held.seminar_id
    """,
    "a person is in once": """
        SELECT seminar_id, max(id) FROM seminars_registration
         WHERE state IN ('registered', 'offered', 'awaiting', 'waitlisted')
         GROUP BY seminar_id, user_id HAVING count(*) > 1
    """,
    "each state has its times": """
        SELECT seminar_id, id FROM seminars_registration
         WHERE (state = 'registered') > (confirmed_at IS NOT NULL)
            OR (state IN ('waitlisted', 'offered', 'awaiting') AND confirmed_at IS NOT NULL)
            OR (state IN ('withdrawn', 'removed', 'expired', 'declined', 'unseated'))
               <> (withdrawn_at IS NOT NULL)
            OR (state IN ('offered', 'awaiting')) <> (expires_at IS NOT NULL)
            OR withdrawn_at < confirmed_at
    """,
    "who waits is in no pool": """
        SELECT seminar_id, id FROM seminars_registration
         WHERE state = 'waitlisted' AND pool_id IS NOT NULL
    """,
    "nobody passes the queue": """
        , passed AS (
        SELECT given.seminar_id, given.id AS given, waiting.id AS waiting
          FROM seminars_registration AS given
          JOIN seats AS seminar ON seminar.id = given.seminar_id
          JOIN seminars_registration AS waiting
            ON waiting.seminar_id = given.seminar_id AND waiting.state = 'waitlisted'
           AND waiting.queued_at < given.queued_at
         WHERE given.state IN ('registered', 'offered', 'awaiting') AND given.pool_id IS NULL
           AND coalesce(given.confirmed_at, given.queued_at) < seminar.joining_ends_at
           AND NOT seminar.id = ANY(%(ended)s)
        ), fewer AS (
        SELECT seminar_id, count(DISTINCT given) <= count(DISTINCT waiting) AS are_given
          FROM passed GROUP BY seminar_id
        )
        SELECT DISTINCT seminar_id, CASE WHEN are_given THEN given ELSE waiting END
          FROM passed JOIN fewer USING (seminar_id) ORDER BY 1, 2
    """,
    "no waiting list is longer than it may be": """
        SELECT seats.id, max(waiting.id) FROM seats
          JOIN seminars_registration AS waiting
            ON waiting.seminar_id = seats.id AND waiting.state = 'waitlisted'
         GROUP BY seats.id, seats.waiting_list_mode, seats.waiting_list_limit
        HAVING seats.waiting_list_mode = 'off' OR count(*) > seats.waiting_list_limit
    """,
    "no free seat while somebody waits for it": """
        SELECT seats.id, min(waiting.id)
          FROM seats
          JOIN seminars_registration AS waiting
            ON waiting.seminar_id = seats.id AND waiting.state = 'waitlisted'
          LEFT JOIN pools ON pools.seminar_id = seats.id AND pools.agency_id = waiting.agency_id
         CROSS JOIN LATERAL (
               SELECT count(*) AS seats FROM seminars_registration AS missing
                WHERE missing.seminar_id = seats.id AND missing.state = 'waitlisted'
                  AND missing.user_id = ANY(%(missing)s)) AS set_aside
         WHERE seats.state = 'published' AND seats.joining_ends_at > %(now)s
           AND seats.waiting_list_mode = 'automatic' AND NOT waiting.user_id = ANY(%(missing)s)
           AND waiting.created_at < %(late)s AND NOT seats.id = ANY(%(ended)s)
           AND (seats.outside + seats.reserved + set_aside.seats < seats.capacity
                OR pools.used + set_aside.seats < pools.seats)
         GROUP BY seats.id
    """,
    "no offer outlives its time": """
        SELECT offer.seminar_id, offer.id FROM seminars_registration AS offer
          JOIN seats ON seats.id = offer.seminar_id
         WHERE offer.state = 'offered' AND offer.expires_at < %(late)s
           AND seats.state = 'published' AND seats.ends_at > %(now)s
    """,
    "no approval outlives its time": """
        SELECT asked.seminar_id, asked.id FROM seminars_registration AS asked
          JOIN seats ON seats.id = asked.seminar_id
         WHERE asked.state = 'awaiting' AND asked.expires_at < %(late)s
           AND seats.state = 'published' AND seats.ends_at > %(now)s
    """,
    "approval is somebody else's": """
        SELECT seminar_id, id FROM seminars_registration
         WHERE state = 'awaiting' AND approver_id IS NOT DISTINCT FROM user_id
            OR state IN ('awaiting', 'declined') AND approver_id IS NULL
    """,
    "the manager who is to approve was told": """
        SELECT asked.seminar_id, asked.id FROM seminars_registration AS asked
         WHERE asked.state = 'awaiting' AND asked.approver_id IS NOT NULL
           AND NOT EXISTS (
               SELECT 1 FROM outbox_letter AS letter
                WHERE letter.about_type = 'seminars.registration'
                  AND letter.about_id = asked.id::text
                  AND letter.recipient_id = asked.approver_id
                  AND letter.kind = 'seminars.approval_wanted')
    """,
    "no pool outlives its time": """
        SELECT pool.seminar_id, pool.id FROM seminars_seatpool AS pool
          JOIN seats ON seats.id = pool.seminar_id
         WHERE pool.released_at IS NULL AND pool.release_at < %(late)s
           AND seats.state = 'published' AND seats.joining_ends_at > %(now)s
    """,
    "whoever was given a seat was told": """
        SELECT DISTINCT ON (given.id) given.seminar_id, given.id
          FROM seminars_registration AS given
          JOIN people_auditrecord AS record
            ON record.object_type = 'seminars.registration'
           AND record.object_id = given.id::text
         WHERE given.state = 'registered'
           AND (record.action IN ('seminars.promote', 'seminars.accept_offer',
                                  'seminars.approve')
                OR (record.action = 'seminars.substitute'
                    AND given.approver_id IS NULL)
                OR (record.action = 'seminars.register'
                    AND record.details ->> 'state' = 'registered'
                    AND record.details ->> 'source' IS NULL))
           AND NOT EXISTS (
               SELECT 1 FROM outbox_letter AS letter
                WHERE letter.about_type = 'seminars.registration'
                  AND letter.about_id = given.id::text
                  AND letter.kind IN ('seminars.confirmed', 'seminars.promoted'))
    """,
    "whoever lost a place was told": """
        SELECT DISTINCT ON (lost.id) lost.seminar_id, lost.id
          FROM seminars_registration AS lost
          JOIN people_auditrecord AS record
            ON record.object_type = 'seminars.registration'
           AND record.object_id = lost.id::text
          JOIN (VALUES ('seminars.withdraw', 'seminars.withdrawn'),
                       ('seminars.remove', 'seminars.removed'),
                       ('seminars.expire_offer', 'seminars.offer_expired'),
                       ('seminars.decline_approval', 'seminars.not_approved')) AS told(act, kind)
            ON told.act = record.action
         WHERE lost.state IN ('withdrawn', 'removed', 'expired', 'declined')
           AND record.details ->> 'cause' IS NULL
           AND NOT EXISTS (
               SELECT 1 FROM outbox_letter AS letter
                WHERE letter.about_type = 'seminars.registration'
                  AND letter.about_id = lost.id::text
                  AND letter.kind = told.kind)
    """,
    "each place has its act in the trail": """
        SELECT seminar_id, id FROM seminars_registration AS place
         WHERE NOT EXISTS (
               SELECT 1 FROM people_auditrecord AS record
                WHERE record.object_type = 'seminars.registration'
                  AND record.object_id = place.id::text
                  AND record.action IN ('seminars.register', 'seminars.substitute'))
    """,
    "each end has its act in the trail": """
        SELECT seminar_id, id FROM seminars_registration AS gone
         WHERE gone.state IN ('withdrawn', 'removed', 'expired', 'declined')
           AND NOT EXISTS (
               SELECT 1 FROM people_auditrecord AS record
                WHERE record.object_type = 'seminars.registration'
                  AND record.object_id = gone.id::text
                  AND (record.action IN ('seminars.withdraw', 'seminars.remove',
                                         'seminars.expire_offer', 'seminars.decline_offer',
                                         'seminars.decline_approval')
                       OR record.details ->> 'source' IS NOT NULL))
           AND gone.id NOT IN (
               SELECT (record.details ->> 'instead_of')::bigint FROM people_auditrecord AS record
                WHERE record.action = 'seminars.substitute'
               UNION ALL
               SELECT (record.details ->> 'gave_up')::bigint FROM people_auditrecord AS record
                WHERE record.action = 'seminars.substitute' AND record.details ? 'gave_up')
    """,
    "a place is counted where it was taken": """
        SELECT place.seminar_id, place.id FROM seminars_registration AS place
          JOIN people_auditrecord AS record
            ON record.object_type = 'seminars.registration'
           AND record.object_id = place.id::text
           AND record.action IN ('seminars.register', 'seminars.substitute')
           AND record.details ? 'agency'
         WHERE (record.details ->> 'agency')::bigint IS DISTINCT FROM place.agency_id
    """,
    "a seminar has its sessions' times": """
        SELECT seminar.id, seminar.id FROM seminars_seminar AS seminar
          JOIN seminars_session AS session ON session.seminar_id = seminar.id
         GROUP BY seminar.id
        HAVING min(session.starts_at) <> seminar.starts_at
            OR max(session.ends_at) <> seminar.ends_at
            OR seminar.last_gathering_at IS NULL
            OR (seminar.last_gathering_at AT TIME ZONE 'Europe/Oslo')::date
               <> (max(session.starts_at) AT TIME ZONE 'Europe/Oslo')::date
    """,
    "a parallel session is never oversold": """
        SELECT session.seminar_id, session.id FROM seminars_session AS session
          JOIN seminars_sessionchoice AS choice ON choice.session_id = session.id
          JOIN seminars_registration AS held ON held.id = choice.registration_id
         WHERE held.state IN ('registered', 'offered', 'awaiting')
         GROUP BY session.id HAVING count(*) > session.capacity
    """,
    "each seat has its session in every choice": """
        SELECT held.seminar_id, held.id FROM seminars_registration AS held
          JOIN seats ON seats.id = held.seminar_id
          JOIN seminars_choicegroup AS choice_group ON choice_group.seminar_id = held.seminar_id
          LEFT JOIN seminars_sessionchoice AS choice
            ON choice.registration_id = held.id AND choice.group_id = choice_group.id
         WHERE held.state IN ('registered', 'offered', 'awaiting') AND seats.state = 'published'
         GROUP BY held.id HAVING bool_or(choice.id IS NULL)
    """,
    "a chosen session is one there was to choose": """
        SELECT held.seminar_id, choice.id FROM seminars_sessionchoice AS choice
          JOIN seminars_registration AS held ON held.id = choice.registration_id
          JOIN seminars_session AS session ON session.id = choice.session_id
         WHERE session.choice_group_id IS DISTINCT FROM choice.group_id
            OR session.seminar_id <> held.seminar_id
    """,
    "a choice has room for the whole hall": """
        SELECT seats.id, choice_group.id FROM seats
          JOIN seminars_choicegroup AS choice_group ON choice_group.seminar_id = seats.id
          LEFT JOIN seminars_session AS session ON session.choice_group_id = choice_group.id
         GROUP BY seats.id, seats.capacity, choice_group.id
        HAVING coalesce(sum(session.capacity), 0) < seats.capacity
    """,
    "a seminar knows that it has choices": """
        SELECT seminar.id, seminar.id FROM seminars_seminar AS seminar
         WHERE seminar.has_choices <> EXISTS (
               SELECT 1 FROM seminars_session AS session
                WHERE session.seminar_id = seminar.id AND session.choice_group_id IS NOT NULL)
    """,
}


def _ended_queues(now: dt.datetime) -> list[int]:
    """Those to come where nobody moves up any more: working hours are no arithmetic for SQL."""
    waited_for = Registration.objects.waiting().order_by().values("seminar")
    coming = Seminar.objects.published().upcoming(now).filter(pk__in=waited_for)
    return [seminar.pk for seminar in coming if not moves_up(seminar, now)]


def _missing_from_the_file(now: dt.datetime) -> list[int]:
    """For those who may have left a seat is set aside, and not given."""
    today = timezone.localdate(now)
    waiting = Registration.objects.waiting().order_by().values("user")
    left = User.objects.get_queryset().who_left(before=today, today=today)
    return list(left.filter(pk__in=waiting).values_list("pk", flat=True))


def faults(*, now: dt.datetime) -> list[Fault]:
    """Everything that should not be, invariant by invariant."""
    times: dict[str, Any] = {"now": now, "late": now - GRACE, "ended": _ended_queues(now)}
    times["missing"] = _missing_from_the_file(now)
    found: list[Fault] = []
    with connection.cursor() as cursor:
        for invariant, question in INVARIANTS.items():
            cursor.execute(SEATS + question, times)
            found += [Fault(invariant, seminar, row) for seminar, row in cursor.fetchall()]
    return found
