"""A substitute signs for a leader on leave: what they may do and see, and what stands of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.drafts import AgreementContent
from commitments.ending.actions import end_agreement
from commitments.evidence.pdf import render_document
from commitments.evidence.verification import verify_all
from commitments.locking import AgreementRefused
from commitments.models import Agreement, EvidenceEvent, Note, Revision, Signature
from commitments.schedule import erase_agreements
from commitments.signing.actions import sign_agreement
from commitments.signing_authority import revisions_to_sign_for
from commitments.substitution.actions import end_substitution, name_substitute
from commitments.writing.actions import save_draft
from outbox.models import Letter
from people.models import AuditRecord, Substitution, User
from people.substituting import SubstitutionRefused
from tests.cast import Cast
from tests.commitments.factories import (
    PASSWORD,
    SECRETS,
    make_agreed,
    make_draft,
    make_proof,
    make_proposal,
    make_signed,
    make_substitution,
    newest,
    part,
    sign,
    sign_in_fully,
    sign_on_paper,
)
from tests.commitments.test_erasing import long_ago
from tests.commitments.test_pdf import words_of

SignedIn = Callable[[User], Client]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def no_attempts_so_far() -> None:
    cache.clear()


def url(name: str, revision: Revision) -> str:
    return reverse(f"commitments:{name}", args=[revision.agreement_id])


def seen(revision: Revision) -> dict[str, Any]:
    return {"revision": revision.pk, "sha256": revision.sha256}


def proven(user: User) -> Client:
    """A browser whose owner has just confirmed who they are."""
    browser = sign_in_fully(user)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def waiting_for(user: User, on: dt.date | None = None) -> list[Revision]:
    return list(revisions_to_sign_for(user, on or timezone.localdate()))


# Signing


def test_a_substitute_signs_for_the_leader_with_both_names(cast: Cast) -> None:
    held = make_substitution(cast)
    signed = sign(sign(make_agreed(cast), by=cast.employee), by=cast.stranger)
    assert signed.state == "signed"
    signature = Signature.objects.get(party="leader")
    assert (signature.signer, signature.signer_name) == (cast.stranger, "Sindre Foss")
    assert (signature.on_behalf_of, signature.on_behalf_of_name) == (cast.leader, "Liv Dahl")
    assert signature.substitution == held


def test_both_names_are_in_the_trail_the_letters_the_page_and_the_pdf(
    cast: Cast, signed_in: SignedIn
) -> None:
    make_substitution(cast)
    signed = sign(sign(make_agreed(cast), by=cast.stranger), by=cast.employee)
    trail = AuditRecord.objects.get(action="commitments.sign_agreement", actor=cast.stranger)
    assert (trail.on_behalf_of, trail.details["medium"]) == (cast.leader, "portal")
    words = "Sindre Foss signerte som stedfortreder for Liv Dahl."
    letters = Letter.objects.filter(kind="commitments.signed")
    assert {one.recipient: words in one.text for one in letters} == {
        cast.leader: True,
        cast.employee: True,
    }
    page = signed_in(cast.employee).get(url("detail", signed)).content.decode()
    assert ("Sindre Foss" in page, "stedfortreder for Liv Dahl" in page) == (True, True)
    document = words_of(render_document(signed))
    assert "Signert av Sindre Foss, stedfortreder for Liv Dahl, bekreftet med passord" in document


def test_an_ordinary_letter_speaks_of_no_substitute(cast: Cast) -> None:
    make_signed(cast)
    texts = Letter.objects.filter(kind="commitments.signed").values_list("text", flat=True)
    assert [("stedfortreder" in text) for text in texts] == [False, False]


def test_the_evidence_knows_of_the_substitution(cast: Cast) -> None:
    make_substitution(cast)
    signed = sign(sign(make_agreed(cast), by=cast.stranger), by=cast.employee)
    kinds = EvidenceEvent.objects.filter(agreement=signed.agreement).values_list("kind", flat=True)
    assert [kind for kind in kinds if kind.startswith("signed")] == ["signed_for", "signed"]
    assert list(verify_all()) == []


def test_what_was_signed_stands_when_the_substitution_ends(cast: Cast) -> None:
    held = make_substitution(cast)
    agreed = sign(make_agreed(cast), by=cast.stranger)
    end_substitution(substitution=held, by=cast.leader, now=timezone.now())
    assert sign(agreed, by=cast.employee).state == "signed"
    assert list(verify_all()) == []


@pytest.mark.parametrize("first", [DAY, -5 * DAY])
def test_before_and_after_the_time_nobody_signs_for_the_leader(
    cast: Cast, first: dt.timedelta
) -> None:
    make_substitution(cast, first=timezone.localdate() + first, days=2)
    agreed = make_agreed(cast)
    assert waiting_for(cast.stranger) == []
    with pytest.raises(AgreementRefused, match="stedfortreder for lederen"):
        sign(agreed, by=cast.stranger)
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("days", [0, 3])
def test_the_first_and_the_last_day_count(cast: Cast, days: int) -> None:
    today = timezone.localdate()
    make_substitution(cast, first=today - days * DAY, days=days)
    agreed = make_agreed(cast)
    assert waiting_for(cast.stranger) == [agreed]
    sign(agreed, by=cast.stranger)
    assert Signature.objects.get().on_behalf_of == cast.leader


def test_a_substitution_elsewhere_lets_nobody_sign_here(cast: Cast) -> None:
    make_substitution(cast, unit=cast.sibling_unit)
    make_agreed(cast)
    assert waiting_for(cast.stranger) == []


def test_a_substitution_on_a_unit_above_holds_below(cast: Cast) -> None:
    make_substitution(cast, unit=cast.department)
    assert sign(make_agreed(cast), by=cast.stranger).signatures.count() == 1


def test_the_employee_never_signs_for_their_own_leader(cast: Cast, signed_in: SignedIn) -> None:
    make_substitution(cast, substitute=cast.employee)
    agreed = make_agreed(cast)
    assert waiting_for(cast.employee) == []
    page = signed_in(cast.employee).get(url("detail", agreed)).content.decode()
    assert "er stedfortreder for" not in page
    sign(agreed, by=cast.employee)
    signature = Signature.objects.get()
    assert (signature.party, signature.on_behalf_of) == ("employee", None)


def test_nobody_signs_for_an_employee(cast: Cast) -> None:
    """Who stands in for an employee that leads elsewhere does so for the leader's part alone."""
    make_substitution(cast, leader=cast.employee, by=cast.manager)
    with pytest.raises(AgreementRefused):
        sign(make_agreed(cast), by=cast.stranger)


