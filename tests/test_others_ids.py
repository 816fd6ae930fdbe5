"""Ids of somebody else's in every form: in the address, and in each field that is sent.

Two municipalities with the same people doing the same things. Each page of `tests/access/` is
opened in both by each kind of user, and its forms are read as a browser reads them. A form of one's
own is then sent with what the other's has in its place (hidden fields, choices, and names with
numbers in them), and the other's form is sent as it is. Nothing of the other municipality changes,
and nothing that comes of it points there.

A new address joins by its row in `tests/access/`, and a new field by standing in the form. A form
that no page shows fails, until it is written down why.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from tests import careless
from tests.access import Row
from tests.cast import KINDS, Cast, make_cast
from tests.rows import Rows, all_rows, changed, new_rows, pointing_at
from tests.test_access_matrix import ROOMS, room

pytestmark = pytest.mark.no_cover

NUMBER = re.compile(r"\d+")
TEXT = {"date": "2099-01-01", "time": "12:00", "email": "employee@example.org", "number": "1"}
MOST_KINDS = 3
PASSWORD = "en-lang-og-god-setning"
FRESH = 120
"""Seconds that a confirmation is used for, well within what any page asks for."""
OPEN_TO_ALL = {
    "seminars:register": "a seminar is open to all whom it is for",
    "seminars:own_staff": "a leader may bring own staff to whatever is open to them",
}
"""Where whoever comes from elsewhere may do something, and a row of theirs points there."""

OF_EVERYBODY = {
    "missions:term",
    "missions:remove_term",
    "outbox:retry_all",
    "outbox:release",
    "outbox:discard",
    "people:agree_to_import",
}
"""The glossary, the post and HR's files are one for all, kept by whoever administers a top unit:
here there are two tops. An agency's administrator is held to it by tests of the rooms."""

Fields = list[tuple[str, list[str]]]
"""By name: what is sent, or what may be chosen."""


@dataclass(frozen=True)
class Form:
    """What a browser would send, and where."""

    action: str
    fields: Fields = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        """The same in both municipalities: the address and the names without their numbers."""
        names = (NUMBER.sub("#", name) for name, _values in self.fields)
        return NUMBER.sub("#", self.action), tuple(names)

    @property
    def sent(self) -> dict[str, str]:
        return {name: values[0] for name, values in self.fields if values}


def forms_of(page: HttpResponse, url: str) -> Iterator[Form]:
    """The forms of the page itself, and not those of the frame round it."""
    content = page.content.decode() if page.get("Content-Type", "").startswith("text/html") else ""
    if not content.strip():
        return
    for form in lxml.html.fromstring(content).xpath("//main//form"):
        if (form.get("method") or "get").lower() == "post":
            yield Form(form.get("action") or url, list(fields_of(form)))


def fields_of(form: Any) -> Iterator[tuple[str, list[str]]]:
    chosen: dict[str, list[str]] = {}
    for one in form.xpath(".//*[@name]"):
        kind, name = one.get("type", one.tag), one.get("name")
        # A button that sends without checking looks for somebody, and does nothing.
        if name == "csrfmiddlewaretoken" or one.get("formnovalidate") is not None:
            continue
        if one.tag == "select":
            values = [value for value in one.xpath("./descendant::option/@value") if value]
        elif kind in ("radio", "checkbox", "hidden", "submit", "button"):
            values = [one.get("value", "on")]
        elif one.get("data-person-words") is not None:
            # Somebody of those listed, or else a whole address: never both.
            is_listed = bool(form.xpath(f".//input[@name='{name}-id']"))
            values = ["" if is_listed else TEXT["email"]]
        else:
            typed = one.text if one.tag == "textarea" else one.get("value")
            values = [typed or TEXT.get(kind, "Noe")]
        chosen.setdefault(name, []).extend(values)
    yield from chosen.items()


def takes_of(mine: Form, other: Form) -> Iterator[dict[str, str]]:
    """One's own form with the other's in its place: a field at a time, and all of it at once."""
    for (name, values), (_name, others) in zip(mine.fields, other.fields, strict=True):
        for value in dict.fromkeys(others):
            if NUMBER.search(value) and value not in values:
                yield mine.sent | {name: value}
    if mine.sent != other.sent:
        yield other.sent
        yield mine.sent | other.sent


def crossed_addresses(mine: str, other: str) -> Iterator[str]:
    """One's own address with one of its numbers the other's, where it has several."""
    own, others = NUMBER.findall(mine), NUMBER.findall(other)
    for place, number in enumerate(others if len(own) > 1 else ()):
        numbers = iter([*own[:place], number, *own[place + 1 :]])
        address = NUMBER.sub(lambda _match, left=numbers: next(left), mine)
        if address not in (mine, other):
            yield address


