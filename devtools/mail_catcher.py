"""A mail server for the demo: takes every letter over real SMTP and keeps it in a folder."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"


class MailCatcher:
    """Listens on a free loopback port while it is entered; nothing leaves the machine."""

    def __init__(self, maildir: Path) -> None:
        self.handler = Mailbox(maildir)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="mail", daemon=True)
        self.url = ""

    def __enter__(self) -> Self:
        self.thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self.loop)
        self.url = f"smtp://{HOST}:{listening.result()}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _listen(self) -> int:
        def protocol() -> SMTP:
            return SMTP(self.handler, enable_SMTPUTF8=True, loop=self.loop)

        self.server = await self.loop.create_server(protocol, HOST, 0)
        port: int = self.server.sockets[0].getsockname()[1]
        return port

    async def _close(self) -> None:
        self.server.close()
