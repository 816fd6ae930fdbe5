"""Every rule of the year can fail: for each a fault is planted past all guards, and found."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from common.dates import OSLO
from people import audit
from people.models import User
from tests.cast import Cast
from tests.year import invariants
from tests.year.beat import Beat, all_duties
from tests.year.ledger import ErrorsTold
from tests.year.post_office import HandedIn
from tests.year.year import COMPARED_FROM, MOST_IDLE_QUERIES, Year, YearPlan

NOW = dt.datetime(2028, 3, 15, 12, tzinfo=OSLO)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)
EMPTY = {
    "bigint": "0",
    "integer": "0",
    "smallint": "0",
    "boolean": "false",
    "date": "'2028-03-15'",
    "timestamp with time zone": "'2028-03-15 12:00+01'",
    "uuid": "gen_random_uuid()",
    "bytea": "''",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
}
"""What a column has that a plant says nothing of; text is empty."""


def plant(table: str, **values: Any) -> int:
    """Put a row there as only a damaged database has it; returns its id."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _drop_guards(table)
        cursor.execute(
            """SELECT column_name, data_type FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO'
                  AND is_generated = 'NEVER' AND is_identity = 'NO' AND column_default IS NULL""",
            [table],
        )
        filled = {name: EMPTY.get(kind, "''") for name, kind in cursor.fetchall()}
        filled |= dict.fromkeys(values, "%s")
        names, places = ", ".join(f'"{name}"' for name in filled), ", ".join(filled.values())
        given = [values[name] for name in filled if name in values]
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING {_key(table)}",  # noqa: S608
            given,
        )
        return int(cursor.fetchone()[0]) if table != "django_session" else 0


def _key(table: str) -> str:
    return "session_key" if table == "django_session" else "id"


def _drop_guards(table: str) -> None:
    """Constraints and unique indexes, until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname)
                 FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'u', 'x')
                UNION ALL
               SELECT 'DROP INDEX ' || i.indexrelid::regclass FROM pg_index i
                WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary
                  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)""",
            [table, table],
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def seminar(**fields: Any) -> int:
    about = {"state": "published", "capacity": 5, "starts_at": NOW + DAY, "ends_at": NOW + DAY}
    return plant("seminars_seminar", **about | fields)


def place(state: str = "registered", **fields: Any) -> int:
    """In a seminar that is planted with it where none is named."""
    about = {"state": state, "confirmed_at": NOW - DAY if state == "registered" else None}
    about |= {"seminar_id": fields.pop("seminar_id", None) or seminar(), "created_at": NOW - DAY}
    return plant("seminars_registration", **about | fields)


def letter(**fields: Any) -> int:
    return plant("outbox_letter", **{"state": "sent", "queued_at": NOW, "recipient_id": 1} | fields)


def works(user: int = 1, **fields: Any) -> int:
    return plant("people_position", user_id=user, **{"valid_from": TODAY - 9 * DAY} | fields)


def letter_to_who_left() -> None:
    works(7, valid_to=TODAY - 3 * DAY)
    letter(recipient_id=7)


def oversold() -> None:
    hall = seminar(capacity=1)
    place(seminar_id=hall, user_id=1)
    place("offered", seminar_id=hall, user_id=2)


def in_twice() -> None:
    hall = seminar()
    place(seminar_id=hall, user_id=1)
    place("waitlisted", seminar_id=hall, user_id=1)


def passed() -> None:
    hall = seminar(capacity=1)
    place(seminar_id=hall, user_id=1, queued_at=NOW)
    place("waitlisted", seminar_id=hall, user_id=2, queued_at=NOW - DAY)


def left_with_role() -> None:
    works(valid_to=TODAY - 5 * DAY)
    plant("people_rolegrant", user_id=1, valid_to=None)


def too_many_letters() -> None:
    for number in range(invariants.MOST_LETTERS_A_DAY + 1):
        letter(subject=str(number))


def too_many_reminders() -> None:
    for number in range(invariants.MOST_REMINDERS_A_DAY + 1):
        letter(subject=str(number), is_reminder=True)


def reminded_of_the_cancelled() -> None:
    called_off = seminar(state="cancelled", cancelled_at=NOW - DAY)
    registration = place(seminar_id=called_off)
    letter(about_type="seminars.registration", about_id=str(registration), is_reminder=True)


def twice(table: str, **fields: Any) -> Callable[[], None]:
    def plant_both() -> None:
        plant(table, **fields)
        plant(table, **fields)

    return plant_both


def signed_by_one() -> None:
    revision = plant("commitments_revision", state="signed")
    plant("commitments_signature", revision_id=revision, party="leader")


