"""What the pulse puts on «Min side»."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext as _

from common.my_page import NextStep, Part, Step, Visit
from common.rooms import UnitStep
from pulse import unit_steps
from pulse.models import PulseRound
from pulse.tasks_of_person import PulseSteps, pulse_steps, rounds_waiting, units_to_measure


def short_questions(user: Any, today: Any, now: Any) -> dict[str, Exists]:
    """Ask whether a round waits for this person."""
    return {"round": Exists(rounds_waiting(user, today))}


def my_page(visit: Visit) -> Part:
    """Return the rounds that ask something of one person, and of a leader, whom to ask."""
    found = _Found(visit)
    steps = [Step(150, found.to_answer)]
    if visit.affiliation.is_leader:
        steps += [
            Step(90, found.to_settle),
            Step(100, found.to_talk_about),
            Step(160, found.to_guess),
        ]
    return Part(steps=steps)


class _Found:
    """What is asked for once and used by several steps."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit

    @cached_property
    def pulses(self) -> PulseSteps:
        if not self.visit.answers["round"]:
            return PulseSteps()
        return pulse_steps(self.visit.user, self.visit.today)

    def to_answer(self) -> NextStep | None:
        return _first(self.pulses.to_answer, _answered)

    def to_settle(self) -> NextStep | None:
        return _first(self.pulses.to_settle, unit_steps.to_settle)

    def to_talk_about(self) -> NextStep | None:
        return _first(self.pulses.to_talk_about, unit_steps.to_talk_about)

    def to_guess(self) -> NextStep | None:
        """The leader guesses first: that is what a round begins with."""
        unit = units_to_measure(self.visit.user, self.visit.today).first()
        if unit is None:
            return None
        return NextStep(
            _("Hvor mange i %(unit)s kan si oppdraget?") % {"unit": unit.name},
            _("Skriv ned hva du tror, og spør dem etterpå. Ingen får se hva den enkelte svarer."),
            reverse("pulse:open_pulse", args=[unit.pk]),
            _("Gjett, og spør"),
        )


def _answered(pulse: PulseRound) -> UnitStep:
    return unit_steps.to_answer(pulse.unit, pulse.pk, pulse.last_day)


def _first(rounds: list[PulseRound], words: Callable[[PulseRound], UnitStep]) -> NextStep | None:
    if not rounds:
        return None
    step = words(rounds[0])
    return NextStep(step.title, step.text, step.url, step.label)
