"""An agreement from the first private thought to the second signed edition, in two languages.

Found by addresses and by the names of fields, so that the same steps are walked in both languages
and stay the same when a sentence is reworded.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from commitments.evidence.verification import verify_all
from commitments.models import Agreement, FollowUp, Revision
from people.models import User
from tests.cast import Cast
from tests.journeys.conftest import PASSWORD
from tests.journeys.stack import Stack
from tests.journeys.steps import follow
from tests.machine import wait_for
from tests.missions.factories import make_mission

HEADLINE = "Vi rekker ikke hjem til alle som venter"
EMPLOYEES = "Ringer pårørende samme dag"
LEADERS = "Frigir onsdager til fordypning"
COUNTERED = "Frigir onsdager og fredager til fordypning"
TALKED = "Vi ringer flere, og onsdagene holder nesten"
AMENDED = "Ringer pårørende innen to timer"
Check = Callable[[Page], None]


def submit(page: Page, name: str = "") -> None:
    """The button that carries the page's own form on."""
    button = f"button[type=submit][name={name}]" if name else "button[type=submit]"
    follow(page.locator(f"main form {button}").first)


def to(page: Page, agreement: Agreement, path: str = "") -> None:
    page.goto(f"/avtaler/{agreement.pk}/{path}")


def speak(page: Page, language: str) -> None:
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[name=language][value={language}]:visible").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def row_of(page: Page, place: int) -> Locator:
    rows = page.locator("fieldset.lp-pledge-form")
    while rows.count() <= place:
        follow(page.locator("button[name=more]"))
    return rows.nth(place)


def write(page: Page, place: int, *, owner: str, text: str) -> None:
    row = row_of(page, place)
    row.locator(f"input[type=radio][value={owner}]").check()
    row.locator("[name$='-text']").fill(text)
    row.locator("[name$='-why']").fill("De venter på svar")
    row.locator("[name$='-core_activity']").select_option(index=1)


def prepare(page: Page, agreement: Agreement, thought: str, has_no_barriers: Check) -> None:
    """Answers the first question and says ready, as somebody does who knows what matters."""
    to(page, agreement, "forbered/")
    has_no_barriers(page)
    follow(page.locator(".lp-questions a").first)
    has_no_barriers(page)
    page.locator("main textarea").fill(thought)
    follow(page.locator("button[name=next]"))
    to(page, agreement, "forbered/")
    follow(page.locator(".lp-next a[href$='/forbered/klar/']"))
    has_no_barriers(page)
    submit(page)


def propose(page: Page, has_no_barriers: Check) -> None:
    """From the form that is filled in."""
    follow(page.locator("button[name=propose]"))
    has_no_barriers(page)
    submit(page)
    has_no_barriers(page)


def agree(page: Page, agreement: Agreement, has_no_barriers: Check) -> None:
    to(page, agreement, "godta/")
    has_no_barriers(page)
    submit(page)
    expect(page.locator(".lp-messages")).to_be_visible()


def sign(page: Page, agreement: Agreement, has_no_barriers: Check) -> None:
    """From the agreement's own page, through confirming who one is if that is long ago."""
    to(page, agreement)
    follow(page.locator(f".lp-next a[href$='/avtaler/{agreement.pk}/signer/']"))
    if page.locator("input[type=password]").count():
        has_no_barriers(page)
        page.locator("input[type=password]").fill(PASSWORD)
        submit(page)
    has_no_barriers(page)
    submit(page)
    expect(page.locator(".lp-messages")).to_be_visible()


def both_sign(pages: list[Page], agreement: Agreement, has_no_barriers: Check) -> Revision:
    for page in pages:
        sign(page, agreement, has_no_barriers)
    signed = Revision.objects.signed().filter(agreement=agreement).order_by("-number")[0]
    wait_for(lambda: Revision.objects.filter(pk=signed.pk, document__isnull=False).exists())
    return signed


