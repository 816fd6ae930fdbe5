"""The demo's agreements: one in every state at the cast's clinic, and signed ones around the city.

Everything goes by the room's own actions, each on its day. Nobody signed in to sign these, and the
signatures say so: their method is «demo».
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from commitments.amending.actions import amend_agreement
from commitments.eligible_pairs import Pair, mission_for
from commitments.ending.actions import end_agreement
from commitments.follow_up.actions import Appointment, arrange_follow_up
from commitments.leader_changes.actions import part_agreement, share_agreement
from commitments.models import Agreement
from commitments.pausing.actions import pause_agreement
from commitments.proposing.actions import comment_on_agreement
from commitments.substitution.actions import name_substitute
from demo.agreeing import DemoConversation, begin_together
from demo.agreement_texts import AgreementTexts
from demo.missions import CAST_CLINIC
from demo.post import delivered
from demo.stage import Stage
from people.models import IMPORT_UNDO_WINDOW, Leadership, Unit, User

CAST_WORKS_IN = {
    "Seksjon for læring og kurs": "organiser",
    "Seksjon for arbeidsgiverpolitikk": "hr",
    "Seksjon for styring og samordning": "administrator",
    "Avdeling for fag og kvalitet": "coordinator",
}
AWAY_FROM = "Tannklinikken Majorstuen"
AGREED_IN = {"Tannhelsetjenesten": 2, "Bydel Sagene": 3, "Bydel Grünerløkka": 3}
"""Agencies where agreements are in use, with how many employees each leader has signed."""
CALLS = "Jeg ringer pasienter"
VISITS = "besøkene i to barnehager"


def play_agreements(stage: Stage) -> None:
    texts = AgreementTexts(stage.rng("agreement texts"))
    _CastClinic(stage, texts).play()
    _Around(stage, texts).play()


def play_cast_agreements(stage: Stage) -> None:
    _CastClinic(stage, AgreementTexts(stage.rng("agreement texts"))).play()


class _CastClinic:
    """What the cast meets on their own pages: one agreement in every state."""

    def __init__(self, stage: Stage, texts: AgreementTexts) -> None:
        self.stage = stage
        self.unit = stage.named(CAST_CLINIC)
        self.leader = stage.cast["leader"]
        others = [one for one in stage.employees[self.unit.hr_id] if one != stage.cast["employee"]]
        self.others, self.newest = iter(others), others[-1]
        self.texts = texts

    def play(self) -> None:
        self._signed()
        self._left_behind(self.stage.cast["employee"], -150)
        self._share(self._left_behind(self.newest, -210))
        self._above()
        self._elsewhere()
        self._being_signed()
        self._round()
        self._sent_back()
        self._leader_is_away()

    def _round(self) -> None:
        """Begun with several at once ten days ago; each has come as far as each has come."""
        people = [self.stage.cast["employee"], *(next(self.others) for _each in range(3))]
        about = ["", CALLS, CALLS, ""]
        talks = [self._talk(one, -10, about=of) for one, of in zip(people, about, strict=True)]
        told_to_all = self.texts.draw("tannklinikk")["commitments"]
        promises = [one for one in told_to_all if one["owner"] == "leader"]
        wording = self.texts.read["round"]
        begin_together(talks, {"commitments": promises, "wording": wording}, by=self.leader)
        proposed, revealed, countered, waiting = talks
        proposed.later(4).write(self.leader).later(5).propose(self.leader, is_news=True)
        revealed.answers, waiting.answers = self.texts.answers(), self.texts.answers()
        revealed.later(6).prepare(revealed.pair.employee).later(3).prepare(self.leader)
        revealed.write(self.leader)
        waiting.later(6).prepare(waiting.pair.employee)
        self._counter(countered)

    def _counter(self, talk: DemoConversation) -> None:
        """The leader has proposed, and gets another proposal for an answer."""
        talk.later(2).write(self.leader).propose(self.leader).later(4)
        talk.counter(self.texts.read["counter"], by=talk.pair.employee)

    def _sent_back(self) -> None:
        one = next(self.others)
        sent_back = self._talk(one, -15, about=VISITS).start(self.leader).write(self.leader)
        sent_back.propose(self.leader).later(6).send_back(
            one, self.texts.read["texts"]["send_back"]
        )
        self._rest(sent_back.later(4))

    def _being_signed(self) -> None:
        leader, one = self.leader, next(self.others)
        waiting = self._talk(one, -9).start(leader).write(leader).propose(leader)
        waiting.later(7).agree(one, is_news=True).later(1).sign(one)

    def _leader_is_away(self) -> None:
        """A leader on leave in another clinic: the coordinator may sign what waits there."""
        unit = self.stage.named(AWAY_FROM)
        leader, one = self.stage.leader_of(unit), self.stage.employees[unit.hr_id][-1]
        talk = DemoConversation(
            self.stage, Pair(leader, one, unit, ""), self.texts.draw("tannklinikk"), -8
        )
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
        held.follow_up(leader, 80, self.texts).follow_up(leader, 75, self.texts)
        self._arrange(held)
        self._talk(next(self.others), -25).signed_by_both(28).keep_pdf()
        one = next(self.others)
        changing = self._talk(one, -120).signed_by_both(150).keep_pdf()
        self._amend(changing.later(112), one)
        one = next(self.others)
        ended = self._talk(one, -300).signed_by_both(60).keep_pdf()
        ended.follow_up(one, 120, self.texts).later(30)
        reason = self.texts.read["texts"]["end"]
        with delivered(ended._now()):
            end_agreement(agreement=ended.agreement, reason=reason, by=leader, now=ended._now())

    def _left_behind(self, employee: User, begun: int) -> DemoConversation:
        """Signed with a former leader, who reads it no more; the employee may share it or not."""
        former = self.stage.leaders[self.stage.organisation.parent_of(self.unit.hr_id)]
        pair = Pair(former, employee, self.unit, "")
        talk = DemoConversation(self.stage, pair, self.texts.draw("any"), begun)
        with self._led_by(former):
            talk.signed_by_both(200).keep_pdf().later(140)
        with delivered(talk._now()):
            seen_at = talk._now() - IMPORT_UNDO_WINDOW
            Agreement.objects.filter(pk=talk.agreement.pk).update(left_behind_at=seen_at)
            part_agreement(talk.agreement.pk, now=talk._now())
        return talk

    @contextmanager
    def _led_by(self, former: User) -> Iterator[None]:
        """Nobody signs with a leader who has moved: until the signing, the former one leads."""
        held = Leadership.objects.filter(unit=self.unit, valid_to=None)
        held.update(user=former)
        try:
            yield
        finally:
            held.update(user=self.leader)

    def _share(self, talk: DemoConversation) -> None:
        """The new leader may read what was signed with the former one."""
        talk.later(20)
        with delivered(talk._now()):
            share_agreement(
                agreement=talk.agreement,
                with_user=self.leader,
                by=talk.pair.employee,
                now=talk._now(),
            )

    def _rest(self, talk: DemoConversation) -> None:
        """While somebody is away; nobody asks why."""
        with delivered(talk._now()):
            pause_agreement(
                agreement=talk.agreement,
                resumes_on=talk._date(40),
                by=talk.pair.employee,
                now=talk._now(),
            )

    def _arrange(self, talk: DemoConversation) -> None:
        when = self.stage.at(self.stage.working_day(19), "09.00")
        with delivered(talk._now()):
            arrange_follow_up(
                agreement=talk.agreement,
                appointment=Appointment(when, 45, "Møterommet"),
                by=self.leader,
                now=talk._now(),
            )

    def _amend(self, talk: DemoConversation, by: User) -> None:
        reason = self.texts.read["texts"]["amend"]
        talk.revision = amend_agreement(
            agreement=talk.agreement, reason=reason, by=by, now=talk._now()
        )
        comment_on_agreement(revision=talk.revision, text=reason, by=by, now=talk._now())

    def _above(self) -> None:
        """The cast's leader is an employee too."""
        above = self.stage.leaders[self.stage.organisation.parent_of(self.unit.hr_id)]
        pair = Pair(above, self.leader, self.unit, "")
        talk = DemoConversation(self.stage, pair, self.texts.draw("any"), -70)
        talk.signed_by_both(91).keep_pdf()

    def _elsewhere(self) -> None:
        """The others of the cast, each with the leader of where they work."""
        for place, key in CAST_WORKS_IN.items():
            unit = self.stage.named(place)
            leader = self.stage.leader_of(unit)
            pair = Pair(leader, self.stage.cast[key], unit, "")
            talk = DemoConversation(self.stage, pair, self.texts.draw("any"), -40)
            if key == "coordinator":
                talk.later(33).start(leader).write(leader).later(5).propose(leader, is_news=True)
            else:
                talk.signed_by_both(100).keep_pdf()

    def _talk(self, employee: User, begun: int, *, about: str = "") -> DemoConversation:
        pair = Pair(self.leader, employee, self.unit, "")
        text = self.texts.draw("tannklinikk", about=about)
        return DemoConversation(self.stage, pair, text, begun)


