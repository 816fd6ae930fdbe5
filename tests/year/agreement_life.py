"""Missions, agreements and pulses of the year: some go all the way, and some are left lying."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

from commitments.amending.actions import amend_agreement
from commitments.drafts import AgreementContent, Promise, content_of
from commitments.eligible_pairs import Pair, pairs_of_employee
from commitments.ending.actions import end_agreement
from commitments.follow_up.actions import Said, hold_follow_up
from commitments.leader_changes.actions import close_agreement
from commitments.models import Agreement, FollowUp, Method, Revision, Word
from commitments.pausing.actions import pause_agreement, resume_agreement
from commitments.proposing.actions import agree_to_proposal, propose_agreement, send_back_proposal
from commitments.signing.actions import Proof, sign_agreement
from commitments.writing.actions import save_draft, start_agreement
from missions.models import MissionVersion
from missions.writing.actions import (
    MissionWording,
    acknowledge_mission,
    draft_mission,
    publish_mission,
)
from missions.writing.actions import save_draft as save_mission
from people.models import Unit, User
from people.succession import ids_that_became
from pulse.actions import Guess, answer_pulse, open_pulse
from pulse.models import PulseAnswer, PulseRound
from pulse.rules import invited_to
from tests.year.town import Town

ACTIVITIES = ["Besøke dem som trenger oss", "Lære bort egenmestring", "Melde fra i tide"]


def live_with_agreements(town: Town) -> None:
    """What leaders and employees do with each other in one part of a working day."""
    write_missions(town)
    read_missions(town)
    start(town)
    for agreement in town.some(_open(town), 0.22):
        _take_a_step(town, agreement)
    hold_conversations(town)
    decide_over_what_was_left(town)
    ask_pulses(town)
    answer_pulses(town)


# --- Missions -------------------------------------------------------------------------------------


def write_missions(town: Town) -> None:
    units = town.live_units()
    written = MissionVersion.objects.filter(state="published").values("mission__unit")
    for unit in units.exclude(pk__in=written).order_by("pk")[:2]:
        if town.dice.random() < 0.7:
            _write_mission(town, unit)
    for _each in town.times(0.05):
        _write_mission(town, town.any_of(units))


def _write_mission(town: Town, unit: Unit) -> None:
    leader = town.leader_of(unit)
    if leader is None:
        return
    draft = town.act(
        "missions.draft_mission",
        leader if not _has_draft(unit) else None,
        partial(draft_mission, unit=unit, by=leader, now=town.now),
        unit.name,
    )
    if draft is None:
        return
    above = draft.above
    wording = MissionWording(
        core_task=f"{unit.name} gjør hverdagen tryggere.",
        for_whom="De som bor her",
        contribution="Vi er der det trengs." if above else "",
        core_activities=list(ACTIVITIES),
        serves=above.core_activities.order_by("order")[0].pk if above else None,
    )
    town.act(
        "missions.save_draft",
        leader,
        partial(save_mission, version=draft, wording=wording, by=leader, now=town.now),
        unit.name,
    )
    town.act(
        "missions.publish_mission",
        leader,
        partial(publish_mission, version=draft, by=leader, now=town.now),
        unit.name,
    )


def _has_draft(unit: Unit) -> bool:
    return MissionVersion.objects.filter(mission__unit=unit, state="draft").exists()


def read_missions(town: Town) -> None:
    current = MissionVersion.objects.filter(state="published", mission__unit__in=town.live_units())
    for _each in town.times(3):
        version = town.any_of(current)
        if version is None:
            return
        readers = town.staff().filter(positions__unit=version.mission.unit).distinct()
        reader = town.any_of(readers.exclude(mission_acknowledgements__version=version))
        if reader is not None:
            town.act(
                "missions.acknowledge_mission",
                reader,
                partial(acknowledge_mission, version=version, by=reader, now=town.now),
                version.mission.unit.name,
            )


# --- Agreements -----------------------------------------------------------------------------------


def _open(town: Town) -> Any:
    both_work = {"leader__in": town.staff(), "employee__in": town.staff()}
    return Agreement.objects.open().filter(**both_work).select_related("leader", "employee", "unit")


def start(town: Town) -> None:
    for _each in town.times(0.6):
        person = town.any_of(town.staff())
        pairs = [
            pair
            for pair in pairs_of_employee(person, town.today)
            if not Agreement.objects.open()
            .filter(employee=person, unit__in=ids_that_became(pair.unit.pk))
            .exists()
        ]
        if pairs:
            by = town.dice.choice([pairs[0].leader, person])
            town.act(
                "commitments.start_agreement",
                by,
                partial(start_agreement, pair=pairs[0], by=by, now=town.now),
                _between(pairs[0]),
            )


def _between(pair: Pair | Agreement) -> str:
    return f"{pair.leader.hr_id} and {pair.employee.hr_id}"


def _take_a_step(town: Town, agreement: Agreement) -> None:
    """The next that there is to do, or now and then something else."""
    now, chance = town.now, town.dice.random()
    one = town.dice.choice([agreement.leader, agreement.employee])
    newest = agreement.revisions.exclude(state__in=["superseded", "withdrawn"]).order_by("-number")
    revision: Revision | None = newest.first()
    if agreement.paused_at is not None:
        if chance < 0.2:
            _do(town, "resume_agreement", one, agreement, resume_agreement, agreement=agreement)
    elif chance < 0.05:
        comes_back = town.dice.choice([None, town.today + dt.timedelta(days=20)])
        _do(
            town,
            "pause_agreement",
            one,
            agreement,
            pause_agreement,
            agreement=agreement,
            resumes_on=comes_back,
        )
    elif chance < 0.10 or revision is None:
        _do(
            town,
            "end_agreement",
            one,
            agreement,
            end_agreement,
            agreement=agreement,
            reason="Vi er ferdige med dette.",
        )
    elif revision.state == "draft":
        _write_and_propose(town, agreement, revision, one)
    elif revision.state == "proposed":
        by = agreement.leader if revision.turn == "leader" else agreement.employee
        if chance < 0.25:
            _do(
                town,
                "send_back_proposal",
                by,
                agreement,
                send_back_proposal,
                revision=revision,
                note="Kan vi si det enklere?",
            )
        else:
            _do(
                town,
                "agree_to_proposal",
                by,
                agreement,
                agree_to_proposal,
                revision=revision,
                sha256=revision.sha256,
            )
    elif revision.state == "agreed":
        signed = set(revision.signatures.values_list("signer", flat=True))
        by = next((p for p in (agreement.employee, agreement.leader) if p.pk not in signed), None)
        if by is not None:
            proof = Proof(Method.PASSWORD, now)
            _do(
                town,
                "sign_agreement",
                by,
                agreement,
                sign_agreement,
                revision=revision,
                sha256=revision.sha256,
                proof=proof,
            )
    elif chance < 0.2:
        _do(
            town,
            "amend_agreement",
            one,
            agreement,
            amend_agreement,
            agreement=agreement,
            reason="Noe er blitt annerledes.",
        )


def _do(town: Town, name: str, by: User, of: Agreement, action: Any, /, **about: Any) -> Any:
    return town.act(
        f"commitments.{name}", by, lambda: action(by=by, now=town.now, **about), _between(of)
    )


def _write_and_propose(town: Town, agreement: Agreement, revision: Revision, by: User) -> None:
    activity = revision.mission_version.core_activities.order_by("order")[0]
    content = content_of(revision)
    if not content.commitments:
        promises = [
            Promise(owner, "Jeg lytter først.", "Tillit", activity.pk)
            for owner in ("leader", "employee")
        ]
        content = AgreementContent(promises)
    is_signed = agreement.revisions.filter(state="signed").exists()
    if not is_signed:
        content = replace(content, follow_up_on=town.day_at(town.dice.randint(20, 60), 9).date())
    else:
        content = replace(content, follow_up_on=None)
    saved = _do(
        town,
        "save_draft",
        by,
        agreement,
        save_draft,
        revision=revision,
        seen_version=revision.version,
        content=content,
    )
    if saved is not None and town.dice.random() < 0.7:
        _do(
            town,
            "propose_agreement",
            by,
            agreement,
            propose_agreement,
            revision=saved,
            seen_version=saved.version,
        )


def hold_conversations(town: Town) -> None:
    due = FollowUp.objects.filter(
        held_at=None,
        lapsed_at=None,
        due_on__lte=town.today,
        agreement__in=_open(town).filter(paused_at=None),
    )
    for planned in town.some(due.select_related("agreement__leader", "agreement__employee"), 0.25):
        agreement = planned.agreement
        words = [Word.KEPT, Word.ON_THE_WAY, Word.LET_GO]
        said = {
            one.pk: Said(town.dice.choice(words), "Det gikk som det gikk.")
            for one in planned.revision.commitments.order_by("order")
        }
        _do(
            town,
            "hold_follow_up",
            agreement.leader,
            agreement,
            hold_follow_up,
            follow_up=planned,
            said=said,
            next_on=town.day_at(town.dice.randint(30, 60), 9).date(),
        )


def decide_over_what_was_left(town: Town) -> None:
    left = Agreement.objects.parted().filter(employee__in=town.staff())
    for agreement in town.some(left.select_related("leader", "employee"), 0.01):
        by = agreement.employee
        _do(town, "close_agreement", by, agreement, close_agreement, agreement=agreement)


# --- Pulses ---------------------------------------------------------------------------------------


def ask_pulses(town: Town) -> None:
    for _each in town.times(0.06):
        unit = town.any_of(town.live_units().filter(level="unit"))
        leader = town.leader_of(unit)
        if leader is None:
            continue
        asked = invited_to(unit, leader, town.today).count()
        town.act(
            "pulse.open_pulse",
            leader,
            partial(
                open_pulse,
                unit=unit,
                guess=Guess(asked, 0, 0),
                opens_on=town.today,
                closes_on=town.today + dt.timedelta(days=14),
                by=leader,
                now=town.now,
            ),
            unit.name,
        )


def answer_pulses(town: Town) -> None:
    asked = PulseRound.objects.filter(settled_at=None, closes_on__gte=town.today)
    for pulse in asked.order_by("pk"):
        waiting = town.staff().filter(
            pk__in=pulse.invitations.filter(has_answered=False).values("user")
        )
        for person in town.some(waiting, 0.1):
            answer = town.dice.choice(list(PulseAnswer))
            town.act(
                "pulse.answer_pulse",
                None,
                partial(
                    answer_pulse,
                    pulse=pulse,
                    answer=answer,
                    unsure=frozenset(),
                    by=person,
                    today=town.today,
                ),
            )
