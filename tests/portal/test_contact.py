"""Whom one asks about the portal itself, by setting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory

from portal.templatetags import frame
from portal.views import errors
from tests.cast import Cast

WORDS = "Spørsmål om Lederportalen?"


@pytest.fixture(autouse=True)
def fresh_frame() -> Iterator[None]:
    """What is kept of the frame says what the settings were."""
    frame._pieces.cache_clear()
    yield
    frame._pieces.cache_clear()


def pages(cast: Cast, signed_in: Any, rf: RequestFactory) -> list[str]:
    """Of whoever is not signed in, of whoever is, what is not found, and what failed."""
    answers = [
        Client().get("/personvern/"),
        signed_in(cast.employee).get("/"),
        signed_in(cast.employee).get("/finnes-ikke/"),
        errors.server_error(rf.get("/")),
    ]
    return [answer.content.decode() for answer in answers]


def test_every_page_says_whom_to_ask(
    cast: Cast, signed_in: Any, rf: RequestFactory, settings: Any
) -> None:
    settings.SUPPORT_EMAIL, settings.SUPPORT_PHONE = "hjelp@example.org", "+47 21 80 21 80"
    for page in pages(cast, signed_in, rf):
        assert page.count(WORDS) == 1
        assert 'href="mailto:hjelp@example.org"' in page
        assert 'href="tel:+47%2021%2080%2021%2080"' in page


def test_one_of_the_two_is_enough(
    cast: Cast, signed_in: Any, rf: RequestFactory, settings: Any
) -> None:
    settings.SUPPORT_EMAIL, settings.SUPPORT_PHONE = "", "21 80 21 80"
    for page in pages(cast, signed_in, rf):
        assert (page.count(WORDS), "mailto:" in page) == (1, False)


def test_where_nobody_is_named_nothing_is_said(
    cast: Cast, signed_in: Any, rf: RequestFactory, settings: Any
) -> None:
    settings.SUPPORT_EMAIL, settings.SUPPORT_PHONE = "", ""
    for page in pages(cast, signed_in, rf):
        assert WORDS not in page
