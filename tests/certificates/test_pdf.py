"""The sealed document: what it says, in whose language, for whatever names there are."""

from __future__ import annotations

import datetime as dt
import io
import re

import pypdf
import pytest
from django.utils import timezone

from certificates.issuing import issue_own
from certificates.models import Certificate, CertificateDocument, CertificateTerms, SealingAttempt
from certificates.numbers import grouped
from certificates.pdf import render_certificate
from certificates.sealing import keep_document, put_off
from certificates.tasks import SWEEP_AFTER, make_documents, sweep_documents
from common.drawable import as_drawn
from evidence.completeness import missing_from
from evidence.pdf_text import text_inside
from evidence.seal import find_seal
from evidence.seal_reading import read_seal
from outbox.models import Letter
from tests.cast import Cast
from tests.certificates.factories import add_session, make_came, make_certificate, make_held, record
from tests.corpora.names import SOUGHT
from tests.triggers import without_triggers

NAMES = [
    *SOUGHT,
    "Ø",
    "W" * 200,
    "Ærlig " * 33,
    "مريم عبد الله",
    "שרה כהן",
    "王小明",
    "🙂 Smil 👩\u200d👩\u200d👧",
    "Zo\u0308e\u0301 A\u030as",
    "ሰላም ትግርኛ",
    "नमस्ते क्षत्रिय",
]


def words_of(pdf: bytes) -> str:
    return " ".join(text_inside(pdf, bottom=0).split())


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def pages_of(pdf: bytes) -> int:
    return len(read(pdf).pages)


def render(certificate: Certificate) -> bytes:
    seal = find_seal()
    assert seal is not None
    return render_certificate(certificate.facts, key="0" * 16, seal=seal)


def test_it_says_all_of_it_on_one_page(cast):
    certificate = make_certificate(cast, cast.leader, seal=True, title="Tillit i praksis")
    pdf = bytes(certificate.document.pdf)
    said = words_of(pdf)
    for words in (
        "Kursbevis",
        cast.leader.name,
        "Tillit i praksis",
        "Hele seminaret, 6 timer",
        cast.other_agency.name,
        grouped(certificate.number),
    ):
        assert words.replace(" ", "") in said.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    assert pages_of(pdf) == 1
    reading = read_seal(pdf)
    assert reading is not None
    assert (reading.is_unchanged, reading.fingerprint) == (True, certificate.document.sealed_with)


def test_it_is_archivable_and_accessible(cast):
    pdf = render(make_certificate(cast, cast.leader))
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfaid:conformance>A<" in pdf
    assert b"pdfuaid:part>1<" in pdf


def test_the_code_is_shapes_with_words_for_whoever_does_not_see_it(cast):
    certificate = make_certificate(cast, cast.leader)
    reader = read(render(certificate))
    assert not reader.pages[0].images
    objects = (reader.get_object(number) for number in range(1, reader.trailer["/Size"]))
    told = [one["/Alt"] for one in objects if isinstance(one, dict) and "/Alt" in one]
    assert [f"/kursbevis/{grouped(certificate.number)}/" in words for words in told] == [True]
    assert "#" not in told[0]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_every_name_stands_on_it_whole(cast, name):
    cast.leader.name = name
    cast.leader.save()
    certificate = make_certificate(cast, cast.leader)
    pdf = render(certificate)
    assert missing_from(pdf, [certificate.facts.name], foot=0, drawn=as_drawn) == []
    assert pages_of(pdf) == 1


def test_it_is_in_the_participants_language_whoever_issues_it(cast):
    cast.leader.language = "en"
    cast.leader.save()
    certificate = make_certificate(cast, cast.leader, hours=1.5)
    said = words_of(render(certificate)).replace("\N{NO-BREAK SPACE}", " ")
    for words in ("Certificate of attendance", "attended", "The whole seminar, 1.5 hours"):
        assert words in said
    assert not re.search("Kursbevis|timer|samling", said)


def test_months_are_in_its_own_language(cast):
    march = dt.datetime(2026, 3, 29, 8, tzinfo=dt.UTC)
    for language, month in (("nb", "29. mars 2026"), ("en", "29 March 2026")):
        cast.leader.language = language
        cast.leader.save()
        seminar = make_held(cast, title=language)
        seminar.sessions.update(starts_at=march, ends_at=march + dt.timedelta(hours=2))
        make_came(seminar, cast.leader, by=cast.organiser)
        certificate = issue_own(seminar=seminar, by=cast.leader, now=timezone.now())
        assert month in words_of(render(certificate))


def test_whoever_came_to_some_has_the_sessions_named(cast):
    seminar = make_held(cast, hours=4)
    second = add_session(seminar, title="Den andre dagen")
    CertificateTerms.objects.create(seminar=seminar, rule="came")
    registration = make_came(seminar, cast.leader, by=cast.organiser)
    first = seminar.sessions.order_by("pk")[0]
    record(registration, "no_show", by=cast.organiser, session=first)
    said = words_of(render(issue_own(seminar=seminar, by=cast.leader, now=timezone.now())))
    assert "Den andre dagen" in said
    assert "Deler av seminaret" in said
    assert second.title == "Den andre dagen"


def test_the_longest_there_can_be_is_set(cast):
    cast.leader.name = "Ordentlig Langt Navn " * 9
    cast.leader.save()
    seminar = make_held(cast, title="Tillitsbasert ledelse i hele kommunen " * 5, hours=1)
    for number in range(8):
        add_session(seminar, title=f"{number} " + "Samling med et langt navn " * 7, hours=0.1)
    make_came(seminar, cast.leader, by=cast.organiser)
    pdf = render(issue_own(seminar=seminar, by=cast.leader, now=timezone.now()))
    assert pages_of(pdf) <= 2


def test_it_is_sealed_once_and_told_of_once(cast):
    certificate = make_certificate(cast, cast.leader)
    make_documents([certificate.pk, certificate.pk])
    first = CertificateDocument.objects.get()
    assert keep_document(certificate=certificate, now=timezone.now()) == first
    assert CertificateDocument.objects.get().sha256 == first.sha256
    assert Letter.objects.filter(kind="certificates.ready").count() == 1


def test_the_sweep_finds_what_the_broker_lost_and_puts_off_what_cannot_be_made(cast):
    lost, broken = (make_certificate(cast, user) for user in (cast.leader, cast.employee))
    with without_triggers("certificates.Certificate:certificate_never_changes"):
        Certificate.objects.update(issued_at=timezone.now() - SWEEP_AFTER * 2)
        Certificate.objects.filter(pk=broken.pk).update(snapshot="{}")
    sweep_documents()
    assert CertificateDocument.objects.get().certificate == lost
    attempt = SealingAttempt.objects.get()
    assert (attempt.certificate, attempt.tries) == (broken, 1)
    put_off(broken.pk, now=timezone.now())
    assert SealingAttempt.objects.get().tries == 2


def test_what_is_withdrawn_before_it_is_sealed_is_told_to_nobody(cast):
    certificate = make_certificate(cast, cast.leader)
    Certificate.objects.update(withdrawn_at=timezone.now(), withdrawal_reason="attendance")
    make_documents([certificate.pk])
    assert keep_document(certificate=certificate, now=timezone.now()) is None
    assert not Letter.objects.filter(kind__startswith="certificates").exists()


def test_the_same_is_set_in_the_same_bytes(cast: Cast):
    certificate = make_certificate(cast, cast.leader)
    assert render(certificate) == render(certificate)
