"""A leader who leads no more is parted from nobody for a day: the file may have been wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.ending.actions import end_agreement
from commitments.evidence.verification import verify_all
from commitments.leader_changes.actions import part_agreement, part_those_who_moved
from commitments.locking import AgreementRefused
from commitments.models import Agreement, Share
from common import dates
from outbox.models import Letter
from people.models import IMPORT_UNDO_WINDOW, AuditRecord, Leadership, User
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreed,
    make_agreement,
    make_signed,
    make_substitution,
    plan_talk,
    sign,
)
from tests.commitments.test_parting import leave, shared
from tests.people.staff_files import PEOPLE, StaffFolder

SignedIn = Callable[[User], Client]
DAY, MOMENT = dt.timedelta(days=1), dt.timedelta(seconds=1)
NO_LEADERS = [row.replace(";ja;", ";nei;").replace(";x", ";nei") for row in PEOPLE]


def parting_letters() -> int:
    return Letter.objects.filter(kind__startswith="commitments.parted").count()


class Nights:
    """One night after another: HR's files at three, and the portal that looks a little later."""

    def __init__(self, folder: Path) -> None:
        self.first = timezone.localtime().replace(hour=3, minute=0, second=0, microsecond=0)
        self.staff = StaffFolder(folder, self.first.date())

    def night(self, number: int, people: list[str]) -> None:
        self.staff.write(people=people)
        self.staff.run(on=self.first.date() + number * DAY)
        self.look(number, minutes=3)

    def look(self, number: int, *, minutes: int) -> int:
        at = self.first + number * DAY + dt.timedelta(minutes=minutes)
        return part_those_who_moved(now=at)


@pytest.fixture
def nights(db: None, tmp_path: Path) -> Nights:
    nights = Nights(tmp_path)
    nights.night(0, PEOPLE)
    return nights


@pytest.fixture
def agreement(nights: Nights) -> Agreement:
    leadership = Leadership.objects.get(user__name="Liv Dahl")
    even = User.objects.get(name="Even Moen")
    return Agreement.objects.create(
        leader=leadership.user, employee=even, unit=leadership.unit, created_by=even
    )


def test_a_night_without_leaders_parts_nobody_when_the_next_has_them(
    nights: Nights, agreement: Agreement
) -> None:
    nights.night(1, NO_LEADERS)
    agreement.refresh_from_db()
    assert agreement.is_parting
    for hours in range(1, 24):
        assert nights.look(1, minutes=hours * 60) == 0
    nights.night(2, PEOPLE)
    agreement.refresh_from_db()
    assert (agreement.left_behind_at, agreement.leader_access_ended_at) == (None, None)
    for day in range(2, 5):
        assert nights.look(day, minutes=60) == 0
    assert (parting_letters(), AuditRecord.objects.filter(action__contains="part").count()) == (
        0,
        0,
    )


def test_a_change_that_stands_for_a_day_parts_them(nights: Nights, agreement: Agreement) -> None:
    nights.night(1, NO_LEADERS)
    agreement.refresh_from_db()
    assert agreement.left_behind_at is not None
    due_at = agreement.left_behind_at + IMPORT_UNDO_WINDOW
    assert part_those_who_moved(now=due_at - MOMENT) == 0
    assert parting_letters() == 0
    assert part_those_who_moved(now=due_at) == 1
    assert parting_letters() == 2
    assert Agreement.objects.get(pk=agreement.pk).is_parted


def test_who_is_gone_again_later_waits_a_whole_day_again(
    nights: Nights, agreement: Agreement
) -> None:
    nights.night(1, NO_LEADERS)
    nights.night(2, PEOPLE)
    nights.night(3, NO_LEADERS)
    assert nights.look(3, minutes=23 * 60) == 0
    assert nights.look(4, minutes=30) == 1


def test_nobody_is_parted_by_a_look_that_saw_nothing_before(cast: Cast) -> None:
    """However the action is reached, and in a portal that has not looked for days."""
    agreement = make_agreement(cast)
    leave(cast)
    assert part_agreement(agreement.pk, now=timezone.now()) is None
    assert part_those_who_moved(now=timezone.now()) == 0
    assert not Agreement.objects.get(pk=agreement.pk).is_parted


