"""Two who had an agreement in each of two units have one when the units are merged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.eligible_pairs import mission_for, pairs_of_employee, pairs_of_leader
from commitments.evidence.verification import verify_all
from commitments.mergers.actions import merge_agreements_of_pairs
from commitments.models import Agreement, Ending
from commitments.reading.overview import overview_of, without_agreement
from commitments.schedule import keep_agreements
from commitments.writing.actions import start_agreement
from outbox.models import Letter
from people.import_changes import changes_kept_of
from people.models import (
    IMPORT_UNDO_WINDOW,
    AuditRecord,
    Leadership,
    Position,
    StaffImportRun,
    Unit,
    User,
)
from tests import clock
from tests.cast import Cast
from tests.commitments.factories import (
    make_agreed,
    make_draft,
    make_proposal,
    make_signed,
    newest,
)
from tests.factories import make_leadership, make_position, make_unit
from tests.missions.factories import make_mission

DAY = dt.timedelta(days=1)
Make = Callable[[Cast], Any]


@pytest.fixture
def both(cast: Cast) -> tuple[Cast, Cast]:
    """The leader leads two units, and the employee works in both."""
    make_leadership(cast.leader, cast.sibling_unit)
    make_position(cast.employee, cast.sibling_unit, title="Vikar")
    return cast, replace(cast, unit=cast.sibling_unit)


def merge(cast: Cast) -> Unit:
    """Both units close, and the two go together into what they become."""
    today = clock.today()
    merged = make_unit("Hjemmetjenesten", parent=cast.department)
    old = [cast.unit, cast.sibling_unit]
    for unit in old:
        unit.successors.add(merged)
    for rows in (Position, Leadership):
        rows.objects.filter(unit__in=old).update(valid_to=today - DAY)
    Unit.objects.filter(pk__in=[unit.pk for unit in old]).update(valid_to=today - DAY)
    make_position(cast.employee, merged, since=today)
    make_position(cast.leader, merged, title="Leder", since=today)
    make_leadership(cast.leader, merged, since=today)
    return merged


def now() -> dt.datetime:
    return timezone.now()


def test_both_stand_as_long_as_the_import_can_be_taken_back(both: tuple[Cast, Cast]) -> None:
    for cast in both:
        make_draft(cast)
    run = StaffImportRun.objects.create(
        outcome="carried_out", on=clock.today(), counts={"units_ended": 2}, keeps_changes=True
    )
    with changes_kept_of(run.pk):
        merge(both[0])
    assert merge_agreements_of_pairs(now=now()) == 0
    assert Agreement.objects.open().count() == 2
    assert merge_agreements_of_pairs(now=run.at + IMPORT_UNDO_WINDOW) == 1


@pytest.mark.parametrize(
    ("kept", "ended"),
    [
        (make_signed, make_draft),
        (make_signed, make_agreed),
        (make_agreed, make_proposal),
        (make_proposal, make_draft),
    ],
)
@pytest.mark.parametrize("is_kept_first", [True, False])
def test_the_one_that_has_come_farther_is_kept(
    both: tuple[Cast, Cast], kept: Make, ended: Make, is_kept_first: bool
) -> None:
    first, second = both
    first_made = (kept if is_kept_first else ended)(first)
    second_made = (ended if is_kept_first else kept)(second)
    held, gone = (first_made, second_made) if is_kept_first else (second_made, first_made)
    merge(first)
    keep_agreements()
    agreement = Agreement.objects.get(pk=gone.agreement_id)
    assert (agreement.ended_at is None, agreement.ended_by) == (False, None)
    assert agreement.merged_into_id == held.agreement_id
    assert list(Agreement.objects.open()) == [held.agreement]
    assert newest(held.agreement).state == held.state
    assert merge_agreements_of_pairs(now=now()) == 0
    assert list(verify_all()) == []


def test_of_two_signed_the_latest_is_kept(both: tuple[Cast, Cast]) -> None:
    first, second = both
    later_pk_signed_first = make_draft(first)
    made_second = make_signed(second)
    Agreement.objects.filter(pk=later_pk_signed_first.agreement_id).update(
        ended_at=now(),
        ended_by=first.leader,
        ended_as=Ending.ENDED,
        erases_on=clock.today() + 400 * DAY,
    )
    made_first = make_signed(first)
    merge(first)
    assert merge_agreements_of_pairs(now=now()) == 1
    assert list(Agreement.objects.open()) == [made_first.agreement]
    assert Agreement.objects.get(pk=made_second.agreement_id).revisions.signed().count() == 1


def test_both_read_why_and_get_a_letter(
    both: tuple[Cast, Cast], signed_in: Callable[[User], Client]
) -> None:
    make_signed(both[0], follow_up_on=clock.today() + 30 * DAY)
    gone = make_draft(both[1]).agreement
    merge(both[0])
    merge_agreements_of_pairs(now=now())
    gone.refresh_from_db()
    assert gone.ended_as == Ending.MERGED
    for person in (both[0].employee, both[0].leader):
        page = signed_in(person).get(reverse("commitments:detail", args=[gone.pk]))
        assert "Enhetene ble slått sammen" in page.content.decode()
        letter = Letter.objects.get(kind="commitments.ended", recipient=person)
        assert "er slått sammen. Den ene gjelder videre" in " ".join(letter.text.split())
    record = AuditRecord.objects.get(action="commitments.merge_agreements")
    assert (record.object_id, record.details) == (str(gone.pk), {"kept": gone.merged_into_id})


def test_two_units_that_are_not_merged_have_an_agreement_each(both: tuple[Cast, Cast]) -> None:
    for one in both:
        make_draft(one)
    assert merge_agreements_of_pairs(now=now()) == 0
    assert Agreement.objects.open().count() == 2


def test_others_agreements_in_the_merged_units_are_left_alone(both: tuple[Cast, Cast]) -> None:
    make_draft(both[0])
    other = replace(both[1], employee=both[0].stranger)
    make_position(other.employee, other.unit)
    make_draft(other)
    merged = merge(both[0])
    make_position(other.employee, merged, since=clock.today())
    assert merge_agreements_of_pairs(now=now()) == 0
    assert Agreement.objects.open().count() == 2


def test_who_has_one_from_before_begins_no_other_in_the_merged_unit(cast: Cast) -> None:
    held = make_signed(cast).agreement
    merged = merge(cast)
    make_mission(merged)
    today = clock.today()
    [pair] = pairs_of_employee(cast.employee, today)
    assert pair.unit == merged
    assert without_agreement([pair], cast.employee, on=today) == []
    assert without_agreement(pairs_of_leader(cast.leader, today), cast.leader, on=today) == []
    assert start_agreement(pair=pair, by=cast.employee, now=now()) == held
    rows = overview_of(cast.employee, today).as_employee
    assert [(row.agreement, row.pair) for row in rows] == [(held, None)]
    assert len(overview_of(cast.leader, today).as_leader) == 1


@pytest.mark.parametrize("field", ["ended_at", "leader_access_ended_at"])
def test_the_database_refuses_a_second_open_one(cast: Cast, field: str) -> None:
    held = make_draft(cast).agreement
    merged = merge(cast)
    parties = {
        "leader": cast.leader,
        "employee": cast.employee,
        "unit": merged,
        "created_by": cast.leader,
    }
    with pytest.raises(IntegrityError, match="one open agreement"), transaction.atomic():
        Agreement.objects.create(**parties)
    over: dict[str, Any] = {
        "ended_by": cast.leader,
        "ended_as": Ending.ENDED,
        "erases_on": clock.today() + 400 * DAY,
    }
    Agreement.objects.filter(pk=held.pk).update(
        **{field: now()}, **(over if field == "ended_at" else {})
    )
    assert Agreement.objects.create(**parties).pk != held.pk


def test_the_database_merges_nothing_that_goes_on(both: tuple[Cast, Cast]) -> None:
    held, other = (make_draft(one).agreement for one in both)
    with (
        pytest.raises(IntegrityError, match="agreement_is_merged_when_it_ends"),
        transaction.atomic(),
    ):
        Agreement.objects.filter(pk=other.pk).update(merged_into=held)


def test_what_is_renewed_after_a_merger_hangs_on_the_successors_mission(cast: Cast) -> None:
    make_signed(cast)
    merged = merge(cast)
    cast.unit.refresh_from_db()
    own = mission_for(cast.unit, clock.today())
    assert own is not None
    mission = make_mission(merged)
    assert mission_for(cast.unit, clock.today()) == mission
