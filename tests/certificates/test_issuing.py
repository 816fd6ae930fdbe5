"""Who gets a certificate, when, and what it says."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from certificates.automatic import issue_due_certificates
from certificates.issuing import issue_anew, issue_certificates, issue_own
from certificates.models import Certificate, CertificateTerms
from certificates.refusals import (
    AskedLately,
    IsIssued,
    NoCertificates,
    NotEarned,
    NotOverYet,
    NotValid,
    SaysTheSame,
)
from certificates.snapshot import facts_of, frozen
from evidence.canonical import sha256_of
from people.models import AuditRecord
from tests.certificates.factories import (
    add_session,
    make_came,
    make_certificate,
    make_held,
    record,
)
from tests.seminars.factories import make_participants, make_registration, make_seminar


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def test_issue_own_says_what_is_recorded(cast, now):
    seminar = make_held(cast, title="Tillit i praksis", hours=6)
    make_came(seminar, cast.leader, by=cast.organiser)
    certificate = issue_own(seminar=seminar, by=cast.leader, now=now)
    facts = certificate.facts
    (session,) = facts.sessions
    assert (facts.name, facts.seminar_title, facts.organiser) == (
        cast.leader.name,
        "Tillit i praksis",
        cast.other_agency.name,
    )
    assert (facts.minutes, facts.is_whole, facts.rule) == (360, True, "whole")
    assert (session.starts_at, session.ends_at) == (seminar.starts_at, seminar.ends_at)
    assert (facts.number, facts.issued_at) == (certificate.number, now)
    assert certificate.sha256 == sha256_of(certificate.snapshot)
    assert frozen(facts_of(certificate.snapshot)) == certificate.snapshot


def test_a_second_press_finds_that_it_is_issued(cast, now):
    certificate = make_certificate(cast, cast.leader)
    with pytest.raises(IsIssued):
        issue_own(seminar=certificate.seminar, by=cast.leader, now=now)
    assert issue_certificates(seminar=certificate.seminar, by=cast.organiser, now=now) == []
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("outcome", ["no_show", "excused", ""])
def test_nobody_gets_one_who_is_not_recorded_as_there(cast, now, outcome):
    seminar = make_held(cast)
    registration = make_registration(seminar, cast.leader)
    if outcome:
        record(registration, outcome, by=cast.organiser)
    with pytest.raises(NotEarned):
        issue_own(seminar=seminar, by=cast.leader, now=now)
    assert issue_certificates(seminar=seminar, by=cast.organiser, now=now) == []


def test_nobody_gets_anothers(cast, now):
    seminar = make_held(cast)
    make_came(seminar, cast.leader, by=cast.organiser)
    with pytest.raises(NotEarned):
        issue_own(seminar=seminar, by=cast.employee, now=now)


def came_to_one_of_two(cast):
    seminar = make_held(cast, hours=4)
    second = add_session(seminar, hours=2)
    registration = make_came(seminar, cast.leader, by=cast.organiser)
    record(registration, "no_show", by=cast.organiser, session=second)
    return seminar


def test_whoever_came_to_some_gets_one_only_where_that_is_settled(cast, now):
    seminar = came_to_one_of_two(cast)
    with pytest.raises(NotEarned):
        issue_own(seminar=seminar, by=cast.leader, now=now)
    CertificateTerms.objects.create(seminar=seminar, rule="came")
    facts = issue_own(seminar=seminar, by=cast.leader, now=now).facts
    assert (facts.is_whole, facts.minutes, len(facts.sessions), facts.rule) == (
        False,
        240,
        1,
        "came",
    )


@pytest.mark.parametrize(("stated", "minutes"), [(180, 180), (600, 240)])
def test_stated_hours_are_never_more_than_somebody_was_there(cast, now, stated, minutes):
    seminar = came_to_one_of_two(cast)
    CertificateTerms.objects.create(seminar=seminar, rule="came", minutes=stated)
    assert issue_own(seminar=seminar, by=cast.leader, now=now).facts.minutes == minutes


def test_stated_hours_stand_on_a_whole_one(cast, now):
    seminar = make_held(cast, hours=8)
    CertificateTerms.objects.create(seminar=seminar, minutes=330)
    make_came(seminar, cast.leader, by=cast.organiser)
    assert issue_own(seminar=seminar, by=cast.leader, now=now).facts.minutes == 330


def test_none_while_it_is_held_and_none_where_there_are_none(cast, now):
    going_on = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(hours=1)
    )
    make_came(going_on, cast.leader, by=cast.organiser)
    without = make_held(cast)
    CertificateTerms.objects.create(seminar=without, rule="off")
    make_came(without, cast.leader, by=cast.organiser)
    for seminar, refusal in ((going_on, NotOverYet), (without, NoCertificates)):
        with pytest.raises(refusal):
            issue_own(seminar=seminar, by=cast.leader, now=now)
        with pytest.raises(refusal):
            issue_certificates(seminar=seminar, by=cast.organiser, now=now)


def test_all_who_came_get_one_each_with_one_record_in_the_trail(
    cast, now, django_assert_max_num_queries
):
    seminar = make_held(cast)
    rows = make_participants(seminar, cast.unit, 12)
    for row in rows[:10]:
        record(row, "attended", by=cast.organiser)
    with django_assert_max_num_queries(15):
        issued = issue_certificates(seminar=seminar, by=cast.organiser, now=now)
    assert sorted(one.user_id for one in issued) == sorted(row.user_id for row in rows[:10])
    assert len({one.number for one in issued}) == 10
    (told,) = AuditRecord.objects.filter(action="certificates.issue_all")
    assert told.details == {"certificates": 10}


def test_the_portal_issues_the_day_after_and_only_once(cast, now):
    seminar = make_held(cast, days_ago=1)
    make_came(seminar, cast.leader, by=cast.organiser)
    assert [issue_due_certificates(now=now), issue_due_certificates(now=now)] == [1, 0]
    assert Certificate.objects.get().issued_by is None


def test_the_portal_leaves_what_is_old_settled_otherwise_or_not_all_recorded(cast, now):
    old = make_held(cast, days_ago=20)
    by_hand, off = make_held(cast), make_held(cast)
    CertificateTerms.objects.create(seminar=by_hand, is_automatic=False)
    CertificateTerms.objects.create(seminar=off, rule="off")
    half = make_held(cast)
    for seminar in (old, by_hand, off, half):
        make_came(seminar, cast.leader, by=cast.organiser)
    add_session(half, hours=0.5)
    assert issue_due_certificates(now=now) == 0


def test_a_new_name_gives_a_new_one_and_leaves_the_old_as_it_was(cast, now):
    older = make_certificate(cast, cast.leader)
    with pytest.raises(SaysTheSame):
        issue_anew(certificate=older, by=cast.leader, now=now)
    was = cast.leader.name
    cast.leader.name = "Nytt Etternavn"
    cast.leader.save()
    newer = issue_anew(certificate=older, by=cast.leader, now=timezone.now())
    older.refresh_from_db()
    assert (older.state, older.replacement_reason, older.facts.name) == (
        "replaced",
        "asked_for",
        was,
    )
    assert (newer.state, newer.facts.name, newer.replaces) == ("valid", "Nytt Etternavn", older)
    with pytest.raises(NotValid):
        issue_anew(certificate=older, by=cast.leader, now=now)


def test_a_new_one_is_given_once_a_day(cast, now):
    """Each is a sealed document that is kept: two languages would make no end of them."""
    held = make_certificate(cast, cast.leader)
    at = timezone.now()
    cast.leader.language = "en"
    cast.leader.save()
    held = issue_anew(certificate=held, by=cast.leader, now=at)
    cast.leader.language = "nb"
    cast.leader.save()
    with pytest.raises(AskedLately):
        issue_anew(certificate=held, by=cast.leader, now=at + dt.timedelta(hours=23))
    held = issue_anew(certificate=held, by=cast.leader, now=at + dt.timedelta(days=1))
    assert (held.state, held.facts.language) == ("valid", "nb")
