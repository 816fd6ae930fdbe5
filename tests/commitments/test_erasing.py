"""When the retention has ended, what was written goes; that it happened stays, and is provable."""

# ruff: noqa: S608 (the pieces are this file's own)

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.evidence import chain
from commitments.evidence.chain import FACTS, link_hash
from commitments.evidence.verification import verify_all
from commitments.evidence.verification_of_erasure import TOO_EARLY, of_erasure
from commitments.leader_changes.actions import close_agreement
from commitments.models import (
    Agreement,
    Commitment,
    EventKind,
    EvidenceEvent,
    EvidenceSalt,
    FollowUp,
    Note,
    Revision,
    Share,
)
from commitments.retention import actions as retention_actions
from commitments.retention.actions import _content, erase_agreement
from commitments.schedule import erase_agreements as task
from evidence.canonical import salted_sha256
from people.models import AuditRecord, User
from tests import clock
from tests.cast import Cast
from tests.commitments.factories import SECRETS, make_signed
from tests.commitments.test_evidence import whole_life
from tests.commitments.test_parting import parted, shared
from tests.commitments.test_verify_evidence import plant

SignedIn = Callable[[User], Client]
YEARS = dt.timedelta(days=6 * 366)
STAYS = {"agreement", "revision", "evidenceevent", "evidencesalt"}
"""Without content, or gone through by name below."""
NOT_OF_ONE = {"agreementround", "roundpledge", "roundmember"}
"""A leader's own template: it says nothing of what was agreed."""


def ended_long_ago(cast: Cast) -> Agreement:
    """A whole life, six years back: the clock of the database is not ours to move."""
    agreement = whole_life(cast)
    long_ago(agreement)
    return agreement


def long_ago(agreement: Agreement) -> None:
    """As if it had been ended then. The chain is made anew, with every trigger off."""
    at = timezone.now() - YEARS
    plant(
        "UPDATE commitments_agreement SET ended_at = ended_at - interval '2196 days',"
        " erases_on = erases_on - 2196 WHERE id = %(pk)s",
        pk=agreement.pk,
    )
    relink(agreement, at)


def relink(agreement: Agreement, at: dt.datetime) -> None:
    """The events of the end, as they would be of that day, and the head after them."""
    row = Agreement.objects.get(pk=agreement.pk)
    last = EvidenceEvent.objects.filter(agreement=agreement, kind__in=["retained", "ended"])
    before = None
    for event in last.select_related("salt").order_by("number"):
        event.at = at
        event.content_sha256 = salted_sha256(event.salt.value, FACTS[EventKind(event.kind)](row))
        event.previous_sha256 = before or event.previous_sha256
        before = event.sha256 = link_hash(event)
        plant(
            "UPDATE commitments_evidenceevent SET at = %(at)s, content_sha256 = %(content)s,"
            " previous_sha256 = %(previous)s, sha256 = %(link)s WHERE id = %(event)s",
            "UPDATE commitments_agreement SET evidence_sha256 = %(link)s WHERE id = %(pk)s",
            at=at,
            content=event.content_sha256,
            previous=event.previous_sha256,
            link=event.sha256,
            event=event.pk,
            pk=agreement.pk,
        )