@pytest.mark.parametrize(("width", "language"), [("desktop", "nb"), ("phone", "en")])
def test_two_prepare_agree_sign_talk_and_change_what_they_signed(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Check,
    tmp_path: Path,
    language: str,
) -> None:
    # given a mission of their unit, and two who read the portal in this language
    make_mission(cast.unit, by=cast.leader)
    User.objects.filter(pk__in=[cast.leader.pk, cast.employee.pk]).update(language=language)
    employee, leader = browser_of(cast.employee), browser_of(cast.leader)
    for page in (employee, leader):
        speak(page, language)

    # when the employee begins, and writes down some thoughts in private
    employee.goto("/avtaler/ny/")
    has_no_barriers(employee)
    submit(employee)
    has_no_barriers(employee)
    agreement = Agreement.objects.get(employee=cast.employee)
    prepare(employee, agreement, HEADLINE, has_no_barriers)

    # then the leader sees none of it, until both are ready
    to(leader, agreement, "forbered/")
    assert HEADLINE not in leader.content()
    to(leader, agreement)
    assert HEADLINE not in leader.content()
    prepare(leader, agreement, "Vi må velge bort noe", has_no_barriers)
    for page in (leader, employee):
        to(page, agreement, "forbered/")
        expect(page.get_by_text(HEADLINE).first).to_be_visible()
        has_no_barriers(page)

    # when the employee carries an answer into the draft, and proposes
    employee.locator("form.lp-answers input[type=checkbox]").first.check()
    submit(employee)
    has_no_barriers(employee)
    write(employee, 0, owner="employee", text=EMPLOYEES)
    write(employee, 1, owner="leader", text=LEADERS)
    talk_on = timezone.localdate() + dt.timedelta(days=30)
    employee.locator("[name=follow_up_on]").fill(talk_on.isoformat())
    propose(employee, has_no_barriers)

    # then the leader is told without a word of it, and answers with another proposal
    letter = stack.mailbox.wait_for_letter(cast.leader.email, subject="")
    assert all(text not in letter.as_string() for text in (EMPLOYEES, LEADERS, HEADLINE))
    to(leader, agreement)
    has_no_barriers(leader)
    to(leader, agreement, "rediger/")
    leader.locator("[name$='-text']").nth(1).fill(COUNTERED)
    has_no_barriers(leader)
    propose(leader, has_no_barriers)
    to(employee, agreement)
    # New words may stand marked among the old ones.
    expect(employee.locator("main")).to_contain_text("fredager")
    has_no_barriers(employee)

    # when the employee says yes, both sign
    agree(employee, agreement, has_no_barriers)
    signed = both_sign([employee, leader], agreement, has_no_barriers)
    assert signed.signatures.count() == 2

    # then the document is what the portal says it is, on the page where anybody may ask
    to(employee, agreement)
    with employee.expect_download() as download:
        employee.locator(f"a[href^='/avtaler/{agreement.pk}/pdf/']").first.click()
    file = tmp_path / "avtale.pdf"
    download.value.save_as(file)
    assert file.read_bytes()[:5] == b"%PDF-"
    leader.goto("/avtaler/etterprov/")
    leader.locator("input[type=file]").set_input_files(file)
    submit(leader)
    expect(leader.locator("main .pkt-alert--success")).to_be_visible()
    has_no_barriers(leader)
    file.write_bytes(file.read_bytes().replace(b"%%EOF", b"%%EOf", 1))
    leader.locator("input[type=file]").set_input_files(file)
    submit(leader)
    expect(leader.locator("main .pkt-alert").first).to_be_visible()
    expect(leader.locator("main .pkt-alert--success")).to_have_count(0)

    # when they have talked, the leader writes a word for each commitment
    to(leader, agreement, "oppfolging/")
    has_no_barriers(leader)
    for words in leader.locator("fieldset.lp-pledge-form").all():
        words.locator("input[type=radio][value=kept]").check()
    submit(leader)
    has_no_barriers(leader)
    assert FollowUp.objects.filter(agreement=agreement, held_at__isnull=False).count() == 1

    # and the employee asks for a change, which both sign
    to(employee, agreement, "endre/")
    has_no_barriers(employee)
    employee.locator("main textarea").first.fill("Vi har fått flere å ringe")
    submit(employee)
    has_no_barriers(employee)
    to(employee, agreement, "rediger/")
    employee.locator("[name$='-text']").first.fill(AMENDED)
    propose(employee, has_no_barriers)
    agree(leader, agreement, has_no_barriers)
    amended = both_sign([leader, employee], agreement, has_no_barriers)

    # then the second edition holds, the first is as it was, and the evidence adds up
    to(leader, agreement)
    expect(leader.locator("main")).to_contain_text("innen to timer")
    to(leader, agreement, f"utgave/{signed.number}/")
    expect(leader.locator("main")).to_contain_text(EMPLOYEES)
    has_no_barriers(leader)
    assert amended.number > signed.number
    assert list(verify_all()) == []


