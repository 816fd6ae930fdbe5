"""Who hears of an import that stopped, failed or set rows aside, and how often."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.staff_imports import tell_of_staff_imports
from accounts.tasks import tell_administrators
from outbox.models import Letter
from people.models import Role, StaffImportOutcome
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


def test_import_that_went_well_is_no_letter(cast: Cast, today: dt.date) -> None:
    make_import_run()
    tell(today)
    assert not Letter.objects.exists()


def test_duty_tells(cast: Cast) -> None:
    make_import_run(stopped_by=[STOPPED])
    tell_administrators()
    assert Letter.objects.count() == 1
