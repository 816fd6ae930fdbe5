"""What an agreement says, as one list of labelled values.

The pages that one proposes from, agrees on, signs and shares, what has changed since, and the PDF
are all drawn from this list, and the list from the snapshot: what is signed is what was read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from commitments.evidence import snapshot
from commitments.models import Owner, Revision
from common import dates
from common.languages import Written

LABELS: Final[dict[str, str | LazyText]] = {
    "owner": gettext_lazy("Hvem forplikter seg"),
    "text": gettext_lazy("Forpliktelsen"),
    "why": gettext_lazy("For hvem, og hvorfor"),
    "core_activity": gettext_lazy("Kjerneaktivitet"),
    "room": gettext_lazy("Handlingsrom"),
    "support": gettext_lazy("Støtte som trengs"),
    "signs": gettext_lazy("Tegn på at det er godt nok"),
    "review_on": gettext_lazy("Vurderes på nytt"),
    "goals": gettext_lazy("Mål lederen har satt"),
    "put_off": gettext_lazy("Vi stopper eller utsetter"),
    "upward": gettext_lazy("Må avklares oppover"),
    "follow_up_on": pgettext_lazy("as it was signed", "Neste samtale etter signering"),
    "renegotiate_when": gettext_lazy("Vi reforhandler når"),
    "disagreement": gettext_lazy("Dette er vi uenige om"),
    "reason": gettext_lazy("Hvorfor avtalen endres"),
}
FACTS: Final = ("core_activity", "room", "support", "signs", "review_on")
"""What is said of a commitment below its words, in the order it is read."""
TERMS: Final = (
    "put_off",
    "upward",
    "follow_up_on",
    "renegotiate_when",
    "disagreement",
    "reason",
)
"""What is said of the whole below the commitments, in the order it is read."""
DAYS: Final = ("follow_up_on", "review_on")


@dataclass(frozen=True)
class LabelledValue:
    name: str
    label: str
    text: str


@dataclass(frozen=True)
class PledgeText:
    """One commitment, numbered as it stands on the paper."""

    number: int
    text: str
    why: str
    facts: list[LabelledValue]


@dataclass(frozen=True)
class Side:
    """What one of the two commits to, or both together; nobody's name where it is both."""

    owner: str
    name: str
    title: str
    role: str
    heading: str
    commitments: list[PledgeText]


@dataclass(frozen=True)
class AgreementText:
    """All that the two agree to, in the order it is read."""

    place: str
    goals: str
    goals_by: str
    sides: list[Side]
    terms: list[LabelledValue]


def text_of(revision: Revision, *, on: dt.date) -> AgreementText:
    """Return what a revision says: as it was frozen, or a draft as it would be on the day."""
    return text_from(snapshot.content_of(revision, on))


def is_own_agency(content: dict[str, Any]) -> bool:
    """Whether the unit is named by one name alone: it is an agency itself, or in none."""
    return content["agency"] is None or content["agency"]["name"] == content["unit"]["name"]


def text_from(content: dict[str, Any]) -> AgreementText:
    agency, unit = content["agency"], content["unit"]["name"]
    return AgreementText(
        place=unit if is_own_agency(content) else f"{agency['name']} · {unit}",
        goals=content["goals"],
        goals_by=content["leader"]["name"],
        sides=_sides(content),
        terms=labelled(content, TERMS),
    )


def labelled(said: dict[str, Any], names: tuple[str, ...]) -> list[LabelledValue]:
    """Return the values of these names in their order, and nothing of what was left empty."""
    values = [(name, _in_words(name, said[name])) for name in names]
    return [LabelledValue(name, str(LABELS[name]), text) for name, text in values if text]


def _in_words(name: str, value: Any) -> str:
    if name == "core_activity":
        return Written(value["text"]) if value else _("Ikke valgt ennå")
    if name in DAYS:
        return dates.long_date(dt.date.fromisoformat(value)) if value else ""
    return Written(value)


def _sides(content: dict[str, Any]) -> list[Side]:
    """The leader's first and always, the employee's, and what they share if they do."""
    numbers = count(1)
    leader, employee = content["leader"], content["employee"]
    both = {"name": "", "title": ""}
    parties = [
        (Owner.LEADER, leader, _("leder")),
        (Owner.EMPLOYEE, employee, _("medarbeider")),
        (Owner.BOTH, both, ""),
    ]
    sides = []
    for owner, person, role in parties:
        own = [one for one in content["commitments"] if one["owner"] == owner]
        if own or owner != Owner.BOTH:
            sides.append(_side(owner, person, role, [_pledge(next(numbers), one) for one in own]))
    return sides


def _side(owner: str, person: dict[str, Any], role: str, pledges: list[PledgeText]) -> Side:
    heading = _("%(name)s forplikter seg til") % {"name": person["name"] or _("Begge")}
    return Side(owner, person["name"], person["title"], role, heading, pledges)


def _pledge(number: int, said: dict[str, Any]) -> PledgeText:
    return PledgeText(number, said["text"], said["why"], labelled(said, FACTS))
