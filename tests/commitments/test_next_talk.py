"""The day of the next conversation stands in one place: walked with a clock, in every order.

Arranged, moved, held, amended, renewed, let be, and time that passes meanwhile. A plain model says
on which day the two talk next; the database, the calendars and what is signed must say the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
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
from commitments.declining.actions import decline_proposal
from commitments.differences import differences
from commitments.ending.actions import end_agreement
from commitments.follow_up.actions import Appointment, arrange_follow_up, hold_follow_up
from commitments.locking import AgreementRefused
from commitments.models import Agreement, FollowUp, Method, Revision
from commitments.proposing.actions import agree_to_proposal, propose_agreement, send_back_proposal
from commitments.renewing.actions import renew_agreement
from commitments.signing.actions import Proof, sign_agreement
from commitments.writing.actions import save_draft
from common import dates
from common.dates import OSLO
from common.errors import Refused
from outbox.models import Letter
from tests.cast import Cast
from tests.commitments.factories import (
    agree,
    make_agreed,
    make_agreement,
    make_content,
    make_proposal,
    make_signed,
    newest,
    propose,
    save,
    sign,
)
from tests.commitments.test_views import row_of, typed
from tests.factories import make_employee

DAY = dt.timedelta(days=1)
some_days = st.integers(0, 20)
maybe_days = st.none() | some_days


def amend(agreement: Agreement, cast: Cast, **fields: Any) -> Revision:
    draft = amend_agreement(
        agreement=agreement, reason="Nye mål", by=cast.employee, now=timezone.now()
    )
    return save(draft, by=cast.employee, **fields)


def renew(agreement: Agreement, cast: Cast) -> Revision:
    return renew_agreement(
        agreement=agreement, reason="Nytt år", by=cast.employee, now=timezone.now()
    )


def both_sign(draft: Revision, cast: Cast) -> Revision:
    agreed = agree(propose(draft, by=cast.employee), by=cast.leader)
    return sign(sign(agreed, by=cast.leader), by=cast.employee)


def arrange(agreement: Agreement, cast: Cast, day: dt.date) -> FollowUp:
    starts_at = dt.datetime.combine(day, dt.time(14), tzinfo=OSLO)
    return arrange_follow_up(
        agreement=agreement,
        appointment=Appointment(starts_at, 60, "Rom 3"),
        by=cast.leader,
        now=timezone.now(),
    )


def cancelled() -> int:
    return Letter.objects.filter(calendar_method="CANCEL").count()


@pytest.mark.parametrize("way", [amend, renew])
def test_a_change_of_other_things_keeps_the_appointment(cast: Cast, way: Any) -> None:
    """The first day was copied along, and won over the appointment."""
    today = timezone.localdate()
    signed = make_signed(cast, follow_up_on=today + 5 * DAY)
    talk = arrange(signed.agreement, cast, today + 30 * DAY)
    second = both_sign(way(signed.agreement, cast), cast)
    kept = FollowUp.objects.get()
    assert (kept.starts_at, kept.place, kept.revision) == (talk.starts_at, "Rom 3", second)
    assert (cancelled(), second.follow_up_on) == (0, None)
    changed = differences(signed, second).wording
    assert "Neste samtale etter signering" not in [str(field.label) for field in changed]


def test_what_leaves_the_calendars_is_this_agreements_alone(cast: Cast) -> None:
    """The leader's appointment with somebody else stands, with its place and time."""
    today = timezone.localdate()
    other = make_signed(replace(cast, employee=make_employee(cast.unit, "Åse Berg"))).agreement
    kept = arrange(other, cast, today + 20 * DAY)
    mine = make_signed(cast).agreement
    arrange(mine, cast, today + 30 * DAY)
    end_agreement(agreement=mine, reason="x", by=cast.leader, now=timezone.now())
    now = FollowUp.objects.get(pk=kept.pk)
    assert (now.starts_at, now.place, now.calendar_sequence) == (kept.starts_at, "Rom 3", 1)
    assert FollowUp.objects.get(agreement=mine).starts_at is None


def test_a_day_that_passes_while_it_is_signed_moves_nothing(cast: Cast) -> None:
    today, now = timezone.localdate(), timezone.now()
    signed = make_signed(cast)
    arrange(signed.agreement, cast, today + 30 * DAY)
    draft = amend(signed.agreement, cast, follow_up_on=today + 3 * DAY)
    agreed = agree(propose(draft, by=cast.employee), by=cast.leader)
    later = now + 9 * DAY
    sign(sign(agreed, by=cast.leader, now=later), by=cast.employee, now=later)
    assert (FollowUp.objects.get().due_on, cancelled()) == (today + 30 * DAY, 0)


