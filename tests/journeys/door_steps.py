"""What whoever stands at a door does, and what they are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from attendance import codes
from people.models import User
from seminars.models import Registration, Seminar
from tests.journeys.conftest import PASSWORD
from tests.machine import wait_for

IS_HELD = """async () => {
  const worker = await navigator.serviceWorker.getRegistration();
  return Boolean(worker?.active && (await caches.match(location.pathname)));
}"""


def people_of(seminar: Seminar) -> list[Registration]:
    return list(seminar.registrations.select_related("user").order_by("user__sort_key", "pk"))


def at_door(page: Page, seminar: Seminar, name: str) -> None:
    """Open the door's page, and wait until the machine holds what it needs to go on alone."""
    page.goto(f"/seminarer/{seminar.pk}/dor/{seminar.sessions.get().pk}/")
    is_held(page)
    if name:
        page.get_by_text("Er det flere dører?").click()
        page.get_by_label("Navn på døren").fill(name)


def is_held(page: Page) -> None:
    wait_for(lambda: page.evaluate(IS_HELD))


def may_sign_in(user: User) -> None:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("E-post").fill(user.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()


def row_of(page: Page, one: Registration) -> Locator:
    return page.locator(f"li[data-person='{one.pk}']")


def let_in(page: Page, one: Registration) -> None:
    row_of(page, one).get_by_role("button", name="Slipp inn").click()


def says(page: Page, word: str, one: Registration | None = None) -> None:
    expect(page.locator("#svar")).to_contain_text(word)
    if one:
        expect(page.locator("#svar")).to_contain_text(one.user.name)


@contextmanager
def no_network(page: Page) -> Iterator[None]:
    """Really cut, for the page and for its worker."""
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)


def type_code(page: Page, one: Registration) -> None:
    """As a scanner that is a keyboard does."""
    field = page.get_by_label("Navn eller kode")
    field.fill(codes.code_of(one.pk, codes.key_of(one.seminar)))
    field.press("Enter")
