"""«Last ned opplysningene mine»: all that is one's own, and nothing that is another's."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attendance.models import Attendance
from commitments.models import (
    Agreement,
    FollowUp,
    GuidingQuestion,
    Preparation,
    PreparedAnswer,
    PrivateNote,
    UnsavedWork,
)
from missions.contribution.actions import write_contribution
from outbox.models import Letter
from people import audit
from people.models import AuditRecord, Leadership, Role, User
from portal.own_data import export_own_data, in_words
from pulse.models import PulseAnswer
from seminars.models import Needs
from tests import clock
from tests.cast import Cast
from tests.commitments.factories import make_agreement, make_signed, make_substitution, part
from tests.factories import make_role
from tests.missions.factories import make_acknowledgement, make_mission
from tests.outbox.factories import make_letter
from tests.pulse.factories import make_pulse, say
from tests.seminars.factories import make_registration, make_seminar

BY_CODE = "/konto/bekreft/kode/"
MINE, THEIRS = "Dette er mitt eget", "Dette er en annens"


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()


def files_of(content: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["opplysninger.html", "opplysninger.json"]
        told = json.loads(archive.read("opplysninger.json"))
        return told["sections"], archive.read("opplysninger.html").decode()


def export(user: User) -> tuple[dict[str, Any], str]:
    return files_of(export_own_data(by=user, now=clock.now()))


def confirmed(browser: Client) -> Client:
    browser.post(BY_CODE, {"action": "send", "next": reverse("own_data")})
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", Letter.objects.latest("pk").text)
    assert code is not None
    browser.post(BY_CODE, {"action": "confirm", "code": code[0], "next": reverse("own_data")})
    return browser


def everything_of(cast: Cast, user: User, words: str) -> None:
    """Of every kind that a person writes alone."""
    seminar = make_seminar(cast.municipality, created_by=cast.organiser, title=f"S {user.pk}")
    registration = make_registration(seminar, user)
    Needs.objects.create(registration=registration, diet=["vegan"], details=words)
    Attendance.objects.create(registration=registration, outcome="attended", marked_by=cast.hr)
    make_letter(user, subject=words)
    write_contribution(unit=cast.unit, text=words, by=user, now=clock.now())


def test_the_download_waits_until_one_has_confirmed_who_one_is(cast: Cast, signed_in) -> None:
    browser = signed_in(cast.employee)
    url = reverse("own_data")
    before = [browser.get(url).status_code, browser.post(url).status_code]
    page = confirmed(browser).get(url)
    answer = browser.post(url)
    assert (before, page.status_code, answer.status_code) == ([302, 302], 200, 200)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="opplysninger-')
    assert "no-store" in answer.headers["Cache-Control"]
    assert files_of(answer.content)[0]["profile"][0]["email"] == cast.employee.email


def test_the_page_downloads_nothing_and_leaves_no_record(cast: Cast, signed_in) -> None:
    page = confirmed(signed_in(cast.employee)).get(reverse("own_data")).content.decode()
    assert "Last ned opplysningene mine" in page
    assert not AuditRecord.objects.filter(action="portal.export_own_data").exists()


def test_profile_and_privacy_lead_to_the_page(cast: Cast, signed_in) -> None:
    browser, link = signed_in(cast.employee), f'href="{reverse("own_data")}"'
    pages = [browser.get(reverse(name)).content.decode() for name in ("people:profile", "privacy")]
    assert [link in page for page in pages] == [True, True]


def test_an_export_leaves_one_record_with_words(cast: Cast) -> None:
    export(cast.employee)
    record = AuditRecord.objects.get(action="portal.export_own_data")
    assert (record.actor, record.object_id) == (cast.employee, str(cast.employee.pk))
    assert (record.action_in_words, record.details) == ("lastet ned opplysningene om seg selv", {})


def test_work_roles_and_substitutions_are_in_the_file(cast: Cast) -> None:
    make_substitution(cast)
    told, html = export(cast.leader)
    assert [row["title"] for row in told["positions"]] == ["Leder"]
    assert [row["unit_name"] for row in told["leaderships"]] == [cast.unit.name]
    assert [row["substitute_name"] for row in told["substitutions"]] == [cast.stranger.name]
    assert [row["role"] for row in export(cast.hr)[0]["roles"]] == ["HR"]
    assert ("Sindre Foss" in html, "Her har portalen ingenting om deg" in html) == (True, True)


def test_one_gets_ones_own_of_every_kind_and_nobody_elses(cast: Cast) -> None:
    everything_of(cast, cast.employee, MINE)
    everything_of(cast, cast.leader, THEIRS)
    told, html = export(cast.employee)
    assert [row["details"] for row in told["needs"]] == [MINE]
    assert [row["subject"] for row in told["letters"]] == [MINE]
    assert [row["text"] for row in told["contributions"]] == [MINE]
    assert [row["outcome"] for row in told["attendance"]] == ["Møtt"]
    assert [row["state"] for row in told["registrations"]] == ["Påmeldt"]
    assert (MINE in html, THEIRS in html, THEIRS in json.dumps(told)) == (True, False, False)


def test_the_logistics_role_takes_nobodys_needs_away(cast: Cast) -> None:
    everything_of(cast, cast.employee, THEIRS)
    make_role(cast.organiser, Role.LOGISTICS, cast.municipality)
    told, html = export(cast.organiser)
    assert (told["needs"], THEIRS in html) == ([], False)


def test_of_a_pulse_one_gets_that_one_was_asked(cast: Cast) -> None:
    pulse = make_pulse(cast)
    say(pulse, cast.employee, "ja")
    rows = export(cast.employee)[0]["pulse_invitations"]
    assert [set(row) for row in rows] == [
        {"round_unit_name", "round_opens_on", "round_closes_on", "has_answered"}
    ]
    assert PulseAnswer.YES.value not in json.dumps(rows).split('"')
    assert export(cast.leader)[0]["pulse_invitations"] == []


def test_both_parties_get_the_agreement_and_nobody_elses_thoughts(cast: Cast) -> None:
    talk = conversation(make_signed(cast, follow_up_on=timezone.localdate()).agreement)
    for author, words in ((cast.employee, MINE), (cast.leader, THEIRS)):
        PrivateNote.objects.create(
            follow_up=talk, author=author, text=words, written_at=clock.now()
        )
    told, html = export(cast.employee)
    assert [row["pk"] for row in told["agreements"]] == [talk.agreement_id]
    assert {row["owner"] for row in told["commitments"]} == {"lederen", "medarbeideren"}
    assert len(told["signatures"]) == 2
    assert [row["text"] for row in told["private_notes"]] == [MINE]
    assert (MINE in html, THEIRS in html, THEIRS in json.dumps(told)) == (True, False, False)


def conversation(agreement: Agreement) -> FollowUp:
    return FollowUp.objects.get(agreement=agreement)


def test_the_others_answers_come_when_both_are_ready(cast: Cast) -> None:
    agreement = make_agreement(cast)
    own = answered(agreement, cast.employee, "employee", MINE)
    other = answered(agreement, cast.leader, "leader", THEIRS)
    before = [row["text"] for row in export(cast.employee)[0]["prepared_answers"]]
    for one in (own, other):
        Preparation.objects.filter(pk=one.pk).update(ready_at=clock.now())
    after = {row["text"] for row in export(cast.employee)[0]["prepared_answers"]}
    assert (before, after) == ([MINE], {MINE, THEIRS})


def answered(agreement: Agreement, author: User, party: str, text: str) -> Preparation:
    preparation = Preparation.objects.create(agreement=agreement, author=author, party=party)
    PreparedAnswer.objects.create(preparation=preparation, question="goals", text=text)
    return preparation


def test_what_is_not_saved_is_told_by_the_labels_of_the_form(cast: Cast) -> None:
    agreement = make_agreement(cast)
    typed = {"goals": MINE, "c-0-text": "Ringer", "c-1-why": "Ro", "c-1-room": "", "base": "x"}
    hidden = {"c-TOTAL_FORMS": "2", "version": "1", "c-0-thread": "9", "c-x-text": "?"}
    for question, words in (("", typed | hidden), ("goals", {"text": MINE, "seen": "f"})):
        UnsavedWork.objects.create(
            agreement=agreement, author=cast.employee, question=question, typed=words
        )
    told, html = export(cast.employee)
    assert [(row["question"], row["typed"]) for row in told["unsaved_work"]] == [
        (
            "",
            {
                "Lederens mål": MINE,
                "Forpliktelse (1)": "Ringer",
                "For hvem og hvorfor (2)": "Ro",
            },
        ),
        (str(GuidingQuestion.GOALS.label), {"Svar": MINE}),
    ]
    assert ("Forpliktelse (1): Ringer" in html, "c-0-text" in html) == (True, False)


AGREEMENTS = [
    "agreements",
    "agreement_revisions",
    "commitments",
    "agreement_notes",
    "signatures",
    "follow_ups",
    "outcomes",
    "private_notes",
    "prepared_answers",
    "unsaved_work",
    "shares",
]


@pytest.mark.parametrize("kind", ["hr", "manager", "administrator", "stranger"])
def test_nobody_else_gets_anything_of_an_agreement(cast: Cast, kind: str) -> None:
    make_signed(cast, follow_up_on=timezone.localdate())
    told = export(getattr(cast, kind))[0]
    assert [told[key] for key in AGREEMENTS] == [[]] * len(AGREEMENTS)


def test_a_former_leader_gets_nothing_and_the_employee_keeps_all(cast: Cast) -> None:
    agreement = make_signed(cast, follow_up_on=timezone.localdate()).agreement
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Leadership.objects.filter(user=cast.leader).update(valid_to=yesterday)
    part(agreement.pk, now=clock.now())
    told = [export(user)[0] for user in (cast.leader, cast.employee)]
    assert [len(one["agreements"]) for one in told] == [0, 1]
    assert [told[0][key] for key in AGREEMENTS] == [[]] * len(AGREEMENTS)


def test_a_passkey_is_known_by_its_name_and_keeps_its_secret(cast: Cast) -> None:
    Authenticator.objects.create(
        user=cast.employee, type="webauthn", data={"name": "Mobilen", "credential": "hemmelig"}
    )
    Authenticator.objects.create(user=cast.employee, type="totp", data={"secret": "hemmelig"})
    told, html = export(cast.employee)
    rows = told["passkeys_and_factors"]
    assert [(row["type"], row["data_name"]) for row in rows] == [
        ("passnøkkel", "Mobilen"),
        ("engangskode fra app", None),
    ]
    assert ("hemmelig" in html, "hemmelig" in json.dumps(told)) == (False, False)


def test_the_trail_says_what_and_not_to_whom(cast: Cast) -> None:
    audit.record("grant_role", cast.stranger, by=cast.administrator, reason=THEIRS)
    rows = export(cast.administrator)[0]["actions"]
    assert [(row["action"], row["object_type"]) for row in rows] == [("ga en rolle", "person")]
    assert set(rows[0]) == {"at", "action", "object_type"}


def test_what_is_written_is_shown_as_words_in_the_page(cast: Cast) -> None:
    make_letter(cast.employee, subject="<script>alert(1)</script>")
    html = export(cast.employee)[1]
    assert ("<script>" in html, "&lt;script&gt;" in html) == (False, True)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (None, ""),
        (True, "ja"),
        (False, "nei"),
        (0, "0"),
        (dt.date(2026, 11, 24), "24.11.2026"),
        (dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC), "24.11.2026 kl. 09.00"),
        (["Vegan", "Halal"], "Vegan, Halal"),
        ({"mål": "Ro"}, "mål: Ro"),
    ],
)
def test_each_kind_of_cell_has_its_words(cell: object, words: str) -> None:
    assert in_words(cell) == words


def test_the_export_asks_as_many_questions_however_much_there_is(
    cast: Cast, signed_in: Callable[[User], Client]
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            export(cast.employee)
        return len(queries)

    make_acknowledgement(make_mission(cast.unit), cast.employee)
    make_signed(cast, follow_up_on=timezone.localdate())
    few = asked()
    for number in range(60):
        make_letter(cast.employee, subject=f"Brev {number}")
        audit.record("seminars.register", cast.employee, by=cast.employee)
    for number in range(12):
        seminar = make_seminar(cast.municipality, created_by=cast.organiser, title=f"S{number}")
        make_registration(seminar, cast.employee)
    assert (asked() - few, few <= 51) == (0, True)
