"""Nothing stands still without a letter: each state that waits has a reminder, or says why not."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
from django.conf import settings

from commitments.models import OPEN_STATES, AgreementState
from commitments.waiting_states import WAITING_STATES
from common.rooms import rooms
from common.waiting import WaitingState

ROOT = Path(settings.BASE_DIR)
NOT_YET = {"people", "reports"}
"""Rooms that ask for something on «Min side» and have no list so far."""
LISTED = [room.app for room in rooms() if (ROOT / room.app / "waiting_states.py").exists()]


def states_of(app: str) -> tuple[WaitingState, ...]:
    module = importlib.import_module(f"{app}.waiting_states")
    return tuple(module.WAITING_STATES)


def steps_of(source: str) -> set[str]:
    """Names of what is given to `Step(place, ask)`."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {
        ask.attr if isinstance(ask, ast.Attribute) else getattr(ask, "id", "")
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Step"
        for ask in call.args[1:2]
    }


def test_whichever_room_asks_on_my_page_has_a_list() -> None:
    pages = {room.app: ROOT / room.app / "my_page.py" for room in rooms()}
    asks = {app for app, page in pages.items() if page.exists() and steps_of(page.read_text())}
    assert asks - NOT_YET <= set(LISTED)
    assert {"commitments", "missions", "pulse"} <= asks


@pytest.mark.parametrize("app", LISTED)
def test_whatever_asks_on_my_page_is_a_waiting_state(app: str) -> None:
    asked = steps_of((ROOT / app / "my_page.py").read_text())
    listed = {step for state in states_of(app) for step in state.steps}
    assert asked == listed


def test_a_step_that_is_not_listed_would_be_seen() -> None:
    assert steps_of("steps = [Step(20, self.to_sign), Step(30, find)]") == {"to_sign", "find"}


def test_every_state_of_an_agreement_that_waits_is_listed() -> None:
    listed = {state.name for state in WAITING_STATES}
    assert {f"commitments.Revision.{state}" for state in OPEN_STATES} <= listed
    quiet = {AgreementState.SIGNED, AgreementState.ENDED}
    waits = {state for state in AgreementState if state not in quiet}
    assert waits - set(map(str, OPEN_STATES)) == {AgreementState.PARTED}
    assert "commitments.Agreement.parted" in listed


@pytest.mark.parametrize("app", LISTED)
def test_each_reminder_has_its_letter(app: str) -> None:
    kinds = {kind for state in states_of(app) for kind in state.reminders}
    templates = {kind: kind.replace(".", "/") for kind in kinds}
    missing = {
        kind
        for kind, path in templates.items()
        if not (ROOT / "templates" / "letters" / f"{path}.html").exists()
    }
    assert missing == set()


@pytest.mark.parametrize("app", LISTED)
def test_each_end_is_a_duty_of_the_schedule(app: str) -> None:
    duties = {duty.name for room in rooms() for duty in room.duties}
    assert {state.ends_by for state in states_of(app) if state.ends_by} <= duties


def test_a_state_without_reminder_and_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="a reminder, or why"):
        WaitingState(name="x", waits_for="y", ends_by="keep-agreements")
    with pytest.raises(ValueError, match="what ends it"):
        WaitingState(name="x", waits_for="y", no_reminder_because="z")


def test_every_reminder_is_of_a_waiting_state() -> None:
    told = {kind for app in LISTED for state in states_of(app) for kind in state.reminders}
    letters = {
        f"reminders.{path.stem}" for path in (ROOT / "templates/letters/reminders").iterdir()
    }
    assert letters - told == set()