def moved_up_too_late() -> None:
    hall = seminar(promotion_ends_at=NOW - DAY)
    given = place(seminar_id=hall, confirmed_at=NOW)
    plant(
        "people_auditrecord",
        action="seminars.promote",
        object_type="seminars.registration",
        object_id=str(given),
        at=NOW,
    )


def left_without_a_word() -> None:
    over = seminar(starts_at=NOW - 9 * DAY, ends_at=NOW - 9 * DAY)
    place("unseated", seminar_id=over, withdrawn_at=NOW - 9 * DAY)


def erased_in_part() -> None:
    erased = plant("commitments_agreement", erased_at=NOW, erases_on=TODAY)
    plant("commitments_revision", agreement_id=erased, snapshot="{}")


def test_what_is_erased_whole_is_no_fault(db: None) -> None:
    erased = plant("commitments_agreement", erased_at=NOW, erases_on=TODAY)
    plant("commitments_revision", agreement_id=erased, state="withdrawn", snapshot="")
    assert "nothing is left of what is erased" not in dict(invariants.broken(NOW, TODAY))
    plant("commitments_revision", agreement_id=erased, state="withdrawn", reason="Ny oppgave")
    assert dict(invariants.broken(NOW, TODAY))["nothing is left of what is erased"] == [(erased,)]


def old_needs() -> None:
    over = seminar(ends_at=NOW - 15 * DAY, starts_at=NOW - 15 * DAY)
    plant("seminars_needs", registration_id=place(seminar_id=over, confirmed_at=NOW - 20 * DAY))


def closed_unit() -> None:
    works(unit_id=plant("people_unit", valid_to=TODAY - DAY), valid_to=None)


PLANTS: dict[str, Callable[[], object]] = {
    "no hall holds more than its seats": oversold,
    "nobody is in a seminar twice": in_twice,
    "nobody is in and out at once": lambda: place(withdrawn_at=NOW),
    "nobody passes who came before": passed,
    "no seat is free for long while somebody waits": lambda: place("waitlisted"),
    "nothing is given after it is over": lambda: place(confirmed_at=NOW + 2 * DAY),
    "nobody moves up after the last moment": moved_up_too_late,
    "nobody is left without a last word": left_without_a_word,
    "nobody is reminded at a time of rest": lambda: letter(
        is_reminder=True, queued_at=NOW.replace(hour=7)
    ),
    "an offer ends when its time is up": lambda: place("offered", expires_at=NOW - DAY),
    "who has left has no seat to come": lambda: place(created_at=NOW - 9 * DAY),
    "a unit has one leader": twice("people_leadership", valid_from=TODAY - DAY),
    "nobody works in a unit that has ended": closed_unit,
    "who has left has no role": left_with_role,
    "nobody gets more letters a day than they can read": too_many_letters,
    "nobody is reminded of more a day than they can read": too_many_reminders,
    "no letter says the same twice": twice("outbox_letter", state="sent", queued_at=NOW),
    "no letter goes to somebody who has left": letter_to_who_left,
    "nobody is reminded of what is over": reminded_of_the_cancelled,
    "every letter to an address is sent": lambda: letter(state="held"),
    "a letter is emptied after a year": lambda: letter(queued_at=NOW - 368 * DAY, text="Hei"),
    "two have one open agreement in a unit": twice("commitments_agreement"),
    "an agreement has one revision under way": twice("commitments_revision", state="draft"),
    "what waits goes on the day that was told": lambda: plant(
        "commitments_revision", state="draft", lapses_on=TODAY - 3 * DAY
    ),
    "no proposal waits for weeks without a letter": lambda: plant(
        "commitments_revision",
        state="proposed",
        proposed_at=NOW - 40 * DAY,
        lapses_on=TODAY + 44 * DAY,
    ),
    "no conversation is forgotten without a letter": lambda: plant(
        "commitments_followup", due_on=TODAY - 40 * DAY
    ),
    "what is signed is signed by both": signed_by_one,
    "what is signed is sealed": lambda: plant("commitments_revision", signed_at=NOW - DAY),
    "an agreement is erased on its day": lambda: plant(
        "commitments_agreement", ended_at=NOW - 400 * DAY, erases_on=TODAY - 2 * DAY
    ),
    "nothing is left of what is erased": erased_in_part,
    "who leads no more reads no more": lambda: plant("commitments_agreement"),
    "needs go a fortnight after the seminar": old_needs,
    "a pulse is settled after its last day": lambda: plant(
        "pulse_pulseround", closes_on=TODAY - DAY
    ),
    "a pulse goes after a year": lambda: plant("pulse_pulseround", closes_on=TODAY - 400 * DAY),
    "a session that is over is forgotten": lambda: plant(
        "django_session", session_key="a", expire_date=NOW - 3 * DAY
    ),
    "a run of the import is forgotten after a year": lambda: plant(
        "people_staffimportrun", at=NOW - 400 * DAY
    ),
    "a former name is forgotten after a year": lambda: plant(
        "people_formername", until=TODAY - 400 * DAY
    ),
}


