"""Two who press at once, on connections of their own: one certificate."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from certificates.issuing import issue_certificates, issue_own
from certificates.models import Certificate, CertificateDocument
from certificates.sealing import keep_document
from common.errors import Refused
from outbox.models import Letter
from seminars.models import Seminar
from tests.cast import Cast, make_cast
from tests.certificates.factories import make_came, make_certificate, make_held

PRESSES = 6


def at_once(*acts: object) -> list[str]:
    """Each in a thread of its own, started together; what came of each."""
    barrier = Barrier(len(acts))

    def one(act: object) -> str:
        try:
            barrier.wait(timeout=20)
            act()
            return "done"
        except Refused as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(acts)) as pool:
        return sorted(pool.map(one, acts))


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def seminar(people: Cast) -> Seminar:
    held = make_held(people)
    make_came(held, people.leader, by=people.organiser)
    return held


def test_presses_at_once_give_one(people, seminar):
    now = timezone.now()

    def press() -> None:
        issue_own(seminar=seminar, by=people.leader, now=now)

    assert at_once(*[press] * PRESSES) == ["IsIssued"] * (PRESSES - 1) + ["done"]
    assert Certificate.objects.count() == 1


def test_the_person_the_organiser_and_the_portal_at_once_give_one(people, seminar):
    now = timezone.now()
    acts = [
        lambda: issue_own(seminar=seminar, by=people.leader, now=now),
        lambda: issue_certificates(seminar=seminar, by=people.organiser, now=now),
        lambda: issue_certificates(seminar=seminar, by=None, now=now),
    ]
    assert set(at_once(*acts)) <= {"done", "IsIssued"}
    assert Certificate.objects.count() == 1


def test_workers_at_once_seal_one_document_and_write_one_letter(people):
    certificate = make_certificate(people, people.leader)

    def seal() -> None:
        keep_document(certificate=certificate, now=timezone.now())

    assert at_once(*[seal] * 3) == ["done"] * 3
    assert CertificateDocument.objects.count() == 1
    assert Letter.objects.filter(kind="certificates.ready").count() == 1