def test_the_leader_may_sign_though_there_is_a_substitute(cast: Cast) -> None:
    make_substitution(cast)
    agreed = sign(make_agreed(cast), by=cast.leader)
    assert waiting_for(cast.stranger) == []
    with pytest.raises(AssertionError):
        assert sign(agreed, by=cast.stranger).signatures.count() == 2
    assert Signature.objects.get().on_behalf_of is None


def test_a_signature_by_the_substitute_is_voided_by_an_edit_as_any_other(cast: Cast) -> None:
    make_substitution(cast)
    agreed = sign(make_agreed(cast), by=cast.stranger)
    save_draft(
        revision=agreed,
        seen_version=agreed.version,
        content=AgreementContent(commitments=[]),
        by=cast.employee,
        now=timezone.now(),
    )
    again = newest(agreed.agreement)
    assert (again.state, again.signatures.count(), Signature.objects.count()) == ("draft", 0, 1)


# What PostgreSQL refuses


def put_signature(revision: Revision, **fields: Any) -> None:
    """Round all of the code."""
    now = timezone.now()
    values = {
        "signer": fields.get("signer"),
        "signer_name": "Sindre Foss",
        "party": "leader",
        "on_behalf_of": None,
        "on_behalf_of_name": "Liv Dahl" if fields.get("on_behalf_of") else "",
        "method": "password",
        "authenticated_at": now,
        "signed_at": now,
        "sha256": revision.sha256,
        **fields,
    }
    with transaction.atomic():
        Signature.objects.create(revision=revision, **values)


def test_the_database_takes_a_true_substitutes_signature(cast: Cast) -> None:
    """Or the refusals below would prove nothing."""
    held = make_substitution(cast)
    put_signature(
        make_agreed(cast), signer=cast.stranger, on_behalf_of=cast.leader, substitution=held
    )
    assert Signature.objects.count() == 1


IN_TIME_AND_PLACE = "only a substitute signs for a leader"


