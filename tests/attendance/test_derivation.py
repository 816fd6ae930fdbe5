"""What came of one person's part, by the fixtures that the door in the browser is held to too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.derivation import outcome_by_session, outcome_in_all
from attendance.door.rules import DoorAnswer, DoorSeat, door_answer
from seminars.models import AttendanceOutcome, RegistrationState

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = json.loads((HERE / "derivation.json").read_text(encoding="utf-8"))
ANSWERS: list[dict[str, Any]] = json.loads((HERE / "door_answers.json").read_text(encoding="utf-8"))
OUTCOMES = ["", *AttendanceOutcome.values]
SOURCES = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(OUTCOMES)), max_size=12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_outcome_by_session_and_outcome_in_all(case):
    by_session = outcome_by_session([(session, outcome) for session, outcome in case["sources"]])
    assert by_session == {int(session): outcome for session, outcome in case["sessions"].items()}
    assert outcome_in_all(by_session.values()) == case["outcome"]


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: f"{case['state']}-{case['answer']}")
def test_door_answer(case):
    seat = DoorSeat(case["state"], is_of_session=case["is_of_session"], is_in=case["is_in"])
    assert door_answer(seat) == DoorAnswer(case["answer"])


def test_every_state_has_an_answer_in_the_fixtures():
    assert {case["state"] for case in ANSWERS} == set(RegistrationState.values)


@given(SOURCES)
def test_any_history_is_that_of_a_plain_model(sources):
    """The model keeps a list for each session and looks at its end."""
    said: dict[int, list[str]] = {1: [], 2: [], 3: []}
    for session, outcome in sources:
        said[session].append(outcome)
    last = {session: words[-1] for session, words in said.items() if words and words[-1]}
    assert outcome_by_session(sources) == last
    told = sorted(last.values())
    if not told:
        expected = ""
    elif told == [told[0]] * len(told):
        expected = told[0]
    else:
        expected = "partly" if "attended" in told or "partly" in told else "no_show"
    assert outcome_in_all(last.values()) == expected
