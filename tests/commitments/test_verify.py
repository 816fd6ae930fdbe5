"""The page where anybody may ask whether a document is whole, and is told no more than that."""

from __future__ import annotations

import io
import re
import time
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from commitments.ending.actions import end_agreement
from commitments.evidence.forms import LARGEST_DOCUMENT
from commitments.evidence.inspection import Verdict, inspect_file
from commitments.evidence.sealing import keep_document
from commitments.models import Document
from evidence.seal_reading import carries_any, certificate_marks, read_seal
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import SECRETS, make_agreed, make_signed, newest
from tests.commitments.test_sealing import sealed, sealed_and_changed

SignedIn = Callable[[User], Client]
URL = "/avtaler/etterprov/"
GENUINE, CHANGED, UNKNOWN = "Ekte og uendret", "Dokumentet er endret", "Ikke kjent"


def ask(browser: Client, content: bytes | None = None, **typed: str) -> HttpResponse:
    data: dict[str, Any] = dict(typed)
    if content is not None:
        data["file"] = SimpleUploadedFile("avtale.pdf", content, "application/pdf")
    answer: Any = browser.post(URL, data)
    assert answer.status_code == 200
    return answer


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def verdicts(answer: HttpResponse) -> list[str]:
    known = (GENUINE, CHANGED, UNKNOWN, "Seglet holder", "En signert tekst")
    return [verdict for verdict in known if f"{verdict}<" in words(answer)]


@pytest.mark.parametrize("party", ["leader", "employee"])
def test_a_party_is_told_which_revision_it_is(cast: Cast, signed_in: SignedIn, party: str) -> None:
    pdf = sealed(cast)
    answer = ask(signed_in(getattr(cast, party)), pdf)
    assert verdicts(answer) == [GENUINE]
    agreement = Document.objects.get().revision.agreement
    said = "Det er utgave 1 av avtalen mellom Liv Dahl og Even Moen."
    assert said in words(answer)
    assert reverse("commitments:revision", args=[agreement.pk, 1]) in words(answer)


@pytest.mark.parametrize("other", ["stranger", "hr", "manager", "administrator"])
def test_others_are_told_that_it_is_genuine_and_nothing_of_whose_it_is(
    cast: Cast, signed_in: SignedIn, other: str
) -> None:
    pdf = sealed(cast)
    answer = ask(signed_in(getattr(cast, other)), pdf)
    assert verdicts(answer) == [GENUINE]
    assert "Portalen forseglet dette dokumentet" in words(answer)
    shown = words(answer).partition("<main")[2]
    for secret in (*SECRETS, "utgave 1", "Liv Dahl", "Even Moen", "/utgave/"):
        assert secret not in shown


def test_a_hash_is_as_good_as_the_file(cast: Cast, signed_in: SignedIn) -> None:
    sealed(cast)
    document = Document.objects.get()
    browser = signed_in(cast.stranger)
    spaced = f" {document.sha256[:20].upper()} {document.sha256[20:]} "
    assert verdicts(ask(browser, sha256=spaced)) == [GENUINE]
    assert verdicts(ask(browser, sha256=document.revision.sha256)) == ["En signert tekst"]
    assert verdicts(ask(browser, sha256="0" * 64)) == [UNKNOWN]


