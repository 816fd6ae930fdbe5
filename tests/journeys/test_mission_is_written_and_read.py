"""A mission is written, shown, published and read; the employee's contribution comes back up."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import User
from tests.cast import Cast
from tests.journeys.stack import Stack
from tests.missions.factories import make_mission

TASK = "Vi gjør hverdagen trygg for dem som bor hjemme."
ACTIVITIES = ["Besøke dem som trenger oss", "Lære bort egenmestring", "Melde fra i tide"]
Check = Callable[[Page], None]


def write(page: Page, check: Check) -> None:
    """The leader's draft, from «Oppdraget mitt» until it is shared."""
    page.goto("/oppdrag/")
    check(page)
    page.get_by_role("button", name="Skriv oppdraget").click()
    page.get_by_label("Kjerneoppgave", exact=True).fill(TASK)
    page.get_by_label("Hvem vi er til for").fill("De som bor hjemme og trenger hjelp")
    for place, text in enumerate(ACTIVITIES, start=1):
        page.locator(f"[name=activity_{place}]").fill(text)
    page.get_by_label("Vårt bidrag til oppdraget over").fill("Vi er øynene og ørene ute hos folk.")
    page.locator("[name=serves]").nth(0).check()
    check(page)
    page.get_by_role("button", name="Lagre utkastet").click()
    expect(page.get_by_text("Utkastet er lagret.")).to_be_visible()
    page.get_by_role("button", name="Del utkastet med enheten").click()
    expect(page.get_by_text("kan nå lese utkastet og kommentere det")).to_be_visible()
    check(page)


def publish(page: Page, check: Check) -> None:
    """From the shared draft, with the comment before the leader's eyes."""
    page.goto("/oppdrag/")
    page.get_by_role("link", name="Fortsett på utkastet").click()
    expect(page.get_by_text("Fint, men hva er i tide?")).to_be_visible()
    page.get_by_role("button", name="Se over og publiser").click()
    check(page)
    page.get_by_role("button", name="Publiser", exact=True).click()
    expect(page.get_by_text("Oppdraget er publisert.")).to_be_visible()
    check(page)


def comment(page: Page, check: Check) -> None:
    page.goto("/oppdrag/")
    check(page)
    page.get_by_role("link", name="Les og kommenter utkastet").click()
    check(page)
    page.get_by_label("Kommentaren din").fill("Fint, men hva er i tide?")
    page.get_by_role("button", name="Send kommentaren").click()
    expect(page.get_by_text("ser kommentaren din")).to_be_visible()


def read_in_english(page: Page, check: Check) -> None:
    page.goto("/oppdrag/")
    page.get_by_role("link", name="Hjemmetjenesten nord", exact=True).last.click()
    page.get_by_role("link", name="Versjon 1").click()
    page.get_by_role("button", name="English").and_(page.locator(":visible")).first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_text(TASK)).to_be_visible()
    expect(page.get_by_role("button", name="Read and understood")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Bokmål").and_(page.locator(":visible")).first.click()


def contribute(page: Page, check: Check) -> None:
    page.goto("/oppdrag/")
    page.get_by_role("link", name="Skriv mitt bidrag").click()
    check(page)
    page.locator("[name=text]").fill("Jeg ringer før jeg kommer.")
    page.get_by_role("button", name="Lagre og del med").click()
    expect(page.get_by_text("Bidraget ditt er lagret.")).to_be_visible()
    check(page)


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
    write(leader, has_no_barriers)
    comment(employee, has_no_barriers)
    publish(leader, has_no_barriers)

    # then the employee gets a letter, reads the mission, in English too, and says so
    stack.mailbox.wait_for_letter(cast.employee.email, subject="har fått nytt oppdrag")
    read_in_english(employee, has_no_barriers)
    employee.get_by_role("button", name="Lest og forstått").click()
    expect(employee.get_by_text("Det er notert at du har lest")).to_be_visible()
    has_no_barriers(employee)

    # and the contribution that the employee shares is before the leader, beside who has read
    contribute(employee, has_no_barriers)
    leader.goto("/oppdrag/bidrag/")
    expect(leader.get_by_text("Jeg ringer før jeg kommer.")).to_be_visible()
    has_no_barriers(leader)
    leader.goto("/oppdrag/")
    leader.get_by_role("link", name="Se hvem som har lest").click()
    expect(leader.get_by_text(cast.employee.name)).to_be_visible()
    has_no_barriers(leader)
