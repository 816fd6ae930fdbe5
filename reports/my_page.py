"""What figures put on «Min side»."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from common.my_page import NextStep, Part, Step, Visit
from people.models import Role


def my_page(visit: Visit) -> Part:
    """Return what HR most often comes for, when nobody waits for anything."""

    def participation() -> NextStep | None:
        if not visit.affiliation.has_any(Role.HR):
            return None
        return NextStep(
            _("Når seminarene fram?"),
            _("Se hvem som er påmeldt og har møtt, virksomhet for virksomhet."),
            reverse("reports:participation"),
            _("Se deltakelsen"),
        )

    return Part(steps=[Step(210, participation)])