def test_every_rule_has_its_plant() -> None:
    assert PLANTS.keys() == invariants.INVARIANTS.keys()


@pytest.mark.parametrize("what", PLANTS)
def test_what_is_planted_is_found(db: None, what: str) -> None:
    before = [found for found, _rows in invariants.broken(NOW, TODAY)]
    PLANTS[what]()
    assert before == []
    assert what in [found for found, _rows in invariants.broken(NOW, TODAY)]


@pytest.fixture
def year(db: None) -> Year:
    """One that has not begun; its people are the cast's where a test asks for them."""
    return Year(YearPlan(seed=1, first_day=TODAY, days=COMPARED_FROM, people=30, units=7))


def found_in(year: Year) -> list[str]:
    return [fault.what for fault in year.ledger.faults]


def write_record(by: User, times: int) -> None:
    for _each in range(times):
        audit.record("seminars.register", by, by=by)


@pytest.mark.parametrize(("records", "faults"), [(1, 0), (0, 1), (2, 1)])
def test_an_act_leaves_one_record(year: Year, cast: Cast, records: int, faults: int) -> None:
    year.town.act("seminars.register", cast.leader, lambda: write_record(cast.leader, records))
    assert found_in(year) == ["one audit record an act"] * faults


def test_an_act_that_fails_is_a_fault(year: Year, cast: Cast) -> None:
    year.town.act("seminars.register", cast.leader, lambda: 1 / 0)
    assert found_in(year) == ["seminars.register fails"]


def test_a_duty_that_fails_is_a_fault(year: Year, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Beat, "run", lambda self, duty: 1 / 0)
    year.clock.move_to(TODAY + DAY, 5)
    year.do_what_is_due()
    assert sorted(found_in(year)) == sorted(f"{duty.name} fails" for duty in all_duties())


def test_an_error_in_the_log_is_a_fault(year: Year) -> None:
    year.errors, year.post = ErrorsTold(), []
    year.errors.handle(logging.makeLogRecord({"name": "outbox", "msg": "lost", "levelno": 40}))
    year.hr.people.clear()
    year.look()
    assert found_in(year) == ["nothing is told as an error"]


@pytest.mark.parametrize("handed_in", [0, 2])
def test_a_letter_is_handed_in_once(year: Year, handed_in: int) -> None:
    letter()
    year.post = [HandedIn("a@example.org", "<1@example.org>")] * handed_in
    year.look_at_post()
    assert found_in(year) == ["each letter is handed in once"]


def test_a_person_whom_hr_does_not_list_so_is_found(year: Year) -> None:
    year.hr.first_day -= 9 * DAY
    year.look_at_staff()
    assert found_in(year) == ["the portal says what HR says"] * 30


def test_a_duty_that_does_it_again_is_found(year: Year) -> None:
    year.compare_rows(
        {"outbox_letter": 1, "people_user": 3}, {"outbox_letter": 2, "people_user": 3}
    )
    assert found_in(year) == ["what is done once is done"]


def test_a_duty_that_asks_more_and_more_is_found(year: Year) -> None:
    year.idle_queries["grows"] = [number // 12 for number in range(COMPARED_FROM)]
    year.idle_queries["asks much"] = [MOST_IDLE_QUERIES + 1] * COMPARED_FROM
    year.idle_queries["is as before"] = [MOST_IDLE_QUERIES] * COMPARED_FROM
    year.compare_queries()
    assert found_in(year) == [
        "a duty with nothing to do asks no more as time goes by",
        "a duty with nothing to do asks little",
    ]


def test_a_table_that_grows_by_itself_is_found(year: Year) -> None:
    year.look_at_growth()
    for _each in range(year.plan.people + 1):
        letter()
    year.look_at_growth()
    assert found_in(year) == ["no table grows by itself"]


def test_a_figure_of_the_past_that_moves_is_found(year: Year) -> None:
    long_ago = NOW - 80 * DAY
    hall = seminar(starts_at=long_ago, ends_at=long_ago)
    registration = place(seminar_id=hall, confirmed_at=long_ago)
    year.look_at_figures()
    year.look_at_figures()
    assert found_in(year) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE seminars_registration SET state = 'removed' WHERE id = %s", [registration]
        )
    year.look_at_figures()
    assert found_in(year) == ["what is past stays as it was told"]