def test_an_address_is_crossed_in_each_of_its_numbers() -> None:
    assert list(crossed_addresses("/a/1/b/2/", "/a/3/b/4/")) == ["/a/3/b/2/", "/a/1/b/4/"]
    assert list(crossed_addresses("/a/1/b/2/", "/a/3/b/2/")) == []
    assert list(crossed_addresses("/a/1/", "/a/3/")) == []


class Browsers:
    """One a person, of somebody who has just confirmed who they are, as signing asks for."""

    def __init__(self, people: Iterable[Any]) -> None:
        self.sessions: dict[int, tuple[float, str]] = {}
        for person in people:
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])
            browser = Client()
            browser.force_login(person)
            self.confirm(person, browser)

    def confirm(self, person: Any, browser: Client) -> None:
        cache.clear()  # everybody comes from one address, which may try so many passwords
        answer = browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert answer.status_code == 302, "not confirmed"
        key = browser.cookies[settings.SESSION_COOKIE_NAME].value
        self.sessions[person.pk] = time.monotonic(), key

    def of(self, person: Any) -> Client:
        """A new one with the person's session, so that nothing is left of what was sent before."""
        if time.monotonic() - self.sessions[person.pk][0] > FRESH:
            self.confirm(person, self.with_session(person))
        return self.with_session(person)

    def with_session(self, person: Any) -> Client:
        browser = Client()
        browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person.pk][1]
        return browser


@dataclass(frozen=True)
class Worlds:
    mine: Cast
    other: Cast
    pages: list[tuple[Row, Row]]
    before: Rows
    """All there is before anything is sent."""
    foreign: Rows
    """What of it is the other municipality's."""
    browsers: Browsers


@pytest.fixture
def worlds(cast: Cast, request: pytest.FixtureRequest) -> Worlds:
    """Both municipalities with the rows of one room."""
    return worlds_with(room(request.param).urls, cast)


def worlds_with(rows: Callable[[Cast], list[Row]], cast: Cast) -> Worlds:
    mine = rows(cast)
    before = all_rows()
    other = make_cast("annen.example.org")
    theirs = rows(other)
    browsers = Browsers(getattr(one, kind) for one in (cast, other) for kind in KINDS)
    now = all_rows()
    pages = [(one, two) for one, two in zip(mine, theirs, strict=True) if one.method == "get"]
    return Worlds(cast, other, pages, now, new_rows(before, now), browsers)


def view_of(action: str) -> str:
    return resolve(urlsplit(action).path).view_name


def page_of(row: Row, browser: Client) -> tuple[str, HttpResponse]:
    url = reverse(row.name, args=row.args, kwargs=row.kwargs)
    return url, browser.get(url, row.data)


def shown_to(row: Row) -> list[str]:
    """The kinds of user who get the page or are sent on from it; of very many, some."""
    kinds = [kind for kind in KINDS if row.expected[kind] in (200, 302)]
    return kinds if len(kinds) <= MOST_KINDS else [*kinds[1:MOST_KINDS], kinds[-2]]


def pairs_of_forms(worlds: Worlds) -> Iterator[tuple[str, Form, Form]]:
    """Each form that a kind of user is shown, with the same one in the other municipality."""
    seen: set[tuple[str, Any]] = set()
    for mine, other in worlds.pages:
        for kind in shown_to(mine):
            both = [
                (row, worlds.browsers.of(getattr(cast, kind)))
                for row, cast in ((mine, worlds.mine), (other, worlds.other))
            ]
            with transaction.atomic():
                pages = [page_of(row, browser) for row, browser in both]
                transaction.set_rollback(True)
            theirs = {one.shape: one for one in forms_of(pages[1][1], pages[1][0])}
            for form in forms_of(pages[0][1], pages[0][0]):
                if form.shape in theirs and (kind, form.action) not in seen:
                    seen.add((kind, form.action))
                    yield kind, form, theirs[form.shape]


def send(worlds: Worlds, kind: str, action: str, data: dict[str, str]) -> tuple[Any, Any, int]:
    """What of the other municipality has changed by it, what points there now, and the answer."""
    browser = worlds.browsers.of(getattr(worlds.mine, kind))
    with transaction.atomic():
        before = all_rows()
        status = browser.post(action, data).status_code
        now = all_rows()
        touched, points = changed(worlds.foreign, now), pointing_at(worlds.foreign, before, now)
        transaction.set_rollback(True)
    return touched, points, status


@dataclass(frozen=True)
class Fault:
    """What was sent, by whom and where; what of the other's it changed, and what points there."""

    of: str
    kind: str
    action: str
    data: dict[str, str]
    touched: list[tuple[str, str]]
    points: list[str]
    status: int


