"""What a person may be given to do on a unit and all below it, and what each role is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Role(models.TextChoices):
    ORGANISER = "organiser", _("arrangør")
    COORDINATOR = "coordinator", _("koordinator")
    LOGISTICS = "logistics", _("logistikk")
    HR = "hr", _("HR")
    ADMINISTRATOR = "administrator", _("administrator")

    @property
    def purpose(self) -> _StrPromise:
        """What whoever gives the role reads of it."""
        return TERMS[self].purpose

    @property
    def needs_second_factor(self) -> bool:
        return TERMS[self].needs_second_factor


@dataclass(frozen=True)
class RoleTerms:
    """What a role is for, and what is asked of whoever has it."""

    purpose: _StrPromise
    needs_second_factor: bool
    """It opens what is others': participants, health data, figures, the roles themselves."""


TERMS: Final = {
    Role.ORGANISER: RoleTerms(
        _("Lager seminarer, ser og merker deltakere."), needs_second_factor=True
    ),
    Role.COORDINATOR: RoleTerms(
        _("Fyller plassene virksomheten har fått."), needs_second_factor=False
    ),
    Role.LOGISTICS: RoleTerms(
        _("Ser hvem som trenger mat og tilrettelegging på et seminar. Det er helseopplysninger."),
        needs_second_factor=True,
    ),
    Role.HR: RoleTerms(
        _("Ser tall for deltakelse og signerte avtaler, aldri innholdet."),
        needs_second_factor=True,
    ),
    Role.ADMINISTRATOR: RoleTerms(
        _("Gir og avslutter roller, og ser sporet av hva som er gjort."), needs_second_factor=True
    ),
}
