"""No value in an address, a query, a form, a file or a cookie ends in an error of ours.

The addresses are those of the access matrix, so that a new one joins by itself; the parameters are
those that the code reads, found in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from seminars.models import Seminar
from tests.access import Row
from tests.cast import KINDS, Cast
from tests.common.test_clock import form_classes
from tests.test_access_matrix import ROOMS, VIEW_FILES, room

pytestmark = pytest.mark.no_cover

ROOT = Path(settings.BASE_DIR)
READ = re.compile(r"request\.(?:GET|POST)(?:\.get(?:list)?\(|\[)\"(\w+)\"")
HOSTILE = [
    "\x00",
    "a\x00b",
    "0",
    "-1",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "9" * 5000,
    "1e999",
    "NaN",
    "٣",
    "0001-01-01",
    "0026-05-05",
    "9999-12-31",
    "99999-01-01",
    "2026-02-30",
    "2026-03-29T02:30",
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "24:00",
    "\ud800",
    "\ufffe\U0010ffff",
    "%s%n{0}{{ 7|add:7 }}",
    "' OR 1=1 --",
    "\\",
    "[1]",
    "a" * 70_000,
]
FORM = "application/x-www-form-urlencoded"
KEYS = [0, 2**31, 2**63 - 1, 2**63, 10**30]


def parameters() -> set[str]:
    """Every name that a form has or that a view reads by itself."""
    names = {name for kind in form_classes() for name in getattr(kind, "base_fields", {})}
    for path in [
        *VIEW_FILES,
        *ROOT.glob("portal/*.py"),
    ]:
        names |= set(READ.findall(path.read_text(encoding="utf-8")))
    return names


PARAMETERS = sorted(parameters())


def test_the_parameters_are_found_in_the_code() -> None:
    known = {"q", "page", "utgave", "svar", "for", "maned", "period", "first", "email", "file"}
    assert known - set(PARAMETERS) == set()
    assert len(PARAMETERS) > 60


def rows_of(name: str, cast: Cast) -> Iterator[tuple[Row, str]]:
    """Each address once for each method, as somebody who gets furthest with it."""
    seen: set[tuple[str, str]] = set()
    for row in room(name).urls(cast):
        fitting = [kind for kind in reversed(KINDS) if row.expected[kind] in (200, 302)]
        if (row.name, row.method) not in seen and fitting:
            seen.add((row.name, row.method))
            yield row, fitting[0]


@contextmanager
def signed_in(cast: Cast, kind: str) -> Iterator[str]:
    """Give the key of their session, for as many requests as come: none of them is left of it."""
    with transaction.atomic():
        browser = Client()
        browser.force_login(getattr(cast, kind))
        yield browser.cookies[settings.SESSION_COOKIE_NAME].value
        transaction.set_rollback(True)


def ask(session_key: str, method: str, url: str, data: Any = None, **how: Any) -> HttpResponse:
    """Return the answer to a browser that has been nowhere else, and leave nothing behind."""
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = session_key
    with transaction.atomic():
        answer = getattr(browser, method)(url, data, **how)
        transaction.set_rollback(True)
    return answer


def as_form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request that a form without files sends; in parts it takes long to read."""
    return {"data": urlencode(data, doseq=True), "content_type": FORM}


def failures(cast: Cast, name: str, tries: Any) -> list[tuple[str, str, str]]:
    found = []
    for row, kind in rows_of(name, cast):
        url = reverse(row.name, args=row.args, kwargs=row.kwargs)
        with signed_in(cast, kind) as session_key:
            for method, about, request in tries(row):
                if ask(session_key, method, url, **request).status_code >= 500:
                    found.append((row.name, method, about))
    return found


def short(value: str) -> str:
    return ascii(value[:30])


@pytest.mark.parametrize("name", ROOMS)
def test_no_value_of_a_query_is_an_error_of_ours(name: str, cast: Cast) -> None:
    def tries(row: Row) -> Iterator[tuple[str, str, Any]]:
        if row.method == "get":
            for value in HOSTILE[:-1]:
                plain = value.encode("utf-8", "replace").decode()
                yield "get", short(value), {"data": dict.fromkeys(PARAMETERS, plain)}

    assert failures(cast, name, tries) == []


@pytest.mark.parametrize("name", ROOMS)
def test_no_value_of_a_form_is_an_error_of_ours(name: str, cast: Cast) -> None:
    """In one field at a time of what the access matrix sends, and in all at once."""

    def tries(row: Row) -> Iterator[tuple[str, str, Any]]:
        if row.method != "post":
            return
        for value in HOSTILE:
            plain = value.encode("utf-8", "replace").decode()
            everywhere = dict.fromkeys([*PARAMETERS, *row.data], plain)
            yield "post", short(value), as_form(everywhere)
            for field in row.data:
                yield "post", f"{field}={short(value)}", as_form({**row.data, field: plain})

    assert failures(cast, name, tries) == []


