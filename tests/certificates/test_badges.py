"""A certificate's badge as the person gets it, and what a verifier reads of the portal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from certificates.badge_issuer import issuer_did
from certificates.badge_key import find_badge_key, make_key
from certificates.checks import check_badge_key
from certificates.correcting import correct_certificates
from certificates.issuing import issue_anew, issue_certificates
from certificates.models import LIST_SIZE, BadgeStatus, Certificate
from certificates.numbers import grouped
from seminars.retention_periods import KEPT_AT_LEAST
from tests.cast import Cast
from tests.certificates.badge_verifiers import refusal, second_opinions
from tests.certificates.factories import make_certificate, make_held, record
from tests.seminars.factories import make_participants
from tests.triggers import without_triggers

SITE = "https://leder.example.org"
NAME = "Åse فاطمة O’Brien 👩‍💻 Łukaszsdatter"


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def certificate(cast: Cast) -> Certificate:
    cast.leader.name = NAME
    cast.leader.save()
    return make_certificate(cast, cast.leader, seal=True, title="Tillit i praksis")


def downloaded(client: Any, certificate: Certificate) -> dict[str, Any]:
    response = client.get(reverse("certificates:badge", args=[certificate.pk]))
    assert response.status_code == 200
    content: dict[str, Any] = json.loads(response.content)
    return content


def told_to_strangers(client: Any, badges: Iterable[dict[str, Any]]) -> dict[str, str]:
    """What anybody gets at the addresses that a verifier asks of these badges."""
    client.logout()
    lists = {badge["credentialStatus"]["statusListCredential"] for badge in badges}
    urls = [f"{SITE}/.well-known/did.json", *lists]
    return {url: client.get(url.removeprefix(SITE)).content.decode() for url in urls}


def said_by_both(client: Any, badge: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    world = told_to_strangers(client, [badge])
    (opinion,) = second_opinions([badge], world)
    assert opinion.errors == []
    return refusal(badge, world, issuer_did()), opinion.steps


def test_both_verifiers_take_what_a_person_downloads(
    client: Any, cast: Cast, certificate: Certificate
) -> None:
    client.force_login(cast.leader)
    response = client.get(reverse("certificates:badge", args=[certificate.pk]))
    number = grouped(certificate.number)
    assert response.headers["Content-Type"] == "application/ld+json"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert (
        response.headers["Content-Disposition"] == f'attachment; filename="kursbevis-{number}.json"'
    )
    badge = json.loads(response.content)
    assert badge["id"] == f"{SITE}/kursbevis/{number}/"
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == NAME
    assert badge["credentialSubject"]["achievement"]["name"] == "Tillit i praksis"
    assert client.get(badge["id"].removeprefix(SITE)).status_code == 200
    said, steps = said_by_both(client, badge)
    assert said is None
    assert (steps["valid_signature"], steps["revocation_status"]) == (True, True)


def test_what_is_withdrawn_no_longer_stands(
    client: Any, cast: Cast, certificate: Certificate
) -> None:
    client.force_login(cast.leader)
    badge = downloaded(client, certificate)
    record(certificate.registration, "no_show", by=cast.organiser)
    client.force_login(cast.leader)
    url = reverse("certificates:badge", args=[certificate.pk])
    assert client.get(url).status_code == 404, "attendance is being corrected"
    assert correct_certificates(now=timezone.now()) == 1
    assert client.get(url).status_code == 404
    said, steps = said_by_both(client, badge)
    assert "'revocation' is set" in str(said)
    assert steps["revocation_status"] is False


def test_of_what_is_replaced_the_new_one_stands(
    client: Any, cast: Cast, certificate: Certificate
) -> None:
    client.force_login(cast.leader)
    older = downloaded(client, certificate)
    cast.leader.name = "Åse Dahl"
    cast.leader.save()
    newer = downloaded(
        client, issue_anew(certificate=certificate, by=cast.leader, now=timezone.now())
    )
    world = told_to_strangers(client, [older, newer])
    assert "'revocation' is set" in str(refusal(older, world, issuer_did()))
    assert refusal(newer, world, issuer_did()) is None
    assert [one.stands for one in second_opinions([older, newer], world)] == [False, True]
    assert newer["credentialSubject"]["identifier"][0]["identityHash"] == "Åse Dahl"


def test_the_page_of_one_s_own_has_the_badge_while_the_certificate_stands(
    client: Any, cast: Cast, certificate: Certificate, settings: Any
) -> None:
    url = reverse("certificates:badge", args=[certificate.pk])
    client.force_login(cast.leader)

    def is_offered() -> bool:
        return url in client.get(reverse("certificates:own")).content.decode()

    page = client.get(reverse("certificates:own")).content.decode()
    assert re.search(rf'<a [^>]*href="{url}"[^>]*download', page)
    assert "Last ned som digitalt merke (Open Badges 3.0)" in page
    settings.BADGE_KEY_SELF_MADE_DIR = ""
    assert not is_offered()
    settings.BADGE_KEY = "not-there.pem"
    assert not is_offered(), "the page stands, though nobody can sign"
    settings.BADGE_KEY, settings.BADGE_KEY_SELF_MADE_DIR = "", str(settings.VAR_DIR / "badge")
    assert is_offered()
    record(certificate.registration, "no_show", by=cast.organiser)
    correct_certificates(now=timezone.now())
    assert not is_offered()


def test_nobody_gets_another_s_badge(client: Any, cast: Cast, certificate: Certificate) -> None:
    url = reverse("certificates:badge", args=[certificate.pk])
    for other in (cast.employee, cast.organiser, cast.administrator):
        client.force_login(other)
        assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_a_portal_without_a_key_publishes_nothing(
    client: Any, cast: Cast, certificate: Certificate, settings: Any
) -> None:
    settings.BADGE_KEY_SELF_MADE_DIR = ""
    client.force_login(cast.leader)
    for url in (
        reverse("certificates:badge", args=[certificate.pk]),
        reverse("certificates:badge_status", args=[1]),
        reverse("certificates:badge_issuer"),
    ):
        assert client.get(url).status_code == 404


def test_any_program_may_read_the_keys_and_the_lists(
    client: Any, cast: Cast, certificate: Certificate
) -> None:
    number = certificate.badge_status.list_number
    pages = [
        client.get("/.well-known/did.json"),
        client.get(reverse("certificates:badge_status", args=[number])),
    ]
    for page in pages:
        assert page.status_code == 200
        assert page.headers["Access-Control-Allow-Origin"] == "*"
        assert page.headers["Cache-Control"] == "public, max-age=300"
        assert page.cookies == {}
        text = page.content.decode()
        assert cast.leader.name not in text
        assert certificate.number not in text.replace("-", "")
        # A browser asks first on behalf of a verifier that wants a fresh copy.
        asked_first = client.options(
            page.request["PATH_INFO"],
            headers={
                "origin": "https://verifier.example.org",
                "access-control-request-method": "GET",
                "access-control-request-headers": "cache-control,pragma",
            },
        )
        assert asked_first.status_code == 204
        assert asked_first.headers["Access-Control-Allow-Origin"] == "*"
        assert asked_first.headers["Access-Control-Allow-Headers"] == "*"
    unknown = reverse("certificates:badge_status", args=[number + 1])
    assert client.get(unknown).status_code == 404
    assert client.get("/kursbevis/merker/status/0/").status_code == 404
    assert client.get(f"/kursbevis/merker/status/{10**30}/").status_code == 404


def test_everybody_s_place_is_their_own_and_drawn_at_random(cast: Cast) -> None:
    seminar = make_held(cast, capacity=40)
    for registration in make_participants(seminar, cast.unit, 40):
        record(registration, "attended", by=cast.organiser)
    issued = issue_certificates(seminar=seminar, by=cast.organiser, now=timezone.now())
    places = [one.badge_status.place for one in issued]
    assert len(set(places)) == len(issued) == 40
    assert {one.badge_status.list_number for one in issued} <= {
        1 + one.pk // (LIST_SIZE * 3 // 4) for one in issued
    }
    assert places != sorted(places)
    assert max(places) - min(places) > LIST_SIZE // 4


def test_the_millionth_certificate_is_in_a_later_list(client: Any, cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE certificates_certificate ALTER id RESTART WITH 1234567")
    certificate = make_certificate(cast, cast.leader)
    assert certificate.pk == 1_234_567
    status = certificate.badge_status
    assert (status.list_number, 0 <= status.index < LIST_SIZE) == (13, True)
    client.force_login(cast.leader)
    badge = downloaded(client, certificate)
    assert badge["credentialStatus"]["statusListIndex"] == str(status.index)
    assert said_by_both(client, badge)[0] is None
    BadgeStatus.objects.filter(pk=status.pk).update(ended_at=timezone.now())
    assert "'revocation' is set" in str(said_by_both(client, badge)[0])


def is_refused(sql: str, *values: object) -> bool:
    """By a trigger of ours, and undone if not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql, values)
    except DatabaseError as error:
        return re.match("pgtrigger: Cannot|Cannot truncate", str(error)) is not None
    return False