@pytest.mark.parametrize(
    ("made", "put", "words"),
    [
        ({"first": 1}, {}, IN_TIME_AND_PLACE),
        ({"first": -9}, {}, IN_TIME_AND_PLACE),
        ({"unit": "sibling_unit"}, {}, IN_TIME_AND_PLACE),
        ({"leader": "manager"}, {}, IN_TIME_AND_PLACE),
        ({}, {"signer": "hr"}, IN_TIME_AND_PLACE),
        ({}, {"on_behalf_of": "manager"}, "only a party signs"),
        ({}, {"on_behalf_of": "employee", "party": "employee"}, IN_TIME_AND_PLACE),
        ({"substitute": "employee"}, {"signer": "employee"}, "only a party signs"),
        ({}, {"substitution": None}, IN_TIME_AND_PLACE),
        ({}, {"on_behalf_of_name": ""}, "substitute_signs_for_the_leader"),
    ],
)
def test_the_database_refuses_a_substitute_who_is_none(
    cast: Cast, made: dict[str, Any], put: dict[str, Any], words: str
) -> None:
    named = {key: getattr(cast, value) for key, value in made.items() if key != "first"}
    first = timezone.localdate() + made.get("first", 0) * DAY
    held = make_substitution(cast, first=first, days=2, **{"by": cast.administrator, **named})
    people = {
        key: getattr(cast, value) if key in ("signer", "on_behalf_of") else value
        for key, value in put.items()
    }
    fields = {"signer": cast.stranger, "on_behalf_of": cast.leader, "substitution": held}
    with pytest.raises(DatabaseError, match=words):
        put_signature(make_agreed(cast), **{**fields, **people})
    assert Signature.objects.count() == 0


def test_the_database_refuses_a_substitution_that_is_ended(cast: Cast) -> None:
    held = make_substitution(cast)
    agreed = make_agreed(cast)
    end_substitution(substitution=held, by=cast.stranger, now=timezone.now())
    with pytest.raises(DatabaseError, match=IN_TIME_AND_PLACE):
        put_signature(agreed, signer=cast.stranger, on_behalf_of=cast.leader, substitution=held)


# What a substitute sees


PAGES = ["detail", "edit", "propose", "agree", "send_back", "amend", "end", "pdf", "follow_up"]
SIGNING = ["sign", "paper", "paper_pdf"]


def statuses(browser: Client, revision: Revision, names: list[str]) -> set[int]:
    return {browser.get(url(name, revision)).status_code for name in names}


def test_a_substitute_reads_what_waits_for_the_leader_and_no_more(cast: Cast) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    Note.objects.create(revision=agreed, author=cast.employee, text=SECRETS[3])
    browser = proven(cast.stranger)
    page = browser.get(url("sign", agreed)).content.decode()
    assert [secret in page for secret in SECRETS] == [True, True, True, False]
    assert "Sindre Foss signerer for Liv Dahl" in page
    assert statuses(browser, agreed, PAGES) == {404}
    assert statuses(browser, agreed, SIGNING) == {200}
    assert browser.get(reverse("commitments:revision", args=[agreed.agreement_id, 1])).status_code


def test_older_wordings_are_not_the_substitutes_business(cast: Cast, signed_in: SignedIn) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    older = reverse("commitments:revision", args=[agreed.agreement_id, agreed.number])
    assert signed_in(cast.stranger).get(older).status_code == 404


@pytest.mark.parametrize("make", [make_draft, make_proposal, make_signed])
def test_in_every_other_state_a_substitute_sees_nothing(
    cast: Cast, signed_in: SignedIn, make: Callable[[Cast], Revision]
) -> None:
    make_substitution(cast)
    revision = make(cast)
    browser = signed_in(cast.stranger)
    assert statuses(browser, revision, [*PAGES, *SIGNING]) == {404}
    lists = [reverse(f"commitments:{name}") for name in ("substitutes", "list")]
    shown = "".join(browser.get(address).content.decode() for address in lists)
    assert cast.employee.name not in shown
    assert all(secret not in shown for secret in SECRETS)


def test_once_signed_a_substitute_sees_nothing_more(cast: Cast) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    browser = proven(cast.stranger)
    answer = browser.post(url("sign", agreed), seen(agreed), follow=True)
    assert answer.redirect_chain == [(reverse("commitments:substitutes"), 302)]
    assert "Du har signert for Liv Dahl." in answer.content.decode()
    assert cast.employee.name not in answer.content.decode()
    assert statuses(browser, agreed, [*PAGES, *SIGNING]) == {404}
    twice = browser.post(url("sign", agreed), seen(agreed))
    assert (twice.status_code, Signature.objects.count()) == (302, 1)