# The keyboard alone


FOCUS = """() => {
    const el = document.activeElement;
    const near = [el, el.parentElement, el.nextElementSibling, el.closest('label, li, div')];
    const marked = near.some(one => {
        if (!one) return false;
        const style = getComputedStyle(one);
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
        return outlined || style.boxShadow !== 'none';
    });
    const box = el.getBoundingClientRect();
    return {
        lost: el === document.body,
        marked: marked,
        inside: box.bottom > 0 && box.top < window.innerHeight,
        what: el.outerHTML.slice(0, 120),
    };
}"""


def tab_to(page: Page, target: Locator, *, at_most: int = 150) -> None:
    """Tab until the target has the focus, which is seen all the way and never lost."""
    for _press in range(at_most):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert not focus["lost"], "the focus fell out of the page"
        assert (focus["marked"], focus["inside"]) == (True, True), focus["what"]
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached by the keyboard")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press(key)


def press_submit(page: Page, name: str = "") -> None:
    button = f"button[type=submit][name={name}]" if name else "button[type=submit]"
    press(page, page.locator(f"main form {button}").first)


def choose(page: Page, row: Locator, value: str) -> None:
    """A group of radios is one stop, at the first or at the one that is chosen."""
    choices = row.locator("input[type=radio]")
    stop = row.locator("input[type=radio]:checked")
    tab_to(page, stop if stop.count() else choices.first)
    page.keyboard.press("Space")
    for _step in range(choices.count()):
        if row.locator(f"input[type=radio][value={value}]").is_checked():
            break
        page.keyboard.press("ArrowDown")
    expect(row.locator(f"input[type=radio][value={value}]")).to_be_checked()


def step_to_a_day(page: Page, field: Locator) -> None:
    """Two steps up in day, month and year, whichever comes first: 2 February next year."""
    tab_to(page, field)
    for _part in range(3):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowRight")
    expect(field).to_have_value(re.compile(r"^\d{4}-02-02$"))


def type_commitment(page: Page, place: int, *, owner: str, text: str) -> None:
    """In the order of the form: whose it is, what, why, and for which core activity."""
    row = page.locator("fieldset.lp-pledge-form").nth(place)
    choose(page, row, owner)
    tab_to(page, row.locator("[name$='-text']"))
    page.keyboard.type(text)
    tab_to(page, row.locator("[name$='-why']"))
    page.keyboard.type("De venter på svar")
    tab_to(page, row.locator("[name$='-core_activity']"))
    page.keyboard.press("ArrowDown")
    expect(row.locator(f"input[type=radio][value={owner}]")).to_be_checked()


def hears(page: Page, words: str) -> None:
    """What a screen reader is told when the page has changed."""
    live = page.locator(".lp-messages[role=status]")
    expect(live).to_contain_text(words)


