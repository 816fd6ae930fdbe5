"""A leader chooses whom to register by name: by the keyboard, and without any script."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from people.models import User
from seminars.models import Registration, Seminar
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import make_seminar


def people_of(cast: Cast) -> Seminar:
    """Two of one name, one of the longest, and a seminar for all of them."""
    make_employee(cast.unit, "Åse Moe", email="ase1@example.org")
    make_employee(cast.unit, "Åse Moe", email="ase2@example.org")
    make_employee(cast.unit, "Å" * 200)
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=10)


def registered(seminar: Seminar) -> set[str | None]:
    return {one.user.email for one in Registration.objects.filter(seminar=seminar)}


def test_a_leader_chooses_with_the_keyboard(
    cast: Cast,
    browser_of: Callable[[User], Page],
    has_no_barriers: Callable[[Page], None],
) -> None:
    # given one's own people in a list, before anything is typed
    seminar = people_of(cast)
    page = browser_of(cast.leader)
    page.goto(f"/seminarer/{seminar.pk}/virksomhetens-plasser/")
    field = page.get_by_role("combobox", name="Hvem vil du melde på?")
    field.press("ArrowDown")
    expect(page.get_by_role("option")).to_have_count(4)
    expect(page.get_by_role("option", selected=True)).to_contain_text(cast.employee.name)
    has_no_barriers(page)

    # when Escape closes it, and words find two of the same name
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("aase moe")
    expect(page.get_by_role("status").filter(has_text="2 treff.")).to_be_visible()
    field.press("ArrowDown")
    field.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("ase2@example.org")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    has_no_barriers(page)

    # then Enter chooses and sends nothing; a second Enter sends the form
    field.press("Enter")
    expect(field).to_have_value("Åse Moe")
    expect(page.get_by_text("Du har valgt: Åse Moe")).to_be_visible()
    assert registered(seminar) == set()
    field.press("Enter")
    expect(page.get_by_text("Åse Moe er påmeldt.")).to_be_visible()
    assert registered(seminar) == {"ase2@example.org"}

    # and what is changed after a choice is not that choice any more
    field.press("ArrowDown")
    page.get_by_role("option").first.click()
    expect(field).to_have_value(cast.employee.name)
    field.press("Backspace")
    page.get_by_role("button", name="Meld på").click()
    expect(page.get_by_text("Velg hvem du mener med").first).to_be_visible()
    assert registered(seminar) == {"ase2@example.org"}


def test_a_leader_chooses_without_a_script(
    cast: Cast, browser_of: Callable[[User], Page], has_no_barriers: Callable[[Page], None]
) -> None:
    # given a browser that runs no script
    seminar = people_of(cast)
    with_script = browser_of(cast.leader)
    with_script.goto("/")
    browser = with_script.context.browser
    assert browser is not None
    context = browser.new_context(
        java_script_enabled=False,
        storage_state=with_script.context.storage_state(),
        viewport={"width": 320, "height": 640},
        base_url=with_script.url,
    )
    page = context.new_page()
    page.goto(f"/seminarer/{seminar.pk}/virksomhetens-plasser/")
    expect(page.get_by_role("radio")).to_have_count(4)

    # when one looks for somebody
    page.get_by_label("Hvem vil du melde på?").fill("ase moe")
    page.get_by_role("button", name="Søk").click()
    expect(
        page.get_by_role("group", name="Velg blant dem som passer med «ase moe»")
    ).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(2)
    assert registered(seminar) == set()

    # then one of those found is chosen and registered
    page.get_by_role("radio", name="ase1@example.org").check()
    page.get_by_role("button", name="Meld på").click()
    expect(page.get_by_text("Åse Moe er påmeldt.")).to_be_visible()
    assert registered(seminar) == {"ase1@example.org"}
    context.close()
