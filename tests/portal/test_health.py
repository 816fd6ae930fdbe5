import datetime as dt
from pathlib import Path

import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from outbox import mail_server
from outbox.mail_server import FAULTS_BEFORE_REST
from portal.tasks import HEARTBEAT_KEY, record_heartbeat
from portal.views import health
from tests.cast import Cast
from tests.commitments.factories import make_agreed, sign
from tests.evidence.certificates import named_certificate
from tests.outbox.factories import make_letter
from tests.portal.test_settings import COMPLETE
from tests.portal.test_settings import settings as read_settings


@pytest.fixture(autouse=True)
def beat() -> None:
    cache.clear()
    record_heartbeat()


def test_alive_asks_nobody(client: Client, django_assert_num_queries) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def ask(client: Client, path: str = "/readyz") -> tuple[int, dict[str, bool], list[str]]:
    answer = client.get(path)
    said = answer.json()
    assert said["status"] == ("ready" if answer.status_code == 200 else "not ready")
    return answer.status_code, said["checks"], said["warnings"]


def test_ready_when_everything_works(client: Client, db: None) -> None:
    checks = {"database": True, "migrations": True, "grants": True}
    assert ask(client) == (200, checks, [])
    checks = {"database": True, "broker": True, "beat": True}
    assert ask(client, "/readyz/work") == (200, checks, [])


@pytest.mark.parametrize("path", ["/readyz", "/readyz/work"])
def test_a_seal_that_is_of_no_use_is_a_warning_and_no_reason_to_send_people_elsewhere(
    client: Client, db: None, settings, path: str
) -> None:
    settings.SEAL_CERTIFICATE = settings.SEAL_KEY = "not-there.pem"
    status, _checks, warnings = ask(client, path)
    assert (status, warnings) == (200, ["seal"])


@pytest.mark.parametrize("path", ["/readyz", "/readyz/work"])
@pytest.mark.parametrize(
    ("days", "told"), [(61, []), (59, ["seal_expires"]), (1, ["seal_expires"]), (-1, ["seal"])]
)
def test_the_end_of_the_seal_is_told_before_it_comes_and_takes_nothing_else_along(
    client: Client, db: None, settings, tmp_path: Path, path: str, days: int, told: list[str]
) -> None:
    made = timezone.now() - dt.timedelta(days=2)
    named_certificate(settings, tmp_path, dt.timedelta(days=days + 2), made=made)
    assert ask(client, path)[::2] == (200, told)
    assert client.get("/konto/logg-inn/").status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(1.9, 200), (2.1, 503)])
def test_work_is_done_only_as_long_as_beat_is_heard(
    client: Client, db: None, minutes: float, status: int
) -> None:
    cache.set(HEARTBEAT_KEY, timezone.now() - dt.timedelta(minutes=minutes))
    assert client.get("/readyz/work").status_code == status
    assert ask(client)[::2] == (200, [] if status == 200 else ["beat"])


def test_no_work_is_done_before_the_first_beat(client: Client, db: None) -> None:
    cache.clear()
    status, checks, _warnings = ask(client, "/readyz/work")
    assert (status, checks["beat"]) == (503, False)
    assert ask(client)[::2] == (200, ["beat"])


def test_without_a_broker_no_work_is_done_and_pages_answer(
    client: Client, db: None, monkeypatch
) -> None:
    # Each follows the next where it says nothing itself: so what is put back is what was there.
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    status, checks, _warnings = ask(client, "/readyz/work")
    assert (status, checks["broker"]) == (503, False)
    assert ask(client)[::2] == (200, ["broker"])


@pytest.mark.parametrize("path", ["/readyz", "/readyz/work"])
def test_not_ready_without_a_database(client: Client, path: str) -> None:
    """No `db` fixture: the test runner refuses every query, as a server that is down would."""
    status, checks, _warnings = ask(client, path)
    assert (status, checks["database"]) == (503, False)


