"""The same person in two tabs, and two persons at once, on real connections."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from missions.refusals import MissionRefused
from people.models import User
from pulse import actions
from pulse.models import PulseRound
from pulse.tally import Tally, unseal
from tests.cast import Cast
from tests.missions.test_race import Beside
from tests.pulse.factories import asked_in, make_pulse, say

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def without_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_locked", lambda pulse: PulseRound.objects.get(pk=pulse.pk))


def two_at_once(pulse: PulseRound, first: User, second: User) -> Beside:
    """The second answers while the first has not committed."""
    with transaction.atomic():
        say(pulse, first, "ja")
        beside = Beside(answering(pulse, second))
        assert beside.waits()
    return beside


def answering(pulse: PulseRound, person: User) -> Callable[[], str]:
    def answer() -> str:
        say(pulse, person, "nei")
        return "answered"

    return answer


def sums(pulse: PulseRound) -> Tally:
    pulse.refresh_from_db()
    return unseal(bytes(pulse.sealed_tally or b""), pulse.salt)


def test_of_two_tabs_one_answers(cast: Cast) -> None:
    pulse = make_pulse(cast)
    beside = two_at_once(pulse, cast.employee, cast.employee)
    assert isinstance(beside.result(), MissionRefused)
    assert sums(pulse) == Tally(yes=1)


def test_control_without_the_lock_both_tabs_answer(cast: Cast, without_the_lock: None) -> None:
    pulse = make_pulse(cast)
    assert two_at_once(pulse, cast.employee, cast.employee).result() == "answered"


def test_two_persons_at_once_are_both_counted(cast: Cast) -> None:
    pulse = make_pulse(cast)
    first, second = asked_in(pulse)[:2]
    assert two_at_once(pulse, first, second).result() == "answered"
    assert sums(pulse) == Tally(yes=1, no=1)


def test_control_without_the_lock_one_of_two_is_lost(cast: Cast, without_the_lock: None) -> None:
    pulse = make_pulse(cast)
    first, second = asked_in(pulse)[:2]
    assert two_at_once(pulse, first, second).result() == "answered"
    assert sums(pulse).answers == 1