class _Around:
    """Signed ones in other units, so that HR has figures to see; the worker makes their PDFs."""

    def __init__(self, stage: Stage, texts: AgreementTexts) -> None:
        self.stage = stage
        self.rng = stage.rng("agreements")
        self.texts = texts

    def play(self) -> None:
        for staff_unit in self.stage.organisation.units:
            unit = self.stage.units[staff_unit.hr_id]
            count = AGREED_IN.get(unit.agency.name if unit.agency else "", 0)
            is_known = self.texts.knows(staff_unit.kind) and unit.name != CAST_CLINIC
            if count and is_known and self._has_mission(unit):
                self._sign(unit, staff_unit.kind, count)

    def _has_mission(self, unit: Unit) -> bool:
        """Its own, of the kind that the texts are written for."""
        mission = mission_for(unit, self.stage.today)
        return mission is not None and mission.mission.unit_id == unit.pk

    def _sign(self, unit: Unit, kind: str, count: int) -> None:
        for employee in self.stage.employees[unit.hr_id][:count]:
            text = self.texts.draw(kind)
            pair = Pair(self.stage.leader_of(unit), employee, unit, "")
            begun = -self.rng.randint(12, 75)
            DemoConversation(self.stage, pair, text, begun).signed_by_both(
                self.rng.randint(95, 150)
            )