def test_the_database_keeps_a_status(cast: Cast, certificate: Certificate) -> None:
    other = make_certificate(cast, cast.employee, title="Et annet")
    pk = certificate.badge_status.pk
    forbidden: dict[str, tuple[Any, ...]] = {
        "UPDATE certificates_badgestatus SET place = place + 1 WHERE id = %s": (pk,),
        "UPDATE certificates_badgestatus SET certificate_id = %s WHERE id = %s": (other.pk, pk),
        "DELETE FROM certificates_badgestatus WHERE id = %s": (pk,),
        "TRUNCATE certificates_badgestatus": (),
    }
    BadgeStatus.objects.filter(certificate=other).update(certificate=None)
    refused = {sql: is_refused(sql, *values) for sql, values in forbidden.items()}
    assert refused == dict.fromkeys(forbidden, True)
    with without_triggers():
        refused = {sql: is_refused(sql, *values) for sql, values in forbidden.items()}
    assert refused == dict.fromkeys(forbidden, False)


def test_what_has_ended_does_not_begin_again(cast: Cast, certificate: Certificate) -> None:
    record(certificate.registration, "no_show", by=cast.organiser)
    correct_certificates(now=timezone.now())
    status = BadgeStatus.objects.get(certificate=certificate)
    assert status.ended_at is not None
    again = "UPDATE certificates_badgestatus SET ended_at = NULL WHERE id = %s"
    assert is_refused(again, status.pk)
    with without_triggers("certificates.BadgeStatus:badge_status_ends_once"):
        assert not is_refused(again, status.pk)


