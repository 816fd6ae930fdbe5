"""How a visitor presses, ticks and writes: with a pointer, or with the keyboard alone.

A journey that uses these goes the same way in every manner. By the keyboard nothing is pressed that
Tab does not come to, and what has the focus must be on the screen.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 500
"""Tabs before something counts as out of reach; the longest page here has some 200 stops."""
HAS_FOCUS = "one => document.activeElement === one"
GROUP_HAS_FOCUS = """one => {
  const focused = document.activeElement;
  return focused.type === "radio" && focused.name === one.name && focused.form === one.form;
}"""
IS_SEEN = """one => {
  const {top, bottom, width, height} = one.getBoundingClientRect();
  const isOnScreen = bottom > 0 && top < innerHeight && width > 0 && height > 0;
  return isOnScreen && one.matches(":focus-visible");
}"""
IS_RADIO = "one => one.type === 'radio'"
PLACE = "one => one.selectedIndex"
CHOSEN = "one => one.selectedOptions[0].label.trim()"


def uses_keyboard(page: Page) -> bool:
    return getattr(page, "uses_keyboard", False)


def reach(target: Locator, has_focus: str = HAS_FOCUS) -> None:
    """Move the focus to it by Tab alone, from wherever it is."""
    target.wait_for()
    for _step in range(MOST_STEPS):
        if target.evaluate(has_focus):
            break
        target.page.keyboard.press("Tab")
    else:
        raise AssertionError(f"Tab does not come to {target}")
    if has_focus == HAS_FOCUS:
        assert target.evaluate(IS_SEEN), f"{target} has the focus and is not seen"


def press(target: Locator) -> None:
    """Press a button or follow a link."""
    if not uses_keyboard(target.page):
        target.click()
        return
    reach(target)
    target.page.keyboard.press("Enter")


def tick(target: Locator) -> None:
    """Choose a radio button, or tick a box."""
    if not uses_keyboard(target.page):
        target.check()
        return
    keys = target.page.keyboard
    if not target.evaluate(IS_RADIO):
        reach(target)
        if not target.is_checked():
            keys.press("Space")
    else:
        reach(target, GROUP_HAS_FOCUS)
        _along(target, "ArrowDown", lambda: bool(target.evaluate(HAS_FOCUS)))
        if not target.is_checked():
            keys.press("Space")
    expect(target).to_be_checked()


def write(target: Locator, text: str) -> None:
    """Put the text where there is another, or none."""
    if not uses_keyboard(target.page):
        target.fill(text)
        return
    reach(target)
    target.page.keyboard.press("Control+A")
    target.page.keyboard.insert_text(text)
    expect(target).to_have_value(text)


def choose(target: Locator, option: str | int) -> None:
    """Choose in a list by what it says, or by its place from 0."""
    if not uses_keyboard(target.page):
        if isinstance(option, int):
            target.select_option(index=option)
        else:
            target.select_option(label=option)
        return
    reach(target)
    target.page.keyboard.press("Home")
    asked = PLACE if isinstance(option, int) else CHOSEN
    _along(target, "ArrowDown", lambda: target.evaluate(asked) == option)


def _along(target: Locator, key: str, is_there: Callable[[], bool]) -> None:
    for _step in range(MOST_STEPS):
        if is_there():
            return
        target.page.keyboard.press(key)
    raise AssertionError(f"{key} does not come to {target}")
