"""The leader guesses and asks, six employees answer, and the leader sees the gap."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import User
from pulse.models import PulseRound
from tests.cast import Cast
from tests.factories import make_employee
from tests.journeys.conftest import IN_EVERY_MANNER
from tests.journeys.hands import press, tick, write
from tests.journeys.stack import Stack
from tests.missions.factories import make_mission
from tests.pulse.factories import settle


def answer(page: Page, pulse: PulseRound, label: str, check: Callable[[Page], None]) -> None:
    """From «Oppdraget mitt» through the memory to the answer."""
    page.goto("/oppdrag/")
    press(page.get_by_role("link", name="Svar på pulsmålingen").first)
    check(page)
    write(page.get_by_label("Hva er oppdraget til enheten?"), "Noe om trygghet")
    press(page.get_by_role("button", name="Vis oppdraget"))
    expect(page.get_by_text("Noe om trygghet")).to_be_visible()
    tick(page.get_by_role("radio", name=re.compile(f"^{label}")))
    if label.startswith("Nja"):
        tick(page.get_by_label("mitt bidrag", exact=True))
    check(page)
    press(page.get_by_role("button", name="Send svaret"))
    expect(page.get_by_role("heading", name="Takk for svaret")).to_be_visible()


@IN_EVERY_MANNER
def test_leader_guesses_six_answer_and_leader_sees_the_gap(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given a mission, and six who work in the unit
    make_mission(cast.unit, by=cast.leader)
    colleagues = [make_employee(cast.unit, f"Kollega {number}") for number in range(5)]

    # when the leader guesses that all six can say it, and opens
    leader = browser_of(cast.leader)
    leader.goto(f"/oppdrag/enhet/{cast.unit.pk}/puls/")
    has_no_barriers(leader)
    press(leader.get_by_role("link", name="Sett i gang en pulsmåling"))
    has_no_barriers(leader)
    write(leader.get_by_label("Så mange sier ja"), "6")
    write(leader.get_by_label("Så mange sier nja"), "0")
    write(leader.get_by_label("Så mange sier nei"), "0")
    press(leader.get_by_role("button", name="Sett i gang"))
    expect(leader.get_by_text("6 er spurt")).to_be_visible()
    has_no_barriers(leader)
    stack.mailbox.wait_for_letter(cast.employee.email, subject="Kjenner du oppdraget")

    # and four say «nja» and two «ja»
    pulse = PulseRound.objects.get()
    people = [cast.employee, *colleagues]
    for person, label in zip(people, ["Nja:", "Nja:", "Nja:", "Nja:", "Ja:", "Ja:"], strict=True):
        answer(browser_of(person), pulse, label, has_no_barriers)

    # then the leader is told nothing before the last day is over
    leader.reload()
    expect(leader.get_by_role("button", name="Avslutt og se gapet")).to_have_count(0)
    settle(pulse)

    # and afterwards sees how far off the guess was, and what to talk about
    leader.reload()
    expect(leader.get_by_role("listitem").filter(has_text="Nja eller nei")).to_contain_text(
        "De svarte 4"
    )
    expect(leader.get_by_text("Minst tre er usikre på: sitt eget bidrag.")).to_be_visible()
    has_no_barriers(leader)
    leader.goto("/oppdrag/")
    press(leader.get_by_role("link", name="Se forslag til samtalen"))
    press(leader.get_by_role("button", name="Vi har snakket om det"))
    expect(leader.get_by_text("Samtalen er merket av.")).to_be_visible()
    has_no_barriers(leader)
