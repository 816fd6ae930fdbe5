"""Each rule of the pulse: who may, and with that who may not."""

from __future__ import annotations

import datetime as dt

from pulse import rules
from pulse.models import REST, PulseRound
from tests import clock
from tests.cast import KINDS, Cast
from tests.factories import make_employee, make_leadership

DAY = dt.timedelta(days=1)


def test_may_read_pulse_is_whoever_answers_for_the_unit(cast: Cast) -> None:
    today = clock.today()
    for unit, who in (
        (cast.unit, ["leader"]),
        (cast.sibling_unit, ["manager"]),
        (cast.other_unit, []),
    ):
        may = [kind for kind in KINDS if rules.may_read_pulse(getattr(cast, kind), unit, today)]
        assert may == who


def test_invited_to_is_those_who_work_there_but_leader_and_opener(cast: Cast) -> None:
    today = clock.today()
    colleague = make_employee(cast.unit, "Kollega")
    gone = make_employee(cast.unit, "Sluttet")
    gone.positions.update(valid_to=today - DAY)
    assert set(rules.invited_to(cast.unit, cast.leader, today)) == {cast.employee, colleague}
    assert set(rules.invited_to(cast.unit, cast.employee, today)) == {colleague}
    make_leadership(colleague, cast.sibling_unit)
    assert set(rules.invited_to(cast.unit, cast.leader, today)) == {cast.employee, colleague}
    cast.leader.leaderships.update(valid_to=today - DAY)
    asked = {cast.employee, colleague, cast.leader}
    assert set(rules.invited_to(cast.unit, cast.manager, today)) == asked


def test_those_who_cannot_answer_are_kept_out_and_counted(cast: Cast) -> None:
    today = clock.today()
    cleaner = make_employee(cast.unit, "Rut Vask", email=None)
    assert list(rules.invited_to(cast.unit, cast.leader, today)) == [cast.employee]
    assert rules.count_invited(cast.unit, cast.leader, today) == (1, 1)
    assert rules.count_invited(cast.unit, cleaner, today) == (1, 0)


def test_opens_again_on_is_counted_from_when_it_ended() -> None:
    closes_on = clock.today()
    for settled_at, ended in (
        (None, closes_on),
        (clock.noon() - 3 * DAY, closes_on - 3 * DAY),
        (clock.noon() + 3 * DAY, closes_on),
    ):
        latest = PulseRound(closes_on=closes_on, settled_at=settled_at)
        assert rules.opens_again_on(latest) == ended + REST
