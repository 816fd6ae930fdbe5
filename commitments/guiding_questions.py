"""The guiding questions, as each of the two is asked them, and where an answer belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from commitments.models import Agreement, GuidingQuestion, Party, PreparedAnswer

HELP: Final[dict[str, Promise]] = {
    GuidingQuestion.CORE_TASK: _(
        "Tenk på dem dere møter. Hva ville de savnet hvis dere ikke var der?"
    ),
    GuidingQuestion.ACTIVITIES: _(
        "Se på kjerneaktivitetene i oppdraget. Hvor gjør innsatsen forskjell?"
    ),
    GuidingQuestion.COMMITMENT: _("Noe konkret, så dere siden kan se om det ble gjort."),
    GuidingQuestion.LEADER: _(
        "Tid, avklaringer, opplæring, noen i ryggen. Uten støtte blir det ingen avtale."
    ),
    GuidingQuestion.GOALS: _("Beskriv tegn dere kan se, med ord. Ingen poeng."),
    GuidingQuestion.ROOM: _("Hva kan avgjøres på egen hånd, og når trengs en samtale først?"),
    GuidingQuestion.PUT_OFF: _("Nye ting får plass når noe annet viker. Hva kan vente?"),
    GuidingQuestion.TALKING: _(
        "Hvor ofte holder, og hva slags endring gjør at avtalen må opp igjen?"
    ),
    GuidingQuestion.UPWARD: _("Noe bare lederen over kan svare på. Hvem av dere tar det opp?"),
}

OF_THE_LEADER: Final[dict[str, Promise]] = {
    GuidingQuestion.ACTIVITIES: _("Hvilke kjerneaktiviteter bidrar %(name)s til, og hvordan?"),
    GuidingQuestion.COMMITMENT: _(
        "Hva håper du %(name)s forplikter seg til, og hvorfor betyr det noe for dem vi er til for?"
    ),
    GuidingQuestion.LEADER: _("Hva forplikter du deg til for at %(name)s skal lykkes?"),
    GuidingQuestion.GOALS: _("Hvilke mål har du satt, og hvordan ser dere at dere er på vei?"),
    GuidingQuestion.ROOM: _("Hva er handlingsrommet til %(name)s, og når bør du få vite noe?"),
}

FIELDS: Final[dict[str, tuple[str, str]]] = {
    GuidingQuestion.CORE_TASK: ("employee", "why"),
    GuidingQuestion.ACTIVITIES: ("employee", "text"),
    GuidingQuestion.COMMITMENT: ("employee", "text"),
    GuidingQuestion.LEADER: ("leader", "text"),
    GuidingQuestion.ROOM: ("employee", "room"),
    GuidingQuestion.GOALS: ("", "goals"),
    GuidingQuestion.PUT_OFF: ("", "put_off"),
    GuidingQuestion.TALKING: ("", "renegotiate_when"),
    GuidingQuestion.UPWARD: ("", "upward"),
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
        for number, one in enumerate(GuidingQuestion, start=1)
    ]


def place_of(answer: PreparedAnswer) -> int:
    """In the order the questions are asked."""
    return GuidingQuestion.values.index(answer.question)


def _worded(question: GuidingQuestion, agreement: Agreement, party: Party) -> str:
    if party == Party.LEADER and question in OF_THE_LEADER:
        return str(OF_THE_LEADER[question]) % {"name": agreement.employee.given_name}
    return str(question.label)
