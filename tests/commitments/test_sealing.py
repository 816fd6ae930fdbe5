"""The seal on a document: it holds, nothing under it moves, and without it nobody is told it is."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from commitments.evidence import sealing
from commitments.evidence.pdf import render_document
from commitments.models import Document, EvidenceEvent, Revision
from commitments.tasks import make_document, sweep_documents
from evidence import seal
from evidence.seal import CannotSeal, find_seal
from people.models import AuditRecord
from tests.cast import Cast
from tests.commitments.factories import make_signed
from tests.commitments.test_pdf import words_of
from tests.evidence.certificates import named_certificate

DAY = dt.timedelta(days=1)


def sealed(cast: Cast) -> bytes:
    signed = make_signed(cast)
    return bytes(sealing.keep_document(revision=signed, now=timezone.now()).pdf)


def validated(pdf: bytes) -> Any:
    known = find_seal()
    assert known is not None
    trusted = ValidationContext(trust_roots=[seal._asn1(known.certificate)])
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(signature, trusted)


def test_the_seal_holds_by_an_independent_validator(cast: Cast) -> None:
    status = validated(sealed(cast))
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert (status.coverage.name, status.modification_level.name) == ("ENTIRE_FILE", "NONE")
    assert status.bottom_line


def test_the_seal_is_of_the_kind_that_archives_take(cast: Cast) -> None:
    (signature,) = PdfFileReader(io.BytesIO(sealed(cast))).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.docmdp_level.name == "NO_CHANGES"
    assert signature.sig_field["/TU"] == "Lederportalens segl"


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils is not there")
def test_the_seal_holds_by_poppler(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "avtale.pdf"
    path.write_bytes(sealed(cast))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=True).stdout
    assert "Signature #2" not in said
    for line in (
        "Signature is Valid.",
        "Total document signed",
        "ETSI.CAdES.detached",
        "SHA-256",
    ):
        assert line in said
    path.write_bytes(sealed_and_changed(path.read_bytes()))
    again = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." not in again


def sealed_and_changed(pdf: bytes) -> bytes:
    at = pdf.index(b"stream\n") + 40
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def test_a_changed_byte_breaks_the_seal(cast: Cast) -> None:
    assert validated(sealed_and_changed(sealed(cast))).intact is False


def test_the_document_under_the_seal_is_the_one_that_was_set(cast: Cast) -> None:
    """Added at the end, and what it says of its standards is not laid out anew."""
    pdf = sealed(cast)
    (signed,) = Revision.objects.signed().with_content()
    plain = render_document(signed, find_seal())
    assert pdf.startswith(plain)
    before, after = (pypdf.PdfReader(io.BytesIO(one)) for one in (plain, pdf))
    metadata = [reader.trailer["/Root"]["/Metadata"].get_data() for reader in (before, after)]
    assert metadata[0] == metadata[1]
    for flag in (b"pdfaid:part>2<", b"pdfaid:conformance>A<", b"pdfuaid:part>1<"):
        assert flag in metadata[1]
    root = after.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("nb-NO", True)
    assert before.metadata == after.metadata


def test_the_seal_takes_no_place_on_the_page_and_is_printed(cast: Cast) -> None:
    """What PDF/A and PDF/UA ask of an untagged field, both at once."""
    reader = pypdf.PdfReader(io.BytesIO(sealed(cast)))
    (field,) = [one for page in reader.pages for one in page.get("/Annots", []) if "/FT" in one]
    left, bottom, right, top = field["/Rect"]
    assert (left, bottom) == (right, top)
    assert left < 0
    printed, hidden_in_any_way = 4, 1 | 2 | 32 | 256
    assert field["/F"] & (printed | hidden_in_any_way) == printed


def test_the_evidence_page_names_the_seal(cast: Cast) -> None:
    words = words_of(sealed(cast))
    known = find_seal()
    assert known is not None
    for expected in (
        "Signaturer og bevis",
        known.name,
        known.fingerprint,
        "uten tidsstempel fra andre",
    ):
        assert expected in words
    assert "ikke forseglet" not in words
    assert "http://testserver/avtaler/etterprov/" in words


def test_the_agreements_page_says_whether_it_is_sealed(cast: Cast, signed_in: Any) -> None:
    signed = make_signed(cast)
    browser: Client = signed_in(cast.employee)
    url = reverse("commitments:detail", args=[signed.agreement_id])
    assert "PDF-en er ikke forseglet ennå." in browser.get(url).content.decode()
    sealing.keep_document(revision=signed, now=timezone.now())
    page = browser.get(url).content.decode()
    assert "PDF-en ble forseglet" in page
    assert "ikke forseglet ennå" not in page


def test_sealing_is_recorded(cast: Cast) -> None:
    sealed(cast)
    document, known = Document.objects.get(), find_seal()
    assert known is not None
    assert (document.certificate, document.timestamped_by) == (known.fingerprint, "")
    assert EvidenceEvent.objects.get(kind="sealed").subject == document.pk
    assert AuditRecord.objects.filter(action="commitments.keep_document").count() == 1


# Without a seal, or without one that holds


def test_without_a_certificate_nothing_is_sealed_and_nothing_fails(
    cast: Cast, settings: Any
) -> None:
    signed = make_signed(cast)
    with_seal = settings.SEAL_SELF_SIGNED_DIR
    settings.SEAL_SELF_SIGNED_DIR = ""
    make_document(signed.pk)
    sweep_documents()
    assert Document.objects.count() == 0
    settings.SEAL_SELF_SIGNED_DIR = with_seal
    make_document(signed.pk)
    assert Document.objects.count() == 1


def test_a_copy_without_a_seal_says_so(cast: Cast, settings: Any, signed_in: Any) -> None:
    signed = make_signed(cast)
    settings.SEAL_SELF_SIGNED_DIR = ""
    browser: Client = signed_in(cast.employee)
    answer = browser.get(reverse("commitments:pdf", args=[signed.agreement_id]))
    assert "Dette eksemplaret er ikke forseglet." in words_of(answer.content)
    assert "uten-segl.pdf" in answer.headers["Content-Disposition"]
    assert Document.objects.count() == 0


def test_an_expired_certificate_seals_nothing(cast: Cast, settings: Any, tmp_path: Path) -> None:
    signed = make_signed(cast)
    now = timezone.now()
    named_certificate(settings, tmp_path, DAY, made=now - 2 * DAY)
    with pytest.raises(CannotSeal, match="holds until"):
        sealing.keep_document(revision=signed, now=now)
    assert Document.objects.count() == 0


def test_a_time_stamp_service_that_is_away_is_not_replaced_by_our_clock(
    cast: Cast, settings: Any
) -> None:
    signed = make_signed(cast)
    settings.SEAL_TIMESTAMP_URL = "http://127.0.0.1:9/"
    with pytest.raises(CannotSeal, match="could not be sealed"):
        sealing.keep_document(revision=signed, now=timezone.now())
    assert Document.objects.count() == 0
