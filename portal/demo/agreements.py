"""The demo's agreements: one in every state at the cast's clinic, and signed ones around the city.

Everything goes by the room's own actions, each on its day. Nobody signed in to sign these, and the
signatures say so: their method is «demo».
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils import timezone

from commitments.actions import (
    Appointment,
    Content,
    Promise,
    Proof,
    Said,
    agree_to_proposal,
    amend_agreement,
    arrange_follow_up,
    comment_on_agreement,
    end_agreement,
    hold_follow_up,
    name_substitute,
    part_agreement,
    pause_agreement,
    propose_agreement,
    save_answer,
    save_draft,
    say_ready,
    send_back_proposal,
    sign_agreement,
    start_agreement,
)
from commitments.documents import keep_document
from commitments.line import Pair, mission_for
from commitments.models import Agreement, FollowUp, Method, Revision, Word
from people.models import Unit, User
from portal.demo.missions import CAST_CLINIC
from portal.demo.names import DATA
from portal.demo.post import delivered
from portal.demo.stage import Stage

WORDS = {"held": Word.KEPT, "under_way": Word.ON_THE_WAY, "renegotiate": Word.RENEGOTIATE}
CAST_WORKS_IN = {
    "Seksjon for læring og kurs": "organiser",
    "Seksjon for arbeidsgiverpolitikk": "hr",
    "Seksjon for styring og samordning": "administrator",
    "Avdeling for fag og kvalitet": "coordinator",
}
AWAY_FROM = "Tannklinikken Majorstuen"
AGREED_IN = {"Tannhelsetjenesten": 2, "Bydel Sagene": 3, "Bydel Grünerløkka": 3}
"""Agencies where agreements are in use, with how many employees each leader has signed."""


def play_agreements(stage: Stage) -> None:
    play_cast_agreements(stage)
    _Around(stage).play()


def play_cast_agreements(stage: Stage) -> None:
    _CastClinic(stage).play()


class Conversation:
    """One leader and one employee; each step is one action on one day."""

    def __init__(self, stage: Stage, pair: Pair, text: dict[str, Any], begun: int) -> None:
        self.stage = stage
        self.pair = pair
        self.text = text
        self.answers: dict[str, dict[str, str]] = {}
        self.day = begun
        self.agreement: Agreement
        self.revision: Revision

    def start(self, by: User) -> Conversation:
        self.agreement = start_agreement(pair=self.pair, by=by, now=self._now())
        self.revision = self.agreement.revisions.get()
        return self

    def prepare(self, *authors: User) -> Conversation:
        """Each answers the guiding questions, and says that they are ready."""
        for author in authors:
            party = str(self.agreement.party(author))
            for question, text in self.answers[party].items():
                save_answer(
                    agreement=self.agreement,
                    question=question,
                    text=text,
                    by=author,
                    now=self._now(),
                )
            self._done(partial(say_ready, agreement=self.agreement, by=author, now=self._now()))
        return self

    def write(self, by: User, follow_up_in: int = 90, share: int | None = None) -> Conversation:
        """Writes all commitments, or the first few of a draft that has just begun."""
        activities = list(self.revision.mission_version.core_activities.all())
        promises = [
            Promise(
                owner=one["owner"],
                text=one["text"],
                why=one["why"],
                core_activity_id=activities[one["activity"] - 1].pk,
                support=one.get("support", ""),
                signs=one.get("signs", ""),
                room=one.get("room", ""),
            )
            for one in self.text["commitments"][:share]
        ]
        wording = self.text.get("wording", {}) if share is None else {}
        content = Content(promises, follow_up_on=self._date(follow_up_in), **wording)
        self.revision = save_draft(
            revision=self.revision,
            seen_version=self.revision.version,
            content=content,
            by=by,
            now=self._now(),
        )
        return self

    def propose(self, by: User, *, is_news: bool = False) -> Conversation:
        self.revision = self._done(
            lambda: propose_agreement(
                revision=self.revision,
                seen_version=self.revision.version,
                by=by,
                now=self._now(),
            ),
            is_news=is_news,
        )
        return self

    def send_back(self, by: User, note: str) -> Conversation:
        self.revision = self._done(
            lambda: send_back_proposal(revision=self.revision, note=note, by=by, now=self._now())
        )
        return self

    def agree(self, by: User, *, is_news: bool = False) -> Conversation:
        self.revision = self._done(
            lambda: agree_to_proposal(
                revision=self.revision, sha256=self.revision.sha256, by=by, now=self._now()
            ),
            is_news=is_news,
        )
        return self

    def sign(self, *signers: User) -> Conversation:
        for signer in signers:
            self.revision = self._done(partial(self._sign, signer))
        return self

    def _sign(self, by: User) -> Revision:
        now = self._now()
        proof = Proof(Method.DEMO, now)
        return sign_agreement(
            revision=self.revision, sha256=self.revision.sha256, proof=proof, by=by, now=now
        )

    def keep_pdf(self) -> Conversation:
        """Sealed when the demo is loaded, and saying so: no seal is dated back."""
        signed = Revision.objects.with_content().get(pk=self.revision.pk)
        keep_document(revision=signed, now=timezone.now())
        return self

    def follow_up(self, by: User, next_in: int) -> Conversation:
        """The planned conversation is held on its day."""
        planned: FollowUp = self.agreement.follow_ups.outstanding().get()
        self.day = (planned.due_on - self.stage.today).days
        words = list(WORDS.items())
        said = {
            one.pk: Said(words[at % 3][1], self.text["reflection"][words[at % 3][0]])
            for at, one in enumerate(planned.revision.commitments.all())
        }
        self._done(
            lambda: hold_follow_up(
                follow_up=planned, said=said, next_on=self._date(next_in), by=by, now=self._now()
            )
        )
        return self

    def signed_by_both(self, follow_up_in: int = 90) -> Conversation:
        """The whole way, in the order most take it."""
        leader, employee = self.pair.leader, self.pair.employee
        self.start(leader).write(leader, follow_up_in).propose(leader).later(4)
        return self.agree(employee).later(1).sign(employee, leader)

    def later(self, days: int) -> Conversation:
        self.day += days
        return self

    def _now(self) -> dt.datetime:
        """In working hours, and never after the demo's own moment."""
        return min(self.stage.at(self.day, "13.10"), self.stage.now)

    def _date(self, days: int) -> dt.date:
        return self.stage.at(self.stage.working_day(self.day + days)).date()

    def _done(self, step: Callable[[], Any], *, is_news: bool = False) -> Any:
        """Letters of old steps are delivered already; news goes out when the portal starts."""
        if is_news:
            return step()
        with delivered(self._now()):
            return step()


