"""The list of participants as it is printed, and long names on a narrow screen."""

from __future__ import annotations

import io
from collections.abc import Callable

import pypdf
from playwright.sync_api import Page

from people.models import User
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import make_participants, make_registration, make_seminar

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorf"
LONG_WORD = "Kommunikasjonsavdelingsmedarbeiderutviklingssamtalegrunnlaget"


def test_the_printed_list_is_one_line_a_person_without_menus(
    cast: Cast, browser_of: Callable[[User], Page]
) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=60)
    people = [row.user for row in make_participants(seminar, cast.unit, 46)]
    desk = browser_of(cast.organiser)
    desk.goto(f"/seminarer/{seminar.pk}/deltakere/")
    paper = pypdf.PdfReader(io.BytesIO(desk.pdf(format="A4", prefer_css_page_size=True)))
    text = "\n".join(page.extract_text() for page in paper.pages)
    assert len(paper.pages) <= 2
    assert [person.email for person in people if person.email not in text] == []
    assert [
        word for word in ("Logg ut", "Meld på", "Ta bort", "Meny", "English") if word in text
    ] == []
    assert seminar.title in text
    assert str(seminar.starts_at.year) in text


def test_long_words_widen_no_page(cast: Cast, browser_of: Callable[[User], Page]) -> None:
    title = f"{LONG_WORD} {LONG_NAME}"
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, title=title, summary=LONG_WORD
    )
    make_registration(seminar, make_employee(cast.unit, f"{LONG_NAME} Dahl"))
    desk = browser_of(cast.organiser)
    for width in (360, 320):
        desk.set_viewport_size({"width": width, "height": 800})
        for path in ("", "deltakere/", "deltakere/liste/", "invitasjoner/", "malgrupper/"):
            desk.goto(f"/seminarer/{seminar.pk}/{path}")
            assert (path, desk.evaluate("document.documentElement.scrollWidth")) == (path, width)
