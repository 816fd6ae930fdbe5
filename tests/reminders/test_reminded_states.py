"""Whatever waits for somebody is reminded of, or it is said why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import TemplateDoesNotExist

from people.models import User
from reminders import letters
from reminders.letters import Reminder
from reminders.reminded_states import REMINDED, REMINDED_STATES, RemindedState

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "letters" / "reminders"


def states_of_models() -> set[str]:
    return {
        f"{model._meta.label} {value}"
        for model in apps.get_models()
        if not model._meta.proxy and model.__module__.split(".")[0] in settings.INSTALLED_APPS
        for field in model._meta.concrete_fields
        if field.name in ("state", "status") and field.choices
        for value, _label in field.choices
    }


def without_rows(states: set[str]) -> set[str]:
    return states - {state.what for state in REMINDED_STATES}


def test_each_state_of_each_model_has_a_row() -> None:
    assert without_rows(states_of_models()) == set()


def test_a_new_state_is_missed() -> None:
    assert "seminars.Registration offered" in states_of_models()
    new = states_of_models() | {"seminars.Registration frozen"}
    assert without_rows(new) == {"seminars.Registration frozen"}


def test_no_row_is_of_a_state_that_is_gone_or_stands_twice() -> None:
    names = [state.what for state in REMINDED_STATES]
    of_models = {name for name in names if "." in name.split()[0]}
    assert (of_models - states_of_models(), len(names) - len(set(names))) == (set(), 0)


def test_each_letter_that_reminds_is_of_something_that_waits() -> None:
    written = {path.stem for path in TEMPLATES.glob("*.html") if not path.stem.startswith("_")}
    assert written == REMINDED


@pytest.mark.parametrize("given", [{}, {"letters": ("a",), "none_because": "b"}])
def test_a_row_has_letters_or_says_why_none(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="either letters"):
        RemindedState("a state", "somebody", **given)


def test_a_reminder_without_a_row_is_told(caplog: pytest.LogCaptureFixture) -> None:
    somebody = User()
    reminder = Reminder("a", "out_of_nowhere", somebody, somebody, "/", {})
    with pytest.raises(TemplateDoesNotExist):
        letters.write(reminder)
    assert "out_of_nowhere stands in no row" in caplog.text


def test_the_docs_have_the_same_rows() -> None:
    docs = (Path(settings.BASE_DIR) / "docs" / "letters.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in docs.splitlines() if line.startswith("| ")]
    found = {row.strip("`") for row in rows}
    assert {state.what for state in REMINDED_STATES if state.letters} - found == set()
