"""A request is handed to a thread when all of it is here.

A thread that waits for the rest of somebody's form answers nobody else, and ten such forms would
stop a portal of eight threads. So bodies are received beside the threads, up to a size and within a
time, and what is too large is refused before it is read. Headers are the server's own matter.
docs/adr/0020-web-server.md says why it is done here.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import tempfile
from collections.abc import Awaitable, Callable, MutableMapping
from typing import IO, Any
from urllib.parse import quote_from_bytes

import structlog
from a2wsgi import WSGIMiddleware
from django.http import parse_cookie
from django.utils import translation

from portal.language_cookie import cookie_language
from portal.request_log import ID_HEADER

log = structlog.get_logger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BYTES = 12 * 1024 * 1024
"""More than any page of the portal takes in, files included."""
KEPT_IN_MEMORY = 256 * 1024
CHUNK = 64 * 1024
IDLE_SECONDS = 15.0
WHOLE_SECONDS = 120.0
"""A phone on a bad line sends a photographed page in that time; a form takes a second."""
MOST_RECEIVED_AT_ONCE = 200
"""Beyond that the one that has been longest about it is given up: it is the slowest, or hostile."""
CHARSET_PARAMETER = re.compile(rb";\s*charset\*?\s*=[^;]*", re.IGNORECASE)
PRINTABLE = "!#$%&'()*+,/:;=?@[]~\"<>\\^`{|}"


class TooLarge(Exception):
    """More than MOST_BYTES, announced or sent."""


class TooSlow(Exception):
    """Nothing for IDLE_SECONDS, or not all within WHOLE_SECONDS."""


class GoneAway(Exception):
    """The client has left before all was sent."""


class WholeRequests:
    """ASGI middleware: `app` sees a request once its body is here, and knows its length."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.receiving: dict[asyncio.Task[Any], None] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with contextlib.closing(tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)) as body:
            try:
                length = await self._received(scope, receive, body)
            except TooLarge:
                await refuse(scope, send, 413)
            except TooSlow:
                await refuse(scope, send, 408)
            except GoneAway:
                pass
            else:
                await self.app(with_length(scope, length), replay(body), send)

    async def _received(self, scope: Message, receive: Receive, body: IO[bytes]) -> int:
        announced = header(scope, b"content-length")
        if announced.isdigit() and int(announced[:12]) > MOST_BYTES:
            raise TooLarge
        if not announced and not header(scope, b"transfer-encoding") and scope["method"] == "GET":
            return 0
        task = asyncio.create_task(fill(body, receive))
        self._make_room()
        self.receiving[task] = None
        try:
            # Not `wait_for`: that of Python 3.11 forgets a time that is up as a part comes in.
            async with asyncio.timeout(WHOLE_SECONDS):
                return await task
        except (TimeoutError, asyncio.CancelledError) as error:
            raise TooSlow from error
        finally:
            self.receiving.pop(task, None)

    def _make_room(self) -> None:
        if len(self.receiving) >= MOST_RECEIVED_AT_ONCE:
            oldest = next(iter(self.receiving))
            del self.receiving[oldest]
            oldest.cancel()


async def fill(body: IO[bytes], receive: Receive) -> int:
    """Write what comes into `body`, rewind it, and return how much it is."""
    length = 0
    while True:
        async with asyncio.timeout(IDLE_SECONDS):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneAway
        chunk = message.get("body", b"")
        length += len(chunk)
        if length > MOST_BYTES:
            raise TooLarge
        body.write(chunk)
        if not message.get("more_body", False):
            body.seek(0)
            return length


def replay(body: IO[bytes]) -> Receive:
    async def receive() -> Message:
        chunk = body.read(CHUNK)
        return {"type": "http.request", "body": chunk, "more_body": len(chunk) == CHUNK}

    return receive


def header(scope: Message, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def with_length(scope: Message, length: int) -> Message:
    """The request as WSGI can hold it.

    A header whose name has an underscore would be taken for the one with a hyphen, which a proxy
    has set; a query is ASCII; and chunks have a length by now.
    """
    left_out = {b"content-length", b"transfer-encoding"}
    kept = [
        (name, in_our_letters(value) if name == b"content-type" else value)
        for name, value in scope["headers"]
        if name not in left_out and b"_" not in name
    ]
    if length:
        kept.append((b"content-length", str(length).encode()))
    query = quote_from_bytes(scope["query_string"], safe=PRINTABLE).encode()
    return {**scope, "headers": kept, "query_string": query}


def in_our_letters(kind: bytes) -> bytes:
    """The content type without its charset, which is UTF-8: to Python «zlib» is one too."""
    return CHARSET_PARAMETER.sub(b"", kind)


async def refuse(scope: Message, send: Send, status: int) -> None:
    """A page that needs no thread, no database and no rest of the body.

    In the browser's language, and under a number that is in the log.
    """
    from portal.views.errors import plain_page

    code = secrets.token_hex(8)
    cookies = parse_cookie(header(scope, b"cookie").decode("latin-1"))
    with translation.override(cookie_language(cookies)):
        page = plain_page(status, code)
    log.warning("request_refused", status=status, request_id=code)
    headers = [
        (ID_HEADER.lower().encode(), code.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page.content)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page.content})


def in_threads(wsgi: Any, threads: int) -> App:
    """Return the site as an ASGI application: whole requests, so many answered at a time."""
    inner: Any = WSGIMiddleware(wsgi, workers=threads)
    return WholeRequests(inner)