def test_without_its_triggers_a_badge_would_have_no_status_and_not_end(
    cast: Cast, certificate: Certificate
) -> None:
    with without_triggers("certificates.Certificate:certificate_has_badge_status"):
        bare = make_certificate(cast, cast.employee, title="Uten plass")
    assert not BadgeStatus.objects.filter(certificate=bare).exists()
    record(certificate.registration, "no_show", by=cast.organiser)
    with without_triggers("certificates.Certificate:badge_ends_with_its_certificate"):
        correct_certificates(now=timezone.now())
    assert BadgeStatus.objects.get(certificate=certificate).ended_at is None


def test_a_badge_that_was_taken_back_stays_so_when_the_certificate_is_erased(
    client: Any, cast: Cast
) -> None:
    older = make_certificate(cast, cast.leader, days_ago=400)
    client.force_login(cast.leader)
    badges = [downloaded(client, older)]
    cast.leader.name = NAME
    cast.leader.save()
    newer = issue_anew(certificate=older, by=cast.leader, now=timezone.now())
    badges.append(downloaded(client, newer))
    before = str(timezone.localdate() - KEPT_AT_LEAST)
    call_command("erase_seminars", "--unit", cast.other_agency.hr_id, "--before", before)
    assert not Certificate.objects.exists()
    left = BadgeStatus.objects.order_by("pk")
    assert [(one.certificate_id, one.ended_at is None) for one in left] == [
        (None, False),
        (None, True),
    ]
    world = told_to_strangers(client, badges)
    assert [one.stands for one in second_opinions(badges, world)] == [False, True]


def test_what_a_deployment_is_told_of_its_key(settings: Any, tmp_path: Path) -> None:
    def told() -> list[str | None]:
        return [one.id for one in check_badge_key()]

    assert told() == []
    settings.BADGE_KEY_SELF_MADE_DIR = ""
    assert told() == ["certificates.I001"]
    settings.BADGE_KEY = str(tmp_path / "key.pem")
    assert told() == ["certificates.E001"]
    (tmp_path / "key.pem").write_bytes(make_key())
    assert told() == []
    settings.BADGE_RETIRED_KEYS = [settings.BADGE_KEY]
    assert told() == ["certificates.E001"], "a private key is not to lie about as a retired one"
    settings.BADGE_RETIRED_KEYS = []
    settings.BADGE_KEY = str(Path(__file__))
    assert told() == ["certificates.E001"]
    call_command("check", fail_level="INFO", tags=["security"])


def test_a_key_is_made_once_and_shown_nowhere(settings: Any, tmp_path: Path) -> None:
    settings.BADGE_KEY_SELF_MADE_DIR = str(tmp_path / "made")
    first = find_badge_key()
    assert first == find_badge_key()
    (path,) = (tmp_path / "made").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" not in repr(first)
