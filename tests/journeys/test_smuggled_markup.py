"""Markup that somebody has got into a page: the browser draws it, and nothing of it acts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Response, Route, expect

from commitments.models import UnsavedWork
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import make_draft
from tests.journeys.steps import follow
from tests.seminars.factories import make_participants, make_seminar

PAGE = "/personvern/"
TOKENS = "[name=csrfmiddlewaretoken]"
ENGLISH = """hx-trigger="load" hx-swap="none" hx-vals='{"language": "en"}'"""
INERT = [
    '<meta name="htmx-config" content=\'{"disableSelector": "[hx-none]", "allowEval": true}\'>',
    f'<b hx-post="/sprak/?1" {ENGLISH}></b>',
    f'<b hx-post="/sprak/?2" {ENGLISH} hx-include="{TOKENS}"></b>',
    f'<b data-hx-post="/sprak/?3" {ENGLISH} hx-include="{TOKENS}"></b>',
    f'<b data-htmx-key hx-post="/sprak/?4" {ENGLISH} hx-include="{TOKENS}"></b>',
    f'<b data-htmx-key="*" hx-put="/sprak/?5" {ENGLISH} hx-include="{TOKENS}"></b>',
    f'<form hx-boost="true" method="post" action="/sprak/?6" {ENGLISH}></form>',
    '<b hx-get="/?7" hx-trigger="load" hx-target="body"></b>',
    '<div hx-boost="true"><a href="/?8" hx-trigger="load" hx-target="body">.</a></div>',
    "<b hx-on::load=\"fetch('/sprak/?9')\" hx-on:click=\"fetch('/sprak/?9')\"></b>",
    '<form data-autosave="/sprak/?10"><input name="language" value="en"></form>',
    "<img src=\"x\" onerror=\"fetch('/sprak/?11')\"><script>fetch('/sprak/?12')</script>",
]
"""None of these may ask the portal for anything."""
REFUSED = [
    f'<b data-htmx-key="KEY" hx-post="/sprak/?a" {ENGLISH} hx-include="{TOKENS}"></b>',
    f'<b data-htmx-key="KEY" hx-post="/sprak/?b" {ENGLISH} hx-include="{TOKENS}"'
    """ hx-headers='{"HX-Request": "", "X-CSRFToken": "x"}'></b>""",
    f'<b data-htmx-key="KEY" hx-post="/sprak/?c" {ENGLISH}></b>',
]
"""Should the key get out, the server still takes no token but from a header of the element's."""
ACTS = (
    f'<b data-htmx-key="KEY" hx-post="/sprak/?z" {ENGLISH}'
    """ hx-headers='{"X-CSRFToken": "TOKEN"}'></b>"""
)
"""What our own templates write: shows that the others fail for what they lack."""


def plant(page: Page, markup: str) -> list[Response]:
    """Open the page with markup put into it as if a template had let it through."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    def patched(route: Route) -> None:
        answer = route.fetch()
        html = answer.text()
        key = re.search(r"data-htmx-key=(\w+)", html)
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', html)
        assert key
        assert token
        ours = markup.replace("KEY", key[1]).replace("TOKEN", token[1])
        route.fulfill(response=answer, body=html.replace("<header", f"{ours}<header", 1))

    page.route(f"**{PAGE}", patched)
    page.on("response", note)
    page.goto(PAGE)
    page.wait_for_load_state("networkidle")
    page.unroute(f"**{PAGE}")
    page.remove_listener("response", note)
    return answers


def asked(answers: list[Response]) -> dict[str, int]:
    """What was asked for beside the page and its files, by the query that tells who asked."""
    return {urlsplit(one.url).query: one.status for one in answers if urlsplit(one.url).query}


@pytest.mark.parametrize("width", ["desktop"])
def test_smuggled_markup_does_nothing(
    cast: Cast, browser_of: Callable[[User], Page], width: str
) -> None:
    page = browser_of(cast.leader)
    # when markup of every kind that htmx or our own scripts know stands in a page
    answers = plant(page, "".join([*INERT, *REFUSED]))
    # then what does not know the page's key asks for nothing, and what does is refused
    assert asked(answers) == {"a": 403, "b": 403, "c": 403}
    cast.leader.refresh_from_db()
    assert cast.leader.language == "nb"
    # and an element of our own does what it says
    assert asked(plant(page, ACTS))["z"] == 200  # And the window is moved by HX-Redirect.
    cast.leader.refresh_from_db()
    assert cast.leader.language == "en"


def press(desk: Page, registration: int, outcome: str) -> None:
    """Mark somebody's attendance, and see that the server has answered."""
    button = desk.locator(f"#oppmote-{registration}-{outcome}")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("width", ["desktop"])
def test_what_our_own_templates_ask_for_in_the_background_works(
    cast: Cast, browser_of: Callable[[User], Page], width: str
) -> None:
    # given a seminar with participants, and an agreement that is being written
    yesterday = timezone.now() - dt.timedelta(days=1)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=yesterday)
    first, second = make_participants(seminar, cast.unit, 2)
    draft = make_draft(cast)

    # when the organiser marks one, searches, and marks another in what the search put there
    desk = browser_of(cast.organiser)
    desk.goto(f"/seminarer/{seminar.pk}/deltakere/")
    press(desk, first.pk, "attended")
    desk.get_by_label("Navn, e-post eller enhet").press_sequentially(second.user.email)
    expect(desk.locator(f"#oppmote-{first.pk}")).to_have_count(0)
    # The address says when the search for the whole of it has answered, and not one for its start.
    desk.wait_for_url(lambda url: second.user.email in unquote(url))
    asked_for: list[str] = []
    desk.on("request", lambda request: asked_for.append(request.method))
    press(desk, second.pk, "no_show")

    # then both are marked, and leaving the search field has not asked for the list once more, which
    # would show them as they were before
    assert asked_for == ["POST"]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, second.outcome) == ("attended", "no_show")

    # and what the leader types is kept meanwhile
    page = browser_of(cast.leader)
    page.goto(f"/avtaler/{draft.agreement_id}/rediger/")
    page.locator("textarea").first.fill("Halvferdig tanke")
    expect(page.locator("[data-autosave-status]").first).to_contain_text("Mellomlagret")
    assert [one.author for one in UnsavedWork.objects.all()] == [cast.leader]
    assert (desk.violations, page.violations) == ([], [])  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", ["desktop"])
def test_going_back_loses_nothing_that_was_typed(
    cast: Cast, browser_of: Callable[[User], Page], width: str
) -> None:
    """No page is kept (`no-store`); what was typed in it is kept by the browser all the same."""
    page = browser_of(cast.organiser)
    page.goto("/seminarer/arrangor/nytt/")
    page.get_by_label("Tittel").first.fill("Halvferdig seminar")
    follow(page.get_by_role("link", name="Personvern"))
    page.go_back()
    expect(page.get_by_label("Tittel").first).to_have_value("Halvferdig seminar")
    # and on a computer that is shared, nobody finds it after the leader has signed out
    page.locator(".lp-menu summary").last.click()
    follow(page.get_by_role("button", name="Logg ut"))
    page.go_back()
    expect(page.get_by_role("button", name="Logg inn", exact=True)).to_be_visible()
