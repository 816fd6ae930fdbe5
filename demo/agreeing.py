"""One agreement of the demo: each step is one of the room's own actions, on its day.

Nobody signed in to sign these, and the signatures say so: their method is «demo».
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils import timezone

from commitments.drafts import AgreementContent, Promise, content_of
from commitments.eligible_pairs import Pair, mission_for
from commitments.evidence.sealing import keep_document
from commitments.follow_up.actions import Said, hold_follow_up
from commitments.models import Agreement, FollowUp, Method, Revision, Word
from commitments.preparing.actions import save_answer, say_ready
from commitments.proposing.actions import agree_to_proposal, propose_agreement, send_back_proposal
from commitments.rounds.actions import begin_round
from commitments.signing.actions import Proof, sign_agreement
from commitments.writing.actions import save_draft, start_agreement
from demo.agreement_texts import AgreementTexts
from demo.post import delivered
from demo.stage import Stage
from missions.models import MissionVersion
from people.models import User

WORDS = {"held": Word.KEPT, "under_way": Word.ON_THE_WAY, "renegotiate": Word.RENEGOTIATE}


def content_from(
    text: dict[str, Any], mission: MissionVersion, *, follow_up_on: dt.date | None = None
) -> AgreementContent:
    activities = list(mission.core_activities.all())
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
        for one in text["commitments"]
    ]
    return AgreementContent(promises, follow_up_on=follow_up_on, **text.get("wording", {}))


class DemoConversation:
    """One leader and one employee; each step is one action on one day."""

    def __init__(self, stage: Stage, pair: Pair, text: dict[str, Any], begun: int) -> None:
        self.stage = stage
        self.pair = pair
        self.text = text
        self.answers: dict[str, dict[str, str]] = {}
        self.day = begun
        self.agreement: Agreement
        self.revision: Revision

    def start(self, by: User) -> DemoConversation:
        return self.take_up(start_agreement(pair=self.pair, by=by, now=self._now()))

    def take_up(self, agreement: Agreement) -> DemoConversation:
        """Goes on with what is begun."""
        self.agreement = agreement
        self.revision = agreement.revisions.get()
        return self

    def prepare(self, *authors: User) -> DemoConversation:
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

    def write(self, by: User, follow_up_in: int = 90) -> DemoConversation:
        mission = self.revision.mission_version
        content = content_from(self.text, mission, follow_up_on=self._date(follow_up_in))
        return self._save(content, by)

    def counter(self, changed: dict[str, Any], by: User) -> DemoConversation:
        """Answer a proposal with another one: the first commitment as `by` would rather have it."""
        content = content_of(self.revision)
        first, *rest = content.commitments
        self._save(replace(content, commitments=[replace(first, **changed), *rest]), by)
        return self.propose(by)

    def _save(self, content: AgreementContent, by: User) -> DemoConversation:
        self.revision = save_draft(
            revision=self.revision,
            seen_version=self.revision.version,
            content=content,
            by=by,
            now=self._now(),
        )
        return self

    def propose(self, by: User, *, is_news: bool = False) -> DemoConversation:
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

    def send_back(self, by: User, note: str) -> DemoConversation:
        self.revision = self._done(
            lambda: send_back_proposal(revision=self.revision, note=note, by=by, now=self._now())
        )
        return self

    def agree(self, by: User, *, is_news: bool = False) -> DemoConversation:
        self.revision = self._done(
            lambda: agree_to_proposal(
                revision=self.revision, sha256=self.revision.sha256, by=by, now=self._now()
            ),
            is_news=is_news,
        )
        return self

    def sign(self, *signers: User) -> DemoConversation:
        for signer in signers:
            self.revision = self._done(partial(self._sign, signer))
        return self

    def _sign(self, by: User) -> Revision:
        now = self._now()
        proof = Proof(Method.DEMO, now)
        return sign_agreement(
            revision=self.revision, sha256=self.revision.sha256, proof=proof, by=by, now=now
        )

    def keep_pdf(self) -> DemoConversation:
        """Sealed when the demo is loaded, and saying so: no seal is dated back."""
        signed = Revision.objects.with_content().get(pk=self.revision.pk)
        keep_document(revision=signed, now=timezone.now())
        return self

    def follow_up(self, by: User, next_in: int, texts: AgreementTexts) -> DemoConversation:
        """The planned conversation is held on its day."""
        planned: FollowUp = self.agreement.follow_ups.outstanding().get()
        self.day = (planned.due_on - self.stage.today).days
        words = list(WORDS.items())
        said = {
            one.pk: Said(words[at % 3][1], texts.reflection(words[at % 3][0]))
            for at, one in enumerate(planned.revision.commitments.all())
        }
        self._done(
            lambda: hold_follow_up(
                follow_up=planned, said=said, next_on=self._date(next_in), by=by, now=self._now()
            )
        )
        return self

    def signed_by_both(self, follow_up_in: int = 90) -> DemoConversation:
        """The whole way, in the order most take it."""
        leader, employee = self.pair.leader, self.pair.employee
        self.start(leader).write(leader, follow_up_in).propose(leader).later(4)
        return self.agree(employee).later(1).sign(employee, leader)

    def later(self, days: int) -> DemoConversation:
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


def begin_together(talks: list[DemoConversation], text: dict[str, Any], *, by: User) -> None:
    """A round: the leader begins with all of them at once, from one text."""
    first = talks[0]
    unit, now = first.pair.unit, first._now()
    mission = mission_for(unit, first.stage.today)
    if mission is None:
        raise LookupError(f"{unit} has no mission")
    with delivered(now):
        begun = begin_round(
            unit=unit,
            pairs=[talk.pair for talk in talks],
            content=content_from(text, mission),
            by=by,
            now=now,
        )
    by_employee = {one.employee_id: one for one in begun.agreements.all()}
    for talk in talks:
        talk.take_up(by_employee[talk.pair.employee.pk])