@pytest.mark.parametrize("path", ["/readyz", "/readyz/work"])
def test_not_ready_while_the_database_takes_nothing(client: Client, db: None, path: str) -> None:
    """A standby, or a server set to read only while its disk is full."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    status, checks, _warnings = ask(client, path)
    assert (status, checks["database"]) == (503, False)


def test_not_ready_before_the_newest_migration(client: Client, db: None) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="outbox").order_by("-pk")[
        :1
    ].get().delete()
    status, checks, _warnings = ask(client)
    assert (status, checks["migrations"]) == (503, False)


@pytest.mark.parametrize("privilege", ["SELECT", "INSERT"])
def test_not_ready_when_the_grants_are_forgotten(client: Client, db: None, privilege: str) -> None:
    """As after a migration with a new table, and no `database_grants`."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_without_grants")
        cursor.execute(
            "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO portal_without_grants"
        )
        cursor.execute("SET ROLE portal_without_grants")
        assert health.tables_may_be_used()
        cursor.execute("RESET ROLE")
        cursor.execute(f"REVOKE {privilege} ON seminars_seminar FROM portal_without_grants")
        cursor.execute("SET ROLE portal_without_grants")
        assert not health.tables_may_be_used()
        cursor.execute("RESET ROLE")


def test_mail_that_is_not_sent_is_a_warning(client: Client, db: None, cast: Cast) -> None:
    for _fault in range(FAULTS_BEFORE_REST):
        mail_server.note_fault("gone", now=timezone.now())
    assert ask(client)[::2] == (200, ["mail"])
    assert ask(client, "/readyz/work")[::2] == (200, ["mail"])


@pytest.mark.parametrize(("minutes", "warnings"), [(1, []), (3, ["mail"])])
def test_a_code_that_nobody_sends_is_a_warning(
    client: Client, cast: Cast, minutes: int, warnings: list[str]
) -> None:
    waiting_since = timezone.now() - dt.timedelta(minutes=minutes)
    make_letter(cast.employee, next_attempt_at=waiting_since - dt.timedelta(days=1))
    make_letter(cast.employee, is_secret=True, next_attempt_at=waiting_since)
    assert ask(client)[::2] == (200, warnings)


def test_answers_are_never_kept_by_caches(client: Client) -> None:
    assert "no-store" in client.get("/healthz").headers["Cache-Control"]


def test_a_signed_agreement_without_its_document_is_a_warning(
    client: Client, db: None, cast: Cast
) -> None:
    past = timezone.now() - dt.timedelta(hours=1)
    sign(sign(make_agreed(cast), by=cast.leader, now=past), by=cast.employee, now=past)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["warnings"]) == (200, ["documents"])


HOSTS = (
    "10.2.3.4:8000",
    "[::1]:8000",
    "evil.example",
    "",
    "a b",
    "leder.example.org, evil.example",
)


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/readyz/work"])
def test_probes_are_answered_by_whatever_name(
    client: Client, db: None, settings, monkeypatch, path: str, host: str
) -> None:
    """As in production, where plain HTTP is sent on to the name that was asked for."""
    in_production = read_settings(monkeypatch, "production", **COMPLETE)
    settings.SECURE_SSL_REDIRECT = in_production["SECURE_SSL_REDIRECT"]
    settings.SECURE_REDIRECT_EXEMPT = in_production["SECURE_REDIRECT_EXEMPT"]
    answer = client.get(path, headers={"host": host, "x-forwarded-host": "evil.example"})
    assert answer.status_code == 200
    assert b"example" not in answer.content
    assert "Location" not in answer.headers


@pytest.mark.parametrize("host", ["10.2.3.4:8000", "evil.example", "a b"])
@pytest.mark.parametrize(
    "path",
    ["/", "/metrics", "/personvern/", "/konto/logg-inn/", "/healthz/", "//healthz", "/healthz/x",
     "/readyz/", "/readyz/work/", "/readyz/x", "/healthz%00", "/HEALTHZ"],
)  # fmt: skip
def test_nothing_else_is_answered_by_a_name_that_is_not_ours(
    client: Client, db: None, settings, path: str, host: str
) -> None:
    settings.METRICS_TOKEN = "a token that is long enough"
    given = {"host": host, "authorization": f"Bearer {settings.METRICS_TOKEN}"}
    assert client.get(path, headers=given).status_code == 400
