"""What becomes of certificates when attendance, times or hours are corrected."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from certificates.basis import outdated
from certificates.correcting import correct_certificates
from certificates.issuing import issue_anew, issue_own
from certificates.models import Certificate, CertificateTerms
from certificates.sealing import keep_document
from certificates.terms import TermsContent, settle_terms
from certificates.truth import Standing, truth_of
from outbox.models import Letter
from people.models import AuditRecord
from tests.certificates.factories import add_session, make_came, make_certificate, make_held, record
from tests.seminars.factories import make_participants


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def correct() -> int:
    return correct_certificates(now=timezone.now())


def standing(certificate: Certificate) -> str:
    return truth_of(Certificate.objects.get(pk=certificate.pk)).standing


def test_nothing_is_corrected_where_nothing_has_changed(cast):
    certificate = make_certificate(cast, cast.leader)
    certificate.seminar.title = "En bedre tittel"
    certificate.seminar.save()
    assert (correct(), standing(certificate)) == (0, Standing.VALID)


def test_whoever_did_not_come_after_all_has_it_withdrawn_and_is_told(cast):
    certificate = make_certificate(cast, cast.leader, seal=True)
    record(certificate.registration, "no_show", by=cast.organiser)
    # Nobody is told that it is valid in the minutes until the sweep comes.
    assert standing(certificate) == Standing.IN_CORRECTION
    assert (correct(), correct()) == (1, 0)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.withdrawal_reason) == ("withdrawn", "attendance")
    assert standing(certificate) == Standing.WITHDRAWN
    # That it is ready waited for the working day, and nobody reads it after this.
    kinds = Letter.objects.filter(recipient=cast.leader).values_list("kind", flat=True)
    assert "certificates.withdrawn" in kinds
    (told,) = AuditRecord.objects.filter(action="certificates.correct")
    assert told.details == {"counts": {"withdrawn": 1, "replaced": 0}}


def test_corrected_back_gives_a_new_one(cast):
    first = make_certificate(cast, cast.leader)
    record(first.registration, "no_show", by=cast.organiser)
    correct()
    record(first.registration, "attended", by=cast.organiser)
    assert (correct(), correct()) == (1, 0)
    first.refresh_from_db()
    again = Certificate.objects.valid().get(user=cast.leader)
    assert (first.state, again.number != first.number, again.rule) == ("withdrawn", True, "whole")


def test_corrected_back_gives_nobody_else_one(cast):
    first = make_certificate(cast, cast.leader)
    make_came(first.seminar, cast.employee, by=cast.organiser)
    for outcome in ("no_show", "attended"):
        record(first.registration, outcome, by=cast.organiser)
        correct()
    assert set(Certificate.objects.values_list("user", flat=True)) == {cast.leader.pk}


def test_other_sessions_give_another_one(cast, now):
    seminar = make_held(cast, hours=4)
    second = add_session(seminar, hours=2)
    CertificateTerms.objects.create(seminar=seminar, rule="came")
    registration = make_came(seminar, cast.leader, by=cast.organiser)
    older = issue_own(seminar=seminar, by=cast.leader, now=now)
    record(registration, "no_show", by=cast.organiser, session=second)
    assert correct() == 1
    older.refresh_from_db()
    newer = older.replaced_by
    assert (older.replacement_reason, older.facts.minutes, newer.facts.minutes) == (
        "corrected",
        360,
        240,
    )
    assert (standing(older), standing(newer)) == (Standing.CORRECTED, Standing.VALID)
    keep_document(certificate=newer, now=now)
    assert Letter.objects.filter(recipient=cast.leader, kind="certificates.corrected").count() == 1


def test_other_hours_reach_those_who_have_one(cast):
    certificate = make_certificate(cast, cast.leader, hours=6)
    terms = TermsContent(minutes=300)
    settle_terms(seminar=certificate.seminar, terms=terms, by=cast.organiser)
    assert (correct(), correct()) == (1, 0)
    assert Certificate.objects.valid().get().facts.minutes == 300


def test_a_stricter_rule_takes_none_away(cast, now):
    seminar = make_held(cast, hours=4)
    second = add_session(seminar, hours=2)
    CertificateTerms.objects.create(seminar=seminar, rule="came")
    registration = make_came(seminar, cast.leader, by=cast.organiser)
    record(registration, "no_show", by=cast.organiser, session=second)
    certificate = issue_own(seminar=seminar, by=cast.leader, now=now)
    for rule in ("whole", "off"):
        settle_terms(seminar=seminar, terms=TermsContent(rule=rule), by=cast.organiser)
        assert (correct(), standing(certificate)) == (0, Standing.VALID)


def test_the_one_with_the_old_name_falls_with_the_new_one(cast):
    older = make_certificate(cast, cast.leader)
    cast.leader.name = "Nytt Etternavn"
    cast.leader.save()
    issue_anew(certificate=older, by=cast.leader, now=timezone.now())
    assert standing(older) == Standing.REPLACED
    record(older.registration, "no_show", by=cast.organiser)
    assert standing(older) == Standing.IN_CORRECTION
    correct()
    assert standing(older) == Standing.WITHDRAWN
    older.refresh_from_db()
    assert older.state == "replaced"


def test_moved_times_give_another_one(cast):
    certificate = make_certificate(cast, cast.leader, hours=6)
    session = certificate.seminar.sessions.get()
    session.ends_at -= dt.timedelta(hours=1)
    session.save()
    assert correct() == 1
    assert Certificate.objects.valid().get().facts.minutes == 300


def test_many_are_corrected_in_as_many_questions_as_few(cast, django_assert_max_num_queries):
    seminar = make_held(cast)
    rows = make_participants(seminar, cast.unit, 20)
    for row in rows:
        record(row, "attended", by=cast.organiser)
        issue_own(seminar=seminar, by=row.user, now=timezone.now())
    with django_assert_max_num_queries(1):
        assert outdated() == []
    session = seminar.sessions.get()
    session.ends_at -= dt.timedelta(minutes=30)
    session.save()
    assert correct() == 20