def faults_in(worlds: Worlds) -> Iterator[Fault]:
    for kind, mine, other in pairs_of_forms(worlds):
        for data in takes_of(mine, other):
            touched, points, status = send(worlds, kind, mine.action, data)
            if touched or points or status >= 500:
                yield Fault("field", kind, mine.action, data, touched, points, status)
        for address in crossed_addresses(mine.action, other.action):
            touched, points, status = send(worlds, kind, address, mine.sent)
            if touched or points or status not in (403, 404):
                yield Fault("address", kind, address, mine.sent, touched, points, status)
        touched, points, status = send(worlds, kind, other.action, other.sent)
        if view_of(other.action) in OF_EVERYBODY:
            continue
        is_open = view_of(other.action) in OPEN_TO_ALL
        if touched or (points and not is_open) or status >= 500:
            yield Fault("path", kind, other.action, other.sent, touched, points, status)


@pytest.mark.parametrize("worlds", ROOMS, indirect=True)
def test_nothing_of_anothers_is_reached_by_its_number(worlds: Worlds) -> None:
    assert list(faults_in(worlds)) == []


@pytest.mark.urls("tests.careless")
def test_what_takes_any_number_is_found_out(cast: Cast) -> None:
    """The negative control: a row that comes, one that changes, and the other's own."""
    worlds = worlds_with(careless.urls, cast)
    (seminar, *_same) = (row.args[0] for _mine, row in worlds.pages)
    (*_one, audience) = (row.args[-1] for _mine, row in worlds.pages)
    found = {(view_of(one.action), one.of): (one.touched, one.points) for one in faults_in(worlds)}
    new, turned, changed_one = (view.__name__ for view in careless.ONE)
    in_address = careless.TWO.__name__
    of_seminar = ([("seminars_seminar", str(seminar))], [])
    of_audience = ([("seminars_audience", str(audience))], [])
    assert found == {
        (new, "field"): ([], ["seminars_audience.seminar_id"]),
        (turned, "field"): ([], ["seminars_seminar.organiser_unit_id"]),
        (changed_one, "field"): of_seminar,
        (new, "path"): ([], ["seminars_audience.seminar_id"]),
        (turned, "path"): ([], ["seminars_seminar.organiser_unit_id"]),
        (changed_one, "path"): of_seminar,
        (in_address, "address"): of_audience,
    }


@pytest.mark.parametrize("worlds", ["seminars", "commitments"], indirect=True)
def test_one_who_may_does_reach_it(worlds: Worlds) -> None:
    """The positive control: sent by the other's own people, the same forms do change something."""
    reached = 0
    for kind, _mine, other in pairs_of_forms(worlds):
        browser = worlds.browsers.of(getattr(worlds.other, kind))
        with transaction.atomic():
            before = all_rows()
            browser.post(other.action, other.sent)
            reached += all_rows() != before
            transaction.set_rollback(True)
    assert reached > 10


NOT_ON_A_PAGE = {
    "missions:comment": "shown in a unit whose draft is shared, which no row of the room opens",
    "missions:draft": "shown to a leader of a unit that has no draft",
    "pulse:settle_pulse": "shown once the last day has passed",
    "pulse:note_conversation": "shown when a settled round gave a task",
    "commitments:autosave": "sent by a script, with the fields of the form that it saves",
    "commitments:autosave_answer": "sent by a script, with the fields of the form that it saves",
    "attendance:scans": "sent by the door's script; tests/attendance tries it with another's",
    "attendance:undo": "shown when somebody has just been let in",
    "attendance:give_seat": "an address of one button in the door's form, to whoever waits",
    "attendance:check_in": "opened from the hall's screen, by whoever reads its code",
    "certificates:check": "open to whoever has the number; tests/certificates tries other keys",
    "certificates:renew": "shown when a name has changed; tests/certificates tries it with another",
    "people:undo_import": "shown of the last run of all: of the two municipalities' runs here, one",
    "outbox:unsubscribe": "the address in the letter is the permission, and holds no number",
}


@pytest.mark.parametrize("worlds", ROOMS, indirect=True)
def test_every_address_that_is_sent_to_is_tried(worlds: Worlds, request: Any) -> None:
    """A row of `tests/access/` that is sent to, with something of somebody's in its address."""
    name = request.node.callspec.params["worlds"]
    sent_to = {
        row.name
        for row in room(name).urls(make_cast("tredje.example.org"))
        if row.method == "post" and (row.args or row.kwargs)
    }
    found = {view_of(mine.action) for _kind, mine, _other in pairs_of_forms(worlds)}
    assert sent_to - found - set(NOT_ON_A_PAGE) == set()
