"""Pages that send letters say when they go, by the very rule that sends them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from common.dates import OSLO
from common.letters_wait import letters_wait
from common.sending_times import near

EVENING = dt.datetime(2026, 12, 4, 20, 0, tzinfo=OSLO)
"""A Friday."""
AT_WORK = dt.datetime(2026, 12, 3, 10, 0, tzinfo=OSLO)
MONDAY = "Brev om dette sendes når arbeidsdagen begynner, mandag 7. desember 2026 kl. 08.00."


def said(kind: str, now: dt.datetime, **when: object) -> list[str]:
    with translation.override("nb"):
        told = letters_wait(kind, now, **when)  # type: ignore[arg-type]
    return [words.replace("\N{NO-BREAK SPACE}", " ") for words in told]


@pytest.mark.parametrize(
    ("kind", "now", "words"),
    [
        ("commitments.proposed", EVENING, [MONDAY]),
        ("commitments.proposed", AT_WORK, []),
        ("people.role_given", EVENING, []),
        ("people.role_ended", EVENING, [MONDAY]),
        ("reminders.anything", EVENING, [MONDAY]),
        ("nobody.knows", EVENING, []),
    ],
)
def test_the_sentence_stands_where_the_rule_lets_the_letter_wait(
    kind: str, now: dt.datetime, words: list[str]
) -> None:
    assert said(kind, now) == words


def test_what_is_near_does_not_wait_and_what_is_far_does() -> None:
    soon, later = EVENING + dt.timedelta(days=3), EVENING + dt.timedelta(days=30)
    for starts_at, words in ((soon, []), (later, [MONDAY])):
        when = near(starts_at, starts_at + dt.timedelta(hours=2))
        assert said("seminars.cancelled", EVENING, when=when) == words
