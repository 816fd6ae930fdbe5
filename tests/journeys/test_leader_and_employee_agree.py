"""A leader and an employee write an agreement, sign it both, and have it as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from commitments.models import Agreement
from people.models import User
from tests.cast import Cast
from tests.journeys.conftest import IN_EVERY_MANNER, PASSWORD
from tests.journeys.hands import choose, press, tick, write
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.machine import wait_for
from tests.missions.factories import make_mission


def write_commitment(page: Page, place: int, *, owner: str, text: str, why: str) -> None:
    """Fill in one commitment of the form, for the first core activity."""
    row = page.get_by_role("group", name=f"Forpliktelse {place}", exact=True)
    tick(row.get_by_label(owner))
    write(row.get_by_label("Forpliktelsen", exact=False).first, text)
    write(row.get_by_label("For hvem, og hvorfor"), why)
    choose(row.get_by_label("Kjerneaktivitet"), 1)


def sign(page: Page, has_no_barriers: Callable[[Page], None]) -> None:
    """From the agreement's page through confirming who one is."""
    follow(page.get_by_role("link", name="Signer"))
    write(page.locator("input[type=password]"), PASSWORD)
    has_no_barriers(page)
    follow(page.get_by_role("button", name="Bekreft"))
    has_no_barriers(page)
    follow(page.get_by_role("button", name="Signer"))


@IN_EVERY_MANNER
def test_leader_and_employee_draft_and_co_sign(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    # given a mission of their unit
    make_mission(cast.unit, by=cast.leader)

    # when the employee begins, writes both sides and proposes
    employee = browser_of(cast.employee)
    employee.goto("/avtaler/ny/")
    has_no_barriers(employee)
    follow(employee.get_by_role("button", name="Begynn"))
    has_no_barriers(employee)
    follow(employee.locator(".lp-next").get_by_role("link", name="Rediger"))
    write_commitment(
        employee,
        1,
        owner=cast.employee.name,
        text="Ringer pårørende samme dag",
        why="De venter på svar",
    )
    while employee.get_by_role("group", name="Forpliktelse 2", exact=True).count() == 0:
        follow(employee.get_by_role("button", name="Legg til en forpliktelse"))
    write_commitment(
        employee,
        2,
        owner=cast.leader.name,
        text="Frigir onsdager til fordypning",
        why="Da blir vi tryggere på det vi gjør",
    )
    has_no_barriers(employee)
    follow(employee.get_by_role("button", name="Lagre og foreslå"))
    has_no_barriers(employee)
    follow(employee.get_by_role("button", name="Send forslaget"))
    has_no_barriers(employee)

    # then the leader is told, without a word of what it says
    letter = stack.mailbox.wait_for_letter(cast.leader.email, subject="forslag")
    assert "Ringer pårørende" not in letter.as_string()

    # and when the leader accepts
    agreement = Agreement.objects.get(employee=cast.employee)
    leader = browser_of(cast.leader)
    leader.goto(f"/avtaler/{agreement.pk}/")
    has_no_barriers(leader)
    follow(leader.locator(".lp-next").get_by_role("link").first)
    follow(leader.get_by_role("button", name="Godta"))

    # and both sign, each after confirming who they are
    sign(leader, has_no_barriers)
    employee.goto(f"/avtaler/{agreement.pk}/")
    sign(employee, has_no_barriers)
    has_no_barriers(employee)

    # then both are told, and the worker has made the document
    stack.mailbox.wait_for_letter(cast.employee.email, subject="signert")
    stack.mailbox.wait_for_letter(cast.leader.email, subject="signert")
    revision = agreement.revisions.get()
    wait_for(lambda: agreement.revisions.filter(document__isnull=False).exists())
    with employee.expect_download() as download:
        press(employee.get_by_role("link", name="Last ned PDF").first)
    file = tmp_path / "avtale.pdf"
    download.value.save_as(file)
    assert file.read_bytes()[:5] == b"%PDF-"
    assert revision.signatures.count() == 2
    employee.goto(f"/avtaler/{agreement.pk}/")
    expect(employee.get_by_role("link", name="Be om endring")).to_be_visible()
    has_no_barriers(employee)
