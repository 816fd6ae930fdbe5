"""Getting in, and keeping it safe: a code by e-mail, then a passkey, then a passkey alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import Cast
from tests.journeys.conftest import PASSWORD, PATIENCE, WIDTHS
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.machine import wait_for

CODE = re.compile(r"[A-Z0-9]{4}-[A-Z0-9]{4}")


@pytest.fixture
def visitor(
    chromium: Browser, stack: Stack, alone: None, shown_pages: list[Page], width: str
) -> Page:
    """A window of somebody who is not signed in, with a fingerprint reader."""
    wide, high = WIDTHS[width]
    context = chromium.new_context(base_url=stack.url, viewport={"width": wide, "height": high})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    shown_pages.append(page)
    page.violations = []  # type: ignore[attr-defined]
    page.on("console", lambda message: note_violation(page, message.text))
    reader = context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def note_violation(page: Page, text: str) -> None:
    if "Content Security Policy" in text:
        page.violations.append(text)  # type: ignore[attr-defined]


def codes_sent(stack: Stack, address: str) -> list[str]:
    texts = [m.get_body(("plain",)).get_content() for m in stack.mailbox.letters_to(address)]
    return [found[0] for text in texts if (found := CODE.search(text))]


def next_code(stack: Stack, address: str, so_far: int) -> str:
    return wait_for(lambda: codes_sent(stack, address)[so_far:])[0]


def test_an_employee_gets_in_by_code_and_from_then_on_by_passkey(
    cast: Cast, stack: Stack, visitor: Page, has_no_barriers: Callable[[Page], None]
) -> None:
    # given somebody who has no password
    address = cast.employee.email
    so_far = len(codes_sent(stack, address))

    # when the visitor asks for a code
    visitor.goto("/avtaler/")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Logg inn")
    has_no_barriers(visitor)
    visitor.get_by_role("link", name="Få en kode på e-post").click()
    has_no_barriers(visitor)
    visitor.get_by_label("E-post").fill(address)
    follow(visitor.get_by_role("button", name="Send koden"))
    has_no_barriers(visitor)

    # and types a wrong one first
    visitor.get_by_label("Koden fra e-posten").fill("XXXX-XXXX")
    visitor.get_by_role("button", name="Logg inn", exact=True).click()
    expect(visitor.locator("[data-error-summary]")).to_be_focused()
    has_no_barriers(visitor)
    visitor.get_by_label("Koden fra e-posten").fill(next_code(stack, address, so_far))
    visitor.get_by_role("button", name="Logg inn", exact=True).click()

    # then they are where they were going
    expect(visitor).to_have_url("/avtaler/")

    # when they add a passkey, they are asked once more who they are
    visitor.goto("/konto/")
    has_no_barriers(visitor)
    visitor.get_by_role("link", name="Se og endre").click()
    has_no_barriers(visitor)
    visitor.get_by_role("link", name="Legg til en passnøkkel").click()
    has_no_barriers(visitor)
    visitor.get_by_role("button", name="Send koden").click()
    visitor.get_by_label("Koden fra e-posten").fill(next_code(stack, address, so_far + 1))
    visitor.get_by_role("button", name="Bekreft").click()
    has_no_barriers(visitor)
    visitor.get_by_label("Navn på nøkkelen").fill("Telefonen")
    visitor.get_by_label("Logg inn med bare denne nøkkelen").check()
    visitor.get_by_role("button", name="Legg til").click()

    # then they get codes for the day the key is lost
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Gjenopprettingskoder")
    has_no_barriers(visitor)
    visitor.goto("/konto/trinn-to/passnokler/")
    expect(visitor.get_by_text("Telefonen").first).to_be_visible()
    has_no_barriers(visitor)
    for page in ("/konto/trinn-to/app/", "/konto/passord/velg/", "/konto/trinn-to/koder/nye/"):
        visitor.goto(page)
        has_no_barriers(visitor)

    # and when they have signed out, the key alone lets them in
    visitor.goto("/konto/logg-ut/")
    has_no_barriers(visitor)
    visitor.locator("main").get_by_role("button", name="Logg ut").click()
    visitor.get_by_role("button", name="Bruk passnøkkel").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Hei, Even")
    has_no_barriers(visitor)


@pytest.mark.parametrize(
    ("url", "heading"),
    [
        ("/personvern/", "Personvern"),
        ("/tilgjengelighet/", "Tilgjengelighetserklæring"),
        ("/konto/passord/glemt/", "Glemt passordet?"),
        ("/konto/passord/nytt/1-x/", "Lenken gjelder ikke lenger"),
        ("/konto/feilet/", "Innloggingen gikk ikke"),
        ("/finnes-ikke/", "Vi finner ikke siden"),
    ],
)
def test_pages_for_everybody_have_no_barriers(
    visitor: Page, has_no_barriers: Callable[[Page], None], url: str, heading: str
) -> None:
    visitor.goto(url)
    expect(visitor.get_by_role("heading", level=1)).to_have_text(heading)
    has_no_barriers(visitor)


def test_the_first_press_of_tab_leads_past_the_menu(visitor: Page) -> None:
    visitor.goto("/personvern/")
    visitor.keyboard.press("Tab")
    expect(visitor.get_by_role("link", name="Gå til hovedinnholdet")).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#hoved")).to_be_focused()


def test_a_menu_closes_on_escape_and_gives_focus_back(
    cast: Cast, browser_of: Callable[..., Page]
) -> None:
    page = browser_of(cast.leader)
    summary = page.locator(".lp-header__user > details:last-of-type > summary")
    summary.click()
    expect(page.get_by_role("button", name="Logg ut")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Logg ut")).to_be_hidden()
    expect(summary).to_be_focused()


def test_all_of_it_works_without_scripts(
    cast: Cast, chromium: Browser, stack: Stack, alone: None, shown_pages: list[Page]
) -> None:
    # given a browser that runs no scripts, and somebody with a password
    cast.leader.set_password(PASSWORD)
    cast.leader.save()
    context = chromium.new_context(base_url=stack.url, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    shown_pages.append(page)

    # when the leader gets the password wrong, and then right
    page.goto("/")
    expect(page.locator("#passkey_login")).to_be_hidden()
    for password in ("feil", PASSWORD):
        page.get_by_label("E-post").fill(cast.leader.email)
        page.locator("#id_password").fill(password)
        follow(page.get_by_role("button", name="Logg inn", exact=True))

    # then they are in, and the menus open, the language changes and they get out again
    expect(page.get_by_role("heading", level=1)).to_have_text("Hei, Liv")
    page.get_by_role("button", name="English").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Bokmål").first.click()
    page.locator("summary").filter(has_text="Liv Dahl").click()
    page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Logg inn")
