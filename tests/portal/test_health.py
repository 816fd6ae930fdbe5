import datetime as dt

import pytest
from celery import current_app
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from portal.tasks import HEARTBEAT_KEY, record_heartbeat
from tests.cast import Cast
from tests.commitments.factories import make_agreed, sign


@pytest.fixture(autouse=True)
def beat() -> None:
    cache.clear()
    record_heartbeat()


def test_alive_asks_nobody(client: Client, django_assert_num_queries) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_ready_when_everything_works(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert answer.json() == {
        "status": "ready",
        "checks": {"database": True, "broker": True, "beat": True},
        "warnings": [],
    }
    assert answer.status_code == 200


def test_a_seal_that_is_of_no_use_is_a_warning_and_no_reason_to_send_people_elsewhere(
    client: Client, db: None, settings
) -> None:
    settings.SEAL_CERTIFICATE = settings.SEAL_KEY = "not-there.pem"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["warnings"]) == (200, ["seal"])


@pytest.mark.parametrize(("minutes", "status"), [(1.9, 200), (2.1, 503)])
def test_ready_only_as_long_as_beat_is_heard(
    client: Client, db: None, minutes: float, status: int
) -> None:
    cache.set(HEARTBEAT_KEY, timezone.now() - dt.timedelta(minutes=minutes))
    assert client.get("/readyz").status_code == status


def test_not_ready_before_the_first_beat(client: Client, db: None) -> None:
    cache.clear()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["beat"]) == (503, False)


def test_not_ready_without_a_broker(client: Client, db: None, monkeypatch) -> None:
    # Each follows the next where it says nothing itself: so what is put back is what was there.
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["broker"]) == (503, False)


def test_not_ready_without_a_database(client: Client) -> None:
    """No `db` fixture: the test runner refuses every query, as a server that is down would."""
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, False)


def test_answers_are_never_kept_by_caches(client: Client) -> None:
    assert "no-store" in client.get("/healthz").headers["Cache-Control"]


def test_a_signed_agreement_without_its_document_is_a_warning(
    client: Client, db: None, cast: Cast
) -> None:
    past = timezone.now() - dt.timedelta(hours=1)
    sign(sign(make_agreed(cast), by=cast.leader, now=past), by=cast.employee, now=past)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["warnings"]) == (200, ["documents"])
