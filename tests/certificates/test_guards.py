"""What PostgreSQL keeps of certificates, whatever the code says; and each guard by its absence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from certificates.models import Certificate, CertificateDocument, CertificateTerms
from certificates.numbers import new_number
from tests.cast import Cast
from tests.certificates.factories import make_certificate, make_held, record
from tests.seminars.factories import make_registration
from tests.triggers import without_triggers

TABLE = "certificates.Certificate"
LONG_AGO = 400
LATER = dt.datetime(2199, 1, 1, tzinfo=dt.UTC)
LONG_SINCE = dt.datetime(2019, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def certificate(cast: Cast) -> Certificate:
    return make_certificate(cast, cast.leader, seal=True)


def unsaved(certificate: Certificate, **fields: object) -> Certificate:
    """One more like it, for a person or a state that may not have it."""
    values = {
        "number": new_number(),
        "registration": certificate.registration,
        "user": certificate.user,
        "seminar": certificate.seminar,
        "rule": certificate.rule,
        "basis": certificate.basis,
        "snapshot": certificate.snapshot,
        "sha256": certificate.sha256,
    }
    return Certificate(**values | fields)


def refused(act: Callable[[], object], *, guard: str) -> None:
    """The guard stops it, and nothing else does: without the guard it goes through."""
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    with transaction.atomic():
        with without_triggers(guard):
            act()
        transaction.set_rollback(True)


def withdraw(certificate: Certificate) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(
        withdrawn_at=timezone.now(), withdrawal_reason="attendance"
    )


@pytest.mark.parametrize("outcome", ["", "no_show", "excused", "partly"])
def test_nobody_has_one_who_did_not_come_as_it_asks(certificate, cast, outcome):
    other = make_registration(certificate.seminar, cast.employee)
    if outcome and outcome != "partly":
        record(other, outcome, by=cast.organiser)
    elif outcome:
        with without_triggers("seminars.Registration:registration_keeps_its_outcome"):
            type(other).objects.filter(pk=other.pk).update(outcome=outcome)
    refused(
        lambda: unsaved(certificate, registration=other, user=cast.employee).save(),
        guard=f"{TABLE}:certificate_is_earned",
    )


def test_nobody_has_one_of_anothers_registration(certificate, cast):
    withdraw(certificate)
    for fields in ({"user": cast.employee}, {"seminar": make_held(cast)}):
        refused(
            lambda fields=fields: unsaved(certificate, **fields).save(),
            guard=f"{TABLE}:certificate_is_earned",
        )


def test_none_begins_as_withdrawn(certificate):
    later = timezone.now() + dt.timedelta(hours=1)
    fields = {"withdrawn_at": later, "withdrawal_reason": "attendance"}
    refused(lambda: unsaved(certificate, **fields).save(), guard=f"{TABLE}:certificate_is_earned")


def test_none_replaces_anothers_or_one_that_stands(certificate, cast):
    other = make_certificate(cast, cast.employee)
    withdraw(certificate)
    for older in (other, certificate):
        refused(
            lambda older=older: unsaved(certificate, replaces=older).save(),
            guard=f"{TABLE}:certificate_is_earned",
        )


def test_a_person_has_one_valid_of_a_seminar(certificate):
    with (
        pytest.raises(IntegrityError, match="certificate_is_one_while_valid"),
        transaction.atomic(),
    ):
        unsaved(certificate).save()
    withdraw(certificate)
    unsaved(certificate).save()


@pytest.mark.parametrize(
    "fields",
    [
        {"number": "0" * 20},
        {"rule": "came"},
        {"basis": "0" * 64},
        {"snapshot": "{}"},
        {"sha256": "0" * 64},
        {"issued_at": LONG_SINCE},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_nothing_in_it_changes(certificate, fields):
    refused(
        lambda: Certificate.objects.filter(pk=certificate.pk).update(**fields),
        guard=f"{TABLE}:certificate_never_changes",
    )


def test_it_ends_once(certificate):
    withdraw(certificate)
    for fields in (
        {"withdrawn_at": None, "withdrawal_reason": ""},
        {"withdrawn_at": timezone.now() + dt.timedelta(days=1)},
    ):
        refused(
            lambda fields=fields: Certificate.objects.filter(pk=certificate.pk).update(**fields),
            guard=f"{TABLE}:certificate_ends_once",
        )


def test_what_is_replaced_has_something_in_its_place(certificate):
    def replace_by_nothing() -> None:
        Certificate.objects.filter(pk=certificate.pk).update(
            replaced_at=timezone.now(), replacement_reason="asked_for"
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    refused(replace_by_nothing, guard=f"{TABLE}:certificate_is_replaced_by_one")


@pytest.mark.parametrize(
    ("model", "guard"),
    [
        (CertificateDocument, "certificates.CertificateDocument:certificate_document"),
        (Certificate, f"{TABLE}:certificate"),
    ],
)
def test_it_goes_with_its_seminar_and_not_before(certificate, model, guard):
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()
    with transaction.atomic():
        with without_triggers(
            "certificates.CertificateDocument:certificate_document_goes_with_its_seminar",
            f"{guard}_goes_with_its_seminar",
        ):
            model.objects.all().delete()
        transaction.set_rollback(True)


def test_it_goes_when_the_archive_plan_may_take_it(cast):
    make_certificate(cast, cast.leader, seal=True, days_ago=LONG_AGO)
    Certificate.objects.all().delete()
    assert not CertificateDocument.objects.exists()


def test_its_document_never_changes(certificate):
    refused(
        lambda: CertificateDocument.objects.update(pdf=b"noe annet"),
        guard="certificates.CertificateDocument:certificate_document_never_changes",
    )


NO_TRUNCATE = [
    f"{model._meta.label}:{trigger.name}"
    for model, trigger in pgtrigger.registered()
    if model._meta.app_label == "certificates" and trigger.name.endswith("no_truncate")
]
"""Also of what refers to certificates, which are truncated with them."""


@pytest.mark.parametrize(
    ("table", "guards"),
    [
        ("certificates_certificate", NO_TRUNCATE),
        (
            "certificates_certificatedocument",
            ["certificates.CertificateDocument:certificate_document_no_truncate"],
        ),
    ],
)
def test_none_is_truncated(certificate, table, guards):
    def truncate() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {table} CASCADE")

    with pytest.raises(DatabaseError, match="Cannot truncate"), transaction.atomic():
        truncate()
    with transaction.atomic():
        with without_triggers(*guards):
            truncate()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("fields", "guard"),
    [
        ({"rule": "sometimes"}, "certificate_terms_rule_is_known"),
        ({"minutes": 0}, "certificate_terms_minutes_are_some"),
        ({"minutes": 60_001}, "certificate_terms_minutes_are_some"),
    ],
)
def test_terms_are_what_can_be(cast, fields, guard):
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        CertificateTerms.objects.create(seminar=make_held(cast), **fields)


@pytest.mark.parametrize(
    ("fields", "guard"),
    [
        ({"number": "kort"}, "certificate_number_is_whole"),
        ({"number": "I" * 20}, "certificate_number_is_whole"),
        ({"sha256": "x" * 64}, "certificate_hashes_are_whole"),
        ({"basis": ""}, "certificate_hashes_are_whole"),
    ],
)
def test_a_certificate_is_what_can_be(certificate, fields, guard):
    withdraw(certificate)
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        unsaved(certificate, **fields).save()


@pytest.mark.parametrize(
    ("fields", "guard"),
    [
        ({"withdrawn_at": LATER}, "certificate_withdrawal_has_its_reason"),
        ({"withdrawal_reason": "attendance"}, "certificate_withdrawal_has_its_reason"),
        ({"replaced_at": LATER}, "certificate_replacement_has_its_reason"),
        (
            {
                "replaced_at": LATER,
                "replacement_reason": "corrected",
                "withdrawn_at": LATER,
                "withdrawal_reason": "attendance",
            },
            "certificate_ends_in_one_way",
        ),
        (
            {
                "withdrawn_at": LONG_SINCE,
                "withdrawal_reason": "attendance",
            },
            "certificate_times_in_order",
        ),
    ],
)
def test_a_certificate_ends_as_it_can(certificate, fields, guard):
    with pytest.raises(IntegrityError, match=guard), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**fields)
