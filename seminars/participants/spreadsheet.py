"""The list of participants as a spreadsheet: read as plain values, row by row, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from common import dates
from common.spreadsheet import Cell
from seminars.models import (
    Answer,
    AttendanceOutcome,
    ChoiceGroup,
    Question,
    RegistrationState,
    Seminar,
    SessionChoice,
)
from seminars.models.questions import joined

AT_A_TIME = 2_000


def headings(questions: list[Question], groups: list[ChoiceGroup]) -> list[str]:
    own = [
        _("Navn"), _("E-post"), _("Virksomhet"), _("Enhet"), _("Leder"),
        _("Status"), _("Meldt på"), _("Oppmøte"),
    ]  # fmt: skip
    chosen = [group.title for group in groups]
    return own + chosen + [question.text for question in questions]


def rows(
    seminar: Seminar, questions: list[Question], groups: list[ChoiceGroup]
) -> Iterator[list[Cell]]:
    states = {state.value: str(state.label) for state in RegistrationState}
    outcomes = {one.value: str(one.label) for one in AttendanceOutcome} | {"": ""}
    yes_no = {True: _("ja"), False: _("nei")}
    answers = _answers(seminar) if questions else {}
    choices = _choices(seminar) if groups else {}
    people = seminar.registrations.in_list_order().values_list(
        "pk", "user__name", "user__email", "agency__name", "unit__name",
        "was_leader", "state", "created_at", "outcome",
    )  # fmt: skip
    for pk, name, email, agency, unit, led, state, at, outcome in people.iterator(AT_A_TIME):
        row: list[Cell] = [
            name,
            email,
            agency,
            unit,
            yes_no[led],
            states[state],
            at,
            outcomes[outcome],
        ]
        given, chosen = answers.get(pk, {}), choices.get(pk, {})
        row += [chosen.get(group.pk) for group in groups]
        yield [*row, *(given.get(question.pk) for question in questions)]


def _choices(seminar: Seminar) -> dict[int, dict[int, str]]:
    """What each goes to, or wishes for: the session's name, or when it has none, its time."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    chosen = SessionChoice.objects.filter(registration__seminar=seminar).order_by()
    columns = ("registration", "group", "session__title", "session__starts_at")
    for registration, group, title, starts_at in chosen.values_list(*columns):
        found[registration][group] = title or dates.short_moment(starts_at)
    return found


def _answers(seminar: Seminar) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = defaultdict(dict)
    given = Answer.objects.filter(registration__seminar=seminar).order_by()
    for registration, question, values in given.values_list("registration", "question", "values"):
        found[registration][question] = joined(values)
    return found
