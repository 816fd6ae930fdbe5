"""What must be true on every day of the year, in plain SQL and by nothing that the portal asks.

Each question answers with the rows that break it. `now`, `today` and `yesterday` are the year's.
`tests/year/test_controls.py` plants a fault for each of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection

from common.dates import OSLO
from tests.year.holidays import is_holiday

MOST_LETTERS_A_DAY = 12
"""To one person: a leader who signs with several on one day gets a receipt for each."""
MOST_REMINDERS_A_DAY = 4
"""To one person, of the portal's own accord."""
DAYS_MISSING = 2
"""Without a position for so long, somebody may still be listed again by the next file, and has not
left (docs/leaving.md)."""

RESTS = """(
    SELECT 1 FROM commitments_agreement a
     WHERE a.id = r.agreement_id AND (
           a.paused_at IS NOT NULL OR a.left_behind_at IS NOT NULL OR a.ended_at IS NOT NULL
        OR a.leader_access_ended_at IS NOT NULL)
    UNION ALL
    SELECT 1 FROM people_auditrecord t
     WHERE t.action = 'commitments.pause_agreement' AND t.object_id = r.agreement_id::text
    UNION ALL
    SELECT 1 FROM outbox_reminderoptout o JOIN commitments_agreement a
        ON o.user_id IN (a.leader_id, a.employee_id)
     WHERE a.id = r.agreement_id
)"""
"""The two of `r.agreement_id` wait for nobody, or wished for no letters."""

