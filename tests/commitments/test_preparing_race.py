"""Two who say that they are ready at once, and a change that races the reveal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from commitments import locking
from commitments.evidence.verification import verify_all
from commitments.locking import AgreementRefused
from commitments.models import Agreement, Preparation, PreparedAnswer
from commitments.preparing import actions as preparing
from outbox.models import Letter
from people.models import User
from tests.cast import Cast
from tests.commitments.test_preparing import LEADERS, answer, answered, say_ready
from tests.commitments.test_race import ROUNDS, at_once, end
from tests.machine import PATIENCE
from tests.triggers import without_triggers

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SERIALISED = "commitments.Preparation:preparation_is_read_by_both_or_none"


def ready_by(person: User, agreement: Agreement) -> Callable[[], object]:
    return lambda: say_ready(agreement, person)


def reveals(agreement: Agreement) -> tuple[int, int, int]:
    """How many are ready, what the chain knows, and the letters that say so."""
    ready = Preparation.objects.filter(agreement=agreement).revealed().count()
    letters = Letter.objects.filter(kind="commitments.revealed", about_id=str(agreement.pk))
    return ready, agreement.evidence.filter(kind="revealed").count(), letters.count()


def test_two_who_are_ready_at_once_are_one_reveal(cast: Cast) -> None:
    for _round in range(ROUNDS):
        agreement = answered(cast)
        said = at_once(ready_by(cast.leader, agreement), ready_by(cast.employee, agreement))
        assert sorted(map(bool, said)) == [False, True]
        assert reveals(agreement) == (2, 2, 1)
        end(agreement, cast.leader)


def test_without_the_locks_nobody_is_told_that_both_are_ready(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: both are ready, and each thought that the other was not."""
    both_have_counted = threading.Barrier(2)

    def unlocked(pk: int) -> Agreement:
        return Agreement.objects.select_related("leader", "employee", "unit", "agency").get(pk=pk)

    def held_back(person: User) -> Callable[[], object]:
        def act() -> object:
            with without_triggers(SERIALISED), transaction.atomic():
                said = say_ready(agreement, person)
                both_have_counted.wait(PATIENCE)
            return said

        return act

    agreement = answered(cast)
    monkeypatch.setattr(locking, "lock_agreement", unlocked)
    # Both also write the day that their draft lapses on: one row, which holds one of them up.
    monkeypatch.setattr(preparing, "_keep_waiting", lambda agreement, now: None)
    said = at_once(held_back(cast.leader), held_back(cast.employee))
    assert said == [False, False]
    assert reveals(agreement) == (2, 0, 0)


def test_a_change_racing_the_reveal_is_shown_or_refused(cast: Cast) -> None:
    for _round in range(ROUNDS):
        agreement = answered(cast)
        say_ready(agreement, cast.employee)
        changed, _shown = at_once(
            partial(answer, agreement, cast.leader, "I siste liten"),
            ready_by(cast.leader, agreement),
        )
        shown = PreparedAnswer.objects.get(
            preparation__author=cast.leader, preparation__agreement=agreement
        ).text
        is_refused = isinstance(changed, AgreementRefused)
        assert shown == (LEADERS if is_refused else "I siste liten")
        assert [str(one) for one in verify_all()] == []
        end(agreement, cast.leader)


def test_without_lock_and_trigger_a_change_slips_in_after_the_reveal(cast: Cast) -> None:
    """The positive control: what the evidence then finds."""
    agreement = answered(cast)
    say_ready(agreement, cast.employee)
    has_read, is_shown = threading.Event(), threading.Event()

    def change() -> None:
        mine = PreparedAnswer.objects.get(text=LEADERS)
        assert not mine.preparation.is_ready
        has_read.set()
        is_shown.wait(PATIENCE)
        with without_triggers("commitments.PreparedAnswer:answer_changes_before_ready"):
            PreparedAnswer.objects.filter(pk=mine.pk).update(
                text="Etter at du leste", edited_at=timezone.now()
            )

    def show() -> None:
        has_read.wait(PATIENCE)
        say_ready(agreement, cast.leader)
        is_shown.set()

    at_once(change, show)
    assert {one.what for one in verify_all()} == {"a row is not what it was"}
