"""Every letter in every state it is sent in: no sentence stands in one where it is not true.

A scenario is lived through by the actions. Whatever letters it wrote last are read beside the rows
as they stand then. A sentence that a letter may hold is a claim, and each claim has its truth.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.declining.actions import decline_proposal, withdraw_proposal
from commitments.ending.actions import end_agreement
from commitments.follow_up.actions import Appointment, arrange_follow_up, hold_follow_up
from commitments.lapsing.actions import lapse_what_has_stopped
from commitments.leader_changes.actions import close_agreement, share_agreement
from commitments.models import Agreement, FollowUp, Revision, RevisionState
from commitments.pausing.actions import pause_agreement, resume_agreement, resume_those_due
from commitments.proposing.actions import send_back_proposal
from commitments.renewing.actions import carry_agreement_forward
from commitments.retention.actions import end_what_was_left
from outbox.models import Letter
from tests.cast import Cast
from tests.commitments.factories import (
    agree,
    make_agreed,
    make_agreement,
    make_draft,
    make_proposal,
    make_ready,
    make_signed,
    make_substitution,
    newest,
    propose,
    save,
    sign,
)
from tests.commitments.test_parting import new_leader

DAY = dt.timedelta(days=1)
LETTERS = Path(settings.BASE_DIR) / "templates" / "letters" / "commitments"


@dataclass(frozen=True)
class State:
    """What the rows say when the letters of a scenario are read."""

    agreement: Agreement

    @property
    def newest(self) -> Revision:
        return newest(self.agreement)

    @property
    def is_signed(self) -> bool:
        return self.agreement.revisions.signed().exists()

    @property
    def is_ended(self) -> bool:
        return self.agreement.ended_at is not None

    @property
    def planned(self) -> FollowUp | None:
        return self.agreement.follow_ups.outstanding().first()

    @property
    def is_waiting(self) -> bool:
        return self.newest.lapses_on is not None and self.newest.is_open


Truth = Callable[[State, Letter], bool]

CLAIMS: dict[str, Truth] = {
    r"har signert(, | fra før, | før, )gjelder": lambda state, _: (
        state.is_signed and not state.is_ended
    ),
    r"foreslått en avtale med deg": lambda state, _: (
        state.newest.is_proposed and not state.is_signed
    ),
    r"foreslått en endring": lambda state, _: state.newest.is_proposed and state.is_signed,
    r"[Dd]et venter på s": lambda state, _: state.is_waiting,
    r"Nå kan dere begge signere": lambda state, _: (
        state.newest.is_agreed and not state.newest.signatures.exists()
    ),
    r"godtatt forslaget ditt": lambda state, letter: (
        state.newest.is_agreed and state.newest.proposed_by == letter.recipient
    ),
    r"sendt forslaget ditt tilbake": lambda state, letter: (
        state.newest.is_draft and state.agreement.party_of(letter.recipient) == state.newest.turn
    ),
    r"et utkast igjen|Den er et utkast": lambda state, _: state.newest.is_draft,
    r"avslått endringen": lambda state, _: state.is_signed and not state.is_ended,
    r"lagt bort endringen": lambda state, _: (
        state.is_signed and state.newest.state == RevisionState.WITHDRAWN
    ),
    r"er signert av dere begge": lambda state, _: state.newest.is_signed,
    r"(ikke signert|Ingenting var signert|ble ikke signert) av dere begge, og": lambda state, _: (
        not state.is_signed and state.is_ended
    ),
    r"Det som er signert, kan du lese": lambda state, _: state.is_signed and state.is_ended,
    r"er avsluttet\.|har avsluttet|er nå avsluttet": lambda state, _: state.is_ended,
    r"den falt bort|er den falt bort": lambda state, _: state.agreement.revisions.filter(
        state="lapsed"
    ).exists(),
    r"står den ikke lenger på planen": lambda state, _: state.planned is None,
    r"har flyttet": lambda state, _: (
        (one := state.planned) is not None and one.calendar_sequence > 1
    ),
    r"avtalt tid for": lambda state, _: (
        (one := state.planned) is not None and one.calendar_sequence == 1
    ),
    r"allerede skrevet ned": lambda state, _: state.agreement.follow_ups.held().exists(),
    r"satt på pause|satt avtalen deres på pause": lambda state, _: (
        state.agreement.paused_at is not None
    ),
    r"ut av pausen|Pausen i avtalen": lambda state, _: state.agreement.paused_at is None,
    r"som dere hadde satt den til": lambda state, _: not state.is_ended,
    r"kan ikke lenger lese den": lambda state, _: state.agreement.is_parted,
    r"Du bestemmer om den nye": lambda state, _: (
        state.agreement.is_parted and state.is_signed and not state.is_ended
    ),
    r"signerte med en tidligere leder|forrige lederen din signerte": lambda state, _: (
        state.is_signed and state.agreement.is_parted
    ),
    r"er ført videre som et utkast": lambda state, _: Agreement.objects.filter(
        carried_from=state.agreement
    ).exists(),
    r"som du hadde signert": lambda state, letter: Revision.objects.filter(
        agreement=state.agreement, state="superseded", signatures__signer=letter.recipient
    ).exists(),
    r"videre på forslaget": lambda state, _: state.newest.is_draft,
    r"var blitt enige om": lambda state, _: Revision.objects.filter(
        agreement=state.agreement, state="superseded", agreed_at__isnull=False
    ).exists(),
    r"også er klar|er også klar|har forberedt seg": lambda state, _: (
        state.agreement.preparations.filter(ready_at__isnull=False).exists()
    ),
}


def ask_to_prepare(cast: Cast) -> Agreement:
    agreement = make_agreement(cast)
    make_ready(agreement, by=cast.employee)
    return agreement


def reveal(cast: Cast) -> Agreement:
    agreement = ask_to_prepare(cast)
    make_ready(agreement, by=cast.leader)
    return agreement


def first_proposal(cast: Cast) -> Agreement:
    return make_proposal(cast).agreement


def signed(cast: Cast) -> Agreement:
    return make_signed(cast).agreement


def change(cast: Cast) -> Revision:
    agreement = signed(cast)
    amend_agreement(agreement=agreement, reason="x", by=cast.employee, now=timezone.now())
    return newest(agreement)


def change_proposed(cast: Cast) -> Agreement:
    return propose(change(cast), by=cast.employee).agreement


def change_agreed(cast: Cast) -> Agreement:
    return agree(newest(change_proposed(cast)), by=cast.leader).agreement


def sent_back(cast: Cast) -> Agreement:
    proposal = make_proposal(cast)
    send_back_proposal(revision=proposal, note="x", by=cast.leader, now=timezone.now())
    return proposal.agreement


def proposal_rewritten_by_the_other(cast: Cast) -> Agreement:
    return save(make_proposal(cast), by=cast.leader).agreement


def proposal_rewritten_by_its_author(cast: Cast) -> Agreement:
    return save(make_proposal(cast), by=cast.employee).agreement


def agreed_rewritten(cast: Cast) -> Agreement:
    return save(make_agreed(cast), by=cast.employee).agreement


def change_rewritten(cast: Cast) -> Agreement:
    return save(newest(change_agreed(cast)), by=cast.leader).agreement


def half_signed_rewritten(cast: Cast) -> Agreement:
    half = sign(make_agreed(cast), by=cast.leader)
    return save(half, by=cast.employee).agreement


def signed_by_substitute_rewritten(cast: Cast) -> Agreement:
    agreed = make_agreed(cast)
    make_substitution(cast)
    half = sign(agreed, by=cast.stranger)
    return save(half, by=cast.employee).agreement


def withdrawn(cast: Cast) -> Agreement:
    proposal = make_proposal(cast)
    withdraw_proposal(revision=proposal, reason="x", by=cast.employee, now=timezone.now())
    return proposal.agreement


def change_withdrawn(cast: Cast) -> Agreement:
    proposal = newest(change_proposed(cast))
    withdraw_proposal(revision=proposal, reason="x", by=cast.employee, now=timezone.now())
    return proposal.agreement


def change_let_be(cast: Cast) -> Agreement:
    draft = change(cast)
    withdraw_proposal(revision=draft, reason="x", by=cast.employee, now=timezone.now())
    return draft.agreement


def declined(cast: Cast) -> Agreement:
    proposal = make_proposal(cast)
    decline_proposal(revision=proposal, reason="x", by=cast.leader, now=timezone.now())
    return proposal.agreement


def change_declined(cast: Cast) -> Agreement:
    proposal = newest(change_proposed(cast))
    decline_proposal(revision=proposal, reason="x", by=cast.leader, now=timezone.now())
    return proposal.agreement


def ended_signed(cast: Cast) -> Agreement:
    agreement = signed(cast)
    end_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())
    return agreement


def ended_draft(cast: Cast) -> Agreement:
    agreement = make_draft(cast).agreement
    end_agreement(agreement=agreement, reason="x", by=cast.employee, now=timezone.now())
    return agreement


def lapsed(revision: Revision) -> Agreement:
    Revision.objects.filter(pk=revision.pk).update(lapses_on=timezone.localdate())
    lapse_what_has_stopped(now=timezone.now())
    return revision.agreement


def draft_lapsed(cast: Cast) -> Agreement:
    return lapsed(make_draft(cast))


def proposal_lapsed(cast: Cast) -> Agreement:
    return lapsed(make_proposal(cast))


def agreed_lapsed(cast: Cast) -> Agreement:
    return lapsed(make_agreed(cast))


def change_draft_lapsed(cast: Cast) -> Agreement:
    return lapsed(change(cast))


def change_proposal_lapsed(cast: Cast) -> Agreement:
    return lapsed(newest(change_proposed(cast)))


def change_agreed_lapsed(cast: Cast) -> Agreement:
    return lapsed(newest(change_agreed(cast)))


def talk_lapsed(cast: Cast) -> Agreement:
    agreement = make_signed(cast, follow_up_on=timezone.localdate() - 60 * DAY).agreement
    lapse_what_has_stopped(now=timezone.now())
    return agreement


def arranged(cast: Cast, *, days: int = 9) -> Agreement:
    agreement = make_signed(cast, follow_up_on=timezone.localdate() + 20 * DAY).agreement
    arrange(agreement, cast, days=days)
    return agreement


def arrange(agreement: Agreement, cast: Cast, *, days: int) -> None:
    arrange_follow_up(
        agreement=agreement,
        appointment=Appointment(timezone.now() + days * DAY, place="Rom 1"),
        by=cast.leader,
        now=timezone.now(),
    )


def moved(cast: Cast) -> Agreement:
    agreement = arranged(cast)
    arrange(agreement, cast, days=12)
    return agreement


def held_early(cast: Cast) -> Agreement:
    agreement = arranged(cast)
    hold_follow_up(
        follow_up=agreement.follow_ups.get(),
        said={},
        next_on=None,
        by=cast.leader,
        now=timezone.now(),
    )
    return agreement


def moved_by_a_change(cast: Cast) -> Agreement:
    agreement = arranged(cast)
    amend_agreement(agreement=agreement, reason="x", by=cast.employee, now=timezone.now())
    day = timezone.localdate() + 40 * DAY
    draft = save(newest(agreement), by=cast.employee, follow_up_on=day)
    agreed = agree(propose(draft, by=cast.employee), by=cast.leader)
    sign(sign(agreed, by=cast.employee), by=cast.leader)
    return agreement


def paused(cast: Cast) -> Agreement:
    agreement = arranged(cast)
    pause_agreement(agreement=agreement, resumes_on=None, by=cast.leader, now=timezone.now())
    return agreement


def resumed(cast: Cast) -> Agreement:
    agreement = paused(cast)
    resume_agreement(agreement=agreement, by=cast.employee, now=timezone.now())
    return agreement


def resumed_by_itself(cast: Cast) -> Agreement:
    agreement = signed(cast)
    day = timezone.localdate() + DAY
    pause_agreement(agreement=agreement, resumes_on=day, by=cast.leader, now=timezone.now())
    resume_those_due(now=timezone.now() + DAY)
    return agreement


def ended_with_a_time(cast: Cast) -> Agreement:
    agreement = arranged(cast)
    end_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())
    return agreement


def parted_signed(cast: Cast) -> Agreement:
    agreement = arranged(cast)
    new_leader(cast)
    return agreement


def parted_unsigned(cast: Cast) -> Agreement:
    agreement = make_agreed(cast).agreement
    new_leader(cast)
    return agreement


def shared(cast: Cast) -> Agreement:
    agreement = signed(cast)
    successor = new_leader(cast)
    share_agreement(agreement=agreement, with_user=successor, by=cast.employee, now=timezone.now())
    return agreement


def carried(cast: Cast) -> Agreement:
    agreement = shared(cast)
    share = agreement.shares.get()
    carry_agreement_forward(share=share, by=share.with_user, now=timezone.now())
    return agreement


def closed(cast: Cast) -> Agreement:
    agreement = signed(cast)
    new_leader(cast)
    close_agreement(agreement=agreement, by=cast.employee, now=timezone.now())
    return agreement


def left_for_a_year(cast: Cast) -> Agreement:
    agreement = signed(cast)
    new_leader(cast)
    end_what_was_left(now=timezone.now() + 366 * DAY)
    return agreement


def waits_for_substitute(cast: Cast) -> Agreement:
    proposal = make_proposal(cast)
    make_substitution(cast)
    return agree(proposal, by=cast.leader).agreement


SCENARIOS: dict[Callable[[Cast], Agreement], set[str]] = {
    ask_to_prepare: {"asked_to_prepare"},
    reveal: {"revealed"},
    first_proposal: {"proposed"},
    signed: {"signed"},
    change_proposed: {"proposed"},
    change_agreed: {"agreed"},
    sent_back: {"sent_back"},
    proposal_rewritten_by_the_other: {"rewritten"},
    proposal_rewritten_by_its_author: {"rewritten"},
    agreed_rewritten: {"rewritten"},
    change_rewritten: {"rewritten"},
    half_signed_rewritten: {"signature_voided"},
    signed_by_substitute_rewritten: {"signature_voided", "rewritten"},
    withdrawn: {"withdrawn"},
    change_withdrawn: {"withdrawn"},
    change_let_be: {"withdrawn"},
    declined: {"ended"},
    change_declined: {"declined"},
    ended_signed: {"ended"},
    ended_draft: {"ended"},
    draft_lapsed: {"ended"},
    proposal_lapsed: {"ended"},
    agreed_lapsed: {"ended"},
    change_draft_lapsed: {"change_lapsed"},
    change_proposal_lapsed: {"change_lapsed"},
    change_agreed_lapsed: {"change_lapsed"},
    talk_lapsed: {"follow_up_lapsed"},
    arranged: {"follow_up_arranged"},
    moved: {"follow_up_arranged"},
    held_early: {"follow_up_taken_out"},
    moved_by_a_change: {"signed", "follow_up_taken_out"},
    paused: {"paused", "follow_up_taken_out"},
    resumed: {"resumed"},
    resumed_by_itself: {"resumed"},
    ended_with_a_time: {"ended", "follow_up_taken_out"},
    parted_signed: {"parted", "parted_leader", "follow_up_taken_out"},
    parted_unsigned: {"parted", "parted_leader"},
    shared: {"shared", "shared_by_employee"},
    carried: {"ended", "carried"},
    closed: {"ended"},
    left_for_a_year: {"ended"},
    waits_for_substitute: {"agreed", "substitute_waits"},
}
"""Each way there is, and the letters that it ends in."""
scenarios = pytest.mark.parametrize("live", SCENARIOS, ids=lambda live: live.__name__)

ELSEWHERE = {"begun", "substitute_asked", "substitute_ended", "substitute_named"}
"""Of a round, and of substitutions: `test_rounds` and `test_substitutes`."""


def last_letters(kinds: set[str]) -> list[Letter]:
    """The last of each kind to each person."""
    found = Letter.objects.filter(kind__in=[f"commitments.{kind}" for kind in kinds])
    return list({(one.kind, one.recipient_id): one for one in found.order_by("pk")}.values())


def untrue(letters: list[Letter]) -> list[tuple[str, str]]:
    """Claims that a letter makes and the rows of its agreement do not."""
    found = []
    for letter in letters:
        state = State(Agreement.objects.with_people().get(pk=letter.about_id))
        words = " ".join(f"{letter.subject} {letter.text}".split())
        for claim, is_true in CLAIMS.items():
            if re.search(claim, words) and not is_true(state, letter):
                found.append((letter.kind, claim))
    return found


@scenarios
def test_no_letter_says_what_is_not_so(cast: Cast, live: Callable[[Cast], Agreement]) -> None:
    live(cast)
    letters = last_letters(SCENARIOS[live])
    assert {one.kind.removeprefix("commitments.") for one in letters} == SCENARIOS[live]
    assert untrue(letters) == []


def test_every_letter_is_met_in_a_scenario() -> None:
    met = set().union(*SCENARIOS.values())
    assert {path.stem for path in LETTERS.iterdir()} - met == ELSEWHERE


def test_a_letter_of_another_state_is_found_out(cast: Cast) -> None:
    """That what is signed holds, of two who have signed nothing."""
    proposal = make_proposal(cast)
    letter = Letter(
        kind="commitments.withdrawn",
        recipient=cast.leader,
        about_id=str(proposal.agreement_id),
        text="Even Moen har trukket et forslag. Det dere har signert fra før, gjelder som før.",
    )
    assert len(untrue([letter])) == 1


@scenarios
def test_no_link_in_a_letter_is_a_dead_end(
    cast: Cast, signed_in: Callable[[object], Client], live: Callable[[Cast], Agreement]
) -> None:
    """Whoever follows it reads the page, or why it cannot be done now and where to go on."""
    live(cast)
    for letter in last_letters(SCENARIOS[live]):
        links = re.findall(rf"{re.escape(settings.SITE_URL)}(/avtaler/\S*)", letter.text)
        assert links
        page = signed_in(letter.recipient).get(links[0], follow=True)
        assert page.status_code in (200, 403)
        leads_on = page.status_code == 200 or "Se avtalen slik den er nå" in page.content.decode()
        assert (letter.kind, leads_on) == (letter.kind, True)
