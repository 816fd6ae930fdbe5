"""The demo's talk about missions: questions upward, contributions, comments, words and a pulse."""

from __future__ import annotations

import datetime as dt
from typing import Any

from demo.missions import CAST_CLINIC, read_texts
from demo.post import delivered
from demo.stage import Stage
from missions.contribution.actions import share_contribution, write_contribution
from missions.glossary.actions import explain_term
from missions.models import MissionVersion
from missions.questions.actions import answer_question, ask_question, comment_on_draft, share_draft
from people.models import Unit, User
from pulse.actions import Guess, answer_pulse, open_pulse
from pulse.models import PulseAnswer, PulseRound, Unsure
from pulse.rules import invited_to

ASKED_NOW = "Avdeling for fag og kvalitet"
"""Where the cast's coordinator works."""
PULSE_DAYS = 14
SAY_YES = 3
"""So many can say it; the leader believes that all but one can."""


def play_conversations(stage: Stage) -> None:
    """In the cast's own clinic, all of it by the room's actions."""
    talk = read_texts()["talk"]
    unit = stage.named(CAST_CLINIC)
    _words(stage, talk["terms"])
    _questions_upward(stage, unit, talk["questions"])
    _contribution(stage, unit, talk["contribution"])
    _closed_pulse(stage, unit)
    _open_pulse(stage, stage.named(ASKED_NOW))
    _comment(stage, unit, talk["comment"])


def _words(stage: Stage, terms: list[dict[str, str]]) -> None:
    for day, term in enumerate(terms):
        explain_term(
            word=term["word"],
            explanation=term["explanation"],
            by=stage.cast["administrator"],
            now=stage.at(day - 320, "11.30"),
        )


def _questions_upward(stage: Stage, unit: Unit, questions: list[dict[str, Any]]) -> None:
    """The first was answered long ago; the last waits for the leader above."""
    version = MissionVersion.objects.current_for(unit)
    if version is None or version.above is None:
        raise LookupError(f"nobody is above {unit}")
    leader, above = stage.leader_of(unit), stage.leader_of(version.above.mission.unit)
    for text, asked_on, answer_in in zip(questions, [-200, -5], [21, 14], strict=True):
        asked_at = stage.at(asked_on, "10.40")
        with delivered(asked_at):
            question = ask_question(
                version=version,
                text=text["text"],
                answer_by=asked_at.date() + dt.timedelta(days=answer_in),
                by=leader,
                now=asked_at,
            )
        if answer := text.get("answer"):
            answered_at = stage.at(asked_on + 9, "13.20")
            with delivered(answered_at):
                answer_question(question=question, answer=answer, by=above, now=answered_at)


def _contribution(stage: Stage, unit: Unit, text: str) -> None:
    employee = stage.cast["employee"]
    write_contribution(unit=unit, text=text, by=employee, now=stage.at(-12, "14.10"))
    share_contribution(unit=unit, by=employee, now=stage.at(-11, "08.45"))


def _closed_pulse(stage: Stage, unit: Unit) -> None:
    """Over since yesterday: the leader settles it, and sees how near the guess was."""
    pulse = _begin(stage, unit, opened_on=-PULSE_DAYS - 1)
    invited = pulse.invitations.order_by("user__hr_id").select_related("user")
    cast = stage.cast["employee"]
    _answers(pulse, [one.user for one in invited if one.user != cast])


def _open_pulse(stage: Stage, unit: Unit) -> None:
    """Under way where one of the cast works: all have answered but that one and one more."""
    pulse = _begin(stage, unit, opened_on=-PULSE_DAYS // 2)
    invited = pulse.invitations.order_by("user__hr_id").select_related("user")
    others = [one.user for one in invited if one.user not in stage.cast.values()]
    _answers(pulse, others[1:])


def _begin(stage: Stage, unit: Unit, *, opened_on: int) -> PulseRound:
    """The leader guesses that all but one can say it."""
    leader, opened_at = stage.leader_of(unit), stage.at(opened_on, "09.00")
    invited = invited_to(unit, leader, opened_at.date()).count()
    with delivered(opened_at):
        return open_pulse(
            unit=unit,
            guess=Guess(yes=invited - 1, partly=1, no=0),
            opens_on=opened_at.date(),
            closes_on=opened_at.date() + dt.timedelta(days=PULSE_DAYS),
            by=leader,
            now=opened_at,
        )


def _answers(pulse: PulseRound, people: list[User]) -> None:
    for number, person in enumerate(people):
        answer = PulseAnswer.YES if number < SAY_YES else PulseAnswer.PARTLY
        unsure = frozenset({Unsure.CONTRIBUTION}) if answer == PulseAnswer.PARTLY else frozenset()
        answer_pulse(pulse=pulse, answer=answer, unsure=unsure, by=person, today=pulse.opens_on)


def _comment(stage: Stage, unit: Unit, text: str) -> None:
    """The second version is shown to the clinic, and somebody has said what they think."""
    draft = MissionVersion.objects.drafts().get(mission__unit=unit)
    shared_at = stage.at(-1, "13.10")
    with delivered(shared_at):
        share_draft(version=draft, by=stage.leader_of(unit), now=shared_at)
    colleague = next(one for one in stage.employees[unit.hr_id] if one != stage.cast["employee"])
    comment_on_draft(version=draft, text=text, by=colleague, now=stage.at(-1, "15.05"))
