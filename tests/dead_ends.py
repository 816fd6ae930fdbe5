"""Whether a page leads on: each link opens, and no button is refused for the state things are in.

What is typed may be refused: a form says so and is shown again. But a button that can never work,
and a link to a page that sends one back with a sentence, should not have been there.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html
import pytest
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve

from common.edit_conflicts import EditConflict
from common.errors import Refused
from common.refusals import Refusals
from people.models import User
from seminars.refusals import AlreadyRegistered, Full, NotForThem, PoolDoesNotFit, SessionIsFull
from tests.crawl import ORIGIN, text_of, view_name

TYPED = (AlreadyRegistered, EditConflict, Full, NotForThem, PoolDoesNotFit, SessionIsFull)
"""What is refused for whom or what was typed, and not for the state of the page."""
TELLS_EACH = {"seminars:register_several"}
"""Addresses that say what came of each person ticked, in a sentence each."""
LIBRARIES = ("account_", "mfa_", "socialaccount_", "usersessions_")
"""Addresses of django-allauth, whose forms count attempts: their links are walked all the same."""
OF_ONE_OBJECT = 4
"""So many addresses of one view within one object: a list has many rows that are alike."""
FOR_A_FIELD = {
    "email": "stranger@example.org",
    "number": "1",
    "url": "https://example.org/",
    "time": "09:00",
    "text": "Fordi vi trenger det",
    "search": "",
}
"""What is typed in a field that is empty, by its type."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button: where it sends what."""

    address: str
    typed: tuple[tuple[str, str], ...]
    is_htmx: bool
    words: str


@dataclass(slots=True)
class Walk:
    """What one kind of user meets from these addresses on, and what is wrong with it."""

    user: User | None
    faults: list[str] = field(default_factory=list)
    pages: int = 0
    presses: int = 0
    proven: Counter[str] = field(default_factory=Counter)
    """By the name of an address: how often a button there did what it says."""
    typed_only: Counter[str] = field(default_factory=Counter)
    """By the name of an address: how often nothing was done, for what was typed."""
    _asked: set[str] = field(default_factory=set)
    _pressed: set[tuple[str, str]] = field(default_factory=set)
    _of_object: Counter[tuple[str, str]] = field(default_factory=Counter)
    _browser: Client = field(default_factory=Client)

    def on_page(self, address: str) -> None:
        """Press each button of this page, and follow none of its links."""
        self._sign_in()
        body = self._open(address, "")
        if body is not None:
            list(self._read(address, body))

    def from_addresses(self, begin: Iterable[str]) -> None:
        """Those given may answer as they like; what stands on their pages may not."""
        self._sign_in()
        waiting = deque((address, "") for address in begin)
        while waiting:
            address, found_on = waiting.popleft()
            if self._is_new(address):
                body = self._open(address, found_on)
                if body is not None:
                    waiting.extend(self._read(address, body))

    def _sign_in(self) -> None:
        if self.user is not None:
            self._browser.force_login(self.user)
        self._browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "nb"

    def _is_new(self, address: str) -> bool:
        name = view_name(address)
        if not name or address in self._asked:
            return False
        self._asked.add(address)
        keys = resolve(urlsplit(address).path).kwargs
        query = ",".join(sorted(dict(parse_qsl(urlsplit(address).query))))
        about = (name, f"{next(iter(keys.values()), '')}?{query}")
        self._of_object[about] += 1
        return self._of_object[about] <= OF_ONE_OBJECT * (1 if query else 3)

    def _open(self, address: str, found_on: str) -> str | None:
        with _rolled_back():
            answer = self._browser.get(address)
            said = _told(answer)
            body = text_of(answer) if answer.status_code == 200 else None
        self.pages += 1
        if found_on:
            wrong = said
            if answer.status_code not in (200, 302):
                wrong = str(answer.status_code)
            elif answer.status_code == 302 and _path(answer["Location"]) == _path(found_on):
                wrong = wrong or "leads back to where it stands"
            if wrong:
                self.faults.append(f"link {found_on} → {address}: {wrong}")
        if answer.status_code == 302 and not said:
            return self._follow(answer["Location"], found_on or address)
        return body

    def _follow(self, location: str, found_on: str) -> None:
        if location not in self._asked and location.startswith("/") and self._is_new(location):
            body = self._open(location, found_on)
            if body is not None:
                for address, where in self._read(location, body):
                    if self._is_new(address):
                        self._open(address, where)

    def _read(self, address: str, body: str) -> Iterator[tuple[str, str]]:
        page = lxml.html.fromstring(body)
        for press in presses(page, address):
            self._try(press, address)
        for link in page.xpath("//a/@href | //@hx-get | //form[not(@method='post')]/@action"):
            target = urlsplit(urljoin(f"{ORIGIN}{address}", link))
            if f"{target.scheme}://{target.netloc}" == ORIGIN:
                yield target._replace(scheme="", netloc="", fragment="").geturl(), address

    def _try(self, press: Press, found_on: str) -> None:
        name = view_name(press.address)
        key = (press.address, press.words)
        if key in self._pressed or not name or name.startswith(LIBRARIES):
            return
        self._pressed.add(key)
        cache.clear()  # limits on how often one asks are counted there
        data: dict[str, list[str]] = {}
        for one, value in press.typed:
            data.setdefault(one, []).append(value)
        headers = {"HX-Request": "true"} if press.is_htmx else {}
        with _rolled_back(), _refusals() as refused:
            answer = self._browser.post(press.address, data, headers=headers)
            wrong = "" if answer.status_code in (200, 204, 302, 422) else str(answer.status_code)
            wrong = wrong or next((str(one) for one in refused if not isinstance(one, TYPED)), "")
            wrong = wrong or ("" if refused or name in TELLS_EACH else _told(answer))
        self.presses += 1
        if wrong:
            self.faults.append(f"button «{press.words}» on {found_on} → {press.address}: {wrong}")
        elif refused or answer.status_code == 422 or _has_errors(answer):
            self.typed_only[name] += 1
        else:
            self.proven[name] += 1