def test_meanwhile_nobody_signs_or_changes_it(cast: Cast) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    leave(cast)
    part_those_who_moved(now=timezone.now())
    for signer in (cast.leader, cast.employee, cast.stranger):
        with pytest.raises(AgreementRefused):
            sign(agreed, by=signer)
    with pytest.raises(AgreementRefused):
        end_agreement(
            agreement=agreed.agreement, reason="Ny stilling", by=cast.leader, now=timezone.now()
        )
    assert agreed.signatures.count() == 0


def test_meanwhile_the_leader_reads_nothing_and_the_employee_why(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreement = make_agreed(cast).agreement
    leave(cast)
    part_those_who_moved(now=timezone.now())
    agreement.refresh_from_db()
    url = reverse("commitments:detail", args=[agreement.pk])
    assert signed_in(cast.leader).get(url).status_code == 404
    page = signed_in(cast.employee).get(url).content.decode()
    assert agreement.left_behind_at is not None
    at = dates.short_moment(agreement.left_behind_at + IMPORT_UNDO_WINDOW)
    assert "Liv Dahl står ikke lenger som lederen din her" in page
    assert f"Er det fortsatt slik {at}, lukkes avtalen" in page
    for name in ("edit", "sign", "decline", "pause", "end"):
        here = reverse(f"commitments:{name}", args=[agreement.pk])
        assert f'href="{here}"' not in page
        assert (name, signed_in(cast.employee).get(here).status_code) == (name, 403)
    assert "Lederskifte meldt" in signed_in(cast.employee).get("/avtaler/").content.decode()


def test_meanwhile_nothing_of_it_waits_on_min_side(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast)
    plan_talk(signed, timezone.localdate() - DAY)
    waiting = "skulle vært holdt"
    assert waiting in signed_in(cast.employee).get("/").content.decode()
    leave(cast)
    part_those_who_moved(now=timezone.now())
    assert waiting not in signed_in(cast.employee).get("/").content.decode()


def test_meanwhile_no_signature_is_asked_for_on_min_side(cast: Cast, signed_in: SignedIn) -> None:
    make_agreed(cast)
    waiting = "venter på signaturen din"
    assert waiting in signed_in(cast.employee).get("/").content.decode()
    leave(cast)
    part_those_who_moved(now=timezone.now())
    assert waiting not in signed_in(cast.employee).get("/").content.decode()


def test_a_leader_who_is_back_goes_on_as_before(cast: Cast) -> None:
    agreed = make_agreed(cast)
    leave(cast)
    part_those_who_moved(now=timezone.now())
    Leadership.objects.filter(unit=cast.unit).update(valid_to=None)
    part_those_who_moved(now=timezone.now())
    assert sign(agreed, by=cast.leader).signatures.count() == 1
    assert list(verify_all()) == []


def test_a_share_waits_as_the_agreement_did(cast: Cast, signed_in: SignedIn) -> None:
    agreement, successor = shared(cast)
    now = timezone.now()
    Leadership.objects.filter(user=successor).update(user=cast.stranger)
    part_those_who_moved(now=now)
    url = reverse("commitments:shared", args=[agreement.pk])
    assert signed_in(successor).get(url).status_code == 404
    page = signed_in(cast.employee).get(reverse("commitments:detail", args=[agreement.pk]))
    assert "kan Nina Ny ikke lese det du deler" in page.content.decode()
    Leadership.objects.filter(user=cast.stranger).update(user=successor)
    part_those_who_moved(now=now + IMPORT_UNDO_WINDOW)
    share = Share.objects.get()
    assert (share.ended_at, share.left_behind_at) == (None, None)
    assert signed_in(successor).get(url).status_code == 200


def test_a_share_with_who_leads_no_more_ends_after_a_day(cast: Cast) -> None:
    _agreement, successor = shared(cast)
    now = timezone.now()
    Leadership.objects.filter(user=successor).update(user=cast.stranger)
    part_those_who_moved(now=now)
    part_those_who_moved(now=now + IMPORT_UNDO_WINDOW - MOMENT)
    assert Share.objects.get().ended_at is None
    part_those_who_moved(now=now + IMPORT_UNDO_WINDOW)
    assert Share.objects.get().ended_at == now + IMPORT_UNDO_WINDOW
