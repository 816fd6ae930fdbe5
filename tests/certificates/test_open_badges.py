"""A certificate as an Open Badge: two verifiers that others wrote take it, and refuse forgeries."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from certificates.badge_issuer import did_document, issuer_did
from certificates.badge_key import BadgeKey, find_badge_key, make_key, published_multikeys
from certificates.models import LIST_SIZE
from certificates.open_badges import signed_badge
from certificates.snapshot import AttendedSession, CertificateFacts
from certificates.status_list import signed_list, status_entry
from tests import clock
from tests.certificates.badge_verifiers import refusal, second_opinions
from tests.corpora.names import RARE, SOUGHT
from tests.corpora.texts import CLEANED, VISIBLE

ISSUED = dt.datetime(2026, 10, 2, 6, 0, tzinfo=dt.UTC)
SITE = "https://leder.example.org"
DID_URL = f"{SITE}/.well-known/did.json"
LIST_URL = f"{SITE}/kursbevis/merker/status/1/"
PAGE_URL = f"{SITE}/kursbevis/7KQF-3M2P-9ZX0-AB12-CD34/"
PLACE = 77_041

FACTS = CertificateFacts(
    number="7KQF3M2P9ZX0AB12CD34",
    name="Turid Hansen",
    seminar_title="Tillitsbasert ledelse i praksis",
    organiser="Seksjon for ledelse",
    rule="whole",
    is_whole=True,
    sessions=(
        AttendedSession(
            title="Første dag",
            starts_at=dt.datetime(2026, 9, 30, 7, 0, tzinfo=dt.UTC),
            ends_at=dt.datetime(2026, 9, 30, 13, 0, tzinfo=dt.UTC),
        ),
        AttendedSession(
            title="Andre dag",
            starts_at=dt.datetime(2026, 10, 1, 7, 0, tzinfo=dt.UTC),
            ends_at=dt.datetime(2026, 10, 1, 13, 0, tzinfo=dt.UTC),
        ),
    ),
    minutes=720,
    language="nb",
    issued_at=ISSUED,
)


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = SITE


@pytest.fixture
def key() -> BadgeKey:
    found = find_badge_key()
    assert found is not None
    return found


def badge_text(facts: CertificateFacts, key: BadgeKey) -> str:
    status = status_entry(LIST_URL, PLACE)
    return signed_badge(facts, page_url=PAGE_URL, status=status, key=key, now=clock.now())


def badge_of(facts: CertificateFacts, key: BadgeKey) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(badge_text(facts, key))
    return content


def documents(key: BadgeKey, *, ended: tuple[int, ...] = ()) -> dict[str, str]:
    return {
        DID_URL: json.dumps(did_document(published_multikeys())),
        LIST_URL: signed_list(LIST_URL, ended, key=key, now=clock.now()),
    }


def holder(badge: dict[str, Any]) -> str:
    return badge["credentialSubject"]["identifier"][0]["identityHash"]


def test_both_verifiers_take_a_badge(key: BadgeKey) -> None:
    badge = badge_of(FACTS, key)
    world = documents(key)
    assert refusal(badge_text(FACTS, key), world, issuer_did()) is None
    (opinion,) = second_opinions([badge], world)
    assert (opinion.errors, opinion.stands) == ([], True)


def test_a_badge_says_what_the_certificate_says(key: BadgeKey) -> None:
    badge = badge_of(FACTS, key)
    subject = badge["credentialSubject"]
    assert badge["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert badge["@context"][:2] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ]
    assert (badge["id"], badge["validFrom"]) == (PAGE_URL, "2026-10-02T06:00:00Z")
    assert badge["name"] == "Kursbevis: Tillitsbasert ledelse i praksis"
    assert badge["issuer"]["id"] == "did:web:leder.example.org"
    assert subject["identifier"] == [
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": "Turid Hansen",
            "identityType": "name",
        }
    ]
    achievement = subject["achievement"]
    assert achievement["name"] == "Tillitsbasert ledelse i praksis"
    assert achievement["description"] == "Seminar arrangert av Seksjon for ledelse."
    assert achievement["criteria"] == {"narrative": "Var med på hele seminaret."}
    assert achievement["inLanguage"] == "nb"
    assert subject["activityStartDate"] == "2026-09-30T07:00:00Z"
    assert subject["activityEndDate"] == "2026-10-01T13:00:00Z"
    assert badge["evidence"][0]["narrative"].splitlines() == [
        "Hele seminaret, 12 timer",
        "Første dag, onsdag 30. september 2026 kl. 09.00–15.00",
        "Andre dag, torsdag 1. oktober 2026 kl. 09.00–15.00",
    ]
    assert "validUntil" not in badge


def test_a_badge_is_in_the_language_of_its_document(key: BadgeKey) -> None:
    badge = badge_of(replace(FACTS, language="en", rule="came"), key)
    achievement = badge["credentialSubject"]["achievement"]
    assert achievement["inLanguage"] == "en"
    assert badge["name"] == "Certificate of attendance: Tillitsbasert ledelse i praksis"
    assert achievement["criteria"]["narrative"] == "Came to the seminar, to all or part of it."
    assert "Wednesday 30 September 2026" in badge["evidence"][0]["narrative"]


def test_what_all_achieved_is_one_achievement(key: BadgeKey) -> None:
    def achieved(facts: CertificateFacts) -> str:
        return badge_of(facts, key)["credentialSubject"]["achievement"]["id"]

    one = achieved(FACTS)
    assert one.startswith("urn:uuid:")
    assert achieved(replace(FACTS, name="Ola Dahl", sessions=FACTS.sessions[:1])) == one
    assert achieved(replace(FACTS, seminar_title="Et annet seminar")) != one
    assert achieved(replace(FACTS, rule="came")) != one


CHANGES: dict[str, tuple[list[Any], Any]] = {
    "the name": (["credentialSubject", "identifier", 0, "identityHash"], "Ola Dahl"),
    "the seminar": (["credentialSubject", "achievement", "name"], "Doktorgrad"),
    "what was asked for": (["credentialSubject", "achievement", "criteria", "narrative"], "Alt."),
    "the day": (["validFrom"], "2020-10-02T06:00:00Z"),
    "what they came to": (["evidence", 0, "narrative"], "Alt sammen"),
    "its place in the list": (["credentialStatus", "statusListIndex"], "5"),
    "where it is checked": (["id"], "https://leder.example.org/kursbevis/en-annen/"),
    "when it was signed": (["proof", "created"], "2020-10-02T06:00:00Z"),
}


def changed(badge: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    other = copy.deepcopy(badge)
    place: Any = other
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    return other


def test_both_verifiers_refuse_what_was_changed(key: BadgeKey) -> None:
    badge, world = badge_of(FACTS, key), documents(key)
    forged = [changed(badge, *change) for change in CHANGES.values()]
    assert [refusal(one, world, issuer_did()) is None for one in forged] == [False] * len(forged)
    opinions = second_opinions(forged, world)
    assert [one.errors for one in opinions] == [["invalid_signature"]] * len(forged)


def test_both_verifiers_refuse_a_key_that_is_not_the_portals(tmp_path: Path, settings: Any) -> None:
    own = find_badge_key()
    assert own is not None
    settings.BADGE_KEY = str(tmp_path / "other.pem")
    (tmp_path / "other.pem").write_bytes(make_key())
    other = find_badge_key()
    assert other is not None
    badge = badge_of(FACTS, other)
    settings.BADGE_KEY = ""
    world = documents(own)
    assert "no verificationMethod" in str(refusal(badge, world, issuer_did()))
    assert second_opinions([badge], world)[0].errors == ["invalid_signature"]


def test_both_verifiers_read_the_list(key: BadgeKey) -> None:
    badge = badge_of(FACTS, key)
    last = LIST_SIZE - 1
    for ended, stands in (((PLACE,), False), ((0, PLACE - 1, PLACE + 1, last), True)):
        world = documents(key, ended=ended)
        said = refusal(badge, world, issuer_did())
        assert (said is None) == stands, said
        (opinion,) = second_opinions([badge], world)
        assert (opinion.errors, opinion.stands) == ([], stands)
        assert opinion.steps["revocation_status"] is stands


def test_both_verifiers_refuse_a_list_that_was_changed(key: BadgeKey) -> None:
    badge = badge_of(FACTS, key)
    taken_back = json.loads(documents(key, ended=(PLACE,))[LIST_URL])
    good = json.loads(documents(key)[LIST_URL])
    taken_back["credentialSubject"]["encodedList"] = good["credentialSubject"]["encodedList"]
    world = documents(key) | {LIST_URL: json.dumps(taken_back)}
    assert "signature mismatch" in str(refusal(badge, world, issuer_did()))
    (opinion,) = second_opinions([badge], world)
    assert opinion.stands is False
    assert opinion.steps["revocation_status"] is not True


def test_an_old_copy_of_the_list_is_not_taken(key: BadgeKey) -> None:
    badge = badge_of(FACTS, key)
    old = signed_list(LIST_URL, (), key=key, now=clock.now() - dt.timedelta(days=1, minutes=10))
    world = documents(key) | {LIST_URL: old}
    assert "expired" in str(refusal(badge, world, issuer_did()))
    assert second_opinions([badge], world)[0].stands is False


def test_what_an_older_key_signed_stays_good(tmp_path: Path, settings: Any) -> None:
    first = tmp_path / "first.pem"
    first.write_bytes(make_key())
    settings.BADGE_KEY = str(first)
    before = find_badge_key()
    assert before is not None
    badge = badge_of(FACTS, before)

    second = tmp_path / "second.pem"
    second.write_bytes(make_key())
    retired = tmp_path / "retired.pem"
    retired.write_bytes(
        load_pem_private_key(first.read_bytes(), None)
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    settings.BADGE_KEY, settings.BADGE_RETIRED_KEYS = str(second), [str(retired)]
    after = find_badge_key()
    assert after is not None
    assert published_multikeys() == [after.multikey, before.multikey]
    both = [badge, badge_of(FACTS, after)]
    world = documents(after)
    assert [refusal(one, world, issuer_did()) for one in both] == [None, None]
    assert [one.stands for one in second_opinions(both, world)] == [True, True]

    settings.BADGE_RETIRED_KEYS = []
    world = documents(after)
    assert refusal(badge, world, issuer_did()) is not None
    assert second_opinions([badge], world)[0].errors == ["invalid_signature"]


NAMES = [
    *SOUGHT,
    *RARE,
    *VISIBLE.values(),
    *(typed for typed, _kept in CLEANED.values()),
    "Å",
    "محمد الأمين بن عبد الله",
    "Noa 👩\u200d👩\u200d👧 Lie",
    "a\u0301\u0323 Ha\u030aland",
    "Ola\tDahl \x7f\x85\u2028\u2029 \"'\\ <b> &amp; \\u00e5",
    "Ø" * 200,
]


def test_names_as_people_have_them_come_through_both_verifiers(key: BadgeKey) -> None:
    """Three to a badge, for each is a name, a title and a unit as much as another."""
    facts = [
        replace(FACTS, name=name, seminar_title=title, organiser=unit)
        for name, title, unit in zip_longest(*[iter(NAMES)] * 3, fillvalue="Å")
    ]
    badges, world = [badge_of(one, key) for one in facts], documents(key)
    assert [refusal(one, world, issuer_did()) for one in badges] == [None] * len(badges)
    opinions = second_opinions(badges, world)
    assert [one for one, said in zip(facts, opinions, strict=True) if not said.stands] == []


WRITTEN = ["Å", "Máret Ánne Sárá", "محمد الأمين", "Noa 👩\u200d👩\u200d👧 Lie", "Ø" * 200]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_name_is_written_as_people_write_it(name: str, key: BadgeKey) -> None:
    text = badge_text(replace(FACTS, name=name), key)
    assert holder(json.loads(text)) == name
    assert f'"identityHash": "{name}"' in text


def test_a_key_with_a_passphrase(tmp_path: Path, settings: Any) -> None:
    secret = load_pem_private_key(make_key(), None).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"hemmelig")
    )
    (tmp_path / "key.pem").write_bytes(secret)
    settings.BADGE_KEY, settings.BADGE_KEY_PASSPHRASE = str(tmp_path / "key.pem"), "hemmelig"
    found = find_badge_key()
    assert found is not None
    assert refusal(badge_of(FACTS, found), documents(found), issuer_did()) is None
