"""What a pulse asks of one person, in words and with where it is done."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from common import dates
from common.rooms import UnitStep
from people.models import User
from pulse.models import PulseRound
from pulse.tasks_of_person import pulse_steps


def unit_steps(user: User, today: dt.date) -> list[UnitStep]:
    """Return the rounds to answer, to settle and to talk about, in this order: one query."""
    steps = pulse_steps(user, today)
    return [
        *map(to_answer, steps.to_answer),
        *map(to_settle, steps.to_settle),
        *map(to_talk_about, steps.to_talk_about),
    ]


def to_answer(pulse: PulseRound) -> UnitStep:
    return UnitStep(
        unit_id=pulse.unit_id,
        title=_("Kjenner du oppdraget til %(unit)s, og ditt bidrag?") % {"unit": pulse.unit.name},
        title_in_unit=_("Kan du si oppdraget, og ditt bidrag?"),
        text=_("En pulsmåling på tre minutter. Ingen kan se hva du svarer. Siste dag er %(date)s.")
        % {"date": dates.long_date(pulse.last_day)},
        url=reverse("pulse:answer_pulse", args=[pulse.pk]),
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
