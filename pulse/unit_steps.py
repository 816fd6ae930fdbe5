"""What a pulse asks of one person, in words and with where it is done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import BigIntegerField, DateField, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from common import dates
from common.packed_rows import PackedFields
from common.rooms import UnitStep
from people.models import Unit, User
from pulse.models import PulseInvitation, PulseRound
from pulse.tasks_of_person import pulse_steps

UNIT_STEP_FIELDS: PackedFields = {"pulse_id": BigIntegerField(), "pulse_closes_on": DateField()}
"""What `with_unit_step` adds."""


def unit_steps(user: User, today: dt.date) -> list[UnitStep]:
    """Return the rounds to answer, to settle and to talk about, in this order: one query."""
    steps = pulse_steps(user, today)
    return [
        *(to_answer(one.unit, one.pk, one.last_day) for one in steps.to_answer),
        *map(to_settle, steps.to_settle),
        *map(to_talk_about, steps.to_talk_about),
    ]


def with_unit_step(units: QuerySet[Unit], user: User, today: dt.date) -> QuerySet[Any]:
    """Add to each unit the `pulse_id` that waits for this person, until `pulse_closes_on`."""
    waiting = PulseInvitation.objects.visible_to(user, on=today).waiting(today)
    waiting = waiting.filter(round__unit=OuterRef("pk"))
    return units.annotate(
        pulse_id=Subquery(waiting.values("round_id")[:1]),
        pulse_closes_on=Subquery(waiting.values("round__closes_on")[:1]),
    )


def unit_step(unit: Any) -> UnitStep | None:
    """Return the round that waits in a unit that comes from `with_unit_step`."""
    if unit.pulse_id is None:
        return None
    last_day = min(unit.pulse_closes_on, unit.valid_to or dt.date.max)
    return to_answer(unit, unit.pulse_id, last_day)


def to_answer(unit: Unit, pulse_id: int, last_day: dt.date) -> UnitStep:
    return UnitStep(
        unit_id=unit.pk,
        title=_("Kjenner du oppdraget til %(unit)s, og ditt bidrag?") % {"unit": unit.name},
        title_in_unit=_("Kan du si oppdraget, og ditt bidrag?"),
        text=_("En pulsmåling på tre minutter. Ingen kan se hva du svarer. Siste dag er %(date)s.")
        % {"date": dates.long_date(last_day)},
        url=reverse("pulse:answer_pulse", args=[pulse_id]),
        label=_("Svar på pulsmålingen"),
        is_for_members=True,
    )


def to_settle(pulse: PulseRound) -> UnitStep:
    title = _("Pulsmålingen i %(unit)s er over") % {"unit": pulse.unit.name}
    return UnitStep(
        unit_id=pulse.unit_id,
        title=title,
        title_in_unit=title,
        text=_("Avslutt den, og se hvor nær du gjettet."),
        url=reverse("pulse:pulse", args=[pulse.unit_id]),
        label=_("Til pulsmålingen"),
        is_for_members=False,
    )


def to_talk_about(pulse: PulseRound) -> UnitStep:
    title = _("Ta samtalen i %(unit)s") % {"unit": pulse.unit.name}
    return UnitStep(
        unit_id=pulse.unit_id,
        title=title,
        title_in_unit=title,
        text=_(
            "Noen sa nja eller nei i pulsmålingen. "
            "Det er din oppgave å gjøre oppdraget lettere å si."
        ),
        url=reverse("pulse:pulse", args=[pulse.unit_id]),
        label=_("Se forslag til samtalen"),
        is_for_members=False,
    )
