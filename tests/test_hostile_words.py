"""Hostile words in every field that people write, on every page, in every letter and file.

`tests/hostile.py` finds the fields, so a new one joins by itself; the pages are those of the
access matrix.
"""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outbox.message import as_message
from outbox.models import Letter
from people.models import User
from portal.own_data import export_own_data
from tests.access import Row, row
from tests.cast import KINDS, Cast
from tests.hostile import plant, read, read_calendar, read_html, words_of, written_fields
from tests.seminars.factories import make_choice, make_seminar
from tests.test_access_matrix import ROOMS, room

pytestmark = pytest.mark.no_cover

ALWAYS_SEEN = {
    "commitments.Commitment.text",
    "commitments.Revision.goals",
    "missions.MissionVersion.core_task",
    "missions.Term.explanation",
    "missions.UpwardQuestion.text",
    "outbox.Letter.subject",
    "people.Unit.name",
    "people.User.name",
    "seminars.ChoiceGroup.title",
    "seminars.Question.options",
    "seminars.Question.shown_if_option",
    "seminars.Question.text",
    "seminars.Seminar.title",
    "seminars.Session.title",
}
"""A crawl that meets nothing finds nothing."""

Found = tuple[list[str], set[int]]


def asked_by(asked: Row) -> list[str]:
    """All who may read it; one of those who may send it."""
    if asked.method == "get":
        return [kind for kind in KINDS if asked.expected[kind] == 200]
    return [kind for kind in KINDS if asked.expected[kind] in (200, 302)][-1:]


def page_of(asked: Row, user: User) -> Found:
    """What a page shows, and the letters that it sends."""
    with transaction.atomic():
        browser = Client()
        browser.force_login(user)
        latest = Letter.objects.aggregate(latest=models.Max("pk", default=0))["latest"]
        url = reverse(asked.name, args=asked.args, kwargs=asked.kwargs)
        answer = getattr(browser, asked.method)(url, asked.data)
        content = b"".join(answer) if answer.streaming else answer.content
        markup, seen = read(answer.headers.get("Content-Type", ""), content)
        for letter in Letter.objects.filter(pk__gt=latest):
            more, also_seen = letter_of(letter)
            markup, seen = [*markup, *more], seen | also_seen
        transaction.set_rollback(True)
    return markup, seen


def letter_of(letter: Letter) -> Found:
    markup, seen = read_html(letter.html)
    parts, also_seen = read_calendar(letter.calendar)
    headers = as_message(letter).message().items()  # raises for one with a line break in it
    smuggled = [name for name, _value in headers if name.lower() == "bcc"]
    return [*markup, *parts, *smuggled], seen | also_seen


def own_data_of(user: User) -> Found:
    packed = export_own_data(by=user, now=timezone.now())
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return read_html(archive.read("opplysninger.html").decode())


def asking_rows(cast: Cast) -> list[Row]:
    """A seminar that asks, and asks more after an answer, and lets people choose a session."""
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    make_choice(seminar, 20, 20)
    first = seminar.questions.create(text="Hotell?", kind="one", options=["Ja", "Nei"])
    seminar.questions.create(text="Natt?", kind="text", shown_if=first, shown_if_option="Ja")
    return [row("seminars:register", seminar.pk), row("seminars:detail", seminar.pk)]


def test_what_people_write_is_never_more_than_words(cast: Cast) -> None:
    rows = [one for name in ROOMS for one in room(name).urls(cast)]
    rows += asking_rows(cast)
    fields = plant()
    assert [one.model for one in fields if not one.model._base_manager.exists()] == []
    found = {
        (one.name, one.method, kind): page_of(one, getattr(cast, kind))
        for one in rows
        for kind in asked_by(one)
    }
    found |= {("own data", "", kind): own_data_of(getattr(cast, kind)) for kind in KINDS}
    assert {where: markup for where, (markup, _seen) in found.items() if markup} == {}
    seen: set[int] = set().union(*(one for _markup, one in found.values()))
    assert ALWAYS_SEEN - set(words_of(fields, seen)) == set()


@pytest.mark.parametrize(
    ("html", "markup", "seen"),
    [
        ('<p title="&lt;b id=kanari1x2>">kanari3x4</p>', [], {1, 3}),
        ("<p><b id=kanari1x2>", ["<b id=kanari1x2>"], set()),
        ('<p title=""><b id=kanari1x2 onclick=kanari>', 2, set()),
        ('<a href="javascript:kanari1x2">x</a>', ["<a href=javascript:kanari1x2>"], set()),
        ('<a href="//kanari1x2">x</a>', ["<a href=//kanari1x2>"], set()),
        ('<a href="/?q=kanari1x2">x</a>', [], {1}),
    ],
)
def test_markup_is_told_from_words(html: str, markup: list[str] | int, seen: set[int]) -> None:
    found, read_as_text = read_html(html)
    assert (len(found) if isinstance(markup, int) else found, read_as_text) == (markup, seen)


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", " JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "file:///x"]
)
def test_a_link_that_somebody_types_is_an_address_on_the_web(typed: str) -> None:
    """Whichever model has it: what a page links to has gone through a field like these."""
    fields = [one for one in written_fields() if isinstance(one, models.URLField)]
    assert fields != []
    for field in fields:
        with pytest.raises(ValidationError):
            field.formfield(assume_scheme="https").clean(typed)
