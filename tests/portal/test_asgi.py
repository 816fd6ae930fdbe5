"""The real server, met by clients that are slow, endless or huge."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from django.conf import settings

from devtools.server import GRANIAN_OPTIONS
from portal.whole_requests import MOST_BYTES, with_length
from tests.machine import free_port, wait_for

LOGIN = "/konto/logg-inn/"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """One process of four threads, so that thirty slow ones are many times what it has."""
    number = free_port()
    command = [sys.executable, "-m", "granian", *GRANIAN_OPTIONS, "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--port", str(number), "--workers-kill-timeout", "2", "portal.asgi:application"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"},
        start_new_session=True,
    )
    try:
        wait_for(lambda: answers(number), seconds=120)
        yield number
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    try:
        return fetch(port, "/healthz") == 200
    except OSError:
        return False


def fetch(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return int(answer.status)


def said(port: int, *parts: bytes) -> bytes:
    """What the server says to somebody who sends these and then waits."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        for part in parts:
            connection.sendall(part)
        return connection.recv(65536)


def head(*lines: str, method: str = "POST", path: str = LOGIN) -> bytes:
    form = "Content-Type: application/x-www-form-urlencoded"
    return "\r\n".join(
        [f"{method} {path} HTTP/1.1", "Host: localhost", form, *lines, "", ""]
    ).encode()


@pytest.mark.parametrize(
    "beginning",
    [
        head("Content-Length: 100000") + b"a=b",
        head("Transfer-Encoding: chunked") + b"3\r\na=b\r\n",
        b"GET / HTTP/1.1\r\nHost: loc",
        head("Content-Length: 100000", method="PUT", path="/healthz") + b"a=b",
        head("Content-Length: 100000", method="GET", path="/healthz") + b"a=b",
    ],
    ids=["slow body", "slow chunks", "slow headers", "slow PUT", "slow GET with a body"],
)
def test_thirty_slow_clients_keep_nobody_waiting(port: int, beginning: bytes) -> None:
    with ExitStack() as open_ones:
        for _one in range(30):
            one = socket.create_connection(("127.0.0.1", port), timeout=60)
            open_ones.enter_context(one)
            one.sendall(beginning)
        assert [fetch(port, "/healthz") for _time in range(3)] == [200] * 3


def test_a_body_beyond_the_limit_is_refused_before_it_is_sent(port: int) -> None:
    answer = said(port, head(f"Content-Length: {MOST_BYTES + 1}"))
    assert answer.split(b"\r\n", 1)[0] == b"HTTP/1.1 413 Payload Too Large"
    assert "Det du sendte, er for stort" in answer.decode()
    number = re.search(rb"(?im)^x-request-id: ([0-9a-f]{16})\r$", answer)
    assert number is not None
    assert answer.split(b"\r\n\r\n", 1)[1].count(number[1]) == 1


def test_a_refusal_is_in_the_language_of_the_browser(port: int) -> None:
    cookie = f"Cookie: a=b; {settings.LANGUAGE_COOKIE_NAME}=en"
    request = head(f"Content-Length: {MOST_BYTES + 1}", cookie)
    assert "What you sent is too large" in said(port, request).decode()


def test_chunks_without_an_end_are_refused_at_the_limit(port: int) -> None:
    chunk = b"%x\r\n%s\r\n" % (1024 * 1024, b"a" * 1024 * 1024)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(head("Transfer-Encoding: chunked"))
        try:
            for _one in range(MOST_BYTES // (1024 * 1024) + 2):
                connection.sendall(chunk)
        except OSError:
            pass  # it is closed to us while we still send, as it should be
        with suppress(ConnectionResetError):
            assert connection.recv(100).startswith(b"HTTP/1.1 413")
    assert fetch(port, "/healthz") == 200


def test_chunks_reach_the_page_with_their_length(port: int) -> None:
    """The form is read: without its token it is refused for that, and not for being empty."""
    answer = said(port, head("Transfer-Encoding: chunked"), b"7\r\nlogin=a\r\n", b"0\r\n\r\n")
    assert answer.split(b"\r\n", 1)[0] == b"HTTP/1.1 403 Forbidden"


@pytest.mark.parametrize(
    "path", ["/healthz?q=\xe5", "/healthz?q=%00", "/%FF%00/", "/healthz?q=%ED%A0%80", "/healthz#x"]
)
def test_bytes_that_are_no_address_are_answered(port: int, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode("latin1")
    status = int(said(port, request).split(b" ", 2)[1])
    assert status in (200, 400, 404)


@pytest.mark.parametrize("charset", ["zlib", "unicode_escape", "rot13", "utf-16", "x", '"zlib"'])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_is_read_in_no_other_letters_than_the_pages(
    port: int, charset: str, method: str
) -> None:
    lines = [f"{method} {LOGIN}?q=a HTTP/1.1", "Host: localhost", "Content-Length: 7"]
    lines += [f"Content-Type: application/x-www-form-urlencoded; charset={charset}", "", "login=a"]
    answer = said(port, "\r\n".join(lines).encode())
    assert answer.split(b" ", 2)[1] == (b"200" if method == "GET" else b"403")


def test_a_header_that_would_pass_for_a_proxys_is_dropped() -> None:
    scope = {
        "headers": [(b"x_forwarded_proto", b"https"), (b"host", b"localhost")],
        "query_string": "å".encode(),
    }
    kept = with_length(scope, 3)
    assert kept["headers"] == [(b"host", b"localhost"), (b"content-length", b"3")]
    assert kept["query_string"] == b"%C3%A5"


def test_every_answer_has_the_number_of_its_request(port: int) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
        assert len(answer.headers["X-Request-ID"]) == 16
