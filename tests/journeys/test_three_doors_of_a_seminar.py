"""Three doors of a seminar of 300, whose network is gone while people come.

One telephone is loaded anew meanwhile, one is out of battery with its scans in it, and one has a
clock that is two hours ahead, and an owner who is no host any more when the network is back.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from attendance.invariants import faults
from attendance.models import Scan, SessionAttendance
from people.models import Role, User
from seminars.models import SeminarRole, SeminarRoleGrant
from tests.cast import Cast
from tests.factories import make_role
from tests.journeys.browser import FLAGS, browser_path
from tests.journeys.door_steps import (
    at_door,
    let_in,
    may_sign_in,
    no_network,
    people_of,
    row_of,
    says,
    sign_in,
    type_code,
)
from tests.journeys.stack import Stack
from tests.machine import wait_for
from tests.seminars.factories import make_participants, make_seminar, make_seminar_role

COUNT = 300
AT_EACH = 20
SHARED = 5
LONG_AGO = dt.timedelta(minutes=30)
TWO_HOURS_AHEAD = """(() => {
  const ahead = 2 * 60 * 60 * 1000;
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + ahead); }
    static now() { return Right.now() + ahead; }
  };
})()"""


class Telephone:
    """A browser of its own, which keeps what it has when its battery is out."""

    def __init__(self, chromium: Browser, stack: Stack, folder: Path) -> None:
        self._type, self._url, self.folder = chromium.browser_type, stack.url, folder
        self.path = browser_path()

    def turned_on(self) -> Page:
        context: BrowserContext = self._type.launch_persistent_context(
            str(self.folder),
            executable_path=self.path,
            args=FLAGS,
            base_url=self._url,
            locale="nb-NO",
        )
        return context.pages[0]

    def out_of_battery(self) -> None:
        """End its own processes, and no other browser's, at once."""
        mark = f"--user-data-dir={self.folder}".encode()
        for command in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if mark in command.read_bytes():
                    os.kill(int(command.parent.name), signal.SIGKILL)


@pytest.fixture
def telephone(chromium: Browser, stack: Stack, tmp_path: Path) -> Iterator[Telephone]:
    found = Telephone(chromium, stack, tmp_path / "telephone")
    yield found
    found.out_of_battery()


def ask_again(page: Page) -> None:
    """As when the network comes and goes: it is asked by itself too, half a minute apart."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("width", ["phone"])
def test_nobody_is_lost_and_nobody_counted_twice(
    width: str,
    cast: Cast,
    alone: None,
    browser_of: Callable[[User], Page],
    telephone: Telephone,
    shown_pages: list[Page],
) -> None:
    # given 300 participants, and three who stand at the doors
    make_role(cast.hr, Role.ORGANISER, cast.other_agency)
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        capacity=COUNT,
        starts_at=timezone.now() - LONG_AGO,
    )
    make_participants(seminar, cast.unit, COUNT)
    make_seminar_role(seminar, cast.stranger, SeminarRole.HOST)
    people = people_of(seminar)
    first, second = people[:AT_EACH], people[AT_EACH - SHARED : 2 * AT_EACH - SHARED]
    third = people[2 * AT_EACH - SHARED : 3 * AT_EACH - SHARED]
    shared = first[-SHARED:]

    a = browser_of(cast.organiser)
    b = telephone.turned_on()
    shown_pages.append(b)
    may_sign_in(cast.hr)
    b.goto("/konto/logg-inn/")
    sign_in(b, cast.hr)
    expect(b.get_by_role("heading", level=1)).not_to_have_text("Logg inn")
    c = browser_of(cast.stranger)
    c.context.add_init_script(TWO_HOURS_AHEAD)
    for page, name in ((a, "dør A"), (b, "dør B"), (c, "dør C")):
        at_door(page, seminar, name)

    # when all of them have lost the network, sixty come, five of them past two doors
    with no_network(a), no_network(c):
        b.context.set_offline(True)
        for place, one in enumerate(first):
            if place == AT_EACH // 2:
                a.reload()
                expect(a.get_by_text("Uten nett: 10 innsjekkinger venter")).to_be_visible()
            type_code(a, one)
            says(a, "Velkommen", one)
        for one in second:
            let_in(b, one)
            says(b, "Velkommen", one)
        for one in third:
            type_code(c, one)
            says(c, "Velkommen", one)
        expect(b.get_by_text(f"Uten nett: {AT_EACH} innsjekkinger venter")).to_be_visible()
        telephone.out_of_battery()
        assert Scan.objects.count() == 0

    # and two of them have it again
    for page in (a, c):
        expect(page.get_by_text("venter på å bli sendt")).to_have_count(0)
    assert Scan.objects.count() == 2 * AT_EACH

    # and the third is turned on the next time, by whoever had it
    b = telephone.turned_on()
    shown_pages.append(b)
    b.goto(f"/seminarer/{seminar.pk}/dor/{seminar.sessions.get().pk}/")
    if b.get_by_label("E-post").count():
        sign_in(b, cast.hr)
    wait_for(lambda: Scan.objects.count() == 3 * AT_EACH)

    # then everybody is there once, as of when they came
    came = {one.pk for one in [*first, *second, *third]}
    recorded = SessionAttendance.objects.filter(session__seminar=seminar)
    assert len(came) == 3 * AT_EACH - SHARED
    assert sorted(recorded.values_list("registration", "outcome")) == [
        (pk, "attended") for pk in sorted(came)
    ]
    began = timezone.now() - LONG_AGO
    for scan in Scan.objects.all():
        assert began < scan.happened_at < scan.received_at
        assert scan.door == {cast.organiser.pk: "dør A", cast.hr.pk: "dør B"}.get(
            scan.by_id, "dør C"
        )
    assert [fault for fault in faults() if fault.seminar_id == seminar.pk] == []

    # and the five are shown at both doors, with both, and when
    ask_again(a)
    for page in (a, b):
        lines = page.locator("[data-door-twice] li")
        expect(lines).to_have_count(SHARED)
        for one in shared:
            line = lines.filter(has_text=f"{one.user.name}:").inner_text()
            assert line.index("dør A") < line.index("dør B")
            assert line.count("kl. ") == 2
    expect(b.locator("[data-door-told] li")).to_have_count(SHARED)

    # whoever is no host any more when the network is back is told who is not sent
    late = people[3 * AT_EACH : 3 * AT_EACH + 2]
    with no_network(c):
        for one in late:
            let_in(c, one)
            says(c, "Velkommen", one)
        SeminarRoleGrant.objects.filter(user=cast.stranger).update(
            ended_at=timezone.now(), ended_by=cast.organiser
        )
    expect(c.get_by_text("Er den ikke det, gi arrangøren det som står")).to_be_visible()
    unsent = c.locator("[data-door-unsent] li")
    assert [line.split(":")[0] for line in unsent.all_inner_texts()] == [
        one.user.name for one in late
    ]
    assert Scan.objects.filter(registration__in=late).count() == 0

    # and sends it by themselves when they are one again
    make_seminar_role(seminar, cast.stranger, SeminarRole.HOST)
    ask_again(c)
    expect(row_of(c, late[0])).to_contain_text("Inne")
    wait_for(lambda: Scan.objects.filter(registration__in=late).count() == len(late))
    expect(unsent).to_have_count(0)
