"""The guiding questions, as each of the two is asked them, and where an answer belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments.models import Agreement, Party, PreparedAnswer, Question

HELP: Final[dict[str, Promise]] = {
    Question.CORE_TASK: _("Tenk på dem dere møter. Hva ville de savnet hvis dere ikke var der?"),
    Question.ACTIVITIES: _("Se på kjerneaktivitetene i oppdraget. Hvor gjør innsatsen forskjell?"),
    Question.COMMITMENT: _("Noe konkret, så dere siden kan se om det ble gjort."),
    Question.LEADER: _("Tid, avklaringer, opplæring, rygg i vinden. Uten dette blir ingen avtale."),
    Question.GOALS: _("Beskriv tegn dere kan se, med ord. Ingen poeng."),
    Question.ROOM: _("Hva kan avgjøres på egen hånd, og når trengs en samtale først?"),
    Question.PUT_OFF: _("Nye ting får plass når noe annet viker. Hva kan vente?"),
    Question.TALKING: _("Hvor ofte holder, og hva slags endring gjør at avtalen må opp igjen?"),
    Question.UPWARD: _("Noe bare lederen over kan svare på. Hvem av dere tar det opp?"),
}

OF_THE_LEADER: Final[dict[str, Promise]] = {
    Question.ACTIVITIES: _("Hvilke kjerneaktiviteter bidrar %(name)s til, og hvordan?"),
    Question.COMMITMENT: _(
        "Hva håper du %(name)s forplikter seg til, og hvorfor betyr det noe for dem vi er til for?"
    ),
    Question.LEADER: _("Hva forplikter du deg til for at %(name)s skal lykkes?"),
    Question.GOALS: _("Hvilke mål har du satt, og hvordan ser dere at dere er på vei?"),
    Question.ROOM: _("Hva er handlingsrommet til %(name)s, og når bør du få vite noe?"),
}

FIELDS: Final[dict[str, tuple[str, str]]] = {
    Question.CORE_TASK: ("employee", "why"),
    Question.ACTIVITIES: ("employee", "text"),
    Question.COMMITMENT: ("employee", "text"),
    Question.LEADER: ("leader", "text"),
    Question.ROOM: ("employee", "room"),
    Question.GOALS: ("", "goals"),
    Question.PUT_OFF: ("", "put_off"),
    Question.TALKING: ("", "renegotiate_when"),
    Question.UPWARD: ("", "upward"),
}
"""Whose commitment an answer becomes part of and which field; no owner: words about the whole."""


@dataclass(frozen=True)
class Asked:
    key: str
    number: int
    text: str
    help_text: Promise


def questions_for(agreement: Agreement, party: Party) -> list[Asked]:
    return [
        Asked(one.value, number, _worded(one, agreement, party), HELP[one])
        for number, one in enumerate(Question, start=1)
    ]


def place_of(answer: PreparedAnswer) -> int:
    """In the order the questions are asked."""
    return Question.values.index(answer.question)


def _worded(question: Question, agreement: Agreement, party: Party) -> str:
    if party == Party.LEADER and question in OF_THE_LEADER:
        return str(OF_THE_LEADER[question]) % {"name": agreement.employee.given_name}
    return str(question.label)
