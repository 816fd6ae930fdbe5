"""What is printed for a door: everybody who comes, whole, and nothing more of them."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from attendance import codes
from attendance.printing import papers
from attendance.printing.papers import attendance_list, badges, seated
from attendance.refusals import NobodyToPrint, TooManyToPrint
from evidence.completeness import missing_from
from evidence.pdf_text import text_inside
from seminars.models import Seminar
from tests.cast import Cast
from tests.corpora.names import SOUGHT
from tests.factories import make_employee
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
    make_seminar_role,
)

HARD = [
    "Ó",
    "W" * 200,
    "漢字" * 100,
    "ناصر" * 50,
    "محمد عبد الله",
    "שרה כהן",
    "😀" * 200,
    "Ola 👩🏽‍💻🎉",
    "é́́" * 20,
    "\U000e0001 Kari",
    "Wolfeschlegelsteinhausenbergerdorff-Nordmann",
    *SOUGHT,
]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def hall(cast: Cast, noon: dt.datetime) -> Seminar:
    """Held at noon, with room for many."""
    return make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=noon, capacity=400)


def named(seminar: Any, unit: Any, names: list[str]) -> None:
    for one, name in zip(make_participants(seminar, unit, len(names)), names, strict=True):
        one.user.name = name[:200]
        one.user.save()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_list_has_everybody_with_a_seat_once_by_name(
    language: str, held, session, cast, noon, settings
) -> None:
    named(held, cast.unit, ["Åse Aas", "Abel Berg", "Zahra Ødegård"])
    make_registration(held, cast.leader, state="waitlisted")
    make_registration(held, cast.manager, state="withdrawn", withdrawn_at=noon)
    with translation.override(language):
        pdf = attendance_list(held, [session], now=noon)
    text = text_of(pdf)
    places = [text.index(name) for name in ("Abel Berg", "Zahra Ødegård", "Åse Aas")]
    assert places == sorted(places)
    assert [text.count(name) for name in ("Abel Berg", "Zahra Ødegård", "Åse Aas")] == [1, 1, 1]
    assert cast.leader.name not in text
    assert cast.manager.name not in text
    assert "@" not in text
    assert ("Signatur" if language == "nb" else "Signature") in text
    assert ("Side 1 av 1" if language == "nb" else "Page 1 of 1") in text


def test_every_page_of_a_long_list_has_the_columns_and_its_number(hall, cast, noon) -> None:
    make_participants(hall, cast.unit, 60)
    pages = PdfReader(io.BytesIO(attendance_list(hall, list(hall.sessions.all()), now=noon))).pages
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        text = page.extract_text()
        assert "Signatur" in text
        assert f"Side {number} av {len(pages)}" in text
        assert f"Oppmøteliste: {hall.title}" in text


@pytest.mark.parametrize("with_codes", [False, True])
def test_names_as_people_have_them_stand_whole_on_list_and_badge(
    with_codes: bool, hall, cast, noon
) -> None:
    named(hall, cast.unit, HARD)
    said = [one.user.name for one in seated(hall)]
    assert (
        missing_from(attendance_list(hall, list(hall.sessions.all()), now=noon), said, foot=68)
        == []
    )
    pdf = badges(hall, None, with_codes=with_codes, now=noon)
    assert missing_from(pdf, said, foot=0) == []
    assert len(PdfReader(io.BytesIO(pdf)).pages) == -(-len(HARD) // 8)


def test_papers_can_be_read_aloud_and_have_a_title(held, session, participant, noon) -> None:
    for pdf in (
        attendance_list(held, [session], now=noon),
        badges(held, session, with_codes=True, now=noon),
    ):
        reader = PdfReader(io.BytesIO(pdf))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712, a PDF's own kind of bool
        assert root["/Lang"] == "nb"
        assert held.title in reader.metadata.title


def test_of_sessions_to_choose_between_each_list_has_its_own(cast, noon) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=noon)
    first, second = make_choice(seminar, 20, 20)
    named(seminar, cast.unit, ["Kari Lie", "Ola Moe"])
    one, other = seated(seminar)
    choose(one, first)
    choose(other, second)
    for session, inside, outside in ((first, one, other), (second, other, one)):
        session.seminar = seminar
        for pdf in (
            attendance_list(seminar, [session], now=noon),
            badges(seminar, session, with_codes=False, now=noon),
        ):
            text = text_of(pdf)
            assert inside.user.name in text
            assert outside.user.name not in text
    text = text_of(attendance_list(seminar, seminar.sessions_in_order(), now=noon))
    assert "Kari Lie" in text
    assert "Ola Moe" in text


def test_codes_stand_on_the_badges_that_ask_for_them_alone(held, participant, noon) -> None:
    data = papers._code(participant, codes.key_of(held))
    assert data["code"].startswith("<svg")
    assert participant.user.name in data["alt"]
    plain = badges(held, None, with_codes=False, now=noon)
    coded = badges(held, None, with_codes=True, now=noon)
    assert b"/Figure" not in plain
    assert len(coded) > len(plain)


def test_too_many_are_refused_and_nobody_is_no_sheet(
    held, session, cast, noon, monkeypatch
) -> None:
    with pytest.raises(NobodyToPrint):
        badges(held, None, with_codes=False, now=noon)
    make_participants(held, cast.unit, 3)
    monkeypatch.setattr(papers, "MOST_ROWS", 2)
    with pytest.raises(TooManyToPrint, match="3"):
        badges(held, None, with_codes=False, now=noon)
    with pytest.raises(TooManyToPrint):
        attendance_list(held, [session], now=noon)


def test_refusal_leads_back_and_is_told(held, cast, client: Client) -> None:
    client.force_login(cast.organiser)
    answer = client.get(reverse("attendance:badges_pdf", args=[held.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("attendance:printing", args=[held.pk]), 302)]
    assert "Ingen har plass ennå, så det er ingen å skrive ut for." in answer.content.decode()


def test_host_prints_and_has_no_codes(held, participant, cast, client: Client) -> None:
    make_seminar_role(held, cast.coordinator, "host")
    client.force_login(cast.coordinator)
    page = client.get(reverse("attendance:printing", args=[held.pk])).content.decode()
    assert "med-kode" not in page
    answer = client.get(reverse("attendance:list_pdf", args=[held.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="oppmoteliste-{held.pk}.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert client.get(reverse("attendance:coded_badges_pdf", args=[held.pk])).status_code == 403


def test_questions_asked_do_not_grow_with_people(
    held, session, cast, noon, django_assert_max_num_queries
) -> None:
    make_participants(held, cast.unit, 20)
    with django_assert_max_num_queries(8):
        attendance_list(held, [session], now=noon)


def test_unit_and_agency_of_the_same_name_stand_once(held, cast, noon) -> None:
    registration = make_registration(
        held, make_employee(cast.agency), unit=cast.agency, agency=cast.agency
    )
    assert papers._unit(registration) == cast.agency.name


def test_longest_title_leaves_the_foot_and_the_badges_whole(hall, cast, noon) -> None:
    Seminar.objects.filter(pk=hall.pk).update(title="W" * 200)
    hall.refresh_from_db()
    named(hall, cast.unit, HARD[:4])
    said = [one.user.name for one in seated(hall)]
    pdf = attendance_list(hall, list(hall.sessions.all()), now=noon)
    assert missing_from(pdf, said, foot=68) == []
    # Read as what lies within the paper: what runs off its edge is not there.
    assert "Makulerdennåroppmøteterført." in "".join(text_inside(pdf, bottom=8).split())
    assert missing_from(badges(hall, None, with_codes=True, now=noon), said, foot=0) == []


def test_page_leads_to_no_badges_of_a_session_that_nobody_has_chosen(
    held, participant, cast, client: Client
) -> None:
    here, there = make_choice(held, 20, 20)
    choose(participant, here)
    client.force_login(cast.organiser)
    page = client.get(reverse("attendance:printing", args=[held.pk])).content.decode()
    for name in ("session_badges_pdf", "session_coded_badges_pdf"):
        assert reverse(f"attendance:{name}", args=[held.pk, here.pk]) in page
        assert reverse(f"attendance:{name}", args=[held.pk, there.pk]) not in page