def signs_by_keyboard(page: Page, agreement: Agreement, has_no_barriers: Check) -> None:
    to(page, agreement)
    press(page, page.locator(f".lp-next a[href$='/avtaler/{agreement.pk}/signer/']"))
    tab_to(page, page.locator("input[type=password]"))
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".lp-next form button[type=submit]")).to_be_visible()
    has_no_barriers(page)
    press_submit(page)
    hears(page, "signert")


@pytest.mark.parametrize("width", ["desktop"])
def test_two_agree_sign_and_follow_up_by_the_keyboard_alone(
    cast: Cast,
    stack: Stack,
    browser_of: Callable[[User], Page],
    has_no_barriers: Check,
) -> None:
    # given two who use no mouse
    make_mission(cast.unit, by=cast.leader)
    employee, leader = browser_of(cast.employee), browser_of(cast.leader)

    # when the employee begins by the menu
    press(employee, employee.get_by_role("link", name="Avtaler", exact=True).first)
    press(employee, employee.locator("a[href^='/avtaler/ny/']").first)
    press_submit(employee)
    agreement = Agreement.objects.get(employee=cast.employee)

    # and sends the form half filled in, the page goes to what is wrong
    to(employee, agreement, "rediger/")
    tab_to(employee, employee.locator("[name$='-text']").first)
    employee.keyboard.type("Ringer")
    press_submit(employee, "save")
    expect(employee.locator("[data-error-summary]")).to_be_focused()
    has_no_barriers(employee)

    # then the employee fills it in, and proposes it
    to(employee, agreement, "rediger/")
    type_commitment(employee, 0, owner="employee", text=EMPLOYEES)
    type_commitment(employee, 1, owner="leader", text=LEADERS)
    step_to_a_day(employee, employee.locator("[name=follow_up_on]"))
    press_submit(employee, "propose")
    press_submit(employee)
    hears(employee, "Forslaget er sendt")

    # and the leader says yes
    to(leader, agreement)
    press(leader, leader.locator(f".lp-next a[href$='/avtaler/{agreement.pk}/godta/']"))
    press_submit(leader)
    hears(leader, "enige")
    has_no_barriers(leader)

    # and both sign, hearing what happened
    signs_by_keyboard(leader, agreement, has_no_barriers)
    signs_by_keyboard(employee, agreement, has_no_barriers)
    signed = Revision.objects.signed().get(agreement=agreement)
    assert [one.method for one in signed.signatures.all()] == ["password", "password"]

    # then the document is one press away
    to(employee, agreement)
    wait_for(lambda: Revision.objects.filter(pk=signed.pk, document__isnull=False).exists())
    with employee.expect_download() as download:
        tab_to(employee, employee.locator(f"a[href^='/avtaler/{agreement.pk}/pdf/']").first)
        employee.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".pdf")

    # and when they have talked, the employee writes a word for each commitment, and a note to share
    to(employee, agreement)
    press(employee, employee.locator(f"main a[href$='/avtaler/{agreement.pk}/oppfolging/']").first)
    has_no_barriers(employee)
    rows = employee.locator("fieldset.lp-pledge-form")
    expect(rows).to_have_count(2)
    choose(employee, rows.nth(0), "kept")
    choose(employee, rows.nth(1), "on_the_way")
    tab_to(employee, employee.locator("[name$=notes]"))
    employee.keyboard.type(TALKED)
    press_submit(employee)
    hears(employee, "skrevet ned")
    has_no_barriers(employee)
    held = FollowUp.objects.get(agreement=agreement, held_at__isnull=False)
    assert [one.word for one in held.outcomes.order_by("commitment__order")] == [
        "kept",
        "on_the_way",
    ]

    # then the leader reads it
    to(leader, agreement)
    expect(leader.locator("main")).to_contain_text(TALKED)
    has_no_barriers(leader)