INVARIANTS = {
    # --- Seats ------------------------------------------------------------------------------------
    "no hall holds more than its seats": """
        SELECT s.title, s.capacity, count(*) FROM seminars_seminar s
          JOIN seminars_registration r ON r.seminar_id = s.id
         WHERE r.state IN ('registered', 'offered', 'awaiting')
         GROUP BY s.id HAVING count(*) > s.capacity
    """,
    "nobody is in a seminar twice": """
        SELECT seminar_id, user_id FROM seminars_registration
         WHERE state IN ('registered', 'offered', 'awaiting', 'waitlisted')
         GROUP BY 1, 2 HAVING count(*) > 1
    """,
    "nobody is in and out at once": """
        SELECT id, state FROM seminars_registration
         WHERE (state IN ('withdrawn', 'removed', 'expired', 'declined', 'unseated'))
               <> (withdrawn_at IS NOT NULL)
            OR (state = 'registered') <> (confirmed_at IS NOT NULL AND withdrawn_at IS NULL)
    """,
    "nobody passes who came before": """
        SELECT given.id, waiting.id FROM seminars_registration given
          JOIN seminars_registration waiting USING (seminar_id)
          JOIN seminars_seminar s ON s.id = seminar_id
         WHERE waiting.state = 'waitlisted' AND waiting.queued_at < given.queued_at
           AND given.state IN ('registered', 'offered', 'awaiting') AND given.pool_id IS NULL
           AND coalesce(given.confirmed_at, given.queued_at) < s.starts_at
    """,
    "no seat is free for long while somebody waits": """
        SELECT s.title FROM seminars_seminar s
          JOIN seminars_registration r ON r.seminar_id = s.id
         WHERE s.state = 'published' AND s.starts_at > %(now)s
           AND coalesce(s.promotion_ends_at, s.starts_at) > %(now)s
           AND (s.starts_at > %(now)s + interval '8 days'
                OR s.offers_expire_after IS NULL AND s.approval_days IS NULL)
         GROUP BY s.id
        HAVING count(*) FILTER (WHERE r.state = 'waitlisted') > 0
           AND count(*) FILTER (WHERE r.state IN ('registered', 'offered', 'awaiting')) < s.capacity
    """,
    "nothing is given after it is over": """
        SELECT r.id FROM seminars_registration r JOIN seminars_seminar s ON s.id = r.seminar_id
         WHERE r.confirmed_at > s.ends_at OR (r.state = 'offered' AND s.ends_at < r.queued_at)
    """,
    "nobody moves up after the last moment": """
        SELECT r.id, r.confirmed_at, s.promotion_ends_at FROM seminars_registration r
          JOIN seminars_seminar s ON s.id = r.seminar_id
          JOIN people_auditrecord a
            ON a.object_type = 'seminars.registration' AND a.object_id = r.id::text
         WHERE a.action IN ('seminars.promote', 'seminars.offer', 'seminars.ask_approval')
           AND a.at > coalesce(s.promotion_ends_at, s.starts_at)
    """,
    "nobody is left without a last word": """
        SELECT r.id, r.state FROM seminars_registration r
          JOIN seminars_seminar s ON s.id = r.seminar_id
         WHERE s.state = 'published'
           AND (r.state = 'waitlisted' AND s.ends_at < %(now)s - interval '1 day'
             OR r.state = 'waitlisted' AND s.promotion_ends_at < %(now)s - interval '1 day'
                AND NOT EXISTS (SELECT 1 FROM outbox_letter l
                     WHERE l.kind = 'seminars.not_seated' AND l.about_id = r.id::text)
             OR r.state = 'unseated' AND s.ends_at > %(now)s - interval '60 days'
                AND NOT EXISTS (SELECT 1 FROM outbox_letter l
                     WHERE l.kind = 'seminars.not_seated' AND l.about_id = r.id::text))
    """,
    "nobody is reminded at a time of rest": """
        SELECT l.id, l.kind, l.queued_at FROM outbox_letter l,
               LATERAL (SELECT l.queued_at AT TIME ZONE 'Europe/Oslo' AS at) clock
         WHERE l.is_reminder
           AND (extract(isodow FROM clock.at) > 5
                OR extract(hour FROM clock.at) NOT BETWEEN 8 AND 15
                OR clock.at::date = ANY(%(days_of_rest)s)
                OR to_char(clock.at, 'MM-DD') IN ('12-24', '12-31'))
    """,
    "an offer ends when its time is up": """
        SELECT r.id, r.state FROM seminars_registration r
          JOIN seminars_seminar s ON s.id = r.seminar_id
         WHERE r.state IN ('offered', 'awaiting') AND r.expires_at < %(now)s
           AND s.state = 'published' AND s.starts_at > %(now)s
    """,
    "who has left has no seat to come": """
        SELECT r.id FROM seminars_registration r JOIN seminars_seminar s ON s.id = r.seminar_id
         WHERE r.state IN ('registered', 'offered', 'awaiting', 'waitlisted')
           AND s.state = 'published' AND s.starts_at > %(now)s AND r.created_at < %(days_ago)s
           AND NOT EXISTS (SELECT 1 FROM people_position p WHERE p.user_id = r.user_id
                            AND (p.valid_to IS NULL OR p.valid_to >= %(days_ago)s::date))
           AND NOT EXISTS (SELECT 1 FROM people_rolegrant g WHERE g.user_id = r.user_id
                            AND (g.valid_to IS NULL OR g.valid_to >= %(today)s))
    """,
    # --- People -----------------------------------------------------------------------------------
    "a unit has one leader": """
        SELECT unit_id FROM people_leadership
         WHERE valid_from <= %(today)s AND (valid_to IS NULL OR valid_to >= %(today)s)
         GROUP BY unit_id HAVING count(*) > 1
    """,
    "nobody works in a unit that has ended": """
        SELECT p.id FROM people_position p JOIN people_unit u ON u.id = p.unit_id
         WHERE p.valid_from <= %(today)s AND (p.valid_to IS NULL OR p.valid_to >= %(today)s)
           AND u.valid_to < %(today)s
    """,
    "who has left has no role": """
        SELECT g.id FROM people_rolegrant g
         WHERE (g.valid_to IS NULL OR g.valid_to >= %(today)s)
           AND EXISTS (SELECT 1 FROM people_position p WHERE p.user_id = g.user_id)
           AND NOT EXISTS (SELECT 1 FROM people_position p WHERE p.user_id = g.user_id
                            AND (p.valid_to IS NULL OR p.valid_to >= %(yesterday)s))
    """,
    # --- Letters ----------------------------------------------------------------------------------
    "nobody gets more letters a day than they can read": """
        -- The days of one seminar come together, a part of a calendar each.
        SELECT recipient_id, (queued_at AT TIME ZONE 'Europe/Oslo')::date, count(DISTINCT
               CASE WHEN kind = 'seminars.session' THEN about_id || queued_at ELSE id::text END)
          FROM outbox_letter WHERE queued_at > %(days_ago)s
         GROUP BY 1, 2 HAVING count(DISTINCT
               CASE WHEN kind = 'seminars.session' THEN about_id || queued_at ELSE id::text END)
               > %(most_letters)s
    """,
    "nobody is reminded of more a day than they can read": """
        SELECT recipient_id, (queued_at AT TIME ZONE 'Europe/Oslo')::date, count(*)
          FROM outbox_letter WHERE queued_at > %(days_ago)s AND is_reminder
         GROUP BY 1, 2 HAVING count(*) > %(most_reminders)s
    """,
    "no letter says the same twice": """
        SELECT min(id), kind, count(*) FROM outbox_letter
         WHERE queued_at > %(days_ago)s AND emptied_at IS NULL AND NOT is_secret
         GROUP BY recipient_id, kind, about_type, about_id, subject, text, calendar,
                  (queued_at AT TIME ZONE 'Europe/Oslo')::date
        HAVING count(*) > 1
    """,
    "no letter goes to somebody who has left": """
        SELECT l.id, l.kind FROM outbox_letter l WHERE l.queued_at > %(days_ago)s
           AND NOT EXISTS (SELECT 1 FROM people_position p WHERE p.user_id = l.recipient_id
                AND p.valid_from <= (l.queued_at AT TIME ZONE 'Europe/Oslo')::date
                AND (p.valid_to IS NULL OR p.valid_to
                     >= (l.queued_at AT TIME ZONE 'Europe/Oslo')::date - %(missing_for)s::int))
           AND NOT EXISTS (SELECT 1 FROM people_rolegrant g WHERE g.user_id = l.recipient_id
                AND (g.valid_to IS NULL
                     OR g.valid_to >= (l.queued_at AT TIME ZONE 'Europe/Oslo')::date - 1))
    """,
    "nobody is reminded of what is over": """
        SELECT l.id, l.kind FROM outbox_letter l
          JOIN seminars_registration r ON l.about_id = r.id::text
          JOIN seminars_seminar s ON s.id = r.seminar_id
         WHERE l.about_type = 'seminars.registration' AND l.is_reminder
           AND l.queued_at > %(days_ago)s
           AND (s.ends_at < l.queued_at OR s.cancelled_at < l.queued_at
                OR r.withdrawn_at < l.queued_at)
    """,
    "every letter to an address is sent": """
        SELECT l.id, l.kind, l.state FROM outbox_letter l
          LEFT JOIN people_user one ON one.id = l.recipient_id
         WHERE l.state <> 'sent' AND NOT (l.state = 'no_address' AND one.email IS NULL)
           AND NOT (l.state = 'queued' AND l.next_attempt_at > %(now)s)
    """,
    "a letter is emptied after a year": """
        SELECT id FROM outbox_letter
         WHERE queued_at < %(now)s - interval '367 days'
           AND (emptied_at IS NULL OR text <> '' OR to_email <> '')
    """,
    # --- Agreements -------------------------------------------------------------------------------
    "two have one open agreement in a unit": """
        SELECT leader_id, employee_id, unit_id FROM commitments_agreement
         WHERE ended_at IS NULL AND leader_access_ended_at IS NULL
         GROUP BY 1, 2, 3 HAVING count(*) > 1
    """,
    "an agreement has one revision under way": """
        SELECT agreement_id FROM commitments_revision
         WHERE state IN ('draft', 'proposed', 'agreed') GROUP BY 1 HAVING count(*) > 1
    """,
    "what waits goes on the day that was told": """
        SELECT r.id, r.lapses_on FROM commitments_revision r
         WHERE r.state IN ('draft', 'proposed', 'agreed') AND r.lapses_on < %(yesterday)s
           AND NOT EXISTS RESTS
    """.replace("RESTS", RESTS),
    "no proposal waits for weeks without a letter": """
        SELECT r.id, r.proposed_at FROM commitments_revision r
         WHERE r.state = 'proposed' AND r.proposed_at < %(now)s - interval '25 days'
           AND NOT EXISTS (SELECT 1 FROM outbox_letter l WHERE l.key LIKE
                           'agreement:' || r.agreement_id || ':reminder:answer:' || r.id || ':%%')
           AND NOT EXISTS RESTS
    """.replace("RESTS", RESTS),
    "no conversation is forgotten without a letter": """
        SELECT r.id, r.due_on FROM commitments_followup r
         WHERE r.held_at IS NULL AND r.lapsed_at IS NULL
           AND r.due_on < %(today)s - interval '25 days'
           AND NOT EXISTS (SELECT 1 FROM outbox_letter l WHERE l.key LIKE
                           'agreement:' || r.agreement_id || ':reminder:talk:' || r.id || ':%%')
           AND NOT EXISTS RESTS
    """.replace("RESTS", RESTS),
    "what is signed is signed by both": """
        SELECT r.id FROM commitments_revision r
          LEFT JOIN commitments_signature g ON g.revision_id = r.id
         WHERE r.state = 'signed' AND r.erased_at IS NULL
         GROUP BY r.id HAVING count(DISTINCT g.party) <> 2
    """,
    "what is signed is sealed": """
        SELECT r.id FROM commitments_revision r
          LEFT JOIN commitments_document d ON d.revision_id = r.id
         WHERE r.signed_at < %(now)s - interval '1 hour' AND r.erased_at IS NULL AND d.id IS NULL
    """,
    "an agreement is erased on its day": """
        SELECT id, erases_on, erased_at FROM commitments_agreement
         WHERE (erases_on < %(today)s AND erased_at IS NULL)
            OR (erased_at AT TIME ZONE 'Europe/Oslo')::date < erases_on
            OR (erased_at IS NOT NULL AND erases_on IS NULL)
    """,
    "nothing is left of what is erased": """
        SELECT a.id FROM commitments_agreement a
          JOIN commitments_revision r ON r.agreement_id = a.id
         WHERE a.erased_at IS NOT NULL AND (
               r.snapshot <> '' OR r.reason <> ''
            OR EXISTS (SELECT 1 FROM commitments_commitment x WHERE x.revision_id = r.id)
            OR EXISTS (SELECT 1 FROM commitments_document x WHERE x.revision_id = r.id)
            OR EXISTS (SELECT 1 FROM commitments_note x WHERE x.revision_id = r.id)
            OR EXISTS (SELECT 1 FROM commitments_signature x WHERE x.revision_id = r.id))
    """,
    "who leads no more reads no more": """
        SELECT a.id FROM commitments_agreement a
         WHERE a.ended_at IS NULL AND a.leader_access_ended_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM people_leadership l WHERE l.user_id = a.leader_id
                            AND (l.valid_to IS NULL OR l.valid_to >= %(yesterday)s))
    """,
    # --- What is to go ----------------------------------------------------------------------------
    "needs go a fortnight after the seminar": """
        SELECT n.id FROM seminars_needs n JOIN seminars_registration r ON r.id = n.registration_id
          JOIN seminars_seminar s ON s.id = r.seminar_id
         WHERE s.ends_at < %(now)s - interval '14 days 2 hours' OR s.state = 'cancelled'
    """,
    "a pulse is settled after its last day": """
        SELECT id FROM pulse_pulseround WHERE closes_on < %(today)s AND settled_at IS NULL
    """,
    "a pulse goes after a year": """
        SELECT id FROM pulse_pulseround WHERE closes_on < %(today)s - interval '1 year 2 days'
    """,
    "a session that is over is forgotten": """
        SELECT left(session_key, 6) FROM django_session WHERE expire_date < %(yesterday)s
    """,
    "a run of the import is forgotten after a year": """
        SELECT id FROM people_staffimportrun WHERE at < %(now)s - interval '13 months'
    """,
    "a former name is forgotten after a year": """
        SELECT id FROM people_formername WHERE until < %(today)s - interval '13 months'
    """,
}


