"""What a stranger learns from a certificate's number, from its key and from its file."""

from __future__ import annotations

import logging
import re

import lxml.html
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from certificates.numbers import grouped, new_key, new_number
from evidence.pdf_text import text_inside
from tests.cast import Cast
from tests.certificates.factories import make_certificate, record

NAME = "Kari Ødegård Åsmundsdatter"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def certificate(cast: Cast) -> Certificate:
    cast.leader.name = NAME
    cast.leader.save()
    return make_certificate(cast, cast.leader, seal=True, title="Tillit i praksis")


def key_on(certificate: Certificate) -> str:
    """As somebody reads it from the paper: it stands right after the number."""
    shown = text_inside(bytes(certificate.document.pdf), bottom=0)
    number = grouped(certificate.number)
    return shown[shown.rindex(number) + len(number) :].strip()[:19]


def page(certificate: Certificate) -> str:
    return reverse("certificates:check", args=[grouped(certificate.number)])


def shown(response: object) -> str:
    return " ".join(lxml.html.fromstring(response.content.decode()).text_content().split())


def with_file(content: bytes) -> object:
    file = SimpleUploadedFile("bevis.pdf", content, content_type="application/pdf")
    return Client().post(reverse("certificates:start"), {"file": file})


def test_the_number_tells_what_is_true_and_no_name(certificate):
    response = Client().get(page(certificate))
    said = shown(response)
    for words in ("Gyldig", "Tillit i praksis", "6 timer", "Etat for læring"):
        assert words in said
    assert NAME not in response.content.decode()
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    # «no-referrer» would have browsers send forms as from nowhere, which are then refused.
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("written", [str.lower, lambda number: number.replace("-", ""), str.title])
def test_a_number_is_found_however_it_is_written(certificate, written):
    address = reverse("certificates:check", args=[written(grouped(certificate.number))])
    assert Client().get(address).status_code == 200


def test_digits_that_are_read_as_letters_are_taken_as_they_were_meant(certificate):
    typed = grouped(certificate.number).replace("0", "O").replace("1", "l")
    response = Client().post(reverse("certificates:start"), {"number": f"  {typed} "})
    assert response.headers["Location"] == page(certificate)


def test_the_key_on_the_document_shows_the_name(certificate):
    key = key_on(certificate)
    for typed in (key, key.replace("-", ""), key.lower()):
        assert NAME in shown(Client().post(page(certificate), {"key": typed}))


def test_no_other_key_shows_the_name(certificate, cast):
    other = make_certificate(cast, cast.employee, seal=True)
    for key in (new_key(), key_on(other), "", "nei", certificate.number[:16], "0" * 16):
        response = Client().post(page(certificate), {"key": key})
        assert NAME not in response.content.decode()
        assert response.status_code == 200


def test_a_certificate_without_its_document_shows_no_name(cast):
    certificate = make_certificate(cast, cast.leader)
    for key in (new_key(), "0" * 16):
        response = Client().post(page(certificate), {"key": key})
        assert cast.leader.name not in response.content.decode()


def test_signed_in_people_are_strangers_here_too(certificate, cast):
    browser = Client()
    browser.force_login(cast.administrator)
    assert NAME not in browser.get(page(certificate)).content.decode()


def test_neither_key_nor_name_stands_in_any_log(certificate, caplog):
    key = key_on(certificate)
    with caplog.at_level(logging.DEBUG):
        Client().post(page(certificate), {"key": key})
        Client().post(page(certificate), {"key": new_key()})
    logged = " ".join(f"{one.getMessage()} {one.args}" for one in caplog.records)
    assert key not in logged
    assert NAME not in logged


def test_what_is_unknown_erased_or_no_number_gets_one_answer(
    certificate, django_assert_num_queries
):
    typed = (grouped(new_number()), new_number().lower(), "nei", "0" * 200, str(certificate.pk))
    answers = set()
    for number in typed:
        with django_assert_num_queries(1):
            response = Client().get(reverse("certificates:check", args=[number]))
        assert response.status_code == 404
        answers.add(shown(response))
    with django_assert_num_queries(1):
        guessed = Client().post(
            reverse("certificates:check", args=[grouped(new_number())]), {"key": new_key()}
        )
    answers.add(shown(guessed))
    assert len(answers) == 1


def test_the_file_is_unchanged_and_shows_the_name(certificate):
    said = shown(with_file(bytes(certificate.document.pdf)))
    for words in ("Ekte og uendret", "Gyldig", NAME):
        assert words in said


def test_the_file_of_one_that_is_withdrawn_is_not_told_as_good(certificate):
    pdf = bytes(certificate.document.pdf)
    Certificate.objects.update(withdrawn_at=timezone.now(), withdrawal_reason="attendance")
    said = shown(with_file(pdf))
    for words in ("Filen er uendret", "Trukket tilbake", "Stol ikke på det"):
        assert words in said
    assert "Ekte" not in said


@pytest.mark.parametrize(
    ("spoil", "verdict", "shows_name"),
    [
        (lambda pdf: pdf + b"\n% lagt til", "Filen er endret", True),
        (lambda pdf: pdf.replace(b"/Count 1", b"/Count 2"), "Filen er endret", False),
        (lambda pdf: b"%PDF-1.7\n% noe helt annet", "Ikke kjent", False),
    ],
)
def test_another_file_is_told_from_ours(certificate, spoil, verdict, shows_name):
    said = shown(with_file(spoil(bytes(certificate.document.pdf))))
    assert verdict in said
    assert (NAME in said) == shows_name


def test_a_file_that_is_no_pdf_or_too_large_is_refused_at_its_field():
    assert "Dette er ikke en PDF" in shown(with_file(b"hei"))
    assert "Filen er for stor" in shown(with_file(b"%PDF-" + b"0" * (2 * 1024 * 1024)))
    assert "Velg filen" in shown(Client().post(reverse("certificates:start"), {}))


def test_a_withdrawn_one_says_so_and_shows_its_name_with_the_key(certificate, cast):
    key = key_on(certificate)
    record(certificate.registration, "no_show", by=cast.organiser)
    assert "Blir rettet nå" in shown(Client().get(page(certificate)))
    Certificate.objects.update(withdrawn_at=timezone.now(), withdrawal_reason="attendance")
    said = shown(Client().post(page(certificate), {"key": key}))
    assert "Trukket tilbake" in said
    assert NAME in said


def test_strangers_are_counted_by_where_they_come_from(certificate, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {
        "certificate_check": "3/m/ip",
        "certificate_proof": "2/m/ip",
    }
    looked = [Client().get(page(certificate)).status_code for _time in range(5)]
    proved = [
        Client().post(page(certificate), {"key": new_key()}).status_code for _time in range(4)
    ]
    assert looked == [200, 200, 200, 429, 429]
    assert proved == [200, 200, 429, 429]


def test_a_key_is_kept_nowhere(certificate):
    key = key_on(certificate).replace("-", "")
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", key)
    row = Certificate.objects.select_related("document").values(
        "snapshot", "basis", "sha256", "number", "document__key_sha256"
    )
    assert key not in str(list(row))