def everything_written() -> str:
    """Every text in every table of the room, as the database has it."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_app_config("commitments").get_models():
            cursor.execute(f"SELECT row_to_json(t)::text FROM {model._meta.db_table} t")
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


@pytest.fixture
def erased(cast: Cast) -> Agreement:
    agreement = ended_long_ago(cast)
    task()
    return Agreement.objects.get(pk=agreement.pk)


# What goes, and what stays


def test_nothing_that_was_written_is_left(cast: Cast) -> None:
    agreement = ended_long_ago(cast)
    words = [*SECRETS[:3], "Ny turnus", "Ny stilling"]
    before = everything_written()
    assert [word for word in words if word not in before] == []
    assert list(verify_all()) == []
    assert retention_actions.erase_agreements(now=timezone.now()) == 1
    after = everything_written()
    assert [word for word in words if word in after] == []
    assert cast.employee.name not in after
    assert Agreement.objects.get(pk=agreement.pk).erased_at is not None


def test_a_chain_without_content_stays_and_adds_up(erased: Agreement) -> None:
    kinds = [one.kind for one in erased.evidence.order_by("number")]
    assert kinds[-2:] == ["ended", "erased"]
    assert len(kinds) == 12
    salted = EvidenceSalt.objects.filter(event__agreement=erased)
    assert sorted(salted.values_list("event__kind", flat=True)) == ["ended", "erased", "retained"]
    assert list(verify_all()) == []


def test_figures_stay(erased: Agreement) -> None:
    assert Agreement.objects.signed().count() == 1
    signed = Revision.objects.get(state="signed")
    assert (signed.snapshot, signed.goals, signed.follow_up_on) == ("", "", None)
    assert signed.signed_at is not None


def test_nobody_sees_what_is_erased(erased: Agreement, cast: Cast, signed_in: SignedIn) -> None:
    for person in (cast.leader, cast.employee):
        assert Agreement.objects.visible_to(person, on=clock.today()).count() == 0
        page = signed_in(person).get(reverse("commitments:detail", args=[erased.pk]))
        assert page.status_code == 404


def test_the_audit_trail_knows_and_says_nothing(erased: Agreement) -> None:
    record = AuditRecord.objects.get(action="commitments.erase_agreement")
    assert (record.actor, record.details) == (None, {})


def test_it_is_erased_once(erased: Agreement) -> None:
    assert retention_actions.erase_agreements(now=timezone.now()) == 0
    retention_actions.erase_agreement(erased.pk, now=timezone.now())
    assert erased.evidence.filter(kind="erased").count() == 1


def test_every_table_that_hangs_on_an_agreement_is_thought_of() -> None:
    """A new one is either erased, or listed here with why it stays."""
    goes = {rows.model._meta.model_name for rows in _content(Agreement(pk=0))}
    models = {one._meta.model_name for one in apps.get_app_config("commitments").get_models()}
    assert models - goes - STAYS <= NOT_OF_ONE


def test_what_is_ended_says_when_it_goes(cast: Cast, settings: Any) -> None:
    settings.AGREEMENT_RETENTION_YEARS = 2
    agreement = whole_life(cast)
    assert agreement.erases_on == timezone.localdate() + dt.timedelta(days=730)


def test_shares_go_with_the_rest(cast: Cast) -> None:
    agreement, _successor = shared(cast)
    close_agreement(agreement=agreement, by=cast.employee, now=timezone.now())
    long_ago(agreement)
    task()
    assert (Share.objects.count(), FollowUp.objects.count()) == (0, 0)
    assert list(verify_all()) == []


def test_what_is_not_due_is_kept(cast: Cast) -> None:
    agreement = whole_life(cast)
    task()
    assert Agreement.objects.get(pk=agreement.pk).erased_at is None
    assert Commitment.objects.count() > 0


def test_one_that_cannot_be_erased_keeps_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ended_long_ago(cast)
    second = ended_long_ago(cast)
    whole = erase_agreement

    def failing(pk: int, *, now: dt.datetime) -> None:
        if pk != second.pk:
            raise ValueError("a disk that is full")
        whole(pk, now=now)

    monkeypatch.setattr("commitments.retention.actions.erase_agreement", failing)
    assert retention_actions.erase_agreements(now=timezone.now()) == 1
    assert [one.name for one in caplog.records] == ["commitments.retention.actions"]


def test_what_a_former_leader_left_ends_after_a_year(cast: Cast) -> None:
    agreement, _successor = shared(cast)
    later = timezone.now() + dt.timedelta(days=364)
    assert retention_actions.end_what_was_left(now=later) == 0
    assert retention_actions.end_what_was_left(now=later + dt.timedelta(days=2)) == 1
    agreement.refresh_from_db()
    assert (agreement.ended_at is not None, agreement.ended_by) == (True, None)
    assert Share.objects.get().ended_at is not None
    assert list(verify_all()) == []


# What PostgreSQL itself refuses


def is_refused(words: str, sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            cursor.execute(sql, params)


EVENT = (
    "INSERT INTO commitments_evidenceevent (agreement_id, number, kind, subject, at,"
    " content_sha256, previous_sha256, sha256, actor_id)"
    " VALUES (%s, 0, %s, %s, now(), repeat('a', 64), '', '', %s)"
)


def test_no_erasure_before_its_day(cast: Cast) -> None:
    agreement = whole_life(cast)
    words = "erased when its retention has ended"
    is_refused(words, EVENT, agreement.pk, "erased", agreement.pk, None)
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        retention_actions.erase_agreement(agreement.pk, now=timezone.now())


def test_no_erasure_of_what_goes_on(cast: Cast) -> None:
    signed = make_signed(cast)
    it = signed.agreement_id
    is_refused("retention has ended", EVENT, it, "erased", it, None)


def test_no_erasure_by_a_person(cast: Cast) -> None:
    agreement = ended_long_ago(cast)
    is_refused("by nobody", EVENT, agreement.pk, "erased", agreement.pk, cast.leader.pk)


def test_nothing_happens_to_what_is_erased(erased: Agreement) -> None:
    words = "nothing happens to what is erased"
    is_refused(words, EVENT, erased.pk, "retained", erased.pk, None)


def test_the_day_of_erasure_stands(cast: Cast) -> None:
    agreement = whole_life(cast)
    is_refused(
        "the day of erasure stands",
        "UPDATE commitments_agreement SET erases_on = erases_on - 1000 WHERE id = %s",
        agreement.pk,
    )
    signed = make_signed(cast)
    is_refused(
        "kept for a year at least",
        "UPDATE commitments_agreement SET ended_at = now(), ended_by_id = leader_id,"
        " erases_on = current_date WHERE id = %s",
        signed.agreement_id,
    )


def test_nothing_says_that_it_is_erased_without_the_event(cast: Cast) -> None:
    agreement = whole_life(cast)
    is_refused(
        "erased by its event",
        "UPDATE commitments_agreement SET erased_at = now() WHERE id = %s",
        agreement.pk,
    )
    is_refused(
        "a revision is erased whole",
        "UPDATE commitments_revision SET erased_at = now(), snapshot = '', reason = '',"
        " follow_up_on = NULL WHERE agreement_id = %s",
        agreement.pk,
    )


@pytest.mark.parametrize(
    "table", ["signature", "document", "note", "outcome", "followup", "commitment", "evidencesalt"]
)
def test_no_row_goes_before_the_event(cast: Cast, table: str) -> None:
    whole_life(cast)
    refused = "Cannot delete|only the commitments of a draft|not before"
    is_refused(refused, f"DELETE FROM commitments_{table}")


def test_an_erased_revision_never_changes(erased: Agreement) -> None:
    is_refused(
        "an erased revision never changes",
        "UPDATE commitments_revision SET snapshot = 'x', erased_at = NULL",
    )


# Faked erasures


def found() -> set[str]:
    return {one.what for one in verify_all()}


def test_an_erasure_that_came_too_early_is_found(cast: Cast) -> None:
    """Everything as it would be, with every trigger off, and the chain made to fit."""
    agreement = whole_life(cast)
    long_ago(agreement)
    task()
    relink_the_end(agreement, timezone.now() - dt.timedelta(days=30))
    assert "an erasure that nothing allowed" in found()


@pytest.mark.parametrize(
    ("erases_on", "erased_at", "is_allowed"),
    [
        ((2026, 3, 9), (2026, 3, 9, 2, 30), True),  # a year less thirteen hours
        ((2026, 3, 9), (2026, 3, 8, 23, 1), True),  # a minute past midnight in Oslo
        ((2026, 3, 9), (2026, 3, 8, 22, 59), False),
        ((2026, 3, 1), (2026, 3, 8, 12, 0), False),  # a day that was put there: less than a year
        ((2026, 4, 1), (2026, 3, 31, 22, 1), True),  # and in summer time
        ((2026, 4, 1), (2026, 3, 31, 21, 59), False),
    ],
)
def test_the_days_are_counted_as_the_action_and_the_database_count_them(
    erases_on: tuple[int, ...], erased_at: tuple[int, ...], is_allowed: bool
) -> None:
    ended = EvidenceEvent(
        number=1, kind=EventKind.ENDED, at=dt.datetime(2025, 3, 9, 15, 30, tzinfo=dt.UTC)
    )
    ended.salt = EvidenceSalt(event=ended)
    at = dt.datetime(*erased_at, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]
    erased = EvidenceEvent(number=2, kind=EventKind.ERASED, at=at)
    agreement = Agreement(erases_on=dt.date(*erases_on), erased_at=at)
    found = dict(of_erasure(agreement, [ended, erased], has_content=False, is_whole=True))
    assert (TOO_EARLY not in found) is is_allowed


def relink_the_end(agreement: Agreement, at: dt.datetime) -> None:
    """The end is moved to last month, with a salt and links that hold."""
    plant(
        "UPDATE commitments_agreement SET ended_at = %(at)s, erases_on = %(day)s WHERE id = %(pk)s",
        at=at,
        day=timezone.localdate(at),
        pk=agreement.pk,
    )
    relink(agreement, at)
    ended = EvidenceEvent.objects.get(agreement=agreement, kind="ended")
    last = EvidenceEvent.objects.get(agreement=agreement, kind="erased")
    last.previous_sha256 = ended.sha256
    plant(
        "UPDATE commitments_evidenceevent SET previous_sha256 = %(before)s, sha256 = %(link)s"
        " WHERE id = %(event)s",
        "UPDATE commitments_agreement SET evidence_sha256 = %(link)s WHERE id = %(pk)s",
        before=ended.sha256,
        link=link_hash(last),
        event=last.pk,
        pk=agreement.pk,
    )


def test_content_that_is_gone_without_an_event_is_found(cast: Cast) -> None:
    agreement = whole_life(cast)
    plant(
        "DELETE FROM commitments_outcome",
        "DELETE FROM commitments_commitment",
        "UPDATE commitments_revision SET snapshot = '', erased_at = now()",
        "UPDATE commitments_agreement SET erased_at = now() WHERE id = %(pk)s",
        pk=agreement.pk,
    )
    assert "content is gone, and nothing says that the agreement is erased" in found()


def test_an_erasure_that_is_not_whole_is_found(erased: Agreement, cast: Cast) -> None:
    plant(
        "INSERT INTO commitments_evidencesalt (event_id, value)"
        " SELECT id, repeat('a', 32) FROM commitments_evidenceevent WHERE kind = 'signed' LIMIT 1",
    )
    assert "what is erased is still there" in found()


def test_an_end_that_cannot_be_proven_is_found(erased: Agreement) -> None:
    plant(
        "DELETE FROM commitments_evidencesalt WHERE event_id IN"
        " (SELECT id FROM commitments_evidenceevent WHERE kind = 'ended')"
    )
    assert found() == {"an erasure that nothing allowed"}


@pytest.mark.parametrize("days", [-400, -1, 1, 99])
def test_another_day_of_erasure_is_found(cast: Cast, days: int) -> None:
    """Before it is erased: so that nothing goes sooner than was said, or stays longer."""
    agreement = whole_life(cast)
    assert found() == set()
    plant("UPDATE commitments_agreement SET erases_on = erases_on + %(days)s", days=days)
    findings = [(one.agreement, one.what, one.where) for one in verify_all()]
    assert findings == [(agreement.pk, "a row is not what it was", "event 10, retained")]


@pytest.mark.parametrize("days", [-9, 9])
def test_another_day_is_found_after_the_erasure_too(erased: Agreement, days: int) -> None:
    plant("UPDATE commitments_agreement SET erases_on = erases_on + %(days)s", days=days)
    assert "a row is not what it was" in found()


def test_a_day_that_cannot_be_proven_is_found(erased: Agreement) -> None:
    plant(
        "DELETE FROM commitments_evidencesalt WHERE event_id IN"
        " (SELECT id FROM commitments_evidenceevent WHERE kind = 'retained')"
    )
    assert found() == {"an erasure that nothing allowed"}


def test_a_chain_from_before_the_day_was_in_it_still_holds(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made as it was made then: the end alone."""
    record = chain.record

    def as_then(kind: EventKind, *args: Any, **kwargs: Any) -> None:
        if kind != EventKind.RETAINED:
            record(kind, *args, **kwargs)

    monkeypatch.setattr(chain, "record", as_then)
    agreement = whole_life(cast)
    assert not agreement.evidence.filter(kind="retained").exists()
    assert found() == set()
    long_ago(agreement)
    task()
    assert Agreement.objects.get(pk=agreement.pk).erased_at is not None
    assert found() == set()


def test_a_later_day_of_erasure_is_found(erased: Agreement) -> None:
    plant("UPDATE commitments_agreement SET erases_on = current_date + 99")
    assert "an erasure that nothing allowed" in found()


def test_an_agreement_that_came_back_is_found(erased: Agreement) -> None:
    plant("UPDATE commitments_agreement SET erased_at = NULL")
    assert found() == {"what is erased is still there"}


def test_what_a_former_leader_left_is_not_erased_while_it_lies(cast: Cast) -> None:
    agreement = parted(cast)
    assert retention_actions.erase_agreements(now=timezone.now() + 3 * YEARS) == 0
    assert Note.objects.filter(revision__agreement=agreement).count() > 0
