"""Two at once, on real connections: publishing against everything that could slip in beside it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from missions.models import CoreActivity, Mission, MissionVersion
from missions.refusals import MissionRefused
from missions.writing.actions import draft_mission, publish_mission
from outbox.models import Letter
from tests.cast import Cast
from tests.machine import PATIENCE, is_held_up, own_session, wait_for
from tests.missions.factories import make_draft

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


class Beside(threading.Thread):
    """Work on a connection of its own; its answer, or what it raised, is in `answer`."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self.work = work
        self.session = 0
        self.answer: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.session = own_session()
            self.answer = self.work()
        except Exception as error:
            self.answer = error
        finally:
            connection.close()

    def waits(self) -> bool:
        """Does it come to be held up by a lock of ours, or come through?"""
        ours = own_session()

        def is_known() -> bool:
            return not self.is_alive() or bool(self.session and is_held_up(self.session, by=ours))

        wait_for(is_known)
        return self.is_alive()

    def result(self) -> Any:
        self.join(timeout=PATIENCE)
        return self.answer


def publish(draft: MissionVersion, cast: Cast) -> None:
    publish_mission(version=draft, by=cast.leader, now=timezone.now())


@contextmanager
def guard_without_lock(trigger: str) -> Iterator[None]:
    """The activities' guard as it would be if it looked without waiting."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef(tgfoid) FROM pg_trigger WHERE tgname LIKE %s",
            [f"pgtrigger_{trigger}%"],
        )
        (definition,) = cursor.fetchone()
        cursor.execute(definition.replace("FOR SHARE;", ";"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(definition)


def slips_in(draft: MissionVersion) -> Callable[[], str]:
    def create() -> str:
        CoreActivity.objects.create(version=draft, order=4, text="Sneket seg inn")
        return "slipped in"

    return create


def test_an_activity_waits_for_the_publication_and_is_then_refused(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with transaction.atomic():
        publish(draft, cast)
        beside = Beside(slips_in(draft))
        assert beside.waits()
    assert isinstance(beside.result(), IntegrityError)
    assert CoreActivity.objects.filter(version=draft).count() == 3


def test_control_without_the_lock_an_activity_slips_into_what_is_published(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with guard_without_lock("core_activity_not_into_published"):
        with transaction.atomic():
            publish(draft, cast)
            beside = Beside(slips_in(draft))
            beside.waits()  # for the foreign key alone, which does not ask about the state
        assert beside.result() == "slipped in"
    assert CoreActivity.objects.filter(version=draft).count() == 4


def test_publication_waits_for_an_activity_that_goes_and_is_then_refused(cast: Cast) -> None:
    draft = make_draft(cast.unit)
    with transaction.atomic():
        CoreActivity.objects.filter(version=draft, order=3).delete()
        beside = Beside(lambda: publish(draft, cast))
        assert beside.waits()
    assert isinstance(beside.result(), MissionRefused)
    assert MissionVersion.objects.get().state == "draft"


def test_of_two_who_publish_at_once_one_is_refused_and_letters_are_written_once(
    cast: Cast,
) -> None:
    draft = make_draft(cast.unit)
    with transaction.atomic():
        publish(draft, cast)
        beside = Beside(lambda: publish(draft, cast))
        assert beside.waits()
    assert isinstance(beside.result(), MissionRefused)
    assert Letter.objects.count() == 1


def test_two_who_start_a_draft_at_once_get_the_same(cast: Cast) -> None:
    Mission.objects.create(unit=cast.unit)
    with transaction.atomic():
        mine = draft_mission(unit=cast.unit, by=cast.leader, now=timezone.now())
        beside = Beside(lambda: draft_mission(unit=cast.unit, by=cast.manager, now=timezone.now()))
        assert beside.waits()
    assert beside.result() == mine
    assert MissionVersion.objects.count() == 1
