"""The check finds each fault planted with the database's guards turned off, and no other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from certificates.invariants import INVARIANTS, faults
from certificates.issuing import issue_anew
from certificates.models import BadgeStatus, Certificate, CertificateDocument
from tests.cast import Cast
from tests.certificates.factories import make_certificate


@contextmanager
def past_the_guards() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture
def newer(cast: Cast) -> Certificate:
    """It stands in the place of one with an older name; another person has one too."""
    make_certificate(cast, cast.employee)
    older = make_certificate(cast, cast.leader, seal=True)
    cast.leader.name = "Nytt Etternavn"
    cast.leader.save()
    certificate = issue_anew(certificate=older, by=cast.leader, now=timezone.now())
    with connection.cursor() as cursor:  # what is asked when a transaction ends, is asked here
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return certificate


def give_it_to_another(newer: Certificate, cast: Cast) -> None:
    Certificate.objects.filter(user=cast.leader).update(user=cast.manager)


def forget_what_replaced_it(newer: Certificate, cast: Cast) -> None:
    Certificate.objects.filter(pk=newer.pk).update(replaces=None)


def let_it_stand_beside(newer: Certificate, cast: Cast) -> None:
    Certificate.objects.filter(pk=newer.pk).update(
        withdrawn_at=timezone.now(), withdrawal_reason="attendance"
    )
    Certificate.objects.filter(pk=newer.replaces_id).update(replaced_at=None, replacement_reason="")
    for certificate in Certificate.objects.filter(user=cast.leader):
        BadgeStatus.objects.filter(certificate=certificate).update(
            ended_at=certificate.withdrawn_at
        )


def write_another_name(newer: Certificate, cast: Cast) -> None:
    snapshot = newer.snapshot.replace("Nytt Etternavn", "En Annen")
    Certificate.objects.filter(pk=newer.pk).update(snapshot=snapshot)


def give_it_anothers_words(newer: Certificate, cast: Cast) -> None:
    other = Certificate.objects.get(user=cast.employee)
    Certificate.objects.filter(pk=newer.pk).update(snapshot=other.snapshot, sha256=other.sha256)


def change_the_document(newer: Certificate, cast: Cast) -> None:
    CertificateDocument.objects.update(pdf=b"%PDF-1.7 noe annet")


def let_the_badge_of_the_older_stand(newer: Certificate, cast: Cast) -> None:
    BadgeStatus.objects.filter(certificate=newer.replaces_id).update(ended_at=None)


def lose_the_place_of_the_badge(newer: Certificate, cast: Cast) -> None:
    BadgeStatus.objects.filter(certificate=newer).update(certificate=None)


BADGE = "a certificate's badge has a place in a list, and ended when the certificate did"
PLANTED = [
    (give_it_to_another, "a certificate is of its registration's person and seminar"),
    (forget_what_replaced_it, "a certificate is replaced by one, of the same person and seminar"),
    (let_it_stand_beside, "a certificate is replaced by one, of the same person and seminar"),
    (write_another_name, "a certificate says what its hash says, and its own number"),
    (give_it_anothers_words, "a certificate says what its hash says, and its own number"),
    (change_the_document, "a certificate's document is what its hash says"),
    (let_the_badge_of_the_older_stand, BADGE),
    (lose_the_place_of_the_badge, BADGE),
]


def test_each_invariant_has_a_fault_that_breaks_it():
    assert {name for _plant, name in PLANTED} == set(INVARIANTS)


def test_what_is_issued_by_the_actions_has_no_fault(newer):
    document = CertificateDocument.objects.get()
    assert hashlib.sha256(bytes(document.pdf)).hexdigest() == document.sha256
    assert faults() == []


@pytest.mark.parametrize(
    ("plant", "name"), PLANTED, ids=[plant.__name__ for plant, _name in PLANTED]
)
def test_a_planted_fault_is_found_and_no_other(newer, cast, plant, name):
    with past_the_guards():
        plant(newer, cast)
    assert {fault.invariant for fault in faults()} == {name}
    with pytest.raises(CommandError, match="found against"):
        call_command("check_invariants")
