"""That PostgreSQL keeps rows of two seminars apart, whatever path one takes around the code.

Each of these goes through when its trigger is taken away.
"""

from __future__ import annotations

from django.utils import timezone

from seminars.models import Answer, Question, Registration, SeatPool
from tests.refusals import refused_by
from tests.seminars.factories import make_registration, make_seminar


def two_seminars(cast):
    return [make_seminar(cast.other_agency, created_by=cast.organiser) for _one in range(2)]


def test_an_answer_is_to_a_question_of_the_same_seminar(cast):
    mine, other = two_seminars(cast)
    row = make_registration(mine, cast.employee)
    asked, foreign = (
        Question.objects.create(seminar=one, text="Hotell?", kind="text") for one in (mine, other)
    )
    with refused_by("answer_is_to_its_own_seminar"):
        Answer.objects.create(registration=row, question=foreign, values=["Ja"])
    answer = Answer.objects.create(registration=row, question=asked, values=["Ja"])
    with refused_by("answer_is_to_its_own_seminar"):
        Answer.objects.filter(pk=answer.pk).update(question=foreign)
    with refused_by("answer_is_to_its_own_seminar"):
        elsewhere = make_registration(other, cast.employee)
        Answer.objects.filter(pk=answer.pk).update(registration=elsewhere)


def test_a_registration_that_is_over_is_in_no_other_seminars_pool(cast):
    """One with a seat is kept out by the count of the pool's seats; this one holds none."""
    mine, other = two_seminars(cast)
    row = make_registration(
        mine, cast.employee, state="withdrawn", withdrawn_at=timezone.now(), agency=cast.agency
    )
    own, foreign = (
        SeatPool.objects.create(seminar=one, agency=cast.agency, seats=1) for one in (mine, other)
    )
    with refused_by("registration_pool_is_of_its_seminar"):
        Registration.objects.filter(pk=row.pk).update(pool=foreign)
    assert Registration.objects.filter(pk=row.pk).update(pool=own) == 1
