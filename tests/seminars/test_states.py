"""The states that hold a seat are named once; the triggers are filled from there."""

from pathlib import Path

import seminars.models
from seminars.models.states import HOLDS_SEAT, HOLDS_SEAT_SQL, RegistrationState

MODELS = sorted(Path(seminars.models.__file__).parent.glob("*.py"))


def test_the_states_are_written_as_sql() -> None:
    assert HOLDS_SEAT_SQL == "('registered', 'offered', 'awaiting')"
    assert set(HOLDS_SEAT) == {
        RegistrationState.REGISTERED,
        RegistrationState.OFFERED,
        RegistrationState.AWAITING,
    }


def test_no_trigger_names_them_by_itself() -> None:
    assert [path.name for path in MODELS if "'offered', 'awaiting'" in path.read_text()] == []
