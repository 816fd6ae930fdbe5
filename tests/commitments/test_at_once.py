"""Whoever has moved reads no more from the very next request, before any sweep has come by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.follow_up.actions import write_private_note
from commitments.locking import AgreementRefused
from commitments.models import Agreement, PrivateNote, Revision, Share, UnsavedWork
from commitments.own_data import own_data
from commitments.proposing.actions import comment_on_agreement
from commitments.signing_authority import revisions_to_sign_for
from commitments.writing.autosave_actions import keep_unsaved
from people.models import Leadership, User
from tests import clock
from tests.cast import Cast
from tests.commitments.factories import (
    EMPLOYEES_TEXT,
    SECRETS,
    make_agreed,
    make_proposal,
    make_signed,
    make_substitution,
    sign,
)
from tests.commitments.test_parting import DAY, MODELS, leave, shared
from tests.commitments.test_privacy import PAGES, lived
from tests.factories import make_position

SignedIn = Callable[[User], Client]


def replace_leader(cast: Cast) -> None:
    leave(cast, successor=cast.stranger)


def vacate(cast: Cast) -> None:
    leave(cast)


def move_employee(cast: Cast) -> None:
    cast.employee.positions.update(valid_to=timezone.localdate() - DAY)
    make_position(cast.employee, cast.other_unit)


MOVES = [replace_leader, vacate, move_employee]


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("model", MODELS)
def test_the_old_leader_reads_no_row(cast: Cast, model: Any, move: Callable[[Cast], None]) -> None:
    lived(cast)
    everything = model.objects.count()
    assert model.objects.visible_to(cast.leader, on=clock.today()).count() == everything > 0
    move(cast)
    assert model.objects.visible_to(cast.leader, on=clock.today()).count() == 0
    assert model.objects.visible_to(cast.stranger, on=clock.today()).count() == 0
    assert model.objects.visible_to(cast.employee, on=clock.today()).count() == everything
    assert not Agreement.objects.get().is_parted


def test_what_the_leader_alone_wrote_there_is_read_no_more(cast: Cast) -> None:
    agreement = make_signed(cast, follow_up_on=timezone.localdate()).agreement
    now = timezone.now()
    write_private_note(follow_up=agreement.follow_ups.get(), text="Mitt", by=cast.leader, now=now)
    keep_unsaved(agreement=agreement, typed={"goals": "x"}, by=cast.leader, now=now)
    vacate(cast)
    assert PrivateNote.objects.visible_to(cast.leader, on=timezone.localdate(now)).count() == 0
    assert UnsavedWork.objects.visible_to(cast.leader, on=timezone.localdate(now)).count() == 0


@pytest.mark.parametrize("move", MOVES)
def test_no_page_nor_document_is_answered(
    cast: Cast, signed_in: SignedIn, move: Callable[[Cast], None]
) -> None:
    agreement = lived(cast).agreement
    browser = signed_in(cast.leader)
    detail = reverse("commitments:detail", args=[agreement.pk])
    assert browser.get(detail).status_code == 200
    move(cast)
    pages = {name: reverse(f"commitments:{name}", args=[agreement.pk]) for name in PAGES}
    for number in (1, 2):
        pages[f"{number}"] = reverse("commitments:revision", args=[agreement.pk, number])
    answers = {name: browser.get(page).status_code for name, page in pages.items()}
    assert answers == dict.fromkeys(pages, 404)
    for name in ("home", "commitments:list", "outbox:mine", "people:profile"):
        page = browser.get(reverse(name)).content.decode()
        assert all(secret not in page for secret in SECRETS)
        assert detail not in page
    assert signed_in(cast.employee).get(detail).status_code == 200


def test_the_old_leaders_own_data_say_nothing_of_it(cast: Cast) -> None:
    lived(cast)
    assert EMPLOYEES_TEXT in told(cast.leader)
    vacate(cast)
    after = told(cast.leader)
    assert [secret for secret in SECRETS if secret in after] == []


def told(user: User) -> str:
    return "".join(f"{row}" for one in own_data(user, clock.today()) for row in one.rows)


def test_a_leadership_that_ends_today_is_read_in_today_and_not_tomorrow(cast: Cast) -> None:
    """The last day is the leader's own; one that ended yesterday is over from midnight."""
    make_signed(cast)
    today = timezone.localdate()
    Leadership.objects.filter(unit=cast.unit).update(valid_to=today)
    assert Agreement.objects.visible_to(cast.leader, on=today).count() == 1
    assert Agreement.objects.visible_to(cast.leader, on=today + DAY).count() == 0
    Leadership.objects.filter(unit=cast.unit).update(valid_to=today - DAY)
    assert Agreement.objects.visible_to(cast.leader, on=today).count() == 0


