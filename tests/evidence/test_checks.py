"""What whoever runs the portal is told of its seal."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import ERROR, CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone

from evidence.checks import check_seal, check_seal_of_deployment
from evidence.self_signed import make_certificate
from tests.evidence.certificates import named_certificate

DAY = dt.timedelta(days=1)


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [one.id for one in messages]


def test_a_good_seal_is_nothing_to_speak_of() -> None:
    assert check_seal() == []


def test_a_missing_seal_is_warned_about(settings: Any) -> None:
    settings.SEAL_SELF_SIGNED_DIR = ""
    assert ids(check_seal()) == ["evidence.W001"]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (61, ["evidence.I001"]),
        (59, ["evidence.W002", "evidence.I001"]),
        (-0.5, ["evidence.W005"]),
    ],
)
def test_a_certificate_is_warned_about_before_it_expires(
    settings: Any, tmp_path: Path, days: float, said: list[str]
) -> None:
    named_certificate(settings, tmp_path, days * DAY, made=timezone.now())
    assert ids(check_seal()) == said


def test_half_a_seal_is_warned_about(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_CERTIFICATE = str(tmp_path / "not-there.pem")
    assert ids(check_seal()) == ["evidence.W004"]
    settings.SEAL_KEY = settings.SEAL_CERTIFICATE
    assert ids(check_seal()) == ["evidence.W004"]


@pytest.mark.parametrize(("days", "said"), [(59, []), (-0.5, ["evidence.E002"])])
def test_an_expired_seal_fails_the_check_of_a_deployment_alone(
    settings: Any, tmp_path: Path, days: float, said: list[str]
) -> None:
    named_certificate(settings, tmp_path, days * DAY, made=timezone.now())
    assert ids(check_seal_of_deployment()) == said
    by_level = [one.id for one in run_checks() if one.level >= ERROR]
    assert by_level == []
    for_deployment = run_checks(tags=["security"], include_deployment_checks=True)
    assert [one.id for one in for_deployment if one.level >= ERROR] == said


def test_half_a_seal_fails_the_check_of_a_deployment(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_CERTIFICATE = str(tmp_path / "not-there.pem")
    assert ids(check_seal_of_deployment()) == ["evidence.E001"]


def test_an_expired_seal_stops_no_command(settings: Any, tmp_path: Path) -> None:
    named_certificate(settings, tmp_path, -0.5 * DAY, made=timezone.now())
    call_command("check", fail_level="ERROR", stderr=io.StringIO())
    with pytest.raises(SystemCheckError, match=r"evidence\.E002"):
        call_command("check", deploy=True, fail_level="ERROR", stderr=io.StringIO())


def test_a_key_of_another_certificate_is_told(settings: Any, tmp_path: Path) -> None:
    for name in ("one.pem", "other.pem"):
        (tmp_path / name).write_bytes(make_certificate(timezone.now()))
    settings.SEAL_CERTIFICATE = str(tmp_path / "one.pem")
    settings.SEAL_KEY = str(tmp_path / "other.pem")
    (said,) = check_seal()
    assert said.msg == "The seal's key is not its certificate's."
