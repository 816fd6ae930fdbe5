"""An organiser's day, from the draft to the figures: nobody ticks three hundred boxes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from certificates.models import Certificate
from people.models import User
from reports.attendance_counting import count_attendance
from reports.period import counted_half_year
from seminars.models import Registration, Seminar, Session
from tests.cast import Cast
from tests.journeys.door_steps import at_door, let_in, no_network, people_of, row_of, says
from tests.journeys.hands import press
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.machine import wait_for
from tests.seminars.factories import make_participants, make_seminar

DAY = dt.timedelta(days=1)


def goes_by(seminar: Seminar, time: dt.timedelta) -> None:
    """Let time go by that nobody waits for here; the seminar's own times follow its sessions'."""
    moved = {"starts_at": F("starts_at") - time, "ends_at": F("ends_at") - time}
    Session.objects.filter(seminar=seminar).update(**moved)
    seminar.refresh_from_db()


@pytest.mark.parametrize("width", ["phone"])
def test_the_day_goes_from_the_draft_to_the_figures(
    width: str,
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a draft of a seminar, which the organiser publishes
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title="Tillit i praksis",
        state="draft",
        starts_at=timezone.now() + 3 * DAY,
    )
    desk = browser_of(cast.organiser)
    desk.goto(f"/seminarer/{seminar.pk}/")
    follow(desk.get_by_role("link", name="Publiser", exact=True))
    has_no_barriers(desk)
    follow(desk.get_by_role("button", name="Publiser", exact=True))
    expect(desk.get_by_text("Seminaret er publisert")).to_be_visible()

    # when twelve have seats and the day has come, the door is open
    make_participants(seminar, cast.unit, 12)
    goes_by(seminar, 3 * DAY + dt.timedelta(minutes=30))
    first, second, third, late, *others = people_of(seminar)
    came_later, absent = others[:3], others[3:]
    at_door(desk, seminar, "Hovedinngang")
    let_in(desk, first)
    says(desk, "Velkommen", first)

    # and goes on without a network, and tells the portal when there is one again
    with no_network(desk):
        for one in (second, third):
            let_in(desk, one)
            says(desk, "Velkommen", one)
    wait_for(lambda: came(seminar) == 3)
    for one in came_later:
        let_in(desk, one)
        expect(row_of(desk, one)).to_contain_text("Inne")
    wait_for(lambda: came(seminar) == 6)

    # the rest did not come, so the organiser says, and is asked first
    desk.reload()
    press(desk.get_by_role("link", name="Før resten som ikke møtt"))
    has_no_barriers(desk)
    follow(desk.get_by_role("button", name="Før resten som ikke møtt"))
    expect(desk.get_by_text("6 deltakere er ført som ikke møtt.")).to_be_visible()

    # one of them did, and it is put right with a reason
    desk.goto(f"/seminarer/{seminar.pk}/deltakere/{late.pk}/oppmote/")
    has_no_barriers(desk)
    desk.locator("[name=outcome]").select_option(label="Møtt")
    desk.get_by_label("Begrunnelse").fill("Kom inn bakveien.")
    follow(desk.get_by_role("button", name="Rett", exact=True))
    late.refresh_from_db()
    stayed_away = Registration.objects.filter(seminar=seminar, outcome="no_show")
    assert (late.outcome, set(stayed_away)) == ("attended", set(absent))

    # when it is over, whoever came gets a certificate by one press, and a letter
    goes_by(seminar, DAY)
    desk.goto(f"/seminarer/{seminar.pk}/kursbevis/")
    has_no_barriers(desk)
    follow(desk.get_by_role("link", name="Utsted til alle som møtte"))
    expect(desk.get_by_role("heading", name="Utsted kursbevis til 7 personer?")).to_be_visible()
    has_no_barriers(desk)
    follow(desk.get_by_role("button", name="Utsted", exact=True))
    expect(desk.get_by_text("7 kursbevis er utstedt.")).to_be_visible()
    stack.mailbox.wait_for_letter(late.user.email, subject="ursbevis")
    assert not Certificate.objects.filter(registration__in=absent).exists()

    # and HR reads how many came, when the half-year is over and has been counted
    counted = counted_half_year(timezone.localdate())
    goes_by(seminar, timezone.localdate(seminar.starts_at) - counted.first - 60 * DAY)
    count_attendance(today=timezone.localdate())
    report = browser_of(cast.hr)
    report.goto(f"/rapporter/?period=custom&first={counted.first}&last={counted.last}")
    row = report.get_by_role("row").filter(has_text=cast.agency.name)
    expect(row.locator("[data-label='Påmeldt']")).to_have_text("12")
    expect(row.locator("[data-label='Møtt']")).to_contain_text("7")
    has_no_barriers(report)


def came(seminar: Seminar) -> int:
    return Registration.objects.filter(seminar=seminar, outcome="attended").count()
