"""A mission is written, shown, published and read; the employee's contribution comes back up."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import User
from tests.cast import Cast
from tests.journeys.conftest import IN_EVERY_MANNER
from tests.journeys.hands import press, tick, write
from tests.journeys.stack import Stack
from tests.missions.factories import make_mission

TASK = "Vi gjør hverdagen trygg for dem som bor hjemme."
ACTIVITIES = ["Besøke dem som trenger oss", "Lære bort egenmestring", "Melde fra i tide"]
Check = Callable[[Page], None]


def write_and_share(page: Page, check: Check) -> None:
    """The leader's draft, from «Oppdraget mitt» until it is shared."""
    page.goto("/oppdrag/")
    check(page)
    press(page.get_by_role("button", name="Skriv oppdraget"))
    write(page.get_by_label("Kjerneoppgave", exact=True), TASK)
    write(page.get_by_label("Hvem vi er til for"), "De som bor hjemme og trenger hjelp")
    for place, text in enumerate(ACTIVITIES, start=1):
        write(page.locator(f"[name=activity_{place}]"), text)
    write(
        page.get_by_label("Vårt bidrag til oppdraget over"), "Vi er øynene og ørene ute hos folk."
    )
    tick(page.locator("[name=serves]").nth(0))
    check(page)
    press(page.get_by_role("button", name="Lagre utkastet"))
    expect(page.get_by_text("Utkastet er lagret.")).to_be_visible()
    press(page.get_by_role("button", name="Del utkastet med enheten"))
    expect(page.get_by_text("kan nå lese utkastet og kommentere det")).to_be_visible()
    check(page)


def publish(page: Page, check: Check) -> None:
    """From the shared draft, with the comment before the leader's eyes."""
    page.goto("/oppdrag/")
    press(page.get_by_role("link", name="Fortsett på utkastet"))
    expect(page.get_by_text("Fint, men hva er i tide?")).to_be_visible()
    press(page.get_by_role("button", name="Se over og publiser"))
    check(page)
    press(page.get_by_role("button", name="Publiser", exact=True))
    expect(page.get_by_text("Oppdraget er publisert.")).to_be_visible()
    check(page)


def comment(page: Page, check: Check) -> None:
    page.goto("/oppdrag/")
    check(page)
    press(page.get_by_role("link", name="Les og kommenter utkastet"))
    check(page)
    write(page.get_by_label("Kommentaren din"), "Fint, men hva er i tide?")
    press(page.get_by_role("button", name="Send kommentaren"))
    expect(page.get_by_text("ser kommentaren din")).to_be_visible()


def read_in_english(page: Page, check: Check) -> None:
    page.goto("/oppdrag/")
    press(page.get_by_role("link", name="Hjemmetjenesten nord", exact=True).last)
    press(page.get_by_role("link", name="Versjon 1"))
    press(page.get_by_role("button", name="English").and_(page.locator(":visible")).first)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_text(TASK)).to_be_visible()
    expect(page.get_by_role("button", name="Read and understood")).to_be_visible()
    check(page)
    press(page.get_by_role("button", name="Bokmål").and_(page.locator(":visible")).first)


def contribute(page: Page, check: Check) -> None:
    page.goto("/oppdrag/")
    press(page.get_by_role("link", name="Skriv mitt bidrag"))
    check(page)
    write(page.locator("[name=text]"), "Jeg ringer før jeg kommer.")
    press(page.get_by_role("button", name="Lagre og del med"))
    expect(page.get_by_text("Bidraget ditt er lagret.")).to_be_visible()
    check(page)


@IN_EVERY_MANNER
def test_leader_publishes_and_employee_reads_and_contributes(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Check,
) -> None:
    # given a mission above
    make_mission(cast.department, by=cast.manager)
    leader, employee = browser_of(cast.leader), browser_of(cast.employee)

    # when the leader writes and shares, the employee comments, and the leader publishes
    write_and_share(leader, has_no_barriers)
    comment(employee, has_no_barriers)
    publish(leader, has_no_barriers)

    # then the employee gets a letter, reads the mission, in English too, and says so
    stack.mailbox.wait_for_letter(cast.employee.email, subject="har fått nytt oppdrag")
    read_in_english(employee, has_no_barriers)
    press(employee.get_by_role("button", name="Lest og forstått"))
    expect(employee.get_by_text("Det er notert at du har lest")).to_be_visible()
    has_no_barriers(employee)

    # and the contribution that the employee shares is before the leader, beside who has read
    contribute(employee, has_no_barriers)
    leader.goto("/oppdrag/bidrag/")
    expect(leader.get_by_text("Jeg ringer før jeg kommer.")).to_be_visible()
    has_no_barriers(leader)
    leader.goto("/oppdrag/")
    press(leader.get_by_role("link", name="Se hvem som har lest"))
    expect(leader.get_by_text(cast.employee.name)).to_be_visible()
    has_no_barriers(leader)