def test_a_leadership_that_begins_later_gives_nothing_yet(cast: Cast) -> None:
    make_signed(cast)
    Leadership.objects.filter(unit=cast.unit).update(valid_from=timezone.localdate() + DAY)
    assert Agreement.objects.visible_to(cast.leader, on=clock.today()).count() == 0


@pytest.mark.parametrize("who", ["leader", "employee"])
def test_nothing_is_done_in_it_meanwhile(cast: Cast, who: str) -> None:
    proposal = make_proposal(cast)
    vacate(cast)
    with pytest.raises(AgreementRefused, match="ikke med i avtalen lenger"):
        comment_on_agreement(
            revision=proposal, text="Hei", by=getattr(cast, who), now=timezone.now()
        )


def test_an_action_asks_of_the_day_it_is_told(cast: Cast) -> None:
    proposal, now = make_proposal(cast), clock.now()
    Leadership.objects.filter(unit=cast.unit).update(valid_to=clock.today())
    comment_on_agreement(revision=proposal, text="Hei", by=cast.leader, now=now)
    with pytest.raises(AgreementRefused, match="ikke med i avtalen lenger"):
        comment_on_agreement(revision=proposal, text="Hei", by=cast.leader, now=now + DAY)


@pytest.mark.parametrize("who", ["leader", "employee"])
def test_nobody_signs_what_the_leader_has_left(cast: Cast, who: str) -> None:
    agreed = make_agreed(cast)
    vacate(cast)
    with pytest.raises(AgreementRefused, match="ikke med i avtalen lenger"):
        sign(agreed, by=getattr(cast, who))
    assert Revision.objects.get(pk=agreed.pk).signatures.count() == 0


def test_a_substitute_reads_nothing_for_a_leader_who_has_moved(
    cast: Cast, signed_in: SignedIn
) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    page = reverse("commitments:sign", args=[agreed.agreement_id])
    today = timezone.localdate()
    assert list(revisions_to_sign_for(cast.stranger, today)) == [agreed]
    vacate(cast)
    assert list(revisions_to_sign_for(cast.stranger, today)) == []
    assert signed_in(cast.stranger).get(page).status_code == 404


@pytest.mark.parametrize("how", ["leader", "employee"])
def test_who_it_was_shared_with_reads_it_no_more(cast: Cast, signed_in: SignedIn, how: str) -> None:
    agreement, successor = shared(cast)
    page = reverse("commitments:shared", args=[agreement.pk])
    browser = signed_in(successor)
    assert browser.get(page).status_code == 200
    if how == "leader":
        Leadership.objects.filter(user=successor).delete()
    else:
        move_employee(cast)
    assert browser.get(page).status_code == 404
    assert Share.objects.visible_to(successor, on=clock.today()).count() == 0
    assert Share.objects.get().ended_at is None
    assert signed_in(cast.employee).get(page).status_code == 200


def test_two_who_went_along_into_a_merged_unit_read_on(cast: Cast) -> None:
    make_signed(cast)
    today = timezone.localdate()
    cast.unit.successors.add(cast.sibling_unit)
    for row in (cast.unit.leaderships, cast.employee.positions):
        row.update(valid_to=today - dt.timedelta(days=1))
    make_position(cast.employee, cast.sibling_unit)
    assert Agreement.objects.visible_to(cast.leader, on=today).count() == 0
    Leadership.objects.create(user=cast.leader, unit=cast.sibling_unit, valid_from=today)
    assert Agreement.objects.visible_to(cast.leader, on=today).count() == 1