def test_when_it_ends_a_substitute_sees_nothing(cast: Cast, signed_in: SignedIn) -> None:
    held = make_substitution(cast)
    agreed = make_agreed(cast)
    end_substitution(substitution=held, by=cast.leader, now=timezone.now())
    assert statuses(signed_in(cast.stranger), agreed, SIGNING) == {404}


@pytest.mark.parametrize("kind", ["manager", "hr", "coordinator", "organiser", "administrator"])
def test_naming_a_substitute_lets_nobody_else_in(
    cast: Cast, signed_in: SignedIn, kind: str
) -> None:
    make_substitution(cast, by=cast.administrator)
    agreed = make_agreed(cast)
    browser = signed_in(getattr(cast, kind))
    assert statuses(browser, agreed, [*PAGES, *SIGNING]) == {404}
    page = browser.get(reverse("commitments:substitutes")).content.decode()
    assert cast.employee.name not in page


@pytest.mark.parametrize("name", ["detail", "sign"])
def test_the_employee_sees_beforehand_who_may_sign(cast: Cast, name: str) -> None:
    held = make_substitution(cast)
    agreed = make_agreed(cast)
    page = " ".join(proven(cast.employee).get(url(name, agreed)).content.decode().split())
    assert "Sindre Foss er stedfortreder for Liv Dahl til og med" in page
    assert held.valid_to is not None


def test_the_one_who_says_yes_sees_who_may_sign(cast: Cast, signed_in: SignedIn) -> None:
    make_substitution(cast)
    proposal = make_proposal(cast)
    page = signed_in(cast.leader).get(url("agree", proposal)).content.decode()
    assert "Sindre Foss er stedfortreder" in page


def test_no_substitute_is_spoken_of_when_there_is_none(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.employee).get(url("detail", make_agreed(cast))).content.decode()
    assert "er stedfortreder" not in page


# The pages


def test_a_leader_names_a_substitute_on_the_page(cast: Cast, confirmed: SignedIn) -> None:
    today = timezone.localdate()
    browser = confirmed(cast.leader)
    address = reverse("commitments:name_substitute", args=[cast.unit.pk])
    assert "Hjemmetjenesten nord" in browser.get(address).content.decode()
    data = {
        "person": "stranger@example.org",
        "valid_from": today.isoformat(),
        "valid_to": (today + 9 * DAY).isoformat(),
    }
    answer = browser.post(address, data, follow=True)
    assert "Sindre Foss for Liv Dahl" in answer.content.decode()
    held = Substitution.objects.get()
    assert (held.leader, held.named_by, held.unit) == (cast.leader, cast.leader, cast.unit)


BAD = [
    ({"person": "ingen@example.org"}, "passer med «ingen@example.org»"),
    ({"person": ""}, "data-error-summary"),
    ({"person": "leader@example.org"}, "Lederen kan ikke være sin egen stedfortreder."),
    ({"valid_from": "2020-01-01"}, "En stedfortreder kan ikke oppgis tilbake i tid."),
    ({"valid_to": ""}, "data-error-summary"),
    ({"valid_from": "2099-02-01", "valid_to": "2099-01-01"}, "Siste dag er før den første."),
    ({"valid_to": "2110-01-01"}, "En stedfortreder kan oppgis for høyst ett år om gangen."),
]


@pytest.mark.parametrize(("changes", "words"), BAD)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    cast: Cast, confirmed: SignedIn, changes: dict[str, str], words: str
) -> None:
    data = {"person": "stranger@example.org", "valid_from": "2099-01-01", "valid_to": "2099-01-09"}
    address = reverse("commitments:name_substitute", args=[cast.unit.pk])
    page = confirmed(cast.leader).post(address, data | changes)
    assert (page.status_code, words in page.content.decode()) == (200, True)
    assert all(value in page.content.decode() for value in (data | changes).values())
    assert Substitution.objects.count() == 0


def test_nobody_names_themselves(cast: Cast, confirmed: SignedIn) -> None:
    """A leader above could else get into what is between two others."""
    address = reverse("commitments:name_substitute", args=[cast.unit.pk])
    data = {"person": "manager@example.org", "valid_from": "2099-01-01", "valid_to": "2099-01-09"}
    page = confirmed(cast.manager).post(address, data).content.decode()
    assert "Du kan ikke oppgi deg selv som stedfortreder." in page
    assert Substitution.objects.count() == 0


