"""Whoever is asked upward is reminded once before the day the answer is needed."""

from __future__ import annotations

import datetime as dt

import pytest

from missions.models import UpwardQuestion
from missions.questions.actions import answer_question, ask_question
from outbox.models import Letter
from people.models import Leadership
from reminders.actions import queue_due_reminders
from tests import clock
from tests.cast import Cast
from tests.factories import make_leadership
from tests.missions.factories import make_mission

DAY = dt.timedelta(days=1)


def asked(cast: Cast, *, days_left: int = 3, days_ago: int = 10) -> UpwardQuestion:
    above = make_mission(cast.department, by=cast.manager)
    version = make_mission(cast.unit, by=cast.leader, above=above)
    return ask_question(
        version=version,
        text="Gjelder dette helgene?",
        answer_by=clock.today() + days_left * DAY,
        by=cast.leader,
        now=clock.noon() - days_ago * DAY,
    )


def reminded(now: dt.datetime | None = None) -> list[str]:
    now = now or clock.noon()
    queue_due_reminders(now=now)
    queue_due_reminders(now=now + dt.timedelta(minutes=5))
    kind = "reminders.question_unanswered"
    return [letter.recipient.name for letter in Letter.objects.filter(kind=kind).order_by("pk")]


@pytest.mark.parametrize(
    ("days_left", "expected"),
    [(4, []), (3, ["Mona Lunde"]), (0, ["Mona Lunde"]), (-1, [])],
)
def test_a_question_is_reminded_of_in_its_last_three_days(
    cast: Cast, days_left: int, expected: list[str]
) -> None:
    asked(cast, days_left=days_left)
    assert reminded() == expected


def test_the_reminder_says_what_is_asked_and_by_when(cast: Cast) -> None:
    question = asked(cast)
    reminded()
    letter = Letter.objects.get(kind="reminders.question_unanswered")
    assert letter.subject.startswith("Påminnelse: Hjemmetjenesten nord trenger svar innen")
    assert "Gjelder dette helgene?" in letter.text
    assert f"/oppdrag/sporsmal/{question.pk}/" in letter.text


def test_a_question_asked_in_its_last_days_is_not_reminded_of(cast: Cast) -> None:
    asked(cast, days_left=3, days_ago=0)
    assert reminded() == []


def test_a_question_that_is_answered_is_not_reminded_of(cast: Cast) -> None:
    answer_question(question=asked(cast), answer="Ja.", by=cast.manager, now=clock.noon())
    assert reminded() == []


def test_nobody_is_reminded_at_night(cast: Cast) -> None:
    asked(cast)
    assert reminded(clock.noon().replace(hour=5)) == []


def test_the_leader_of_today_is_reminded_and_not_the_one_who_was_asked(cast: Cast) -> None:
    asked(cast)
    Leadership.objects.filter(user=cast.manager).update(valid_to=clock.today() - DAY)
    make_leadership(cast.stranger, cast.department, since=clock.today())
    assert reminded() == ["Sindre Foss"]


def test_where_nobody_leads_nobody_is_reminded(cast: Cast) -> None:
    asked(cast)
    Leadership.objects.all().delete()
    assert reminded() == []
