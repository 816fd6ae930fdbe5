"""The role that production runs with: it does what the portal does, and nothing to evidence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from certificates.issuing import issue_anew
from certificates.models import BadgeStatus, Certificate
from commitments.checks import check_database_role
from commitments.evidence.sealing import keep_document
from commitments.evidence.verification import verify_all
from commitments.models import EvidenceEvent
from portal.management.commands.database_grants import grants
from portal.management.commands.prepare import migrate
from seminars.retention_periods import KEPT_AT_LEAST
from tests.cast import Cast
from tests.certificates.factories import make_certificate
from tests.commitments.factories import make_signed

ROLE = "portal_app_of_a_test"


@contextmanager
def as_the_portals_role() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute("\n".join(grants(ROLE)))
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_what_is_printed_takes_and_gives_in_one_transaction() -> None:
    """A portal that is in use meanwhile is refused nothing."""
    printed = io.StringIO()
    call_command("database_grants", ROLE, stdout=printed)
    assert printed.getvalue().splitlines() == ["BEGIN;", *grants(ROLE), "COMMIT;"]


@pytest.mark.parametrize("app", ["outbox", "portal"])
def test_whoever_prepares_as_the_portals_role_is_told_who_may(cast: Cast, app: str) -> None:
    """Of a table to change («must be owner») and of one to make («permission denied»)."""
    MigrationRecorder(connection).migration_qs.filter(app=app).latest("pk").delete()
    with (
        as_the_portals_role(),
        pytest.raises(CommandError, match="may not change the tables"),
        transaction.atomic(),
    ):
        migrate()


def test_the_portals_role_signs_seals_and_verifies(cast: Cast) -> None:
    with as_the_portals_role():
        signed = make_signed(cast)
        keep_document(revision=signed, now=timezone.now())
        assert EvidenceEvent.objects.filter(kind="sealed").count() == 1
        assert list(verify_all()) == []


def test_the_portals_role_issues_seals_corrects_and_erases_certificates(cast: Cast) -> None:
    with as_the_portals_role():
        certificate = make_certificate(cast, cast.leader, seal=True, days_ago=400)
        cast.leader.name = "Nytt Etternavn"
        cast.leader.save()
        issue_anew(certificate=certificate, by=cast.leader, now=timezone.now())
        before = str(timezone.localdate() - KEPT_AT_LEAST)
        call_command("erase_seminars", "--unit", cast.other_agency.hr_id, "--before", before)
        assert not Certificate.objects.exists()
        assert [one.ended_at is None for one in BadgeStatus.objects.order_by("pk")] == [False, True]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE certificates_certificatedocument SET sha256 = sha256",
        "DELETE FROM certificates_badgestatus",
        "ALTER TABLE commitments_evidenceevent DISABLE TRIGGER ALL",
        "DROP TABLE commitments_evidencesalt",
        "TRUNCATE commitments_evidenceevent CASCADE",
        "UPDATE commitments_signature SET method = 'webauthn'",
        "DELETE FROM commitments_signature",
        "DELETE FROM commitments_evidenceevent",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ],
)
def test_the_portals_role_cannot_get_round_the_guards(cast: Cast, sql: str) -> None:
    make_signed(cast)
    with (
        as_the_portals_role(),
        pytest.raises(DatabaseError, match=r"permission denied|must be owner|Cannot delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db
def test_a_role_that_owns_the_evidence_is_warned_about() -> None:
    assert [one.id for one in check_database_role(databases=["default"])] == ["commitments.W003"]
    assert check_database_role(databases=None) == []
    with as_the_portals_role():
        assert check_database_role(databases=["default"]) == []
