"""What has stopped goes by itself on the day that was told, once, and nobody is blamed for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.ending.actions import end_agreement
from commitments.evidence.verification import verify_all
from commitments.lapsing.actions import lapse_what_has_stopped
from commitments.leader_changes.actions import part_those_who_moved
from commitments.models import (
    PATIENCE,
    TALK_PATIENCE,
    Agreement,
    Ending,
    FollowUp,
    Revision,
    RevisionState,
    UnsavedWork,
)
from commitments.pausing.actions import SPACE_TO_ANSWER, pause_agreement, resume_agreement
from commitments.preparing.actions import save_answer
from commitments.writing.autosave_actions import keep_unsaved
from common import dates
from outbox.models import Letter
from people.models import AuditRecord
from tests.cast import Cast
from tests.commitments.factories import (
    agree,
    make_agreed,
    make_draft,
    make_proposal,
    make_signed,
    newest,
    propose,
    save,
    sign,
)
from tests.commitments.test_parting import new_leader

DAY = dt.timedelta(days=1)
Make = Callable[[Cast], Revision]


def amendment(cast: Cast) -> Revision:
    signed = make_signed(cast)
    return amend_agreement(
        agreement=signed.agreement, reason="Ny turnus", by=cast.employee, now=timezone.now()
    )


def proposed_change(cast: Cast) -> Revision:
    return propose(newest(amendment(cast).agreement), by=cast.employee)


def agreed_change(cast: Cast) -> Revision:
    return agree(proposed_change(cast), by=cast.leader)


def half_signed(cast: Cast) -> Revision:
    return sign(make_agreed(cast), by=cast.leader)


NEVER_SIGNED: list[Make] = [make_draft, make_proposal, make_agreed, half_signed]
CHANGES: list[Make] = [amendment, proposed_change, agreed_change]
EACH: list[Make] = [*NEVER_SIGNED, *CHANGES]
never_signed = pytest.mark.parametrize("make", NEVER_SIGNED, ids=lambda make: make.__name__)
changes = pytest.mark.parametrize("make", CHANGES, ids=lambda make: make.__name__)
each = pytest.mark.parametrize("make", EACH, ids=lambda make: make.__name__)


def come(revision: Revision, *, days: int = 0) -> None:
    """Its day is so many days ahead."""
    day = timezone.localdate() + days * DAY
    Revision.objects.filter(pk=revision.pk).update(lapses_on=day)


def lapse() -> int:
    return lapse_what_has_stopped(now=timezone.now())


def told(agreement: Agreement, kind: str) -> list[str]:
    letters = Letter.objects.filter(about_id=str(agreement.pk), kind=f"commitments.{kind}")
    return sorted(letters.values_list("recipient__email", flat=True))


BOTH = ["employee@example.org", "leader@example.org"]


@each
def test_every_open_revision_has_its_day_from_the_start(cast: Cast, make: Make) -> None:
    made = make(cast)
    assert made.lapses_on == timezone.localdate() + PATIENCE[RevisionState(made.state)]


@never_signed
def test_what_was_never_signed_ends_with_a_letter_to_both(cast: Cast, make: Make) -> None:
    made = make(cast)
    come(made)
    assert lapse() == 1
    agreement = Agreement.objects.get(pk=made.agreement_id)
    assert (agreement.ended_as, agreement.ended_by) == (Ending.LAPSED, None)
    assert newest(agreement).state == RevisionState.LAPSED
    assert agreement.erases_on is not None
    assert told(agreement, "ended") == BOTH
    for letter in Letter.objects.filter(kind="commitments.ended"):
        assert "falt bort" in letter.text
        assert dates.long_date(agreement.erases_on) in letter.text


@changes
def test_a_change_goes_and_what_is_signed_holds(cast: Cast, make: Make) -> None:
    made = make(cast)
    keep_unsaved(
        agreement=made.agreement, typed={"goals": "Ro"}, by=cast.leader, now=timezone.now()
    )
    come(made)
    assert lapse() == 1
    agreement = Agreement.objects.get(pk=made.agreement_id)
    assert (agreement.ended_at, agreement.ended_as) == (None, "")
    states = list(agreement.revisions.order_by("number").values_list("state", flat=True))
    assert states == ["signed", "lapsed"]
    assert told(agreement, "change_lapsed") == BOTH
    assert told(agreement, "ended") == []
    assert not UnsavedWork.objects.exists()
    amend_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())


@each
def test_twice_changes_nothing(cast: Cast, make: Make) -> None:
    come(make(cast))
    lapse()
    before = (Letter.objects.count(), AuditRecord.objects.count())
    assert lapse() == 0
    assert (Letter.objects.count(), AuditRecord.objects.count()) == before


@each
def test_not_the_day_before(cast: Cast, make: Make) -> None:
    made = make(cast)
    come(made, days=1)
    assert lapse() == 0
    assert Revision.objects.get(pk=made.pk).state == made.state


@each
def test_the_chain_knows_it_and_verifies(cast: Cast, make: Make) -> None:
    made = make(cast)
    come(made)
    lapse()
    kinds = list(made.agreement.evidence.order_by("number").values_list("kind", flat=True))
    assert "lapsed" in kinds
    assert list(verify_all()) == []


@each
def test_a_pause_holds_it_up_and_leaves_time_to_answer(cast: Cast, make: Make) -> None:
    made = make(cast)
    agreement = made.agreement
    pause_agreement(agreement=agreement, resumes_on=None, by=cast.leader, now=timezone.now())
    come(made, days=-9)
    assert lapse() == 0
    resume_agreement(agreement=agreement, by=cast.employee, now=timezone.now())
    assert lapse() == 0
    left = Revision.objects.get(pk=made.pk)
    assert (left.state, left.lapses_on) == (made.state, timezone.localdate() + SPACE_TO_ANSWER)


@each
def test_nothing_lapses_between_two_who_part(cast: Cast, make: Make) -> None:
    made = make(cast)
    come(made)
    Agreement.objects.filter(pk=made.agreement_id).update(left_behind_at=timezone.now())
    assert lapse() == 0
    part_those_who_moved(now=timezone.now())
    assert lapse() == 1


def test_writing_and_preparing_give_a_draft_more_time(cast: Cast) -> None:
    draft = make_draft(cast)
    whole = timezone.localdate() + PATIENCE[RevisionState.DRAFT]
    come(draft, days=1)
    save(newest(draft.agreement), by=cast.leader)
    assert newest(draft.agreement).lapses_on == whole
    come(draft, days=1)
    save_answer(
        agreement=draft.agreement,
        question="core_task",
        text="Dem",
        by=cast.leader,
        now=timezone.now(),
    )
    assert newest(draft.agreement).lapses_on == whole


def test_the_letters_tell_the_day(cast: Cast) -> None:
    agreed = make_agreed(cast)
    assert agreed.lapses_on is not None
    for kind in ("proposed", "agreed"):
        text = Letter.objects.get(kind=f"commitments.{kind}").text
        assert dates.long_date(agreed.lapses_on) in text


# Conversations


def talk(cast: Cast, *, days_ago: int) -> FollowUp:
    signed = make_signed(cast, follow_up_on=timezone.localdate() - days_ago * DAY)
    return FollowUp.objects.get(agreement=signed.agreement)


def test_a_conversation_not_written_down_leaves_the_plan(cast: Cast) -> None:
    planned = talk(cast, days_ago=TALK_PATIENCE.days)
    assert planned.lapses_on == timezone.localdate()
    assert lapse() == 1
    assert not FollowUp.objects.outstanding().exists()
    assert told(planned.agreement, "follow_up_lapsed") == BOTH
    assert Agreement.objects.get(pk=planned.agreement_id).ended_at is None
    assert lapse() == 0


def test_a_conversation_stays_planned_the_day_before(cast: Cast) -> None:
    planned = talk(cast, days_ago=TALK_PATIENCE.days - 1)
    assert lapse() == 0
    assert FollowUp.objects.outstanding().get() == planned


def test_another_can_be_planned_after_it(cast: Cast) -> None:
    planned = talk(cast, days_ago=TALK_PATIENCE.days)
    lapse()
    FollowUp.objects.create(
        agreement=planned.agreement, revision=planned.revision, due_on=timezone.localdate()
    )
    assert FollowUp.objects.outstanding().count() == 1


# What PostgreSQL refuses


@each
def test_a_revision_lapses_on_no_other_day(cast: Cast, make: Make) -> None:
    made = make(cast)
    rows = Revision.objects.filter(pk=made.pk)
    with (
        pytest.raises(DatabaseError, match="lapses on the day that was told"),
        transaction.atomic(),
    ):
        rows.update(state="lapsed", turn="")
    rows.update(lapses_on=timezone.localdate())
    rows.update(state="lapsed", turn="")


def test_a_revision_does_not_lapse_in_a_pause(cast: Cast) -> None:
    made = make_proposal(cast)
    pause_agreement(agreement=made.agreement, resumes_on=None, by=cast.leader, now=timezone.now())
    come(made)
    with pytest.raises(DatabaseError, match="not in a pause"), transaction.atomic():
        Revision.objects.filter(pk=made.pk).update(state="lapsed", turn="")


@pytest.mark.parametrize("make", [make_proposal, make_agreed], ids=["proposed", "agreed"])
def test_of_what_waits_only_the_day_moves(cast: Cast, make: Make) -> None:
    made = make(cast)
    come(made, days=5)
    with pytest.raises(DatabaseError, match="only the day of lapse moves"), transaction.atomic():
        Revision.objects.filter(pk=made.pk).update(edited_by=cast.leader, turn=made.turn)


def test_an_open_revision_has_a_day(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="revision_waits_until_a_day"), transaction.atomic():
        Revision.objects.filter(pk=make_draft(cast).pk).update(lapses_on=None)


def test_a_conversation_lapses_on_no_other_day(cast: Cast) -> None:
    planned = talk(cast, days_ago=TALK_PATIENCE.days - 1)
    with pytest.raises(DatabaseError, match="on the day that was told"), transaction.atomic():
        FollowUp.objects.filter(pk=planned.pk).update(lapsed_at=timezone.now())


def test_a_lapsed_conversation_never_changes(cast: Cast) -> None:
    planned = talk(cast, days_ago=TALK_PATIENCE.days)
    lapse()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        FollowUp.objects.filter(pk=planned.pk).update(lapsed_at=None)


@pytest.mark.parametrize("wrong", ["", "lapsed", "merged", "departed", "never_signed"])
def test_how_it_ended_is_stored_and_fits(cast: Cast, wrong: str) -> None:
    """By one of the two, and nothing else: not merged, not after the leader, and not by itself."""
    agreement = make_draft(cast).agreement
    with pytest.raises(DatabaseError, match=r"agreement_says_how|by lapsing"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(
            ended_at=timezone.now(),
            ended_by=cast.leader,
            ended_as=wrong,
            erases_on=timezone.localdate() + 400 * DAY,
        )


def test_how_it_ended_stays(cast: Cast) -> None:
    agreement = make_draft(cast).agreement
    end_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())
    with pytest.raises(DatabaseError, match="stays ended"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(ended_as=Ending.DECLINED)


def test_what_is_signed_never_ends_by_lapsing(cast: Cast) -> None:
    change = amendment(cast)
    come(change)
    lapse()
    with pytest.raises(DatabaseError, match="ends by lapsing"), transaction.atomic():
        Agreement.objects.filter(pk=change.agreement_id).update(
            ended_at=timezone.now(),
            ended_as=Ending.LAPSED,
            erases_on=timezone.localdate() + 400 * DAY,
        )


def test_the_leader_is_gone_before_the_day(cast: Cast) -> None:
    """What parts ends as it did, and lapses no more."""
    draft = make_draft(cast)
    come(draft)
    new_leader(cast)
    assert Agreement.objects.get(pk=draft.agreement_id).ended_as == Ending.NEVER_SIGNED
    assert lapse() == 0
