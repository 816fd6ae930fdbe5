"""Who is slow to send, or one of too many who are, is told so; the site never hears of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from portal import whole_requests
from portal.whole_requests import Message, Receive, Send, WholeRequests

SLOW, LONG = 0.05, 60.0
RESUMES = 5.0
"""Seconds until who has stopped sends the rest after all, as long as nobody has given them up."""
HEAD: Message = {
    "type": "http",
    "method": "POST",
    "headers": [(b"content-length", b"6")],
    "query_string": b"",
}
PART: Message = {"type": "http.request", "body": b"abc", "more_body": True}
END: Message = {"type": "http.request", "body": b"def", "more_body": False}
GONE: Message = {"type": "http.disconnect"}


class Site:
    """An application that keeps what it was given, behind the door that is tried here."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.door = WholeRequests(self.answer)

    async def answer(self, scope: Message, receive: Receive, send: Send) -> None:
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(self, *messages: Message, pause: float = 0) -> list[int]:
        """The statuses that somebody hears who sends these, one by one, and then pauses."""
        coming, heard = list(messages), []

        async def receive() -> Message:
            await asyncio.sleep(pause if coming else RESUMES)
            return coming.pop(0) if coming else END

        async def send(message: Message) -> None:
            if "status" in message:
                heard.append(int(message["status"]))

        await self.door(HEAD, receive, send)
        return heard


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> Any:
    def times(*, idle: float, whole: float) -> None:
        monkeypatch.setattr(whole_requests, "IDLE_SECONDS", idle)
        monkeypatch.setattr(whole_requests, "WHOLE_SECONDS", whole)

    return times


def test_who_sends_nothing_more_is_told_that_it_took_too_long(times: Any) -> None:
    times(idle=SLOW, whole=LONG)
    site = Site()
    assert (asyncio.run(site.ask(PART)), site.bodies) == ([408], [])


def test_who_sends_a_little_at_a_time_is_told_too(times: Any) -> None:
    times(idle=LONG, whole=SLOW)
    site = Site()
    assert (asyncio.run(site.ask(*[PART] * 100, pause=SLOW / 5)), site.bodies) == ([408], [])


def test_who_leaves_is_told_nothing(times: Any) -> None:
    times(idle=LONG, whole=LONG)
    site = Site()
    assert (asyncio.run(site.ask(PART, GONE)), site.bodies) == ([], [])


def test_who_sends_all_is_answered_and_keeps_no_place(times: Any) -> None:
    times(idle=LONG, whole=LONG)
    site = Site()
    assert (asyncio.run(site.ask(PART, END)), site.bodies) == ([200], [b"abcdef"])
    assert site.door.receiving == {}


def test_of_too_many_the_one_that_began_first_gives_way(
    times: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    times(idle=LONG, whole=LONG)
    monkeypatch.setattr(whole_requests, "MOST_RECEIVED_AT_ONCE", 2)
    site = Site()

    async def crowd() -> list[list[int]]:
        slow = asyncio.create_task(site.ask(PART))
        await asyncio.sleep(SLOW)
        others = [asyncio.create_task(site.ask(PART, END, pause=SLOW)) for _one in range(2)]
        return await asyncio.wait_for(asyncio.gather(slow, *others), LONG / 2)

    assert asyncio.run(crowd()) == [[408], [200], [200]]
    assert site.bodies == [b"abcdef"] * 2
