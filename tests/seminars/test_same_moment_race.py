"""Letters, invitations, feeds and questions in two hands at once. Each lock is taken out once."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from outbox.models import Letter
from people.models import AuditRecord, User
from seminars.calendar_feed import actions as calendar_feed_actions
from seminars.invitations import actions as invitations_actions
from seminars.messages import actions as messages_actions
from seminars.models import (
    Answer,
    CalendarFeed,
    Needs,
    Question,
    Registration,
    Seminar,
    SeminarRole,
    SeminarRoleGrant,
)
from seminars.questions import actions as questions_actions
from seminars.retention import actions as retention_actions
from seminars.retention_periods import NEEDS_ARE_KEPT
from seminars.seminar_content import QuestionContent
from seminars.seminar_roles import actions as seminar_roles_actions
from tests.cast import Cast
from tests.factories import make_employee
from tests.machine import PATIENCE
from tests.seminars.factories import make_registration, make_seminar, make_seminar_role
from tests.seminars.test_seat_race import all_at_once, patiently

HANDS = 6

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seminar(transactional_db: None, cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser)


@pytest.fixture
def hands(cast: Cast) -> list[User]:
    return [make_employee(cast.unit, f"Hånd {number}") for number in range(HANDS)]


def trail() -> Counter[str]:
    return Counter(AuditRecord.objects.values_list("action", flat=True))


def nothing(*_given: object, **_options: object) -> None:
    """Instead of waiting for a lock."""


def meeting_after(work: Callable[..., object]) -> Callable[..., object]:
    """Nobody goes on before two have come so far."""
    meeting = threading.Barrier(2)

    def met(*given: object, **options: object) -> object:
        answer = work(*given, **options)
        meeting.wait(PATIENCE)
        return answer

    return met


# ---- the organiser's letter ----------------------------------------------------------------------


@pytest.fixture
def sending(seminar: Seminar, cast: Cast) -> Callable[[User], object]:
    make_registration(seminar, cast.leader)
    key = uuid.uuid4()

    def send(_hand: User) -> None:
        messages_actions.write_to_participants(
            seminar=seminar,
            states=["registered"],
            subject="Husk kaffe",
            text="Og kopp.",
            by=cast.organiser,
            now=timezone.now(),
            key=key,
        )

    return send


def test_a_letter_pressed_in_many_tabs_is_sent_once(sending, hands):
    assert all_at_once(sending, hands) == {"done": 1, "IsDone": HANDS - 1}
    assert (Letter.objects.count(), trail()) == (1, {"seminars.write": 1})


def test_control_without_the_lock_both_tabs_say_that_they_sent_it(sending, hands, monkeypatch):
    monkeypatch.setattr(messages_actions, "_wait_for_the_same", nothing)
    monkeypatch.setattr(
        messages_actions.letters, "is_sent", meeting_after(messages_actions.letters.is_sent)
    )
    assert all_at_once(sending, hands[:2])["done"] == 2
    assert trail() == {"seminars.write": 2}


# ---- invitations ---------------------------------------------------------------------------------


def test_control_without_the_lock_one_who_invites_is_told_of_a_fault(
    seminar, cast, hands, monkeypatch
):
    """With it, `test_two_who_invite_at_once_ask_each_leader_once` holds."""
    monkeypatch.setattr(invitations_actions, "_wait_for_other_invitations", nothing)
    monkeypatch.setattr(
        invitations_actions, "_invitations", meeting_after(invitations_actions._invitations)
    )

    def invite(hand: User) -> None:
        invitations_actions.invite_leaders(
            seminar=seminar, units=[cast.agency], by=hand, now=timezone.now()
        )

    assert all_at_once(invite, hands[:2]) == {"done": 1, "IntegrityError": 1}


# ---- the calendar's address ----------------------------------------------------------------------


def open_feed_of(person: User) -> Callable[[User], object]:
    return lambda _hand: calendar_feed_actions.open_calendar_feed(by=person, now=timezone.now())


def close_feed_of(person: User) -> Callable[[User], object]:
    return lambda _hand: calendar_feed_actions.close_calendar_feed(by=person, now=timezone.now())


def test_addresses_made_in_many_tabs_leave_one_open(cast, hands):
    assert all_at_once(open_feed_of(cast.leader), hands) == {"done": HANDS}
    assert (CalendarFeed.objects.open().count(), CalendarFeed.objects.count()) == (1, HANDS)


def test_an_address_closed_in_many_tabs_is_closed_once(cast, hands):
    calendar_feed_actions.open_calendar_feed(by=cast.leader, now=timezone.now())
    assert all_at_once(close_feed_of(cast.leader), hands) == {"done": HANDS}
    assert trail()["seminars.close_calendar_feed"] == 1


def without_row_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def unlocked(rows: QuerySet[User], **_options: object) -> QuerySet[User]:
        return rows.all()

    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
    monkeypatch.setattr(type(User.objects), "select_for_update", unlocked)


def test_control_without_the_lock_one_tab_is_told_of_a_fault(cast, hands, monkeypatch):
    without_row_locks(monkeypatch)
    monkeypatch.setattr(
        calendar_feed_actions, "_revoke", meeting_after(calendar_feed_actions._revoke)
    )
    ends = all_at_once(open_feed_of(cast.leader), hands[:2])
    assert ends == {"done": 1, "IntegrityError": 1}


def test_control_without_the_lock_it_is_closed_twice(cast, hands, monkeypatch):
    calendar_feed_actions.open_calendar_feed(by=cast.leader, now=timezone.now())
    without_row_locks(monkeypatch)
    monkeypatch.setattr(calendar_feed_actions, "list", meeting_after(list), raising=False)
    assert all_at_once(close_feed_of(cast.leader), hands[:2]) == {"done": 2}
    assert trail()["seminars.close_calendar_feed"] == 2


# ---- questions and answers -----------------------------------------------------------------------


@pytest.fixture
def question(seminar: Seminar) -> Question:
    return Question.objects.create(seminar=seminar, text="Hotell?", kind="text")


def rewritten(question: Question, by: User) -> None:
    content = QuestionContent(text="Parkering?", kind="text")
    questions_actions.rewrite_question(question=question, content=content, by=by)


def beside_an_answer(question: Question, cast: Cast, work: Callable[[], object]) -> Counter[str]:
    """How `work` ends that begins when an answer is written and not yet committed."""
    ends: Counter[str] = Counter()
    beside = threading.Thread(
        target=lambda: ends.update(all_at_once(lambda _hand: work(), [cast.organiser]))
    )
    with transaction.atomic():
        questions_actions.register_with_answers(
            seminar=question.seminar,
            answers={question.pk: ["Ja"]},
            by=cast.leader,
            now=timezone.now(),
        )
        beside.start()
        while beside.is_alive() and not is_waited_for():
            time.sleep(0.01)
    beside.join()
    return ends


def is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid() = ANY (pg_blocking_pids(pid)) FROM pg_locks")
        return (True,) in cursor.fetchall()


def test_a_question_is_not_put_in_other_words_while_somebody_answers(question, cast):
    ends = beside_an_answer(question, cast, lambda: rewritten(question, cast.organiser))
    assert ends == {"NotChangeable": 1}
    assert Answer.objects.get().question.text == "Hotell?"


def test_a_question_taken_away_while_somebody_answers_takes_the_answer_along(question, cast):
    ends = beside_an_answer(
        question,
        cast,
        lambda: questions_actions.drop_question(question=question, by=cast.organiser),
    )
    assert (ends, Answer.objects.count()) == ({"done": 1}, 0)
    assert AuditRecord.objects.get(action="seminars.drop_question").details["answers"] == 1


def test_control_without_the_lock_the_answer_stands_beside_another_question(
    question, cast, monkeypatch
):
    monkeypatch.setattr(questions_actions, "lock_seminar", lambda pk: Seminar.objects.get(pk=pk))
    ends = beside_an_answer(question, cast, lambda: rewritten(question, cast.organiser))
    assert ends == {"done": 1}
    assert Answer.objects.get().question.text == "Parkering?"


def test_who_answers_what_was_taken_away_is_registered_all_the_same(question, cast):
    """The form was judged before the lock was to be had."""
    questions_actions.drop_question(question=question, by=cast.organiser)
    questions_actions.register_with_answers(
        seminar=question.seminar, answers={question.pk: ["Ja"]}, by=cast.leader, now=timezone.now()
    )
    assert (Registration.objects.get().state, Answer.objects.count()) == ("registered", 0)


def test_a_question_taken_away_in_two_tabs_is_so_once(question, cast, hands):
    def drop(_hand: User) -> None:
        questions_actions.drop_question(question=question, by=cast.organiser)

    assert all_at_once(drop, hands) == {"done": 1, "NotChangeable": HANDS - 1}
    assert trail() == {"seminars.drop_question": 1}


# ---- what is erased ------------------------------------------------------------------------------


@pytest.fixture
def to_erase(seminar: Seminar, cast: Cast) -> Callable[[User], object]:
    Needs.objects.create(registration=make_registration(seminar, cast.leader), diet=["vegan"])
    later = seminar.ends_at + 2 * NEEDS_ARE_KEPT
    return lambda _hand: retention_actions.erase_needs(now=later)


def test_two_beats_at_once_say_once_that_a_row_was_erased(to_erase, hands):
    assert all_at_once(to_erase, hands) == {"done": HANDS}
    records = AuditRecord.objects.filter(action="seminars.erase_needs")
    assert [record.details for record in records] == [{"rows": 1}]


def test_control_without_the_lock_both_beats_say_so(to_erase, hands, monkeypatch):
    without_row_locks(monkeypatch)
    monkeypatch.setattr(retention_actions, "Counter", meeting_after(Counter))
    assert all_at_once(to_erase, hands[:2]) == {"done": 2}
    assert trail() == {"seminars.erase_needs": 2}


# ---- who helps with a seminar --------------------------------------------------------------------


@pytest.fixture
def giving(seminar: Seminar, cast: Cast) -> Callable[[User], object]:
    def give(hand: User) -> None:
        given = {"seminar": seminar, "user": cast.stranger, "role": SeminarRole.CO_ORGANISER}
        give_role = seminar_roles_actions.give_seminar_role
        patiently(lambda: give_role(**given, by=hand, now=timezone.now()))

    return give


def test_a_role_that_many_give_at_once_is_given_once(giving, hands, cast):
    ends = all_at_once(giving, hands)
    assert ends == {"done": 1, "NotTheirs": HANDS - 1}
    assert (SeminarRoleGrant.objects.count(), cast.stranger.letters.count()) == (1, 1)
    assert trail() == {"seminars.give_role": 1}


def test_control_without_the_constraint_it_is_given_twice(giving, hands):
    """The lock lets them in one by one: it is the constraint that tells the second."""
    constraint = next(
        one
        for one in SeminarRoleGrant._meta.constraints
        if one.name == "seminar_role_is_one_at_a_time"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(SeminarRoleGrant, constraint)
    try:
        assert all_at_once(giving, hands[:2]) == {"done": 2}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE seminars_seminarrolegrant DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM seminars_seminarrolegrant")
            cursor.execute("ALTER TABLE seminars_seminarrolegrant ENABLE TRIGGER USER")
        with connection.schema_editor() as editor:
            editor.add_constraint(SeminarRoleGrant, constraint)


def test_a_role_ended_in_many_tabs_is_ended_once(seminar, hands, cast):
    grant = make_seminar_role(seminar, cast.stranger)

    def end(hand: User) -> None:
        own = SeminarRoleGrant.objects.get(pk=grant.pk)
        seminar_roles_actions.end_seminar_role(grant=own, by=hand, now=timezone.now())

    assert all_at_once(end, hands) == {"done": 1, "IsDone": HANDS - 1}
    assert (cast.stranger.letters.count(), trail()) == (1, {"seminars.end_role": 1})
