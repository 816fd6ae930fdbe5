"""The list of participants as a spreadsheet: read as plain values, row by row, however many."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import gettext as _

from common import dates
from common.spreadsheet import About, Cell, Column
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


def columns(questions: list[Question], groups: list[ChoiceGroup]) -> list[Column]:
    """The columns of the list, each with what it means."""
    when = _("Der personen jobbet ved påmeldingen.")
    own = [
        Column(_("Navn"), _("Den påmeldingen gjelder.")),
        Column(_("E-post"), _("Adressen portalen sender brev til.")),
        Column(_("Virksomhet"), when),
        Column(_("Enhet"), when),
        Column(_("Leder"), _("Om personen ledet en enhet ved påmeldingen.")),
        Column(_("Status"), _("Hvordan det står til med påmeldingen.")),
        Column(_("Meldt på"), _("Når påmeldingen kom inn, i norsk tid.")),
        Column(_("Oppmøte"), _("Det arrangøren har ført. Tomt der det ikke er ført.")),
    ]
    chosen = [
        Column(group.title, _("Valget personen går til eller ønsker seg.")) for group in groups
    ]
    answers = [Column(question.text, _("Svaret på spørsmålet.")) for question in questions]
    return own + chosen + answers


def about(seminar: Seminar, made_at: dt.datetime) -> About:
    """A list of people hides no numbers: it is for those who organise the seminar."""
    return About(
        scope=_("Alle påmeldinger til «%(seminar)s», også de som er avsluttet.")
        % {"seminar": seminar.title},
        period=dates.span(seminar.starts_at, seminar.ends_at),
        hidden=_("Ingen tall er skjult: Filen er en liste over personer, for arrangøren."),
        made_at=made_at,
    )


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
