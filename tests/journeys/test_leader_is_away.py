"""A leader goes on leave and names a substitute, who signs; and two who sign on paper instead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from commitments.evidence.verification import verify_all
from commitments.models import Revision, Signature
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import LEADERS_TEXT, make_agreed
from tests.journeys.conftest import PASSWORD
from tests.journeys.stack import Stack
from tests.journeys.steps import follow

Check = Callable[[Page], None]


def prove(page: Page, has_no_barriers: Check) -> None:
    page.locator("input[type=password]").fill(PASSWORD)
    follow(page.locator("main form button[type=submit]").first)
    has_no_barriers(page)


def test_a_substitute_signs_while_the_leader_is_away(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Check,
) -> None:
    # given what the two have agreed to, and a leader who is going away
    agreed = make_agreed(cast)
    leader = browser_of(cast.leader)
    leader.goto("/avtaler/stedfortreder/")
    has_no_barriers(leader)

    # when the leader names a substitute, after confirming it is them
    follow(leader.get_by_role("link", name="Oppgi stedfortreder"))
    has_no_barriers(leader)
    prove(leader, has_no_barriers)
    leader.get_by_role("combobox", name="Hvem skal være stedfortreder?").fill(cast.stranger.email)
    last = timezone.localdate() + dt.timedelta(days=14)
    leader.get_by_label("Til og med").fill(last.isoformat())
    follow(leader.get_by_role("button", name="Oppgi stedfortreder"))
    has_no_barriers(leader)

    # then those whom it concerns get a letter, and the employee sees it on the page
    stack.mailbox.wait_for_letter(cast.stranger.email, subject="stedfortreder")
    stack.mailbox.wait_for_letter(cast.employee.email, subject="stedfortreder")
    employee = browser_of(cast.employee)
    employee.goto(f"/avtaler/{agreed.agreement_id}/")
    expect(employee.get_by_text("Sindre Foss er stedfortreder")).to_be_visible()
    has_no_barriers(employee)

    # when the substitute reads and signs
    substitute = browser_of(cast.stranger)
    substitute.goto("/avtaler/stedfortreder/")
    has_no_barriers(substitute)
    substitute.get_by_role("link", name="Les og signer").click()
    prove(substitute, has_no_barriers)
    expect(substitute.get_by_text(LEADERS_TEXT)).to_be_visible()
    substitute.get_by_role("button", name="Signer", exact=True).click()

    # then both names stand there for the employee, and the substitute sees no more of it
    expect(substitute.locator(".lp-messages")).to_contain_text("signert for Liv Dahl")
    has_no_barriers(substitute)
    answer = substitute.goto(f"/avtaler/{agreed.agreement_id}/")
    assert answer is not None
    assert answer.status == 404
    employee.reload()
    expect(employee.get_by_text("stedfortreder for Liv Dahl", exact=True)).to_be_visible()
    assert Signature.objects.get().on_behalf_of == cast.leader
    assert list(verify_all()) == []


def test_two_sign_on_paper_and_say_so(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Check,
    tmp_path: Path,
) -> None:
    # given what the two have agreed to
    agreed = make_agreed(cast)

    # when the employee fetches the paper, and both say that they have signed it
    for person in (cast.employee, cast.leader):
        page = browser_of(person)
        page.goto(f"/avtaler/{agreed.agreement_id}/papir/")
        has_no_barriers(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Last ned papirutgaven (PDF)").click()
        download.value.save_as(tmp_path / "papir.pdf")
        assert (tmp_path / "papir.pdf").read_bytes()[:5] == b"%PDF-"
        page.get_by_role("link", name="Bekreft hvem du er").click()
        prove(page, has_no_barriers)
        page.get_by_role("button", name="Bekreft signaturen").click()
        expect(page.locator("[data-error-summary]")).to_be_focused()
        has_no_barriers(page)
        page.get_by_label("Hvilken dag").fill(timezone.localdate().isoformat())
        page.get_by_label("Jeg bekrefter at").check()
        page.get_by_role("button", name="Bekreft signaturen").click()
        expect(page.locator(".lp-messages")).to_be_visible()
        has_no_barriers(page)

    # then it is signed, and the page says how
    signed = Revision.objects.signed().get(agreement=agreed.agreement)
    assert {one.medium for one in signed.signatures.all()} == {"paper"}
    expect(page.get_by_text("Signert på papir")).to_have_count(2)
    assert list(verify_all()) == []
