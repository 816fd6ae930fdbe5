"""Signing on paper: both say so, each after proving who they are, and the evidence says so too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.evidence.pdf import render_document, render_for_paper
from commitments.evidence.sealing import keep_document
from commitments.evidence.verification import verify_all
from commitments.locking import AgreementRefused
from commitments.models import EvidenceEvent, Revision, Signature
from common import dates
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import (
    EMPLOYEES_TEXT,
    LEADERS_TEXT,
    PASSWORD,
    make_agreed,
    make_draft,
    make_substitution,
    newest,
    sign,
    sign_in_fully,
    sign_on_paper,
)
from tests.commitments.test_pdf import read, words_of
from tests.commitments.test_substitutes import put_signature

SignedIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()


def url(name: str, revision: Revision) -> str:
    return reverse(f"commitments:{name}", args=[revision.agreement_id])


def typed(revision: Revision, **fields: Any) -> dict[str, Any]:
    return {
        "revision": revision.pk,
        "sha256": revision.sha256,
        "paper_signed_on": timezone.localdate().isoformat(),
        "is_attested": "on",
        **fields,
    }


def proven(user: User) -> Client:
    browser = sign_in_fully(user)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def signed_on_paper(cast: Cast) -> Revision:
    return sign_on_paper(sign_on_paper(make_agreed(cast), by=cast.employee), by=cast.leader)


def test_both_attest_and_it_is_signed(cast: Cast) -> None:
    agreed = make_agreed(cast)
    half = sign_on_paper(agreed, by=cast.employee)
    assert half.state == "agreed"
    assert sign_on_paper(half, by=cast.leader).state == "signed"
    rows = Signature.objects.values_list("medium", "paper_signed_on", "method")
    assert list(rows) == [("paper", timezone.localdate(), "password")] * 2
    events = EvidenceEvent.objects.filter(agreement=agreed.agreement, kind="on_paper")
    assert events.count() == 2
    assert list(verify_all()) == []


def test_the_evidence_page_says_that_it_was_on_paper(cast: Cast) -> None:
    words = words_of(render_document(signed_on_paper(cast)))
    day = dates.long_date(timezone.localdate())
    assert words.count(f"Signert på papir {day}") == 2
    assert "Liv Dahl bekreftet å ha signert på papir, med passord" in words
    assert "Underskriftene står på papir." in words


def test_a_document_signed_in_the_portal_speaks_of_no_paper(cast: Cast) -> None:
    signed = sign(sign(make_agreed(cast), by=cast.employee), by=cast.leader)
    assert "papir" not in words_of(render_document(signed))


def test_it_is_sealed_as_any_other(cast: Cast) -> None:
    kept = keep_document(revision=signed_on_paper(cast), now=timezone.now())
    assert (bytes(kept.pdf[:5]), list(verify_all())) == (b"%PDF-", [])


@pytest.mark.parametrize("first_on_paper", [True, False])
def test_one_on_paper_and_one_in_the_portal_is_refused(cast: Cast, first_on_paper: bool) -> None:
    agreed = make_agreed(cast)
    first, second = (sign_on_paper, sign) if first_on_paper else (sign, sign_on_paper)
    first(agreed, by=cast.employee)
    with pytest.raises(AgreementRefused, match="Den andre har signert"):
        second(agreed, by=cast.leader)
    assert (newest(agreed.agreement).state, Signature.objects.count()) == ("agreed", 1)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_day_before_agreeing_or_ahead_is_refused(cast: Cast, days: int) -> None:
    day = timezone.localdate() + days * DAY
    with pytest.raises(AgreementRefused, match="Dagen må være etter at dere ble enige"):
        sign_on_paper(make_agreed(cast), by=cast.employee, day=day)
    assert Signature.objects.count() == 0


def test_a_substitute_may_attest_for_the_leader(cast: Cast) -> None:
    make_substitution(cast)
    half = sign_on_paper(make_agreed(cast), by=cast.stranger)
    signed = sign_on_paper(half, by=cast.employee)
    row = Signature.objects.get(party="leader")
    assert (signed.state, row.medium, row.on_behalf_of) == ("signed", "paper", cast.leader)
    kinds = set(EvidenceEvent.objects.values_list("kind", flat=True))
    assert {"signed_for", "on_paper"} <= kinds
    words = words_of(render_document(signed))
    assert "Sindre Foss, stedfortreder for Liv Dahl bekreftet å ha signert på papir" in words


# The paper


def test_the_paper_has_the_text_the_hash_and_lines_to_sign_on(cast: Cast) -> None:
    agreed = make_agreed(cast)
    pdf = render_for_paper(agreed)
    words = words_of(pdf)
    for expected in (LEADERS_TEXT, EMPLOYEES_TEXT, agreed.sha256, "Til signering på papir"):
        assert expected in words
    assert words.count("Underskrift") == 2
    assert "Signaturer og bevis" not in words
    xmp = read(pdf).trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_the_same_paper_is_the_same_bytes(cast: Cast) -> None:
    agreed = make_agreed(cast)
    assert render_for_paper(agreed) == render_for_paper(newest(agreed.agreement))


def test_nothing_is_put_on_paper_before_both_agree(cast: Cast) -> None:
    with pytest.raises(ValueError, match="what is agreed to"):
        render_for_paper(make_draft(cast))


def test_the_paper_is_fetched_from_the_page(cast: Cast, signed_in: SignedIn) -> None:
    agreed = make_agreed(cast)
    answer = signed_in(cast.employee).get(url("paper_pdf", agreed))
    name = f'attachment; filename="avtale-{agreed.agreement_id}-utgave-1-papir.pdf"'
    assert answer.headers["Content-Disposition"] == name
    assert answer.content == render_for_paper(agreed)


# The page


def test_the_page_asks_who_you_are_before_you_attest(cast: Cast) -> None:
    agreed = make_agreed(cast)
    browser = sign_in_fully(cast.leader)
    page = browser.get(url("paper", agreed)).content.decode()
    assert ("Har du skrevet under?" in page, 'name="is_attested"' in page) == (True, False)
    asked = browser.get(url("paper", agreed), {"bekreft": "1"})
    assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
    refused = browser.post(url("paper", agreed), typed(agreed))
    assert (refused.headers["Location"], Signature.objects.count()) == (url("paper", agreed), 0)


def test_both_attest_on_the_page(cast: Cast) -> None:
    agreed = make_agreed(cast)
    answer = proven(cast.leader).post(url("paper", agreed), typed(agreed), follow=True)
    assert "Nå mangler bare signaturen til Even" in answer.content.decode()
    employee = proven(cast.employee)
    assert employee.get(url("sign", agreed)).headers["Location"] == url("paper", agreed)
    page = employee.get(url("paper", agreed)).content.decode()
    assert "Liv Dahl har bekreftet" in page
    done = employee.post(url("paper", agreed), typed(agreed), follow=True).content.decode()
    assert ("Avtalen er signert av dere begge" in done, "Signert på papir" in done) == (True, True)
    assert newest(agreed.agreement).state == "signed"


def test_where_the_other_signed_in_the_portal_the_page_leads_there(cast: Cast) -> None:
    agreed = sign(make_agreed(cast), by=cast.employee)
    answer = proven(cast.leader).get(url("paper", agreed), follow=True)
    assert answer.redirect_chain == [(url("sign", agreed), 302)]
    assert "Da må du også signere her." in answer.content.decode()


BAD = [
    ({"paper_signed_on": ""}, "paper_signed_on"),
    ({"paper_signed_on": "i går"}, "paper_signed_on"),
    ({"paper_signed_on": "2099-01-01"}, "Dagen kan ikke være fram i tid."),
    ({"paper_signed_on": "2020-01-01"}, "Dagen er før dere ble enige om teksten."),
    ({"is_attested": ""}, "Kryss av for at du har signert papirutgaven."),
]


@pytest.mark.parametrize(("changes", "words"), BAD)
def test_what_is_wrong_is_said_at_the_field(
    cast: Cast, changes: dict[str, str], words: str
) -> None:
    agreed = make_agreed(cast)
    page = proven(cast.leader).post(url("paper", agreed), typed(agreed, **changes))
    shown = page.content.decode()
    assert (page.status_code, words in shown, "data-error-summary" in shown) == (200, True, True)
    assert all(value in shown for value in changes.values())
    assert Signature.objects.count() == 0


def test_a_text_that_was_changed_meanwhile_is_not_attested(cast: Cast) -> None:
    agreed = make_agreed(cast)
    data = typed(agreed, sha256="0" * 64)
    page = proven(cast.leader).post(url("paper", agreed), data, follow=True).content.decode()
    assert "Avtalen er endret siden du så den" in page
    assert Signature.objects.count() == 0


# What PostgreSQL refuses


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"medium": "paper"}, "a paper is signed after"),
        ({"medium": "portal", "paper_signed_on": 0}, "signature_on_paper_has_its_day"),
        ({"medium": "telegram"}, "signature_on_paper_has_its_day"),
        ({"medium": "paper", "paper_signed_on": -1}, "a paper is signed after"),
        ({"medium": "paper", "paper_signed_on": 1}, "a paper is signed after"),
    ],
)
def test_the_database_refuses_a_paper_that_cannot_be(
    cast: Cast, fields: dict[str, Any], words: str
) -> None:
    days = fields.get("paper_signed_on")
    day = None if days is None else timezone.localdate() + days * DAY
    with pytest.raises(DatabaseError, match=words):
        put_signature(make_agreed(cast), signer=cast.leader, **{**fields, "paper_signed_on": day})


@pytest.mark.parametrize("first", [sign, sign_on_paper])
def test_the_database_refuses_two_media(cast: Cast, first: Callable[..., Revision]) -> None:
    agreed = first(make_agreed(cast), by=cast.employee)
    other: dict[str, Any] = (
        {"medium": "paper", "paper_signed_on": timezone.localdate()} if first is sign else {}
    )
    with pytest.raises(DatabaseError, match="both sign in the portal, or both on paper"):
        put_signature(agreed, signer=cast.leader, **other)