FILES = {
    "utf16": "navn;e-post\r\nÅse;aase@example.org".encode("utf-16"),
    "nul": b"a@example.org\x00\r\n",
    "xlsx": b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(256)) * 4,
    "pdf": b"%PDF-1.7\n" + bytes(range(256)),
    "broken pdf": b"%PDF-1.7\n1 0 obj <</Type /Sig /ByteRange [0 99999999999999999999 1 1]>>",
    "latin1": "Åse;aase@example.org".encode("latin1"),
    "empty": b"",
    "surrogates": b"\xed\xa0\x80\xff\xfe",
}


@pytest.mark.parametrize("name", ROOMS)
def test_no_file_is_an_error_of_ours(name: str, cast: Cast) -> None:
    def tries(row: Row) -> Iterator[tuple[str, str, Any]]:
        for about, content in FILES.items() if row.method == "post" else ():
            file = SimpleUploadedFile("liste.csv", content)
            yield "post", about, {"data": {**row.data, "file": file}}

    assert failures(cast, name, tries) == []


def numbered(row: Row) -> Iterator[tuple[int | str, str]]:
    """Each of the keys in each place of the row's address that can hold it."""
    for place in range(len(row.args)):
        for key in [*KEYS, "a\x00b"]:
            args = [*row.args[:place], key, *row.args[place + 1 :]]
            with suppress(NoReverseMatch):
                yield key, reverse(row.name, args=args)


@pytest.mark.parametrize("name", ROOMS)
def test_no_number_in_an_address_is_an_error_of_ours(name: str, cast: Cast) -> None:
    found = []
    for row, kind in rows_of(name, cast):
        with signed_in(cast, kind) as session_key:
            for key, url in numbered(row):
                status = ask(session_key, row.method, url, row.data).status_code
                if status >= 500 or (isinstance(key, int) and key >= 2**63 and status != 404):
                    found.append((row.name, row.method, str(key)[:30], status))
    assert found == []


BODIES: list[tuple[str, bytes]] = [
    ("application/json", b'{"q": "\\ud800"}'),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; na"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(2000))),
    ("application/x-www-form-urlencoded", b"\xff\xfe=\xed\xa0\x80"),
    ("text/\x00", b"a"),
]


@pytest.mark.parametrize(("kind", "body"), BODIES, ids=lambda value: ascii(value)[:40])
@pytest.mark.parametrize("address", ["people:roles", "people:profile", "account_login", "language"])
def test_no_body_is_an_error_of_ours(cast: Cast, address: str, kind: str, body: bytes) -> None:
    with signed_in(cast, "administrator") as session_key:
        for method in ("post", "put"):
            answer = ask(session_key, method, reverse(address), body, content_type=kind)
            assert answer.status_code < 500


def test_bytes_that_are_no_utf8_are_told_of_at_the_field_and_not_stored(cast: Cast) -> None:
    """Sent by a browser or a program that writes in another encoding: «B\\xe5rd»."""
    address = reverse("seminars:create")
    kinds = {
        "application/x-www-form-urlencoded": b"title=B%E5rd",
        "multipart/form-data; boundary=x": (
            b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nB\xe5rd\r\n--x--\r\n'
        ),
    }
    with signed_in(cast, "organiser") as session_key:
        for kind, body in kinds.items():
            answer = ask(session_key, "post", address, body, content_type=kind)
            assert answer.status_code == 200
            assert "en bokstav er gått tapt" in answer.content.decode()
    assert Seminar.objects.count() == 0


def test_a_page_that_does_not_exist_is_no_longer_than_its_address_is_worth(db: None) -> None:
    sizes = {
        length: len(Client().get(f"/finnes-ikke/{'a' * length}/", {"b": "c" * length}).content)
        for length in (10, 4_000, 60_000)
    }
    assert abs(sizes[60_000] - sizes[4_000]) < 100
    assert sizes[4_000] <= sizes[10] + 100


@pytest.mark.parametrize(
    "cookie",
    ["x" * 5000, '"a\\000b"', "a\x00b", "æ" * 40, '"\\355\\240\\200"', "", "a" * 41],
    ids=lambda cookie: ascii(cookie)[:20],
)
@pytest.mark.parametrize(
    "named", ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME"]
)
def test_no_cookie_is_an_error_of_ours(db: None, named: str, cookie: str) -> None:
    header = f"{getattr(settings, named)}={cookie}"
    for address in (reverse("account_login"), reverse("home")):
        answer = Client(raise_request_exception=False).get(address, HTTP_COOKIE=header)
        assert answer.status_code in (200, 302)


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "a\x00b"},
        {"HTTP_REFERER": "\x00"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "\x00//["},
        {"HTTP_ACCEPT_LANGUAGE": "x" * 10_000},
        {"HTTP_IF_MODIFIED_SINCE": "Xyz, 99 Abc 99999 99:99:99 GMT"},
        {"HTTP_X_FORWARDED_FOR": "\x00, 999.1.1.1"},
        {"HTTP_RANGE": "bytes=9-1"},
        {"CONTENT_LENGTH": "-1"},
        {"CONTENT_LENGTH": "x"},
    ],
    ids=lambda headers: ascii(headers)[:40],
)
def test_no_header_is_an_error_of_ours(db: None, headers: dict[str, str]) -> None:
    for address in ("/", "/konto/logg-inn/", "/seminarer/"):
        answer = Client(raise_request_exception=False).get(address, **headers)
        assert answer.status_code < 500
