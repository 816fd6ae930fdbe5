"""Who hears of an import that stopped, failed or set rows aside, and how often."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.staff_imports import tell_of_staff_imports
from accounts.tasks import tell_administrators
from outbox.models import Letter
from people.models import IMPORT_IS_LATE, Role, StaffImportOutcome, User
from people.rules import may_tend_staff_imports
from tests.cast import Cast
from tests.factories import make_role
from tests.people.import_runs import STOPPED, make_import_run

pytestmark = pytest.mark.django_db


def tell(today: dt.date) -> None:
    tell_of_staff_imports(now=timezone.now(), today=today)


@pytest.mark.parametrize(
    ("fields", "subject", "said"),
    [
        ({"stopped_by": [STOPPED]}, "Personalimporten stoppet", "endret uvanlig mye"),
        (
            {"outcome": StaffImportOutcome.FAILED},
            "Personalimporten feilet",
            "ingenting er endret",
        ),
        (
            {"rows_set_aside": 2},
            "Personalimporten satte rader til side",
            "2 rader i filene fra HR-systemet kunne ikke leses",
        ),
    ],
)
def test_administrators_of_the_municipality_get_one_letter(
    cast: Cast, today: dt.date, fields: dict, subject: str, said: str
) -> None:
    make_role(cast.manager, Role.ADMINISTRATOR, cast.agency)
    run = make_import_run(**fields)
    tell(today)
    tell(today)
    letter = Letter.objects.get()
    assert (letter.recipient, letter.subject) == (cast.administrator, subject)
    assert said in letter.text
    assert f"/personalimport/{run.pk}/" in letter.text


def test_those_who_may_accept_are_those_who_hear(cast: Cast, today: dt.date) -> None:
    make_role(cast.manager, Role.HR, cast.municipality)
    make_role(cast.employee, Role.HR, cast.agency)
    make_role(cast.leader, Role.ORGANISER, cast.municipality)
    make_import_run(stopped_by=[STOPPED])
    tell(today)
    heard = {letter.recipient for letter in Letter.objects.all()}
    assert heard == {cast.administrator, cast.manager}
    assert {
        person for person in User.objects.all() if may_tend_staff_imports(person, today)
    } == heard


def test_a_stopped_run_says_that_rows_could_not_be_read(cast: Cast, today: dt.date) -> None:
    for rows in (0, 2):
        make_import_run(stopped_by=[STOPPED], rows_set_aside=rows)
    tell(today)
    said = [("kunne ikke leses" in letter.text) for letter in Letter.objects.order_by("pk")]
    assert said == [False, True]


def test_import_that_went_well_is_no_letter(cast: Cast, today: dt.date) -> None:
    make_import_run()
    tell(today)
    assert not Letter.objects.exists()


def test_duty_tells(cast: Cast) -> None:
    make_import_run(stopped_by=[STOPPED])
    tell_administrators()
    assert Letter.objects.count() == 1


def late(since: dt.timedelta = dt.timedelta(minutes=1)) -> dict[str, dt.datetime]:
    return {"at": timezone.now() - IMPORT_IS_LATE - since}


def test_a_silence_is_told_once(cast: Cast) -> None:
    make_import_run(**late())
    tell_administrators()
    tell_administrators()
    letter = Letter.objects.get()
    assert (letter.recipient, letter.subject) == (
        cast.administrator,
        "Personalimporten er ikke kjørt",
    )
    assert "/personalimport/" in letter.text


def test_another_silence_is_told_again(cast: Cast) -> None:
    for since in (dt.timedelta(days=9), dt.timedelta(minutes=1)):
        make_import_run(**late(since))
        tell_administrators()
    assert Letter.objects.count() == 2


def test_a_run_taken_back_ends_no_silence(cast: Cast) -> None:
    run = make_import_run(**late())
    make_import_run(outcome=StaffImportOutcome.UNDONE, undoes=run)
    tell_administrators()
    assert Letter.objects.get().subject == "Personalimporten er ikke kjørt"


def test_where_a_run_has_come_or_none_ever_did_nobody_is_told(cast: Cast) -> None:
    tell_administrators()
    make_import_run(**late(dt.timedelta(minutes=-5)))
    tell_administrators()
    assert not Letter.objects.exists()