def presses(page: Any, address: str) -> Iterator[Press]:
    """Return every button of the forms that change something, with all fields filled in."""
    for form in page.xpath("//form[@method='post']"):
        if form.xpath(".//input[@type='file' and @required]"):
            continue
        target = urlsplit(urljoin(f"{ORIGIN}{address}", form.get("action") or address))
        where = target._replace(scheme="", netloc="", fragment="").geturl()
        typed = list(_filled(form))
        for button in form.xpath(
            ".//button[not(@type) or @type='submit'] | .//input[@type='submit']"
        ):
            words = " ".join(button.text_content().split()) or button.get("value", "")
            own = [(button.get("name"), button.get("value", ""))] if button.get("name") else []
            if post := button.get("hx-post"):
                wanted = (button.get("hx-params") or "*").split(",")
                sent = [one for one in typed if wanted == ["*"] or one[0] in wanted]
                yield Press(post, (*sent, *own), True, f"{words} {own}")
            yield Press(where, (*typed, *own), False, f"{words} {own}")


def _filled(form: Any) -> Iterator[tuple[str, str]]:
    chosen: set[str] = set()
    for one in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        name, kind = one.get("name"), one.get("type", "text").lower()
        if one.get("disabled") is not None or kind in ("submit", "file"):
            continue
        if one.tag == "select":
            yield from _selected(one, name)
        elif kind in ("radio", "checkbox"):
            alike = form.xpath(f".//input[@name='{name}' and @checked]")
            if one.get("checked") is not None or (
                not alike and name not in chosen and one.get("value") and "DELETE" not in name
            ):
                chosen.add(name)
                yield name, one.get("value", "on")
        else:
            value = (one.text or "").strip() if one.tag == "textarea" else one.get("value", "")
            yield name, value or ("" if kind == "hidden" else _typed_in(one, kind))


def _selected(select: Any, name: str) -> Iterator[tuple[str, str]]:
    options = select.xpath(".//option[@selected]") or select.xpath(".//option[@value!='']")[:1]
    if not options[:1] or not options[0].get("value"):
        options = select.xpath(".//option[@value!='']")[:1]
    for option in options:
        yield name, option.get("value")


def _typed_in(one: Any, kind: str) -> str:
    ahead = dt.date.today() + dt.timedelta(days=30)  # noqa: DTZ011 (a day that is ahead anywhere)
    if kind == "date":
        return one.get("min") or ahead.isoformat()
    if kind == "datetime-local":
        return f"{ahead.isoformat()}T09:00"
    if kind == "number":
        return one.get("min") or "1"
    return FOR_A_FIELD.get(kind, FOR_A_FIELD["text"])


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _refusals() -> Iterator[list[Refused]]:
    """What actions refused meanwhile, told in whatever way: seen on its way, and let through."""
    seen: list[Refused] = []
    as_it_is = Refusals.__exit__

    def watched(block: Any, kind: Any, error: Any, trace: Any) -> bool:
        if isinstance(error, Refused) and error not in seen:
            seen.append(error)
        return as_it_is(block, kind, error, trace)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Refusals, "__exit__", watched)
        yield seen


def _told(answer: HttpResponseBase) -> str:
    """What the answer has put over the next page that is no good news."""
    request = getattr(answer, "wsgi_request", None)
    queued = getattr(getattr(request, "_messages", None), "_queued_messages", [])
    return " ".join(str(one) for one in queued if one.level != messages.SUCCESS)


def _has_errors(answer: HttpResponseBase) -> bool:
    body = text_of(answer) or ""
    return "data-error-summary" in body or 'aria-invalid="true"' in body


def _path(address: str) -> str:
    return urlsplit(urljoin(f"{ORIGIN}/", address)).path
