"""What roles and the staff import put on «Min side»."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, IntegerField
from django.urls import reverse
from django.utils.translation import gettext as _

from common.my_page import Card, NextStep, Part, Step, Visit
from common.packed_rows import PackedFields, packed, unpacked
from people.models import IMPORT_IS_LATE, Role, StaffImportOutcome, StaffImportRun

_RUN: PackedFields = {
    "id": BigIntegerField(),
    "outcome": CharField(),
    "at": DateTimeField(),
    "rows_set_aside": IntegerField(),
}


def short_questions(user: Any, today: Any, now: Any) -> dict[str, Any]:
    """Ask for the last import; what is said of it is for administrators alone."""
    return {"import": packed(StaffImportRun.objects.of_files().order_by("-pk")[:1], _RUN)}


def my_page(visit: Visit) -> Part:
    """Return how the last import went, and what an administrator most often comes for."""
    if not visit.affiliation.has_any(Role.ADMINISTRATOR):
        return Part()
    last = next(iter(unpacked(visit.answers["import"], _RUN)), None)
    steps = [Step(35, lambda: _staff_import(last, visit)), Step(220, _roles)]
    if last is None:
        return Part(steps=steps)
    told = {**last, "outcome": StaffImportOutcome(last["outcome"]).label}
    return Part(steps=steps, cards=[Card(16, "people/my_page/staff_import.html", {"run": told})])


def _roles() -> NextStep:
    return NextStep(
        _("Roller og tilganger"),
        _("Se hvem som har en rolle i dag, og gi eller avslutt en."),
        reverse("people:roles"),
        _("Gå til rollene"),
    )


def _staff_import(last: Any, visit: Visit) -> NextStep | None:
    """The last import, if it came to nothing or is long ago."""
    if last is None:
        return None
    url = reverse("people:staff_import", args=[last["id"]])
    if last["outcome"] == StaffImportOutcome.STOPPED:
        return NextStep(
            _("Personalimporten stoppet"),
            _("Filene fra HR ville endret uvanlig mye. Se hva, og godta det om det er riktig."),
            url,
            _("Se hva den stoppet ved"),
        )
    if last["outcome"] == StaffImportOutcome.FAILED:
        return NextStep(
            _("Personalimporten feilet"),
            _("Filene fra HR kunne ikke hentes, og ingenting er endret."),
            url,
            _("Se hva som er galt"),
        )
    if last["at"] < visit.now - IMPORT_IS_LATE:
        return NextStep(
            _("Personalimporten er ikke kjørt"),
            _("Filene fra HR skal hentes hver natt. Si fra til dem som drifter portalen."),
            reverse("people:staff_imports"),
            _("Se kjøringene"),
        )
    return None