def broken(moment: dt.datetime, today: dt.date) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Yield each rule that does not hold, with the first rows that break it."""
    params = {
        "now": moment,
        "today": today,
        "yesterday": today - dt.timedelta(days=1),
        "most_letters": MOST_LETTERS_A_DAY,
        "most_reminders": MOST_REMINDERS_A_DAY,
        "missing_for": DAYS_MISSING,
        "days_of_rest": [
            day for n in range(500) if is_holiday(day := today - dt.timedelta(days=n))
        ],
        "days_ago": moment - dt.timedelta(days=4),
    }
    with connection.cursor() as cursor:
        for what, question in INVARIANTS.items():
            cursor.execute(question, params)
            if rows := cursor.fetchmany(5):
                yield what, rows


def row_counts() -> dict[str, int]:
    """Return how many rows each table of the portal has."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                  AND table_name <> 'django_migrations' ORDER BY 1"""
        )
        tables = [name for (name,) in cursor.fetchall()]
        counted = " UNION ALL ".join(f"SELECT '{one}', count(*) FROM {one}" for one in tables)  # noqa: S608
        cursor.execute(counted)
        return dict(cursor.fetchall())


def past_figures(before: dt.date) -> dict[str, tuple[Any, ...]]:
    """Return the figures of months before the one that begins: counted here, and stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT to_char(s.starts_at AT TIME ZONE 'Europe/Oslo', 'YYYY-MM') || '/' ||
                      coalesce(u.hr_id, '-'),
                      count(*) FILTER (WHERE r.state = 'registered'),
                      count(DISTINCT r.user_id) FILTER (WHERE r.was_leader),
                      count(*) FILTER (WHERE r.outcome = 'attended')
                 FROM seminars_registration r JOIN seminars_seminar s ON s.id = r.seminar_id
                 LEFT JOIN people_unit u ON u.id = r.agency_id
                WHERE s.starts_at < %(before)s AND s.state = 'published' GROUP BY 1
                UNION ALL
               SELECT 'half-year ' || f.first_day || '/' || f.agency_id || '/' || f."group",
                      people, at_least, at_most FROM reports_attendancefigure f
                WHERE f.counted_on < %(before)s""",
            {"before": dt.datetime.combine(before, dt.time.min, OSLO)},
        )
        return {key: tuple(values) for key, *values in cursor.fetchall()}
