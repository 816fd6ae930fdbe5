"""Whose address HR has changed is told at the old one and at the new, once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.address_changes import tell_of_address_changes
from outbox.calendar import cancel, request
from outbox.delivery import claim
from outbox.models import Letter, LetterState
from people.models import StaffImportRun, User
from people.staff_import.undoing import undo_import
from tests.outbox.factories import make_letter
from tests.people.staff_files import PEOPLE, StaffFolder

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 11, 24)
"""The day of the folder's files."""
LATER = dt.timedelta(days=6)
"""By then work has begun, at whatever hour a test runs."""
LIV, EVEN, OLAV, NEW = (f"{name}@solvik.example" for name in ("liv", "even", "olav", "ny"))


@pytest.fixture
def staff(tmp_path: Path) -> StaffFolder:
    """With one import carried out: of the first nothing is kept."""
    folder = StaffFolder(tmp_path, on=ON)
    folder.run()
    tell()
    return folder


def tell() -> None:
    tell_of_address_changes(now=timezone.now(), today=ON)


def sent_to() -> set[tuple[str, str]]:
    return {(one.recipient.name, one.to_email) for one in Letter.objects.all()}


def changed(staff: StaffFolder, **addresses: str) -> StaffImportRun:
    """The run of a file in which the people named by their HR ids have other addresses."""
    rows = [row.split(";") for row in PEOPLE]
    people = [";".join([*row[:2], addresses.get(row[0], row[2]), *row[3:]]) for row in rows]
    staff.write(people=people)
    staff.run()
    run: StaffImportRun = StaffImportRun.objects.latest("pk")
    return run


def test_both_addresses_are_told_once_without_a_link(staff: StaffFolder) -> None:
    changed(staff, P1=NEW)
    tell()
    tell()
    assert sent_to() == {("Liv Dahl", LIV), ("Liv Dahl", NEW)}
    for letter in Letter.objects.all():
        assert LIV in letter.text
        assert NEW in letter.text
        assert "si fra til HR" in letter.text
        assert "/logg-inn" not in letter.text


def test_the_old_address_is_written_to_although_its_owner_has_another(staff: StaffFolder) -> None:
    changed(staff, P1=NEW)
    tell()
    letter = Letter.objects.get(to_email=LIV)
    sent = claim(letter.pk, now=timezone.now() + LATER)
    assert sent is not None
    assert sent.to_email == LIV


def test_an_old_address_that_somebody_has_meanwhile_is_not_written_to(staff: StaffFolder) -> None:
    changed(staff, P1=NEW)
    tell()
    letter = Letter.objects.get(to_email=LIV)
    User.objects.filter(email=EVEN).update(email=LIV)
    assert claim(letter.pk, now=timezone.now() + LATER) is None
    letter.refresh_from_db()
    assert letter.state == LetterState.UNADDRESSED


def test_two_who_swap_addresses_are_told_at_their_own_alone(staff: StaffFolder) -> None:
    changed(staff, P1=OLAV, P3=LIV)
    tell()
    assert sent_to() == {("Liv Dahl", OLAV), ("Olav Aas", LIV)}


def test_an_address_that_is_taken_away_is_told_of_at_the_old_one(staff: StaffFolder) -> None:
    changed(staff, P3="")
    tell()
    letter = Letter.objects.get()
    assert (letter.to_email, letter.state) == (OLAV, LetterState.QUEUED)
    assert "tatt bort e-postadressen din" in letter.text
    assert claim(letter.pk, now=timezone.now() + LATER) is not None


def test_who_has_left_and_who_has_the_same_address_hear_nothing(staff: StaffFolder) -> None:
    staff.write(
        people=[row for row in PEOPLE if not row.startswith("P3")] + [f"P4;Ny;{OLAV};201;K"]
    )
    staff.run()
    tell()
    assert sent_to() == set()


def test_an_import_undone_before_anybody_was_told_tells_nobody(staff: StaffFolder) -> None:
    undo_import(now=timezone.now(), run=changed(staff, P1=NEW))
    tell()
    assert sent_to() == set()


def test_an_import_undone_after_that_tells_of_the_way_back(staff: StaffFolder) -> None:
    run = changed(staff, P1=NEW)
    tell()
    Letter.objects.update(state=LetterState.SENT, sent_at=timezone.now())
    undo_import(now=timezone.now(), run=run)
    tell()
    tell()
    again = Letter.objects.filter(state=LetterState.QUEUED)
    found = set(again.values_list("to_email", "is_to_former_address"))
    assert found == {(NEW, True), (LIV, False)}


@pytest.mark.parametrize("make", [request, cancel])
def test_a_waiting_invitation_names_the_address_it_goes_to(staff: StaffFolder, make: Any) -> None:
    liv = User.objects.get(email=LIV)
    liv.name = "Liv «Å» " + "Ødegård " * 9
    now = timezone.now()
    said = {
        **dict.fromkeys(("uid", "summary", "location", "description", "url"), "x"),
        **{"sequence": 0, "start": now, "end": now + LATER, "now": now},
    }
    part = make(attendee=liv, **said)
    letter = make_letter(liv, calendar=part)
    User.objects.filter(pk=liv.pk).update(email=NEW, name=liv.name)
    sent = claim(letter.pk, now=now + LATER)
    assert sent is not None
    liv.email = NEW
    assert (sent.to_email, sent.calendar) == (NEW, make(attendee=liv, **said).ics)
