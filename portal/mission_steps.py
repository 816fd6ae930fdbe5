"""What a mission or a pulse may ask of a person next: what «Min side» puts first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from common import dates
from missions.mission_tasks import OwnLine
from missions.models import UpwardQuestion
from people.models import User
from pulse.tasks_of_person import PulseSteps, units_to_measure


@dataclass(frozen=True)
class MissionStep:
    """What to do now: a heading, why, and the one button."""

    title: str
    text: str
    url: str
    label: str


def to_reply(user: User, today: dt.date) -> MissionStep | None:
    """A unit below waits for the answer before it can say what it contributes."""
    asked = UpwardQuestion.objects.asked_of(user, today).unanswered()
    question = asked.select_related("version__mission__unit").order_by("answer_by", "pk").first()
    if question is None:
        return None
    return MissionStep(
        _("%(unit)s har spurt deg om oppdraget") % {"unit": question.version.mission.unit.name},
        _("De trenger svaret innen %(day)s.") % {"day": dates.day(question.answer_by)},
        reverse("missions:answer", args=[question.pk]),
        _("Svar på spørsmålet"),
    )


def to_settle(pulses: PulseSteps) -> MissionStep | None:
    pulse = next(iter(pulses.to_settle), None)
    if pulse is None:
        return None
    return MissionStep(
        _("Pulsmålingen i %(unit)s er over") % {"unit": pulse.unit.name},
        _("Avslutt den, og se hvor nær du gjettet."),
        reverse("pulse:pulse", args=[pulse.unit_id]),
        _("Til pulsmålingen"),
    )


def to_talk_about(pulses: PulseSteps) -> MissionStep | None:
    pulse = next(iter(pulses.to_talk_about), None)
    if pulse is None:
        return None
    return MissionStep(
        _("Ta samtalen i %(unit)s") % {"unit": pulse.unit.name},
        _(
            "Noen sa nja eller nei i pulsmålingen. "
            "Det er din oppgave å gjøre oppdraget lettere å si."
        ),
        reverse("pulse:pulse", args=[pulse.unit_id]),
        _("Se forslag til samtalen"),
    )


def to_read(lines: list[OwnLine]) -> MissionStep | None:
    own = next((one for one in lines if one.may_acknowledge), None)
    if own is None or own.line.own.version is None:
        return None
    return MissionStep(
        _("Les oppdraget til %(unit)s") % {"unit": own.line.unit.name},
        _("Kjenner du enhetens oppdrag, og ditt eget bidrag? Les, og si fra at du har lest."),
        reverse("missions:version", args=[own.line.own.version.pk]),
        _("Les oppdraget"),
    )


def to_write(lines: list[OwnLine]) -> MissionStep | None:
    own = next((one for one in lines if one.may_write and one.line.own.version is None), None)
    if own is None:
        return None
    unit = own.line.unit
    is_begun = own.draft_id is not None
    return MissionStep(
        (_("Gjør ferdig oppdraget for %(unit)s") if is_begun else _("Skriv oppdraget for %(unit)s"))
        % {"unit": unit.name},
        _("Hvem er dere til for, hva er kjerneoppgaven, og hva er ikke deres oppgave?"),
        reverse("missions:edit", args=[own.draft_id])
        if is_begun
        else reverse("missions:unit", args=[unit.pk]),
        _("Skriv videre") if is_begun else _("Begynn"),
    )


def to_contribute(lines: list[OwnLine]) -> MissionStep | None:
    own = next((one for one in lines if one.may_contribute), None)
    if own is None:
        return None
    return MissionStep(
        _("Hva er ditt bidrag i %(unit)s?") % {"unit": own.line.unit.name},
        _(
            "Skriv med dine egne ord hva du gjør for at enheten skal lykkes. "
            "Bare du ser det, til du deler det."
        ),
        reverse("missions:contribution", args=[own.line.unit.pk]),
        _("Skriv mitt bidrag"),
    )


def to_say(pulses: PulseSteps) -> MissionStep | None:
    pulse = next(iter(pulses.to_answer), None)
    if pulse is None:
        return None
    return MissionStep(
        _("Kjenner du oppdraget til %(unit)s, og ditt bidrag?") % {"unit": pulse.unit.name},
        _("En pulsmåling på tre minutter. Ingen kan se hva du svarer. Siste dag er %(date)s.")
        % {"date": dates.long_date(pulse.last_day)},
        reverse("pulse:answer_pulse", args=[pulse.pk]),
        _("Svar på pulsmålingen"),
    )


def to_guess(user: User, today: dt.date) -> MissionStep | None:
    """The leader guesses first: that is what a round begins with."""
    unit = units_to_measure(user, today).first()
    if unit is None:
        return None
    return MissionStep(
        _("Hvor mange i %(unit)s kan si oppdraget?") % {"unit": unit.name},
        _("Skriv ned hva du tror, og spør dem etterpå. Ingen får se hva den enkelte svarer."),
        reverse("pulse:open_pulse", args=[unit.pk]),
        _("Gjett, og spør"),
    )
