"""HR opens the participation report and takes it along as a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from attendance.models import Attendance
from people.models import User
from seminars.models import RegistrationState
from tests.cast import Cast
from tests.journeys.conftest import IN_EVERY_MANNER
from tests.journeys.hands import press
from tests.seminars.factories import make_participants, make_seminar


def make_history(cast: Cast) -> None:
    """Nine of the agency registered for a seminar earlier today: six came, two did not.

    Attendance is told when the half-year is over.
    """
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        starts_at=timezone.now() - timezone.timedelta(hours=9),
    )
    came = make_participants(seminar, cast.unit, 6)
    stayed_away = make_participants(seminar, cast.unit, 2)
    make_participants(seminar, cast.unit, 1)
    make_participants(seminar, cast.unit, 4, state=RegistrationState.WAITLISTED)
    for registrations, outcome in ((came, "attended"), (stayed_away, "no_show")):
        for registration in registrations:
            Attendance.objects.create(
                registration=registration, outcome=outcome, marked_by=cast.organiser
            )


@IN_EVERY_MANNER
def test_hr_opens_the_report_and_downloads_the_right_figures(
    cast: Cast,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    # given a seminar that was held, for an agency that HR answers for and for another
    make_history(cast)

    # when HR opens the report
    page = browser_of(cast.hr)
    page.goto("/rapporter/")
    row = page.get_by_role("row").filter(has_text=cast.agency.name)
    expect(row).to_have_count(1)
    expect(page.get_by_role("row").filter(has_text=cast.other_agency.name)).to_have_count(0)
    has_no_barriers(page)

    # and downloads it
    with page.expect_download() as download:
        press(page.get_by_role("link", name="Last ned Excel"))
    file = tmp_path / "deltakelse.xlsx"
    download.value.save_as(file)

    # then the workbook opens, with the figures of the page
    sheet = load_workbook(file).worksheets[0]
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    heading = next(line for line in rows if "Virksomhet" in line)
    figures = next(line for line in rows if cast.agency.name in line)
    by_name = dict(zip(heading, figures, strict=True))
    assert {name: by_name[name] for name in ("Påmeldt", "Venter", "Ikke ført", "Møtt")} == {
        "Påmeldt": 9,
        "Venter": 4,
        "Ikke ført": 1,
        "Møtt": "–",
    }

    # and an agency of somebody else's does not exist for HR here
    page.goto(f"/rapporter/virksomhet/{cast.other_agency.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("finner ikke")
    has_no_barriers(page)