@pytest.mark.parametrize("step", ["propose", "agree"])
@pytest.mark.parametrize("what", ["follow_up_on", "review_on"])
def test_nothing_is_proposed_or_agreed_to_that_plans_backwards(
    cast: Cast, step: str, what: str
) -> None:
    """It lay there until its day had passed."""
    draft = newest(make_agreement(cast))
    content = make_content(draft.mission_version)
    soon = timezone.localdate() + DAY
    if what == "follow_up_on":
        content = replace(content, follow_up_on=soon)
    else:
        content = replace(content, commitments=[replace(content.commitments[0], review_on=soon)])
    seen = save_draft(
        revision=draft,
        seen_version=draft.version,
        content=content,
        by=cast.employee,
        now=timezone.now(),
    )
    if step == "agree":
        proposal = propose(newest(seen.agreement), by=cast.employee)
        answer = partial(
            agree_to_proposal, revision=proposal, sha256=proposal.sha256, by=cast.leader
        )
    else:
        answer = partial(
            propose_agreement, revision=seen, seen_version=seen.version, by=cast.employee
        )
    with pytest.raises(AgreementRefused, match="er passert"):
        answer(now=timezone.now() + 9 * DAY)


def test_a_counter_proposal_does_not_take_a_passed_day_along(cast: Cast) -> None:
    soon = timezone.localdate() + DAY
    proposal = make_proposal(cast, follow_up_on=soon)
    later = timezone.now() + 9 * DAY
    draft = send_back_proposal(revision=proposal, note="Ny dag", by=cast.leader, now=later)
    assert (proposal.follow_up_on, draft.follow_up_on) == (soon, None)


def test_a_counter_proposal_takes_a_day_to_come_along(cast: Cast) -> None:
    soon = timezone.localdate() + DAY
    proposal = make_proposal(cast, follow_up_on=soon)
    draft = send_back_proposal(
        revision=proposal, note="Nye mål", by=cast.leader, now=timezone.now()
    )
    assert draft.follow_up_on == soon


@pytest.mark.parametrize("field", ["follow_up_on", "c-0-review_on"])
def test_a_day_that_has_passed_is_refused_at_its_field(
    cast: Cast, signed_in: Any, field: str
) -> None:
    draft = newest(make_agreement(cast))
    browser: Client = signed_in(cast.employee)
    url = reverse("commitments:edit", args=[draft.agreement_id])
    yesterday = (timezone.localdate() - DAY).isoformat()
    data = {**typed(draft, row_of(draft)), field: yesterday}
    page = browser.post(url, data)
    assert page.status_code == 200
    assert "Velg en senere dag." in page.content.decode()
    assert f'value="{yesterday}"' in page.content.decode()


@pytest.mark.parametrize("make", [make_proposal, make_agreed])
def test_what_lies_proposed_is_answered_before_another_day_is_settled_on(
    cast: Cast, signed_in: Any, make: Any
) -> None:
    """At the field, with what was typed; and in the action."""
    today = timezone.localdate()
    signed = make_signed(cast, follow_up_on=today + 5 * DAY)
    proposed = propose(
        amend(signed.agreement, cast, follow_up_on=today + 9 * DAY), by=cast.employee
    )
    if make is make_agreed:
        agree(proposed, by=cast.leader)
    with pytest.raises(AgreementRefused, match="Et forslag til endring flytter samtalen"):
        arrange(signed.agreement, cast, today + 30 * DAY)
    other = today + 30 * DAY
    page = signed_in(cast.leader).post(
        reverse("commitments:follow_up", args=[signed.agreement_id]),
        {"next_on": other.isoformat(), "notes": "Det gikk bra"},
    )
    words = page.content.decode()
    assert f"flytter samtalen til {dates.day_month(today + 9 * DAY)}" in words
    assert "Det gikk bra" in words
    assert arrange(signed.agreement, cast, today + 9 * DAY).due_on == today + 9 * DAY


def test_what_is_drafted_lets_go_of_another_day(cast: Cast) -> None:
    today = timezone.localdate()
    signed = make_signed(cast, follow_up_on=today + 5 * DAY)
    draft = amend(signed.agreement, cast, follow_up_on=today + 9 * DAY)
    arrange(signed.agreement, cast, today + 30 * DAY)
    now = newest(signed.agreement)
    assert (now.follow_up_on, now.version) == (None, draft.version + 1)


class Model:
    """On which day the two talk next, and what is being changed meanwhile."""

    def __init__(self, planned: dt.date | None) -> None:
        self.planned = planned
        self.is_timed = False
        self.change = "none"
        self.change_on: dt.date | None = None
        self.cancels = 0

    def plan(self, day: dt.date | None, *, timed: bool = False) -> None:
        self.planned, self.is_timed = day, timed

    def take_out(self) -> None:
        self.cancels += self.is_timed
        self.is_timed = False

    def names_another(self, day: dt.date, today: dt.date) -> bool:
        frozen = self.change in ("proposed", "agreed")
        return frozen and self.change_on is not None and today <= self.change_on != day

    def settle(self, day: dt.date) -> None:
        if self.change == "draft" and self.change_on != day:
            self.change_on = None


