"""An agreement's life in any order of events, by four people who each act on what they last saw.

The two parties, a substitute and a stranger do everything there is to do, also on pages that went
stale while another acted: that is two at once, in every order. A plain model says which of it goes
through, and after each step the database is asked whether everything holds that always must.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commitments.amending.actions import amend_agreement
from commitments.declining.actions import decline_proposal, withdraw_proposal
from commitments.ending.actions import end_agreement
from commitments.evidence.sealing import keep_document
from commitments.evidence.verification import verify_all
from commitments.follow_up.actions import Said, hold_follow_up
from commitments.models import (
    OPEN_STATES,
    Agreement,
    Commitment,
    EvidenceEvent,
    FollowUp,
    Method,
    Note,
    Party,
    Revision,
    RevisionState,
    Signature,
)
from commitments.pausing.actions import pause_agreement, resume_agreement
from commitments.proposing.actions import (
    agree_to_proposal,
    comment_on_agreement,
    propose_agreement,
    send_back_proposal,
)
from commitments.renewing.actions import renew_agreement
from commitments.signing.actions import Proof, sign_agreement
from commitments.signing_authority import revisions_to_sign_for
from commitments.substitution.actions import end_substitution
from commitments.writing.actions import save_draft
from common.errors import Refused
from evidence.canonical import sha256_of
from outbox.models import Letter
from people.models import Substitution, User
from tests import clock
from tests.cast import Cast
from tests.commitments.factories import (
    SECRETS,
    make_agreement,
    make_content,
    make_substitution,
    newest,
    part,
)

pytestmark = pytest.mark.no_cover

FINAL = [RevisionState.SIGNED, RevisionState.SUPERSEDED, RevisionState.WITHDRAWN]
PRIVATE: list[Any] = [Agreement, Revision, Commitment, Signature, Note, FollowUp]
WEEK = dt.timedelta(days=7)
OWNERS = [("leader", "employee"), ("leader", "employee", "both"), ("leader",), ("employee",)]

anybody = st.sampled_from([*["leader", "employee"] * 3, "substitute", "stranger"])
"""The two most often, or little would ever be signed."""
owners = st.sampled_from(OWNERS)
rarely = st.sampled_from([False] * 5 + [True])
"""For what ends it: else most lives would be short."""


class Model:
    """What is known of an agreement without asking the database."""

    def __init__(self) -> None:
        self.state = "draft"
        self.number = 1
        self.version = 1
        self.turn = ""
        self.proposer = ""
        self.owners: tuple[str, ...] = ()
        self.signed_by: dict[str, str] = {}
        self.media: set[str] = set()
        self.has_signed = False
        """Some revision of it is signed by both."""
        self.is_ended = False
        self.is_parted = False
        self.is_paused = False
        self.is_planned = False
        self.follows_up = False
        """The text that is being made says when the two talk."""

    @property
    def goes_on(self) -> bool:
        return not (self.is_ended or self.is_parted)

    @property
    def is_open(self) -> bool:
        return self.state in ("draft", "proposed", "agreed")

    def is_party(self, who: str) -> bool:
        return who == "employee" or (who == "leader" and not self.is_parted)

    def acts(self, who: str) -> bool:
        return self.is_party(who) and self.goes_on

    def next_draft(self) -> None:
        self.state, self.version = "draft", 1
        self.number += 1
        self.signed_by, self.media = {}, set()

    def leave_open_one(self) -> None:
        """What was being made is withdrawn: back to what is signed, or the end of it."""
        self.signed_by, self.media = {}, set()
        self.state = "signed" if self.has_signed else "withdrawn"
        if not self.has_signed:
            self.is_ended = True


def tried(action: Callable[[], object]) -> bool:
    """Whether it was done; a refusal leaves no trace."""
    try:
        action()
    except Refused:
        return False
    return True


def machine(cast: Cast) -> type[RuleBasedStateMachine]:
    people: dict[str, User] = {
        "leader": cast.leader,
        "employee": cast.employee,
        "substitute": cast.hr,
        "stranger": cast.stranger,
    }

    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.block = transaction.atomic()
            self.block.__enter__()
            self.final: dict[int, tuple[Any, ...]] = {}
            self.chains: dict[int, list[str]] = {}
            self.held: Substitution | None = None
            self.begin()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

        def begin(self) -> None:
            self.agreement = make_agreement(cast)
            self.model = Model()
            self.seen = dict.fromkeys(people, newest(self.agreement))

        # What somebody has on the screen

        @property
        def now(self) -> dt.datetime:
            return timezone.now()

        def is_fresh(self, who: str) -> bool:
            """The page shows what stands there now."""
            seen, model = self.seen[who], self.model
            return (seen.number, seen.version) == (model.number, model.version)

        def shows(self, who: str) -> Revision:
            """With the relation asked anew: a page holds the numbers of rows, and no rows."""
            return Revision(
                pk=self.seen[who].pk,
                agreement=Agreement.objects.get(pk=self.agreement.pk),
                number=self.seen[who].number,
            )

        def after(self, who: str, done: bool) -> None:
            """Whoever has done something sees how it stands; the other still has the old page."""
            if done:
                self.look(who)

        def look(self, who: str) -> None:
            self.seen[who] = newest(self.agreement)

        @rule(who=anybody)
        def open_the_page(self, who: str) -> None:
            self.look(who)

        @rule()
        def everybody_opens_the_page(self) -> None:
            for who in people:
                self.look(who)

        @precondition(lambda self: self.model.goes_on and self.model.state == "draft")
        @rule(who=st.sampled_from(["leader", "employee"]))
        def agree_at_one_go(self, who: str) -> None:
            """Else few lives would come so far by chance."""
            other = "leader" if who == "employee" else "employee"
            self.look(who)
            self.save(who, OWNERS[0], True)
            self.propose(who)
            self.everybody_opens_the_page()
            self.agree(other)
            self.everybody_opens_the_page()

        @precondition(lambda self: self.model.goes_on and self.model.state == "agreed")
        @rule(on_paper=st.booleans())
        def sign_at_one_go(self, on_paper: bool) -> None:
            self.everybody_opens_the_page()
            for who in ("substitute" if self.held else "leader", "employee"):
                self.sign(who, on_paper, True)

        # Drafting

        @rule(who=anybody, owners=owners, talks=st.booleans())
        def save(self, who: str, owners: tuple[str, ...], talks: bool) -> None:
            model, seen = self.model, self.seen[who]
            follow_up_on = timezone.localdate() + WEEK if talks else None
            content = make_content(seen.mission_version, *owners, follow_up_on=follow_up_on)
            before = newest(self.agreement)
            done = tried(
                lambda: save_draft(
                    revision=self.shows(who),
                    seen_version=seen.version,
                    content=content,
                    by=people[who],
                    now=self.now,
                )
            )
            may = model.acts(who) and model.is_open
            if self.is_fresh(who):
                assert done is may
            assert not done or may
            if done:
                self.saved(before)
            self.after(who, done)

        def saved(self, before: Revision) -> None:
            """A draft goes on; what was proposed or agreed is another revision from now on."""
            model = self.model
            if model.state != "draft":
                model.next_draft()
            now = newest(self.agreement)
            assert (now.number > before.number) is (before.state != RevisionState.DRAFT)
            model.version = now.version
            model.owners = tuple(now.commitments.values_list("owner", flat=True))
            model.follows_up = now.follow_up_on is not None

        @rule(who=anybody)
        def propose(self, who: str) -> None:
            model, seen = self.model, self.seen[who]
            may = model.acts(who) and self.is_fresh(who) and model.state == "draft"
            done = tried(
                lambda: propose_agreement(
                    revision=self.shows(who),
                    seen_version=seen.version,
                    by=people[who],
                    now=self.now,
                )
            )
            assert done is (may and bool(model.owners))
            if done:
                model.state, model.proposer = "proposed", who
                model.turn = "employee" if who == "leader" else "leader"
            self.after(who, done)

        def lies_with(self, who: str) -> bool:
            model = self.model
            is_seen = self.seen[who].number == model.number
            return model.acts(who) and is_seen and (model.state, model.turn) == ("proposed", who)

        @rule(who=anybody)
        def send_back(self, who: str) -> None:
            may = self.lies_with(who)
            done = tried(
                lambda: send_back_proposal(
                    revision=self.shows(who), note=SECRETS[3], by=people[who], now=self.now
                )
            )
            assert done is may
            if done:
                self.model.next_draft()
            self.after(who, done)

        @rule(who=anybody)
        def agree(self, who: str) -> None:
            model, seen = self.model, self.seen[who]
            may = self.lies_with(who) and {"leader", "employee"} <= set(model.owners)
            done = tried(
                lambda: agree_to_proposal(
                    revision=self.shows(who),
                    sha256=seen.sha256,
                    by=people[who],
                    now=self.now,
                )
            )
            # Whoever saw it as a draft has not seen what was proposed, and has no hash of it.
            assert done is (may and seen.sha256 != "")
            if done:
                model.state = "agreed"
            self.after(who, done)

        @rule(who=anybody, is_meant=rarely)
        def decline(self, who: str, is_meant: bool) -> None:
            model = self.model
            if not is_meant:
                return
            is_seen = self.seen[who].number == model.number
            may = self.lies_with(who) or (model.acts(who) and is_seen and model.state == "agreed")
            done = tried(
                lambda: decline_proposal(
                    revision=self.shows(who), reason=SECRETS[3], by=people[who], now=self.now
                )
            )
            assert done is may
            if done:
                model.leave_open_one()
            self.after(who, done)

        @rule(who=anybody)
        def withdraw(self, who: str) -> None:
            model = self.model
            is_seen = model.acts(who) and self.seen[who].number == model.number
            a_change = model.state == "draft" and model.has_signed
            own = (model.state, model.proposer) == ("proposed", who)
            done = tried(
                lambda: withdraw_proposal(
                    revision=self.shows(who), reason=SECRETS[3], by=people[who], now=self.now
                )
            )
            assert done is (is_seen and (a_change or own))
            if done and own:
                model.next_draft()
            elif done:
                model.leave_open_one()
            self.after(who, done)

        # Signing

        @rule(who=anybody, on_paper=st.booleans(), is_proven=st.sampled_from([True, True, False]))
        def sign(self, who: str, on_paper: bool, is_proven: bool) -> None:
            now, seen = self.now, self.seen[who]
            at = now if is_proven else now - dt.timedelta(minutes=6)
            expected = self.may_sign(who, "paper" if on_paper else "portal") and is_proven
            done = tried(
                lambda: sign_agreement(
                    revision=self.shows(who),
                    sha256=seen.sha256,
                    proof=Proof(Method.PASSWORD, at),
                    by=people[who],
                    now=now,
                    paper_signed_on=timezone.localdate(now) if on_paper else None,
                )
            )
            assert done is expected
            if done:
                self.signed(who, "paper" if on_paper else "portal")
            self.after(who, done)

        def party(self, who: str) -> str | None:
            if self.model.is_party(who):
                return who
            stands_in = who == "substitute" and self.held is not None
            return "leader" if stands_in and not self.model.is_parted else None

        def may_sign(self, who: str, medium: str) -> bool:
            model, seen = self.model, self.seen[who]
            party = self.party(who)
            if party is None or not model.goes_on or seen.sha256 == "":
                return False
            now = Revision.objects.get(pk=seen.pk)
            if now.state == RevisionState.SIGNED:
                return True  # as before: nothing is added
            if seen.number != model.number or model.state != "agreed":
                return False
            return party in model.signed_by or model.media <= {medium}

        def signed(self, who: str, medium: str) -> None:
            model, party = self.model, self.party(who)
            assert party is not None
            is_new = model.state == "agreed" and self.seen[who].number == model.number
            if not is_new or party in model.signed_by:
                return
            model.signed_by[party] = who
            model.media.add(medium)
            if len(model.signed_by) == 2:
                model.state, model.has_signed = "signed", True
                model.is_planned = model.is_planned or model.follows_up

        @rule()
        def seal(self) -> None:
            for revision in Revision.objects.signed().filter(agreement=self.agreement)[:1]:
                keep_document(revision=revision, now=self.now)

        # A substitute comes and goes

        @precondition(lambda self: self.held is None)
        @rule()
        def name_a_substitute(self) -> None:
            self.held = make_substitution(cast, substitute=cast.hr)

        @precondition(lambda self: self.held is not None)
        @rule(who=st.sampled_from(["leader", "substitute"]))
        def end_the_substitution(self, who: str) -> None:
            assert self.held is not None
            end_substitution(substitution=self.held, by=people[who], now=self.now)
            self.held = None

        # Keeping

        @rule(who=anybody, renews=st.booleans())
        def amend(self, who: str, renews: bool) -> None:
            model = self.model
            action = renew_agreement if renews else amend_agreement
            done = tried(
                lambda: action(
                    agreement=self.agreement, reason=SECRETS[3], by=people[who], now=self.now
                )
            )
            assert done is (model.acts(who) and model.state == "signed")
            if done:
                model.next_draft()
                now = newest(self.agreement)
                model.version = now.version
                model.owners = tuple(now.commitments.values_list("owner", flat=True))
                model.follows_up = now.follow_up_on is not None
            self.after(who, done)

        @precondition(lambda self: self.model.is_planned)
        @rule(who=anybody, again=st.booleans())
        def talk(self, who: str, again: bool) -> None:
            model = self.model
            planned = FollowUp.objects.filter(agreement=self.agreement, held_at__isnull=True).get()
            said = {one.pk: Said("kept") for one in planned.revision.commitments.all()}
            done = tried(
                lambda: hold_follow_up(
                    follow_up=planned,
                    said=said,
                    next_on=timezone.localdate() + WEEK if again else None,
                    by=people[who],
                    now=self.now,
                )
            )
            assert done is model.acts(who)
            if done:
                model.is_planned = again

        @rule(who=anybody)
        def say_something(self, who: str) -> None:
            done = tried(
                lambda: comment_on_agreement(
                    revision=self.shows(who), text=SECRETS[3], by=people[who], now=self.now
                )
            )
            assert done is self.model.acts(who)

        @rule(who=anybody)
        def pause(self, who: str) -> None:
            done = tried(
                lambda: pause_agreement(
                    agreement=self.agreement, resumes_on=None, by=people[who], now=self.now
                )
            )
            assert done is (self.model.acts(who) and not self.model.is_paused)
            self.model.is_paused = self.model.is_paused or done

        @rule(who=anybody)
        def resume(self, who: str) -> None:
            done = tried(
                lambda: resume_agreement(agreement=self.agreement, by=people[who], now=self.now)
            )
            assert done is (self.model.acts(who) and self.model.is_paused)
            self.model.is_paused = self.model.is_paused and not done

        # Endings

        @rule(who=anybody, is_meant=rarely)
        def end(self, who: str, is_meant: bool) -> None:
            if not is_meant:
                return
            model = self.model
            done = tried(
                lambda: end_agreement(
                    agreement=self.agreement, reason=SECRETS[3], by=people[who], now=self.now
                )
            )
            assert done is model.acts(who)
            if done:
                model.is_ended = True
                model.state = "signed" if model.has_signed and not model.is_open else model.state
                if model.is_open:
                    model.state = "signed" if model.has_signed else "withdrawn"
            self.after(who, done)

        @precondition(lambda self: self.model.is_ended and not self.model.is_parted)
        @rule()
        def begin_anew(self) -> None:
            self.begin()

        @precondition(lambda self: self.model.goes_on and self.model.number > 2)
        @rule(is_so=rarely)
        def the_leader_moves(self, is_so: bool) -> None:
            if not is_so:
                return
            yesterday = timezone.localdate() - dt.timedelta(days=1)
            cast.unit.leaderships.update(valid_to=yesterday)
            assert part(self.agreement.pk, now=self.now) is not None
            model = self.model
            if model.is_open:
                model.leave_open_one()
            model.is_parted = True

        # What always holds

        @invariant()
        def the_agreement_stands_where_the_model_does(self) -> None:
            agreement, model = Agreement.objects.get(pk=self.agreement.pk), self.model
            assert (agreement.ended_at is not None) is model.is_ended
            assert agreement.is_parted is model.is_parted
            latest = newest(self.agreement)
            assert latest.number == model.number
            if latest.is_open or latest.is_signed:
                assert latest.state == model.state
            signatures = {one.party: one.signer for one in latest.signatures.all()}
            if latest.is_agreed:
                expected = {party: people[who] for party, who in model.signed_by.items()}
                assert signatures == expected

        @invariant()
        def nothing_is_signed_without_both(self) -> None:
            for revision in Revision.objects.signed().with_content():
                assert sha256_of(revision.snapshot) == revision.sha256
                rows = list(revision.signatures.all())
                assert sorted(one.party for one in rows) == sorted(Party.values)
                assert {one.sha256 for one in rows} == {revision.sha256}
                assert len({one.medium for one in rows}) == 1
                sides = set(revision.commitments.values_list("owner", flat=True))
                assert {"leader", "employee"} <= sides

        @invariant()
        def nobody_has_signed_for_another_unsaid(self) -> None:
            for one in Signature.objects.select_related("revision__agreement", "substitution"):
                agreement = one.revision.agreement
                own = {"leader": agreement.leader_id, "employee": agreement.employee_id}
                assert (one.on_behalf_of_id or one.signer_id) == own[one.party]
                if one.on_behalf_of_id is not None:
                    assert one.substitution is not None
                    assert (one.signer_id, one.party) == (cast.hr.pk, "leader")
                    assert one.on_behalf_of_name == cast.leader.name

        @invariant()
        def there_is_one_open_revision_and_none_when_it_is_over(self) -> None:
            for agreement in Agreement.objects.all():
                count = agreement.revisions.filter(state__in=OPEN_STATES).count()
                is_over = agreement.ended_at is not None or agreement.is_parted
                assert count <= (0 if is_over else 1)

        @invariant()
        def what_is_final_never_changes(self) -> None:
            now = {row.pk: as_it_stands(row) for row in Revision.objects.filter(state__in=FINAL)}
            assert {pk: now.get(pk) for pk in self.final} == self.final
            self.final = now

        @invariant()
        def the_evidence_only_grows_and_adds_up(self) -> None:
            assert list(verify_all()) == []
            for agreement in Agreement.objects.all():
                links = EvidenceEvent.objects.filter(agreement=agreement).order_by("number")
                chain = list(links.values_list("sha256", flat=True))
                before = self.chains.get(agreement.pk, [])
                assert chain[: len(before)] == before
                self.chains[agreement.pk] = chain

        @invariant()
        def nobody_else_sees_it(self) -> None:
            others = (cast.stranger, cast.hr, cast.manager, cast.administrator)
            for model in PRIVATE:
                assert [
                    model.objects.visible_to(one, on=clock.today()).count() for one in others
                ] == [0] * 4
                if self.model.is_parted:
                    mine = model.objects.visible_to(cast.leader, on=clock.today())
                    key = {Agreement: "pk", FollowUp: "agreement"}.get(model, "revision__agreement")
                    path = "agreement" if model is Revision else key
                    assert not mine.filter(**{path: self.agreement.pk}).exists()

        @invariant()
        def a_substitute_sees_what_waits_for_the_leader_alone(self) -> None:
            model = self.model
            waits = model.goes_on and model.state == "agreed" and "leader" not in model.signed_by
            shown = list(revisions_to_sign_for(cast.hr, timezone.localdate()))
            expected = [newest(self.agreement)] if waits and self.held is not None else []
            assert shown == expected
            assert not revisions_to_sign_for(cast.stranger, timezone.localdate()).exists()

        @invariant()
        def no_letter_leaks(self) -> None:
            for letter in Letter.objects.exclude(recipient__in=[cast.leader, cast.employee]):
                assert letter.recipient == cast.hr
                assert cast.employee.name not in letter.text
            assert not any(
                secret in letter.text for letter in Letter.objects.all() for secret in SECRETS
            )

    return Life


def as_it_stands(row: Revision) -> tuple[Any, ...]:
    commitments = row.commitments.order_by("pk").values_list("pk", "owner", "text", "why")
    signatures = row.signatures.order_by("pk").values_list("pk", "signer_name", "sha256")
    return row.state, row.snapshot, row.sha256, row.signed_at, (*commitments,), (*signatures,)


def run(cast: Cast, *, lives: int, steps: int) -> None:
    run_state_machine_as_test(
        machine(cast),
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_life_of_an_agreement_is_that_of_a_plain_model(cast: Cast) -> None:
    run(cast, lives=8, steps=50)


def a_stranger_writes(cast: Cast) -> None:
    """One life that is written down: what it finds hangs on nobody's examples."""
    life = machine(cast)()
    try:
        life.look("stranger")
        life.save("stranger", OWNERS[0], True)
    finally:
        life.teardown()


def test_a_stranger_who_writes_is_refused_as_the_model_says(cast: Cast) -> None:
    a_stranger_writes(cast)


def test_a_portal_that_takes_a_stranger_for_a_party_is_found_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control: the machine does see when somebody may what nobody should."""
    real = Agreement.party_of

    def credulous(self: Agreement, user: User) -> Party | None:
        return real(self, user) or (Party.EMPLOYEE if user == cast.stranger else None)

    monkeypatch.setattr(Agreement, "party_of", credulous)
    with pytest.raises(AssertionError):
        a_stranger_writes(cast)
