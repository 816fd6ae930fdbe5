"""From the code at the door to proof that a stranger can check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from certificates.models import Certificate
from certificates.numbers import grouped
from evidence.pdf_text import text_inside
from people.models import User
from seminars.models import Seminar, Session
from tests.cast import Cast
from tests.journeys.conftest import IN_EVERY_MANNER, MANNERS, PATIENCE
from tests.journeys.hands import press, uses_keyboard, write
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.machine import wait_for
from tests.seminars.factories import make_registration, make_seminar

TITLE = "Tillit i praksis"


@pytest.fixture
def stranger(
    chromium: Browser, stack: Stack, alone: None, shown_pages: list[Page], width: str
) -> Page:
    """A window of somebody who has no account here."""
    wide, high = MANNERS[width]
    context = chromium.new_context(
        base_url=stack.url,
        viewport={"width": wide, "height": high},
        java_script_enabled=width != "no script",
    )
    page = context.new_page()
    page.uses_keyboard = width == "keyboard"  # type: ignore[attr-defined]
    page.violations = []  # type: ignore[attr-defined]
    page.set_default_timeout(PATIENCE)
    shown_pages.append(page)
    return page


def at_320(page: Page, has_no_barriers: Callable[[Page], None]) -> None:
    """As it stands, and on the narrowest phone: nothing in the way, and nothing beyond the edge."""
    wide = page.viewport_size
    has_no_barriers(page)
    page.set_viewport_size({"width": 320, "height": 700})
    has_no_barriers(page)
    if not uses_keyboard(page):
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0
    page.set_viewport_size(wide)


def key_on(pdf: bytes, certificate: Certificate) -> str:
    """As somebody reads it from the paper: it stands right after the number."""
    shown = text_inside(pdf, bottom=0)
    number = grouped(certificate.number)
    return shown[shown.rindex(number) + len(number) :].strip()[:19]


def end(seminar: Seminar) -> None:
    """The last session is over."""
    ended = timezone.now() - dt.timedelta(minutes=1)
    Session.objects.filter(seminar=seminar).update(ends_at=ended)


@IN_EVERY_MANNER
def test_whoever_came_proves_it_to_a_stranger(
    width: str,
    cast: Cast,
    stranger: Page,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given somebody with a seat at what is held now
    now = timezone.now()
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title=TITLE,
        starts_at=now - dt.timedelta(hours=3),
        hours=4,
    )
    make_registration(seminar, cast.leader)
    own = browser_of(cast.leader)
    own.goto(f"/seminarer/{seminar.pk}/koden-min/")
    code = own.locator(".lp-code__letters").inner_text()

    # when the door lets them in, and it is over
    door = browser_of(cast.organiser)
    door.goto(f"/seminarer/{seminar.pk}/dor/{seminar.sessions.get().pk}/")
    write(door.get_by_label("Navn eller kode"), code)
    press(door.get_by_role("button", name="Søk", exact=True))
    wait_for(lambda: seminar.registrations.filter(outcome="attended").exists())
    end(seminar)

    # and they press for their certificate
    own.goto("/kursbevis/mine/")
    has_no_barriers(own)
    follow(own.get_by_role("button", name=f"Få kursbevis for {TITLE}"))
    expect(own.get_by_text("Kursbeviset er utstedt.")).to_be_visible()
    at_320(own, has_no_barriers)
    certificate = Certificate.objects.get()
    wait_for(lambda: Certificate.objects.filter(document__isnull=False).exists())
    own.reload()
    with own.expect_download() as download:
        press(own.get_by_role("link", name="Last ned PDF"))
    pdf = download.value.path().read_bytes()
    key = key_on(pdf, certificate)

    # then a stranger with the number sees that it is true, and not whose it is
    stranger.goto(f"/kursbevis/{grouped(certificate.number).lower()}/")
    expect(stranger.get_by_text("Gyldig", exact=True)).to_be_visible()
    expect(stranger.get_by_text(cast.leader.name)).to_have_count(0)
    at_320(stranger, has_no_barriers)

    # and whoever scans the code, or types the key, sees the name
    stranger.goto(f"/kursbevis/{grouped(certificate.number)}/#{key}")
    if width == "no script":
        write(stranger.get_by_label("Navnekode"), key)
    expect(stranger.get_by_label("Navnekode")).to_have_value(key)
    assert ("#" in stranger.url) == (width == "no script")
    follow(stranger.get_by_role("button", name="Vis navnet"))
    expect(stranger.get_by_text(cast.leader.name)).to_be_visible()
    at_320(stranger, has_no_barriers)
