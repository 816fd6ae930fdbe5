"""A letter to somebody without an address is written and never sent."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from outbox import delivery
from outbox.actions import queue_letters, retry_letter, retry_letters
from outbox.emptying import KEPT, empty_old_letters
from outbox.letters import Rendered
from outbox.models import Envelope, Letter, LetterState
from people.models import User
from tests import clock
from tests.cast import Cast
from tests.factories import make_employee
from tests.outbox.factories import make_letter
from tests.outbox.parts import cancellation, invitation
from tests.outbox.test_views import SignIn, words_of
from tests.sources import modules

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
LETTERS = Path(settings.BASE_DIR) / "templates" / "letters"
KINDS = sorted(
    f"{path.parent.name}.{path.stem}"
    for path in LETTERS.glob("*/*.html")
    if not path.stem.startswith("_")
)
UNADDRESSED = LetterState.UNADDRESSED


@pytest.fixture
def cleaner(cast: Cast) -> User:
    return make_employee(cast.unit, "Rut Vask", email=None)


def given_an_address(person: User) -> User:
    User.objects.filter(pk=person.pk).update(email="rut@example.org")
    person.refresh_from_db()
    return person


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sort", [{}, {"is_reminder": True}, {"is_secret": True}])
def test_a_letter_of_any_kind_is_written_and_goes_nowhere(
    cleaner: User,
    kind: str,
    sort: dict[str, bool],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        letter = make_letter(cleaner, kind=kind, key="one", **sort)
        again = make_letter(cleaner, kind=kind, key="one", **sort)
    assert (letter.pk, callbacks) == (again.pk, [])
    letter.refresh_from_db()
    assert (letter.state, letter.to_email) == (UNADDRESSED, "")
    later = timezone.now() + dt.timedelta(days=30)
    assert delivery.claim(letter.pk, now=later) is None
    assert list(Letter.objects.due(later)) == list(Envelope.objects.in_trouble()) == []
    assert list(Letter.objects.unaddressed()) == [letter]


def test_letters_are_written_in_one_place_alone() -> None:
    """So that what becomes of one to nobody is decided there."""
    makers = {"create", "bulk_create", "get_or_create", "update_or_create"}
    written_in = set()
    for module, tree in modules():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            match call.func:
                case ast.Name(id="Letter"):
                    written_in.add(module)
                case ast.Attribute(
                    attr=made, value=ast.Attribute(attr="objects", value=ast.Name(id="Letter"))
                ) if made in makers:
                    written_in.add(module)
    assert written_in == {"outbox.actions"}


def test_of_a_code_to_nobody_no_word_is_kept(cleaner: User) -> None:
    letter = make_letter(cleaner, is_secret=True, text="Koden er 739205")
    assert (letter.text, letter.html, letter.calendar) == ("", "", "")


def test_of_many_letters_those_with_an_address_go_out(
    cast: Cast, cleaner: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    words = Rendered(subject="S", text="T", html="<p>H</p>")
    people = [cleaner, cast.employee]
    with django_capture_on_commit_callbacks() as callbacks:
        letters = [(f"test:{person.pk}", person, words) for person in people]
        assert queue_letters(kind="test", letters=letters) == 2
    states = dict(Letter.objects.values_list("recipient", "state"))
    assert states == {cleaner.pk: UNADDRESSED, cast.employee.pk: LetterState.QUEUED}
    sent = Letter.objects.get(recipient=cast.employee)
    assert [callback.args[1] for callback in callbacks] == [[sent.pk]]


def test_whoever_gets_an_address_finds_the_letter_and_is_told_that_it_was_not_sent(
    cleaner: User, signed_in: SignIn
) -> None:
    letter = make_letter(cleaner, subject="Plass på seminaret", calendar=invitation(cleaner))
    browser = signed_in(given_an_address(cleaner))
    assert "ikke sendt på e-post" in words_of(browser.get("/brev/"))
    page = words_of(browser.get(reverse("outbox:detail", args=[letter.pk])))
    assert "Brevet er ikke sendt på e-post" in page
    assert [words for words in ("None", "Sendt til", "på vei") if words in page] == []
    assert [one.pk for one in Letter.objects.due(timezone.now())] == []


@pytest.mark.parametrize("part", [invitation, cancellation])
def test_a_calendar_part_of_nobody_names_no_attendee(
    cleaner: User, part: Callable[[User], Any]
) -> None:
    ics = part(cleaner).ics
    assert "ATTENDEE" not in ics
    assert "None" not in ics
    assert "ATTENDEE" in part(given_an_address(cleaner)).ics


def test_sending_again_to_somebody_who_has_no_address_now_settles_it(
    cast: Cast, cleaner: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    letter = make_letter(given_an_address(cleaner), state="failed", last_error="550 no such user")
    User.objects.filter(pk=cleaner.pk).update(email=None)
    with django_capture_on_commit_callbacks() as callbacks:
        again = retry_letter(letter=letter, by=cast.administrator, now=NOW)
    assert (again.state, again.to_email, again.last_error) == (UNADDRESSED, "", "")
    assert callbacks == []


def test_sending_all_again_counts_those_that_are_sent(cast: Cast, cleaner: User) -> None:
    lost = make_letter(given_an_address(cleaner), state="failed")
    User.objects.filter(pk=cleaner.pk).update(email=None)
    found = make_letter(cast.employee, state="failed")
    envelopes = Envelope.objects.visible_to(cast.administrator, on=clock.today())
    assert retry_letters(letters=envelopes, by=cast.administrator, now=NOW) == 1
    states = dict(Letter.objects.values_list("pk", "state"))
    assert states == {lost.pk: UNADDRESSED, found.pk: LetterState.QUEUED}


def test_administrators_see_how_many_reached_nobody(
    cast: Cast, cleaner: User, signed_in: SignIn
) -> None:
    letter = make_letter(given_an_address(cleaner), state="failed")
    User.objects.filter(pk=cleaner.pk).update(email=None)
    make_letter(User.objects.get(pk=cleaner.pk))
    browser = signed_in(cast.administrator)
    assert "1 brev det siste året er ikke sendt" in words_of(browser.get("/brev/feilet/"))
    told = browser.post(reverse("outbox:retry", args=[letter.pk]), follow=True)
    assert "Rut Vask har ingen e-postadresse nå" in words_of(told)
    assert "2 brev det siste året er ikke sendt" in words_of(told)


def test_a_letter_to_nobody_is_emptied_after_a_year_as_any_other(cleaner: User) -> None:
    now = timezone.now()
    letter = make_letter(cleaner, queued_at=now - KEPT - dt.timedelta(days=1))
    assert empty_old_letters(now=now) == 1
    letter.refresh_from_db()
    assert (letter.text, letter.state) == ("", UNADDRESSED)
