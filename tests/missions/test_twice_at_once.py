"""The same thing done twice at once, on real connections: the second waits, and sees the first.

Taken out, the lock that each waits for is missed: the second does it again, or fails on a
constraint that tells nobody anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from missions.contribution.actions import (
    share_contribution,
    withdraw_contribution,
    write_contribution,
)
from missions.models import Contribution, Mission, MissionVersion, UpwardQuestion
from missions.questions.actions import answer_question, ask_question, share_draft
from missions.refusals import MissionRefused
from missions.reorganisation.actions import hand_over_missions
from outbox.models import Letter
from people.models import AuditRecord
from pulse import actions as pulses
from pulse.models import PulseRound
from tests.cast import Cast
from tests.factories import make_position
from tests.missions.factories import make_draft, make_mission
from tests.missions.test_handing_over import close
from tests.missions.test_race import Beside
from tests.pulse.factories import (
    asked_in,
    make_colleagues,
    make_pulse,
    open_again,
    say_all,
    settle,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def twice(deed: Callable[[], object], second: Callable[[], object] | None = None) -> object:
    """What becomes of the second, begun while the first has not committed."""
    with transaction.atomic():
        deed()
        beside = Beside(second or deed)
        assert beside.waits()
    return beside.result()


def trail(action: str) -> int:
    return AuditRecord.objects.filter(action=f"missions.{action}").count()


def test_a_question_is_answered_once(cast: Cast) -> None:
    version = make_mission(cast.unit, above=make_mission(cast.department), by=cast.leader)
    now = timezone.now()
    asked = ask_question(
        version=version, text="Når?", answer_by=timezone.localdate(now), by=cast.leader, now=now
    )

    def answering(words: str) -> Callable[[], object]:
        return lambda: answer_question(question=asked, answer=words, by=cast.manager, now=now)

    assert isinstance(twice(answering("I mai"), answering("I juni")), MissionRefused)
    assert (UpwardQuestion.objects.get().answer, trail("answer_question")) == ("I mai", 1)


def test_a_draft_is_shared_once(cast: Cast) -> None:
    draft = make_draft(cast.unit, by=cast.leader)
    first = timezone.now()

    def sharing(now: dt.datetime) -> Callable[[], object]:
        return lambda: share_draft(version=draft, by=cast.leader, now=now)

    shared = twice(sharing(first), sharing(first + dt.timedelta(seconds=1)))
    assert isinstance(shared, MissionVersion)
    assert (shared.shared_at, trail("share_draft")) == (first, 1)
    assert Letter.objects.filter(kind="missions.draft_shared").count() == 1


def test_a_contribution_that_is_shared_and_taken_back_at_once_is_taken_back(cast: Cast) -> None:
    now = timezone.now()
    write_contribution(unit=cast.unit, text="Ringer dem", by=cast.employee, now=now)
    twice(
        lambda: share_contribution(unit=cast.unit, by=cast.employee, now=now),
        lambda: withdraw_contribution(unit=cast.unit, by=cast.employee),
    )
    assert Contribution.objects.get().shared_with is None
    assert (trail("share_contribution"), trail("withdraw_contribution")) == (1, 1)


def test_a_mission_is_handed_over_once(cast: Cast) -> None:
    make_mission(cast.unit, core_task="Trygg hverdag")
    close(cast.unit, cast.sibling_unit)
    Mission.objects.create(unit=cast.sibling_unit)
    now = timezone.now()
    assert twice(lambda: hand_over_missions(now=now)) == 0
    assert MissionVersion.objects.drafts().get().inherits.count() == 1
    assert trail("hand_over_missions") == 1


def test_a_unit_is_asked_once(cast: Cast) -> None:
    make_mission(cast.unit, by=cast.leader)
    make_colleagues(cast.unit, 7)
    now = timezone.now()
    refused = twice(lambda: open_again(cast, cast.unit, now=now))
    assert isinstance(refused, MissionRefused)
    assert PulseRound.objects.count() == 1


def two_rounds_one_person_apart(cast: Cast) -> tuple[PulseRound, PulseRound]:
    """The same people in two units, but for one; all have answered in both."""
    first = make_pulse(cast)
    for person in asked_in(first)[1:]:
        make_position(person, cast.sibling_unit)
    second = make_pulse(cast, colleagues=0, unit=cast.sibling_unit)
    say_all(first, "ja ja ja ja nei nei nei nei")
    say_all(second, "ja ja ja nei nei nei nei")
    assert [len(asked_in(one)) for one in (first, second)] == [8, 7]
    return first, second


def test_two_rounds_settled_at_once_never_speak_of_one_person(cast: Cast) -> None:
    first, second = two_rounds_one_person_apart(cast)
    settled = twice(lambda: settle(first), lambda: settle(second))
    assert isinstance(settled, PulseRound)
    first.refresh_from_db()
    assert (first.result, settled.result) == ("merged", "withheld")


def test_control_without_the_lock_both_rounds_are_shown(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulses, "_one_at_a_time", lambda: None)
    first, second = two_rounds_one_person_apart(cast)
    with transaction.atomic():
        settle(first)
        settled = Beside(lambda: settle(second)).result()
    first.refresh_from_db()
    assert (first.result, settled.result) == ("merged", "merged")
    # One «ja» of difference: what the person said who was asked in one of them alone.
    assert (first.yes, first.other, settled.yes, settled.other) == (4, 4, 3, 4)