def test_the_hash_of_what_is_not_signed_by_both_is_not_known(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreed = make_agreed(cast)
    assert verdicts(ask(signed_in(cast.stranger), sha256=agreed.sha256)) == [UNKNOWN]


def test_a_changed_document_is_told_from_an_unknown_one(cast: Cast, signed_in: SignedIn) -> None:
    pdf, browser = sealed(cast), signed_in(cast.stranger)
    assert verdicts(ask(browser, sealed_and_changed(pdf))) == [CHANGED]
    assert verdicts(ask(browser, pdf + b"\n% more")) == [CHANGED]
    plain = pdf[: pdf.index(b"%%EOF") + 5]
    assert verdicts(ask(browser, plain)) == [UNKNOWN]


RANGE = b"/ByteRange [0 10 20 30]"


@pytest.mark.parametrize(
    "more",
    [
        b"\n% more",
        RANGE,
        RANGE * 60,
        b"/ByteRange [0 1 2 99999]/Contents <" + b"3080" * 200 + b">",
    ],
)
def test_what_was_sealed_is_told_from_what_was_added(
    cast: Cast, signed_in: SignedIn, more: bytes
) -> None:
    pdf = sealed(cast)
    for who, is_told in ((cast.stranger, False), (cast.leader, True)):
        answer = ask(signed_in(who), pdf + more)
        assert verdicts(answer) == [CHANGED]
        assert "Det som ble forseglet, står uendret i filen." in words(answer)
        assert ("Det er utgave 1 av avtalen" in words(answer)) is is_told


@pytest.mark.parametrize("compresses", [False, True])
def test_a_document_that_a_program_saved_anew_is_changed(
    cast: Cast, signed_in: SignedIn, compresses: bool
) -> None:
    """Another order of bytes, and in the second case the seal packed away in a stream."""
    pdf = sealed(cast)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    saved = io.BytesIO()
    writer.write(saved)
    content = saved.getvalue()
    if compresses:
        packed = zlib.compress(content)
        content = b"%PDF-1.7\n1 0 obj\n<<>>\nstream\n" + packed + b"\nendstream"
    assert pdf not in content
    assert verdicts(ask(signed_in(cast.stranger), content)) == [CHANGED]


def seal_of(pdf: bytes) -> tuple[int, int]:
    """Where the digits of the seal begin and end."""
    found = re.search(rb"/Contents\s*<([0-9A-Fa-f]+)>", pdf)
    assert found is not None
    return found.span(1)


def as_raw(seal: bytes) -> bytes:
    """As most programs write a string: each byte itself, but for those that mean something."""
    for sign, escape in ((b"\\", b"\\\\"), (b"(", b"\\("), (b")", b"\\)"), (b"\r", b"\\r")):
        seal = seal.replace(sign, escape)
    return b"(" + seal + b")"


def as_octal(seal: bytes) -> bytes:
    return b"(" + b"".join(b"\\%03o" % byte for byte in seal) + b")"


def in_lines(seal: bytes) -> bytes:
    digits = seal.hex().encode()
    return b"<" + b"\r\n".join(digits[at : at + 50] for at in range(0, len(digits), 50)) + b">"


@pytest.mark.parametrize("packs", [False, True])
@pytest.mark.parametrize("written", [as_raw, as_octal, in_lines])
def test_a_seal_that_a_program_writes_in_another_way_is_known(
    cast: Cast, signed_in: SignedIn, written: Callable[[bytes], bytes], packs: bool
) -> None:
    pdf = sealed(cast)
    start, end = seal_of(pdf)
    seal = bytes.fromhex(pdf[start:end].decode())
    content = pdf[: start - 1] + written(seal) + pdf[end + 1 :]
    if packs:
        content = b"%PDF-1.7\nstream\n" + zlib.compress(content) + b"\nendstream"
    assert verdicts(ask(signed_in(cast.stranger), content)) == [CHANGED]


MARK = bytes(range(1, 25))


@given(st.binary(), st.sampled_from([b"(", b"(\\", b"(\\9"]))
@example(b"\\8\\9", b"(")
def test_whatever_stands_before_a_mark_it_is_found_and_no_error(
    words: bytes, opening: bytes
) -> None:
    before = b"%PDF-1.7\n/ByteRange [0 1 2 3] /Contents" + opening + words
    assert not carries_any(before, [MARK])
    assert carries_any(before + MARK, [MARK])
    assert carries_any(b"stream\n" + zlib.compress(before + MARK), [MARK])


def test_one_changed_digit_anywhere_in_the_seal_leaves_it_known(cast: Cast) -> None:
    pdf = sealed(cast)
    start, end = seal_of(pdf)
    length = len(pdf[start:end].rstrip(b"0"))
    found: Counter[Verdict] = Counter()
    for at in range(start, start + length, 23):
        digit = b"1" if pdf[at : at + 1] != b"1" else b"2"
        changed = pdf[:at] + digit + pdf[at + 1 :]
        found[inspect_file(changed, by=cast.stranger, today=timezone.localdate()).verdict] += 1
    assert length // 23 > 80
    assert set(found) <= {Verdict.CHANGED, Verdict.NOT_KEPT}, found


def test_a_seal_of_which_only_a_piece_of_the_certificate_is_left_is_known(cast: Cast) -> None:
    pdf = sealed(cast)
    marks = certificate_marks(pdf, Document.objects.get().certificate)
    assert [len(mark) for mark in marks] == [32] * 4
    for mark in marks:
        content = b"%PDF-1.7 /Contents <" + mark.hex().upper().encode() + b">"
        assert carries_any(content, marks)
        assert not carries_any(content.replace(b"/Contents", b"/Kontents"), marks)
        assert not carries_any(b"%PDF-1.7 /Contents <" + mark[1:].hex().encode() + b">", marks)


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_document_saved_anew_with_a_password_is_never_genuine(
    cast: Cast, signed_in: SignedIn, algorithm: str
) -> None:
    """This program locks the seal as well, so that nothing of ours is left to know it by."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(sealed(cast)))
    writer.encrypt("hemmelig", algorithm=algorithm)
    saved = io.BytesIO()
    writer.write(saved)
    answer = ask(signed_in(cast.stranger), saved.getvalue())
    assert verdicts(answer) == [UNKNOWN]
    assert "lagret på nytt med passord" in words(answer)


def test_a_file_full_of_strings_is_read_no_further_than_a_seal_is_long(cast: Cast) -> None:
    marks = certificate_marks(sealed(cast), Document.objects.get().certificate)
    hostile = b"%PDF-1.7" + b"/Contents(" * 50_000 + b"\\" * 2_000_000
    begun = time.process_time()
    assert not carries_any(hostile, marks)
    assert time.process_time() - begun < 10


def test_a_sealed_document_that_the_portal_keeps_no_more(cast: Cast, signed_in: SignedIn) -> None:
    """Sealed with the same certificate, and its row is another's."""
    pdf = sealed(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE commitments_document SET sha256 = repeat('0', 64)")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert verdicts(ask(signed_in(cast.stranger), pdf)) == ["Seglet holder"]


def test_a_seal_by_somebody_else_is_not_ours(cast: Cast, signed_in: SignedIn) -> None:
    pdf = sealed(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE commitments_document SET sha256 = repeat('0', 64),"
            " certificate = repeat('0', 64)"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert verdicts(ask(signed_in(cast.stranger), pdf)) == [UNKNOWN]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n" + b"\x00\xff" * 500,
        b"%PDF-1.7 /ByteRange [0 5 10 20] ",
        b"%PDF-1.7 /ByteRange [0 9 999999999 999999999]",
        b"%PDF-1.7 /ByteRange [0 34 44 0]  <3080>" + b" " * 20,
        b"%PDF-1.7 /ByteRange [0 1 2 3] /ByteRange [0 1 2 3]",
        b"%PDF-1.7 /ByteRange [0 0 0 0]<" + b"30" * 4000 + b">",
    ],
)
def test_a_bad_pdf_is_not_known_and_never_an_error(
    cast: Cast, signed_in: SignedIn, content: bytes
) -> None:
    assert verdicts(ask(signed_in(cast.stranger), content)) == [UNKNOWN]


def test_no_cut_of_a_sealed_document_is_whole_or_an_error(cast: Cast) -> None:
    pdf = sealed(cast)
    for at in range(0, len(pdf), 997):
        assert not getattr(read_seal(pdf[:at]), "is_unchanged", False)


@pytest.mark.parametrize(
    ("content", "sha256", "said"),
    [
        (None, "", "Velg en PDF, eller skriv et fingeravtrykk."),
        (b"%PDF-1.7", "0" * 64, "Velg en PDF, eller skriv et fingeravtrykk."),
        (b"Hei", "", "Dette er ikke en PDF."),
        (b"", "", "tom"),
        (b"%PDF-" + b" " * LARGEST_DOCUMENT, "", "Filen er for stor."),
        (None, "abc", "Et fingeravtrykk har 64 tegn"),
        (None, "g" * 64, "Et fingeravtrykk har 64 tegn"),
    ],
)
def test_what_cannot_be_asked_is_said_at_the_field(
    cast: Cast, signed_in: SignedIn, content: bytes | None, sha256: str, said: str
) -> None:
    answer = ask(signed_in(cast.stranger), content, sha256=sha256)
    assert said in words(answer)
    assert verdicts(answer) == []
    if sha256:
        assert f'value="{sha256}"' in words(answer)


def test_the_page_says_how_good_the_seal_is(cast: Cast, signed_in: SignedIn, settings: Any) -> None:
    browser = signed_in(cast.stranger)
    page = words(browser.get(URL))
    assert "Det er selvsignert" in page
    assert "Tiden er fra portalens egen klokke." in page
    settings.SEAL_SELF_SIGNED_DIR = ""
    assert "Portalen forsegler ikke nå" in words(browser.get(URL))


def test_asking_takes_few_queries_however_many_documents_there_are(
    cast: Cast, signed_in: SignedIn
) -> None:
    pdf = sealed(cast)
    for _more in range(3):
        agreement = Document.objects.order_by("-pk")[0].revision.agreement
        end_agreement(agreement=agreement, reason="Ny", by=cast.leader, now=timezone.now())
        keep_document(revision=make_signed(cast), now=timezone.now())
    assert newest(Document.objects.order_by("-pk")[0].revision.agreement).is_signed
    browser = signed_in(cast.employee)
    browser.get(URL)
    with CaptureQueriesContext(connection) as captured:
        ask(browser, pdf)
    assert len(captured) <= 8
