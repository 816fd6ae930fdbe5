"""What roles put on «Min side»."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from common.my_page import NextStep, Part, Step, Visit
from people.models import Role


def my_page(visit: Visit) -> Part:
    """Return what an administrator most often comes for, when nobody waits for anything."""

    def roles() -> NextStep | None:
        if not visit.affiliation.has_any(Role.ADMINISTRATOR):
            return None
        return NextStep(
            _("Roller og tilganger"),
            _("Se hvem som har en rolle i dag, og gi eller avslutt en."),
            reverse("people:roles"),
            _("Gå til rollene"),
        )

    return Part(steps=[Step(220, roles)])