def machine(cast: Cast) -> type[RuleBasedStateMachine]:
    class Talks(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.block = transaction.atomic()
            self.block.__enter__()
            self.now = timezone.now()
            first = self.today + 7 * DAY
            self.agreement = make_signed(cast, follow_up_on=first).agreement
            self.model = Model(first)

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

        @property
        def today(self) -> dt.date:
            return timezone.localdate(self.now)

        def tried(self, action: Any, **arguments: Any) -> bool:
            try:
                action(by=cast.leader, now=self.now, **arguments)
            except Refused:
                return False
            return True

        @rule(days=st.integers(1, 12))
        def wait(self, days: int) -> None:
            self.now += days * DAY

        @precondition(lambda self: self.model.change == "none")
        @rule(is_renewal=st.booleans())
        def begin_a_change(self, is_renewal: bool) -> None:
            action = renew_agreement if is_renewal else amend_agreement
            assert self.tried(action, agreement=self.agreement, reason="Nytt")
            self.model.change, self.model.change_on = "draft", None

        @precondition(lambda self: self.model.change == "draft")
        @rule(days=maybe_days)
        def write(self, days: int | None) -> None:
            day = None if days is None else self.today + days * DAY
            draft = newest(self.agreement)
            content = make_content(draft.mission_version, follow_up_on=day)
            seen = {"revision": draft, "seen_version": draft.version}
            assert self.tried(save_draft, content=content, **seen)
            self.model.change_on = day

        @precondition(lambda self: self.model.change == "draft")
        @rule()
        def propose(self) -> None:
            draft = newest(self.agreement)
            done = self.tried(propose_agreement, revision=draft, seen_version=draft.version)
            assert done == (self.model.change_on is None or self.model.change_on >= self.today)
            self.model.change = "proposed" if done else "draft"

        @precondition(lambda self: self.model.change == "proposed")
        @rule()
        def agree(self) -> None:
            proposal = newest(self.agreement)
            is_to_come = self.model.change_on is None or self.model.change_on >= self.today
            try:
                agree_to_proposal(
                    revision=proposal, sha256=proposal.sha256, by=cast.employee, now=self.now
                )
            except AgreementRefused:
                assert not is_to_come
            else:
                assert is_to_come
                self.model.change = "agreed"

        @precondition(lambda self: self.model.change == "agreed")
        @rule()
        def sign(self) -> None:
            agreed, model = newest(self.agreement), self.model
            for who in (cast.leader, cast.employee):
                sign_agreement(
                    revision=agreed,
                    sha256=agreed.sha256,
                    proof=Proof(Method.PASSWORD, self.now),
                    by=who,
                    now=self.now,
                )
            day = model.change_on
            if day is not None and day >= self.today and day != model.planned:
                model.take_out()
                model.plan(day)
            model.change, model.change_on = "none", None

        @precondition(lambda self: self.model.change in ("proposed", "agreed"))
        @rule()
        def decline(self) -> None:
            current = newest(self.agreement)
            who = cast.employee if self.model.change == "proposed" else cast.leader
            decline_proposal(revision=current, reason="Nei", by=who, now=self.now)
            self.model.change, self.model.change_on = "none", None

        @rule(days=some_days)
        def arrange(self, days: int) -> None:
            day, model = self.today + days * DAY, self.model
            starts_at = dt.datetime.combine(day, dt.time(23, 59), tzinfo=OSLO)
            done = self.tried(
                arrange_follow_up,
                agreement=self.agreement,
                appointment=Appointment(starts_at),
            )
            assert done == (starts_at > self.now and not model.names_another(day, self.today))
            if done:
                model.settle(day)
                model.plan(day, timed=True)

        @precondition(lambda self: self.model.planned is not None)
        @rule(days=maybe_days)
        def hold(self, days: int | None) -> None:
            model, talk = self.model, self.agreement.follow_ups.outstanding().get()
            day = None if days is None else self.today + days * DAY
            is_early = talk.starts_at is not None and talk.starts_at > self.now
            done = self.tried(hold_follow_up, follow_up=talk, said={}, next_on=day)
            assert done == (day is None or not model.names_another(day, self.today))
            if done:
                if is_early:
                    model.take_out()
                if day is not None:
                    model.settle(day)
                model.plan(day)

        @invariant()
        def the_conversation_is_on_the_day_of_the_model(self) -> None:
            planned = self.agreement.follow_ups.outstanding().first()
            shown = (planned.due_on, planned.starts_at is not None) if planned else (None, False)
            assert shown == (self.model.planned, self.model.is_timed)

        @invariant()
        def what_is_being_changed_names_the_day_of_the_model(self) -> None:
            open_one = self.agreement.revisions.open().first()
            assert (open_one.follow_up_on if open_one else None) == self.model.change_on

        @invariant()
        def calendars_were_told_when_it_moved_and_never_else(self) -> None:
            assert cancelled() == 2 * self.model.cancels

        @invariant()
        def it_is_about_the_newest_that_both_have_signed(self) -> None:
            planned = self.agreement.follow_ups.outstanding().first()
            signed = self.agreement.revisions.signed().order_by("-number").first()
            assert planned is None or planned.revision == signed

    return Talks


@pytest.mark.no_cover
@pytest.mark.parametrize("lives", [30])
def test_the_next_conversation_in_every_order(cast: Cast, lives: int) -> None:
    run_state_machine_as_test(
        machine(cast),
        settings=settings(
            max_examples=lives,
            stateful_step_count=14,
            suppress_health_check=list(HealthCheck),
        ),
    )