class _CastClinic:
    """What the cast meets on their own pages: one agreement in every state."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.unit = stage.named(CAST_CLINIC)
        self.leader = stage.cast["leader"]
        others = [one for one in stage.employees[self.unit.hr_id] if one != stage.cast["employee"]]
        self.others = iter(others)
        self.texts = tomllib.loads((DATA / "agreements.toml").read_text(encoding="utf-8"))
        self.talks = self.texts["kind"]["tannklinikk"]

    def play(self) -> None:
        self._signed()
        self._left_behind()
        self._above()
        self._elsewhere()
        self._being_signed()
        self._being_written()
        self._being_prepared()
        self._leader_is_away()

    def _being_written(self) -> None:
        leader, employee = self.leader, self.stage.cast["employee"]
        with_employee = self._talk(employee, -6).start(leader).write(leader).later(5)
        with_employee.propose(leader, is_news=True)
        one = next(self.others)
        begun = self._talk(one, -3)
        begun.answers = self.texts["answers"]
        begun.start(one).prepare(one, leader).write(one, share=2)
        one = next(self.others)
        self._talk(one, -8).start(one).write(one).later(3).propose(one)
        one = next(self.others)
        sent_back = self._talk(one, -15).start(leader).write(leader).propose(leader)
        sent_back.later(6).send_back(one, self.texts["texts"]["send_back"])
        self._rest(sent_back.later(4))

    def _being_prepared(self) -> None:
        """One who is ready, and waits for the leader."""
        waiting = self._talk(next(self.others), -4)
        waiting.answers = self.texts["answers"]
        waiting.start(waiting.pair.employee).prepare(waiting.pair.employee)

    def _being_signed(self) -> None:
        leader, one = self.leader, next(self.others)
        waiting = self._talk(one, -9).start(leader).write(leader).propose(leader)
        waiting.later(7).agree(one, is_news=True).later(1).sign(one)

    def _leader_is_away(self) -> None:
        """A leader on leave in another clinic: the coordinator may sign what waits there."""
        unit = self.stage.named(AWAY_FROM)
        leader, one = self.stage.leader_of(unit), self.stage.employees[unit.hr_id][-1]
        talk = Conversation(self.stage, Pair(leader, one, unit, ""), self.talks[0], -8)
        talk.start(one).write(one).propose(one).later(4)
        with delivered(talk._now()):
            name_substitute(
                leader=leader,
                substitute=self.stage.cast["coordinator"],
                unit=unit,
                valid_from=self.stage.at(talk.day).date(),
                valid_to=self.stage.at(21).date(),
                by=leader,
                now=talk._now(),
            )
        talk.agree(leader)

    def _signed(self) -> None:
        leader = self.leader
        held = self._talk(next(self.others), -200).signed_by_both(60).keep_pdf()
        held.follow_up(leader, 80).follow_up(leader, 75)
        self._arrange(held)
        self._talk(next(self.others), -25).signed_by_both(28).keep_pdf()
        one = next(self.others)
        changing = self._talk(one, -120).signed_by_both(150).keep_pdf()
        self._amend(changing.later(112), one)
        one = next(self.others)
        ended = self._talk(one, -300).signed_by_both(60).keep_pdf().follow_up(one, 120).later(30)
        reason = self.texts["texts"]["end"]
        with delivered(ended._now()):
            end_agreement(agreement=ended.agreement, reason=reason, by=leader, now=ended._now())

    def _left_behind(self) -> None:
        """Signed with a former leader, who reads it no more; whether to share it is her choice."""
        former = self.stage.leaders[self.stage.organisation.parent_of(self.unit.hr_id)]
        pair = Pair(former, self.stage.cast["employee"], self.unit, "")
        talk = Conversation(self.stage, pair, self.texts["kind"]["any"][0], -150)
        talk.signed_by_both(200).keep_pdf().later(140)
        with delivered(talk._now()):
            part_agreement(talk.agreement.pk, now=talk._now())

    def _rest(self, talk: Conversation) -> None:
        """While somebody is away; nobody asks why."""
        with delivered(talk._now()):
            pause_agreement(
                agreement=talk.agreement,
                resumes_on=talk._date(40),
                by=talk.pair.employee,
                now=talk._now(),
            )

    def _arrange(self, talk: Conversation) -> None:
        when = self.stage.at(self.stage.working_day(19), "09.00")
        with delivered(talk._now()):
            arrange_follow_up(
                agreement=talk.agreement,
                appointment=Appointment(when, 45, "Møterommet"),
                by=self.leader,
                now=talk._now(),
            )

    def _amend(self, talk: Conversation, by: User) -> None:
        reason = self.texts["texts"]["amend"]
        talk.revision = amend_agreement(
            agreement=talk.agreement, reason=reason, by=by, now=talk._now()
        )
        comment_on_agreement(revision=talk.revision, text=reason, by=by, now=talk._now())

    def _above(self) -> None:
        """The cast's leader is an employee too."""
        above = self.stage.leaders[self.stage.organisation.parent_of(self.unit.hr_id)]
        pair = Pair(above, self.leader, self.unit, "")
        talk = Conversation(self.stage, pair, self.texts["kind"]["any"][0], -70)
        talk.signed_by_both(91).keep_pdf()

    def _elsewhere(self) -> None:
        """The others of the cast, each with the leader of where they work."""
        text = self.texts["kind"]["any"][0]
        for place, key in CAST_WORKS_IN.items():
            unit = self.stage.named(place)
            leader = self.stage.leader_of(unit)
            pair = Pair(leader, self.stage.cast[key], unit, "")
            talk = Conversation(self.stage, pair, text, -40)
            if key == "coordinator":
                talk.later(33).start(leader).write(leader).later(5).propose(leader, is_news=True)
            else:
                talk.signed_by_both(100).keep_pdf()

    def _talk(self, employee: User, begun: int) -> Conversation:
        self.talks.append(self.talks.pop(0))
        pair = Pair(self.leader, employee, self.unit, "")
        return Conversation(self.stage, pair, self.talks[0], begun)


