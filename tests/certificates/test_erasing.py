"""What the archive plan erases is gone, and its number tells nothing any more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates.held_of_seminar import held_of_seminar
from certificates.issuing import issue_anew
from certificates.models import Certificate, CertificateDocument, CertificateTerms
from certificates.numbers import grouped
from certificates.terms import terms_of
from people.erasing import KEPT_AFTER_LEAVING, erase_who_left
from people.models import Position
from seminars.retention_periods import KEPT_AT_LEAST
from tests import clock
from tests.cast import Cast
from tests.certificates.factories import make_certificate

DAY = dt.timedelta(days=1)


def erase(cast: Cast) -> None:
    before = clock.today() - KEPT_AT_LEAST
    call_command("erase_seminars", "--unit", cast.other_agency.hr_id, "--before", str(before))


@pytest.fixture
def erased(cast: Cast) -> list[str]:
    """The numbers of two certificates, one in the other's place; and another's still stands."""
    older = make_certificate(cast, cast.leader, seal=True, days_ago=400)
    CertificateTerms.objects.create(seminar=older.seminar, minutes=360)
    cast.leader.name = "Nytt Etternavn"
    cast.leader.save()
    newer = issue_anew(certificate=older, by=cast.leader, now=timezone.now())
    make_certificate(cast, cast.employee, seal=True, days_ago=300)
    assert [one.count for one in held_of_seminar(older.seminar)] == [2]
    erase(cast)
    return [older.number, newer.number]


def test_certificates_go_with_who_was_in_the_seminar(erased, cast):
    assert list(Certificate.objects.values_list("user", flat=True)) == [cast.employee.pk]
    assert CertificateDocument.objects.count() == 1


def test_an_erased_number_gets_the_answer_of_one_that_never_was(erased):
    for number in erased:
        response = Client().get(reverse("certificates:check", args=[grouped(number)]))
        assert response.status_code == 404
        assert "Vi kjenner ikke dette kursbeviset" in response.content.decode()


def test_what_was_settled_of_the_seminar_stays(erased):
    terms = CertificateTerms.objects.select_related("seminar").get()
    assert terms_of(terms.seminar).minutes == 360


def test_whoever_has_left_is_erased_once_no_certificate_refers_to_them(cast):
    make_certificate(cast, cast.employee, days_ago=400)
    last = clock.today() - KEPT_AFTER_LEAVING - DAY
    Position.objects.filter(user=cast.employee).update(valid_to=last)
    assert erase_who_left(now=clock.now()) == 0
    erase(cast)
    assert erase_who_left(now=clock.now()) == 1
