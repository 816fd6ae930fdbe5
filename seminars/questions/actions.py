"""Questions of the organiser's own, and the answers to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from common.edit_conflicts import Seen
from people import audit
from people.models import User
from seminars.editing_window import closed_to_questions
from seminars.models import Answer, Question, Registration, Seminar
from seminars.questions.question_order import must_follow
from seminars.refusals import NotChangeable
from seminars.seats.allocation import lock_seminar
from seminars.seats.session_placement import Choices
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import locked_registration
from seminars.seminar_content import QuestionContent

Answers = Mapping[int, Sequence[str]]
"""By question: the text that was written, or the options that were chosen."""


@transaction.atomic
def ask_question(*, seminar: Seminar, content: QuestionContent, by: User) -> Question:
    """Put one more question to those who register, after the others.

    Raises NotChangeable when the seminar is cancelled, and SeatsAreBusy.
    """
    seminar = lock_seminar(seminar.pk)
    refusal = closed_to_questions(seminar)
    if refusal is not None:
        raise refusal
    _refuse_foreign_condition(seminar, content)
    question: Question = Question.objects.create(seminar=seminar, **content.values())
    audit.record("seminars.ask_question", seminar, by=by, question=question.pk)
    return question


@transaction.atomic
def rewrite_question(
    *, question: Question, content: QuestionContent, by: User, seen: Seen | None = None
) -> Question:
    """Ask it in other words.

    Raises NotChangeable when somebody has answered it, or another question hangs on it: the answer
    would stand beside a question that was never put. EditConflict when another has saved what was
    not `seen`, and SeatsAreBusy.
    """
    question = _under_the_lock(question)
    if seen is not None:
        seen.refuse_conflict(QuestionContent.of(question).state(), content.state())
    refusal = closed_to_rewriting(question)
    if refusal is not None:
        raise refusal
    _refuse_foreign_condition(question.seminar, content)
    for name, value in content.values().items():
        setattr(question, name, value)
    question.save()
    audit.record("seminars.rewrite_question", question.seminar, by=by, question=question.pk)
    return question


@transaction.atomic
def move_question(*, question: Question, place: int | None, is_up: bool, by: User) -> Question:
    """Ask it before the one above it, or after the one below. At the ends it does nothing.

    `place`, counted from 1, is where it stood on the page: a button pressed twice moves it once.
    Raises NotChangeable when it stands elsewhere now, or when the one is shown only after an answer
    to the other, and SeatsAreBusy.
    """
    seminar = lock_seminar(question.seminar_id)
    order = list(seminar.questions.all())
    now_at = order.index(_of(seminar, question)) + 1
    if place is None or now_at not in (place, _next_to(place, is_up)):
        raise NotChangeable(_("Rekkefølgen er endret siden du åpnet siden. Her er den nye."))
    first = min(place, _next_to(place, is_up)) - 1
    if now_at != place or first < 0 or first + 1 >= len(order):
        return question
    above, below = order[first], order[first + 1]
    if must_follow(below, above):
        words = _("«%(below)s» vises bare etter et svar på «%(above)s», og må stå etter det.")
        raise NotChangeable(words % {"below": below.text, "above": above.text})
    above.position, below.position = below.position, above.position
    Question.objects.bulk_update([above, below], ["position"])
    audit.record("seminars.move_question", seminar, by=by, question=question.pk, is_up=is_up)
    return question


def _next_to(place: int, is_up: bool) -> int:
    return place - 1 if is_up else place + 1


@transaction.atomic
def drop_question(*, question: Question, by: User) -> None:
    """Take it away with every answer to it.

    Raises NotChangeable when another hangs on it, and SeatsAreBusy.
    """
    question = _under_the_lock(question)
    refusal = closed_to_dropping(question)
    if refusal is not None:
        raise refusal
    answers = question.answers.count()
    audit.record(
        "seminars.drop_question",
        question.seminar,
        by=by,
        question=question.pk,
        answers=answers,
    )
    question.delete()


def _under_the_lock(question: Question) -> Question:
    """As it is now. The seminar's lock: a new answer locks no question before it is committed."""
    return _of(lock_seminar(question.seminar_id), question)


def _of(seminar: Seminar, question: Question) -> Question:
    fresh: Question | None = seminar.questions.filter(pk=question.pk).first()
    if fresh is None:
        raise NotChangeable(_("Spørsmålet er fjernet."))
    return fresh


def _refuse_foreign_condition(seminar: Seminar, content: QuestionContent) -> None:
    if content.shown_if is not None:
        _of(seminar, content.shown_if)


def closed_to_rewriting(question: Question) -> NotChangeable | None:
    """What stops the organiser from asking it in other words: page and action ask the same."""
    if question.answers.exists():
        return NotChangeable(
            _("Noen har svart på spørsmålet. Fjern det og still et nytt i stedet.")
        )
    return closed_to_dropping(question)


def closed_to_dropping(question: Question) -> NotChangeable | None:
    """What stops the organiser from taking it away."""
    if question.dependents.exists():
        return NotChangeable(
            _("Et annet spørsmål vises bare etter svaret på dette. Fjern det andre først.")
        )
    return None


@transaction.atomic
def register_with_answers(
    *,
    seminar: Seminar,
    answers: Answers,
    by: User,
    now: dt.datetime,
    choices: Choices | None = None,
) -> Registration:
    """Register oneself and answer in one go: neither is there without the other.

    Sends and raises what `register_for_seminar` does.
    """
    registration = register_for_seminar(seminar=seminar, by=by, now=now, choices=choices)
    _write(registration, answers, now)
    return registration


@transaction.atomic
def answer_questions(
    *,
    registration: Registration,
    answers: Answers,
    by: User,
    now: dt.datetime,
    seen: Seen | None = None,
) -> None:
    """Replace what the person answered before. What was said stays out of the audit trail.

    Raises NotRegistered when the registration is over, NotChangeable when the closing date has
    passed, EditConflict when others are stored than were `seen`, and SeatsAreBusy.
    """
    registration = locked_registration(registration)
    if not may_answer(registration.seminar, now):
        raise NotChangeable(_("Svarene kan ikke endres etter påmeldingsfristen."))
    if seen is not None:
        seen.refuse_conflict(answers_stored(registration), _by_field(answers))
    registration.answers.exclude(question__in=answers).delete()
    _write(registration, answers, now)
    audit.record("seminars.answer", registration, by=by, questions=sorted(answers))


def answers_stored(registration: Registration) -> dict[str, list[str]]:
    """What is answered now, by the names of the form's fields; an empty list for no answer."""
    given = dict(registration.answers.values_list("question", "values"))
    asked = registration.seminar.questions.values_list("pk", flat=True)
    return _by_field({key: given.get(key, []) for key in asked})


def _by_field(answers: Answers) -> dict[str, list[str]]:
    return {f"q{question}": list(values) for question, values in answers.items()}


def may_answer(seminar: Seminar, now: dt.datetime) -> bool:
    return seminar.is_published and now <= seminar.registration_closes_at


def _write(registration: Registration, answers: Answers, now: dt.datetime) -> None:
    """Under the seminar's lock. A question that was taken away meanwhile is answered by nobody."""
    asked = registration.seminar.questions.filter(pk__in=answers).values_list("pk", flat=True)
    Answer.objects.bulk_create(
        [
            Answer(
                registration=registration, question_id=pk, values=list(answers[pk]), answered_at=now
            )
            for pk in asked
        ],
        update_conflicts=True,
        unique_fields=["registration", "question"],
        update_fields=["values", "answered_at"],
    )