def test_a_second_substitute_at_the_same_time_is_refused(cast: Cast) -> None:
    make_substitution(cast)
    with pytest.raises(SubstitutionRefused, match="Liv Dahl har allerede en stedfortreder her"):
        make_substitution(cast, substitute=cast.hr)
    assert Substitution.objects.count() == 1


def test_a_substitute_ends_it_as_well(cast: Cast, signed_in: SignedIn) -> None:
    held = make_substitution(cast)
    address = reverse("commitments:end_substitution", args=[held.pk])
    browser = signed_in(cast.stranger)
    assert "Sindre Foss er stedfortreder for Liv Dahl" in browser.get(address).content.decode()
    assert browser.post(address).status_code == 302
    held.refresh_from_db()
    assert held.ended_by == cast.stranger
    assert browser.post(address).status_code == 404


def test_ending_twice_is_refused(cast: Cast) -> None:
    held = make_substitution(cast)
    end_substitution(substitution=held, by=cast.leader, now=timezone.now())
    with pytest.raises(SubstitutionRefused, match="allerede avsluttet"):
        end_substitution(substitution=held, by=cast.stranger, now=timezone.now())


def test_the_page_of_somebody_who_is_no_substitute_says_so(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.hr).get(reverse("commitments:substitutes")).content.decode()
    assert "Du er ikke stedfortreder for noen" in page


def test_the_unit_page_leads_there_for_those_who_may(cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("commitments:name_substitute", args=[cast.unit.pk])
    unit = reverse("people:unit", args=[cast.unit.pk])
    seen_by = {
        kind: address in signed_in(getattr(cast, kind)).get(unit).content.decode()
        for kind in ("leader", "manager", "administrator", "employee", "hr")
    }
    assert seen_by == {
        "leader": True,
        "manager": True,
        "administrator": True,
        "employee": False,
        "hr": False,
    }


# Letters


def test_naming_tells_those_whom_it_concerns(cast: Cast) -> None:
    make_draft(cast)
    today = timezone.localdate()
    named = name_substitute(
        leader=cast.leader,
        substitute=cast.stranger,
        unit=cast.unit,
        valid_from=today,
        valid_to=today + DAY,
        by=cast.administrator,
        now=timezone.now(),
    )
    told = Letter.objects.filter(about_type="people.substitution")
    assert {(one.recipient, one.kind) for one in told} == {
        (cast.stranger, "commitments.substitute_asked"),
        (cast.leader, "commitments.substitute_named"),
        (cast.employee, "commitments.substitute_named"),
    }
    end_substitution(substitution=named, by=cast.administrator, now=timezone.now())
    ended = Letter.objects.filter(kind="commitments.substitute_ended")
    assert {one.recipient for one in ended} == {cast.stranger, cast.leader, cast.employee}


def test_a_leader_is_told_of_what_was_done_in_the_leaders_own_name(cast: Cast) -> None:
    """It may have been done with the leader's browser and not by the leader."""
    today = timezone.localdate()
    named = name_substitute(
        leader=cast.leader,
        substitute=cast.stranger,
        unit=cast.unit,
        valid_from=today,
        valid_to=today + DAY,
        by=cast.leader,
        now=timezone.now(),
    )
    end_substitution(substitution=named, by=cast.leader, now=timezone.now())
    told = Letter.objects.filter(recipient=cast.leader).values_list("kind", flat=True)
    assert sorted(told) == ["commitments.substitute_ended", "commitments.substitute_named"]


@pytest.mark.parametrize("kind", ["leader", "manager", "administrator"])
def test_nobody_is_named_without_a_fresh_confirmation(
    cast: Cast, signed_in: SignedIn, kind: str
) -> None:
    browser = signed_in(getattr(cast, kind))
    address = reverse("commitments:name_substitute", args=[cast.unit.pk])
    data = {"person": "stranger@example.org", "valid_from": "2099-01-01", "valid_to": "2099-01-09"}
    for answer in (browser.get(address, follow=True), browser.post(address, data, follow=True)):
        assert answer.redirect_chain[-1][0].startswith("/konto/bekreft/")
    assert Substitution.objects.count() == 0


def test_the_substitute_is_told_when_something_is_ready(cast: Cast) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    letter = Letter.objects.get(recipient=cast.stranger)
    assert letter.kind == "commitments.substitute_waits"
    assert letter.subject == "En avtale venter på deg som stedfortreder"
    assert cast.employee.name not in letter.text + letter.html
    assert url("sign", agreed) in letter.text


def test_without_a_substitute_no_such_letter_is_sent(cast: Cast) -> None:
    make_agreed(cast)
    assert Letter.objects.filter(kind="commitments.substitute_waits").count() == 0


# Rows that last


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE people_substitution SET valid_to = valid_to + 30", "Cannot update"),
        ("UPDATE people_substitution SET substitute_id = named_by_id", "Cannot update"),
        ("DELETE FROM people_substitution", "Cannot delete"),
        ("TRUNCATE people_substitution CASCADE", "Cannot truncate people_substitution"),
        ("UPDATE people_substitution SET ended_at = now()", "ended_by_somebody"),
    ],
)
def test_a_substitution_never_changes(cast: Cast, sql: str, words: str) -> None:
    make_substitution(cast)
    with pytest.raises(DatabaseError, match=words):
        execute(sql)


