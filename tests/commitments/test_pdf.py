"""The document: what it says, that it says nothing else, and that it is what an archive takes."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from commitments.drafts import AgreementContent, Promise
from commitments.evidence import sealing, snapshot
from commitments.evidence.pdf import oslo_time, render_document, utc_time
from commitments.models import Document, Revision
from commitments.tasks import make_document
from commitments.writing.actions import save_draft
from evidence.canonical import canonical
from evidence.seal import find_seal
from people.models import AuditRecord, Unit, User
from tests.cast import Cast
from tests.commitments.factories import (
    EMPLOYEES_TEXT,
    LEADERS_TEXT,
    agree,
    make_agreed,
    make_draft,
    make_signed,
    propose,
    sign,
)


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(pdf).pages)


def test_the_document_says_everything_that_was_signed(cast: Cast) -> None:
    signed = make_signed(cast, follow_up_on=dt.date(2027, 3, 1))
    words = words_of(render_document(signed))
    for expected in (
        "Forpliktelsesavtale",
        "Hjemmetjenesten nord",
        "Bydel Fjordbyen",
        "Liv Dahl forplikter seg til",
        LEADERS_TEXT,
        "Even Moen forplikter seg til",
        EMPLOYEES_TEXT,
        "Fordi de venter på svar",
        "Besøke dem som trenger oss",
        "1. mars 2027",
        signed.sha256,
        "Utgave 1",
        "RFC 8785",
    ):
        assert expected in words


def test_the_document_is_evidence_of_who_when_and_how(cast: Cast) -> None:
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    agreed = sign(make_agreed(cast), by=cast.leader, now=at)
    signed = sign(agreed, by=cast.employee, now=at + dt.timedelta(minutes=1))
    words = words_of(render_document(signed))
    for signature in signed.signatures.all():
        assert signature.signer_name in words
        assert oslo_time(signature.signed_at) in words
        assert utc_time(signature.signed_at) in words
    assert words.replace("B", "b").count("bekreftet med passord") == 4


@pytest.mark.parametrize(
    ("moment", "oslo", "utc"),
    [
        (
            dt.datetime(2026, 11, 24, 23, 30, 5, tzinfo=dt.UTC),
            "25.11.2026 kl. 00.30.05 (CET)",
            "2026-11-24T23:30:05Z",
        ),
        (
            dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),
            "25.10.2026 kl. 02.30.00 (CEST)",
            "2026-10-25T00:30:00Z",
        ),
        (
            dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC),
            "25.10.2026 kl. 02.30.00 (CET)",
            "2026-10-25T01:30:00Z",
        ),
    ],
)
def test_both_clocks_are_named(moment: dt.datetime, oslo: str, utc: str) -> None:
    assert (oslo_time(moment), utc_time(moment)) == (oslo, utc)


def test_the_document_is_archivable_and_accessible(cast: Cast) -> None:
    reader = read(render_document(make_signed(cast)))
    catalogue = reader.trailer["/Root"]
    xmp = catalogue["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == ("nb-NO", True)
    assert reader.metadata is not None
    assert reader.metadata.title == "Forpliktelsesavtale mellom Liv Dahl og Even Moen"
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"] is not None


def test_every_font_is_inside(cast: Cast) -> None:
    reader = read(render_document(make_signed(cast)))
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    families = {name.partition("-")[0] for name in fonts}
    assert families == {"OsloSans", "DejaVuSansMono"}


def test_a_short_agreement_keeps_to_two_pages(cast: Cast) -> None:
    assert len(read(render_document(make_signed(cast))).pages) <= 2


def test_the_document_is_made_from_the_snapshot_and_not_from_rows(cast: Cast) -> None:
    signed = make_signed(cast)
    before = render_document(signed)
    User.objects.filter(pk=cast.leader.pk).update(name="Liv Nygift")
    Unit.objects.filter(pk=cast.unit.pk).update(name="Ny enhet etter reformen")
    again = Revision.objects.with_content().get(pk=signed.pk)
    with translation.override("en"):
        assert render_document(again) == before


def test_what_people_write_is_text_and_not_typst(cast: Cast) -> None:
    """A commitment that looks like markup, code or a file to include is shown as it was typed."""
    evil = '#read("/etc/passwd") *fet* $x^2$ \\ "] #panic() <a> & @here'
    draft = make_draft(cast)
    mission = draft.mission_version
    activity = mission.core_activities.all()[0].pk
    promises = [
        Promise(owner=owner, text=evil, why=evil, core_activity_id=activity)
        for owner in ("leader", "employee")
    ]
    save_draft(
        revision=draft,
        seen_version=draft.version,
        content=AgreementContent(promises),
        by=cast.leader,
        now=timezone.now(),
    )
    proposal = propose(Revision.objects.with_content().get(pk=draft.pk), by=cast.employee)
    signed = sign(sign(agree(proposal, by=cast.leader), by=cast.leader), by=cast.employee)
    assert words_of(render_document(signed)).replace(" ", "").count(evil.replace(" ", "")) == 4


def test_only_a_signed_revision_becomes_a_document(cast: Cast) -> None:
    with pytest.raises(ValueError, match="only a signed revision"):
        render_document(make_agreed(cast))


def test_the_snapshot_is_canonical_and_its_hash_is_signed(cast: Cast) -> None:
    signed = make_signed(cast)
    content = json.loads(signed.snapshot)
    assert canonical(content) == signed.snapshot
    assert hashlib.sha256(signed.snapshot.encode()).hexdigest() == signed.sha256
    assert (content["schema"], content["schema_version"]) == ("lederportalen.agreement", 2)
    assert set(signed.signatures.values_list("sha256", flat=True)) == {signed.sha256}
    assert len(content["salt"]) == 32


def test_two_snapshots_of_the_same_words_have_their_own_salt(cast: Cast) -> None:
    draft = make_draft(cast)
    one, other = (snapshot.take(draft, leader_title="", employee_title="") for _ in range(2))
    assert one.pop("salt") != other.pop("salt")
    assert one == other


# Keeping it


def test_the_worker_keeps_the_document_with_its_hash(cast: Cast) -> None:
    signed = make_signed(cast)
    make_document(signed.pk)
    kept = Document.objects.get()
    assert kept.sha256 == hashlib.sha256(kept.pdf).hexdigest()
    assert bytes(kept.pdf).startswith(render_document(signed, find_seal()))
    make_document(signed.pk)
    assert Document.objects.count() == 1
    assert AuditRecord.objects.filter(action="commitments.keep_document").count() == 1


def test_what_the_worker_left_behind_is_found_after_a_while(cast: Cast) -> None:
    signed = make_signed(cast)
    now = timezone.now()
    after = dt.timedelta(minutes=2)
    assert sealing.left_behind(now, after=after, at_most=10) == []
    assert sealing.left_behind(now + after * 2, after=after, at_most=10) == [signed.pk]
    make_document(signed.pk)
    assert sealing.left_behind(now + after * 2, after=after, at_most=10) == []


def test_the_page_gives_the_document_before_the_worker_has_made_it(
    cast: Cast, signed_in: object
) -> None:
    signed = make_signed(cast)
    browser: Client = signed_in(cast.employee)  # type: ignore[operator]
    answer = browser.get(reverse("commitments:pdf", args=[signed.agreement_id]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert answer.content == bytes(Document.objects.get().pdf)


def test_the_page_gives_an_older_signed_revision_by_its_number(
    cast: Cast, signed_in: object
) -> None:
    signed = make_signed(cast)
    browser: Client = signed_in(cast.employee)  # type: ignore[operator]
    url = reverse("commitments:pdf", args=[signed.agreement_id])
    assert browser.get(url, {"utgave": "1"}).status_code == 200
    assert browser.get(url, {"utgave": "2"}).status_code == 404
    assert browser.get(url, {"utgave": "x"}).status_code == 200
