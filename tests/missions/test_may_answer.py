"""Who answers which question: the one asked of them, and no other."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from missions.models import MissionVersion, UpwardQuestion
from missions.questions.actions import ask_question
from missions.rules import may_answer_question
from people.models import Unit, User
from tests.cast import Cast
from tests.factories import make_leader, make_unit
from tests.missions.factories import make_mission


def ask(unit: Unit, by: User) -> UpwardQuestion:
    version = MissionVersion.objects.current_for(unit)
    assert version is not None
    now = timezone.now()
    return ask_question(
        version=version,
        text="Hva går foran?",
        answer_by=timezone.localdate(now) + dt.timedelta(days=9),
        by=by,
        now=now,
    )


def test_may_answer_question_is_about_that_very_question(cast: Cast, today: dt.date) -> None:
    """Whoever is asked something may not therefore answer what another is asked."""
    make_mission(cast.unit, above=make_mission(cast.department))
    beside = make_unit("Helse øst", parent=cast.agency, level_name="avdeling")
    below = make_unit("Hjemmetjenesten øst", parent=beside)
    other = make_leader(beside, "Bo Berg")
    leader = make_leader(below, "Siri Sen")
    make_mission(below, above=make_mission(beside))
    mine, theirs = ask(cast.unit, cast.leader), ask(below, leader)
    assert may_answer_question(cast.manager, mine, today)
    assert not may_answer_question(cast.manager, theirs, today)
    assert may_answer_question(other, theirs, today)
    assert not may_answer_question(other, mine, today)
    assert not may_answer_question(cast.leader, mine, today)