def execute(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows whose foreign keys are checked at the end would stop TRUNCATE by themselves.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


def test_an_ended_substitution_is_never_taken_up_again(cast: Cast) -> None:
    held = make_substitution(cast)
    end_substitution(substitution=held, by=cast.leader, now=timezone.now())
    with pytest.raises(DatabaseError, match="Cannot update"):
        Substitution.objects.filter(pk=held.pk).update(ended_at=None, ended_by=None)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"substitute": "leader", "named_by": "manager"}, "substitute_is_another"),
        ({"substitute": "manager", "named_by": "manager"}, "substitute_is_named_by_another"),
        ({"valid_to": None}, "substitution_has_a_last_day"),
        ({"valid_to": dt.date(2020, 1, 1)}, "substitution_validity_in_order"),
    ],
)
def test_the_table_keeps_its_rules(cast: Cast, fields: dict[str, Any], name: str) -> None:
    today = timezone.localdate()
    people = {key: getattr(cast, value) for key, value in fields.items() if key != "valid_to"}
    values = {
        "leader": cast.leader,
        "substitute": cast.stranger,
        "named_by": cast.leader,
        "unit": cast.unit,
        "valid_from": today,
        "valid_to": fields.get("valid_to", today),
    }
    with pytest.raises(DatabaseError, match=name):
        Substitution.objects.create(**{**values, **people})


def test_an_agreement_that_is_ended_waits_for_nobody(cast: Cast) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    end_agreement(agreement=agreed.agreement, reason="Ferdig", by=cast.employee, now=timezone.now())
    assert waiting_for(cast.stranger) == []
    with pytest.raises(AgreementRefused, match="avsluttet"):
        sign_agreement(
            revision=agreed,
            sha256=agreed.sha256,
            proof=make_proof(),
            by=cast.stranger,
            now=timezone.now(),
        )
    assert Agreement.objects.get().ended_at is not None


@pytest.mark.parametrize("on_paper", [False, True])
def test_what_a_substitute_signed_is_erased_with_the_rest(cast: Cast, on_paper: bool) -> None:
    make_substitution(cast)
    put = sign_on_paper if on_paper else sign
    signed = put(put(make_agreed(cast), by=cast.stranger), by=cast.employee)
    agreement = signed.agreement
    end_agreement(agreement=agreement, reason="Ferdig", by=cast.employee, now=timezone.now())
    long_ago(Agreement.objects.get(pk=agreement.pk))
    erase_agreements()
    assert Signature.objects.count() == 0
    assert list(verify_all()) == []


def test_what_is_private_to_each_of_the_two_is_not_the_substitutes(
    cast: Cast, signed_in: SignedIn
) -> None:
    """Preparing, private notes and conversations, all from the time the substitution holds."""
    make_substitution(cast)
    agreed = make_agreed(cast)
    browser = signed_in(cast.stranger)
    for name in ("prepare", "arrange", "pause", "decline", "withdraw", "reconcile", "share"):
        assert (name, browser.get(url(name, agreed)).status_code) == (name, 404)


def test_a_leader_who_has_moved_has_no_substitute_there(cast: Cast) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    cast.unit.leaderships.update(valid_to=timezone.localdate() - DAY)
    assert part(agreed.agreement_id, now=timezone.now()) is not None
    assert waiting_for(cast.stranger) == []
    with pytest.raises(AgreementRefused):
        sign(agreed, by=cast.stranger)
