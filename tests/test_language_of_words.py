"""A page in English says of the words that people wrote that they are bokmål (WCAG 3.1.2).

The fields are those of `tests/hostile.py`, the pages those of the access matrix, so that a new one
of either joins by itself.
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from common.languages import SOURCE_LANGUAGE
from people.models import User
from tests.access import Row
from tests.cast import Cast
from tests.hostile import numbers, plant
from tests.test_access_matrix import ROOMS, room

pytestmark = pytest.mark.no_cover

NOT_TRANSLATED = {
    "attendance.Scan.door",
    "commitments.Signature.on_behalf_of_name",
    "commitments.Signature.signer_name",
    "outbox.Letter.last_error",
    "outbox.Letter.to_email",
    "people.Position.title",
    "people.StaffImportRun.error",
    "people.Unit.name",
    "people.User.email",
    "people.User.first_name",
    "people.User.name",
    "seminars.Seminar.address",
    "seminars.Seminar.meeting_url",
    "seminars.Seminar.place_name",
    "seminars.Seminar.room",
}
"""Names, titles, places and addresses: the same in every language. And what a machine said."""
WITHIN_A_SENTENCE = {
    "attendance.AttendanceMark.reason": {"attendance:my_record"},
    "commitments.Commitment.text": {"commitments:reconcile"},
    "seminars.Seminar.title": {"attendance:walk_in", "home"},
}
"""Said in the midst of a sentence, or a letter, of the portal's that is made away from the page."""
ALWAYS_HEARD = {
    "commitments.Commitment.text",
    "commitments.Note.text",
    "commitments.Revision.goals",
    "missions.MissionVersion.core_task",
    "missions.MissionVersion.for_whom",
    "outbox.Letter.subject",
    "seminars.Question.text",
    "seminars.Seminar.title",
}
"""A listener who hears nothing finds nothing."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
READERS = ("employee", "leader", "stranger", "manager", "coordinator")
"""Those whom words are written for; whoever arranges or administers has written them."""
WITHOUT_PARTS = {"title", "textarea", "option", "script", "style", "template"}
"""Elements whose text cannot hold an element with a language of its own."""


class Listener(HTMLParser):
    """Hears a page as a screen reader does: each text in the language of its nearest element."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = [("", "")]
        self.unmarked: set[int] = set()
        self.heard: set[int] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang") or self.open[-1][1]))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, language = self.open[-1]
        if tag in WITHOUT_PARTS:
            return
        self.heard |= numbers(data)
        if language != SOURCE_LANGUAGE:
            self.unmarked |= numbers(data)


def heard_on(asked: Row, user: User) -> Listener:
    listener = Listener()
    with transaction.atomic():
        browser = Client()
        browser.force_login(user)
        url = reverse(asked.name, args=asked.args, kwargs=asked.kwargs)
        answer = browser.get(url, asked.data)
        if "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming:
            listener.feed(answer.content.decode())
            listener.close()
        transaction.set_rollback(True)
    return listener


def test_words_that_people_wrote_are_heard_in_their_language(cast: Cast) -> None:
    rows = [one for name in ROOMS for one in room(name).urls(cast) if one.method == "get"]
    fields = plant()
    User.objects.update(language="en")
    unmarked: dict[str, set[str]] = {}
    heard: set[str] = set()
    for asked in rows:
        for kind in [kind for kind in READERS if asked.expected[kind] == 200][:2]:
            page = heard_on(asked, getattr(cast, kind))
            heard |= {str(fields[number]) for number in page.heard}
            for name in {str(fields[number]) for number in page.unmarked} - NOT_TRANSLATED:
                if asked.name not in WITHIN_A_SENTENCE.get(name, ()):
                    unmarked.setdefault(name, set()).add(f"{asked.name} ({kind})")
    assert ALWAYS_HEARD - heard == set()
    assert {name: sorted(where) for name, where in unmarked.items()} == {}