class _Around:
    """Signed ones in other units, so that HR has figures to see; the worker makes their PDFs."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.rng = stage.rng("agreements")
        self.texts = tomllib.loads((DATA / "agreements.toml").read_text(encoding="utf-8"))

    def play(self) -> None:
        for staff_unit in self.stage.organisation.units:
            unit = self.stage.units[staff_unit.hr_id]
            count = AGREED_IN.get(unit.agency.name if unit.agency else "", 0)
            is_known = staff_unit.kind in self.texts["kind"] and unit.name != CAST_CLINIC
            if count and is_known and self._has_mission(unit):
                self._sign(unit, staff_unit.kind, count)

    def _has_mission(self, unit: Unit) -> bool:
        """Its own, of the kind that the texts are written for."""
        mission = mission_for(unit, self.stage.today)
        return mission is not None and mission.mission.unit_id == unit.pk

    def _sign(self, unit: Unit, kind: str, count: int) -> None:
        for employee in self.stage.employees[unit.hr_id][:count]:
            text = self.rng.choice(self.texts["kind"][kind])
            pair = Pair(self.stage.leader_of(unit), employee, unit, "")
            begun = -self.rng.randint(12, 75)
            Conversation(self.stage, pair, text, begun).signed_by_both(self.rng.randint(95, 150))
