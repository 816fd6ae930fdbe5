"""How many queries each page may ask, with more rows than a budget could hide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commitments.eligible_pairs import Pair
from commitments.follow_up.actions import Said, hold_follow_up
from commitments.models import GuidingQuestion
from commitments.preparing.actions import save_answer, say_ready
from commitments.proposing.actions import comment_on_agreement
from commitments.writing.actions import save_draft, start_agreement
from people.models import Substitution, User
from tests.cast import Cast
from tests.commitments.factories import (
    PASSWORD,
    make_agreed,
    make_content,
    make_draft,
    make_proposal,
    make_signed,
    make_substitution,
    newest,
    sign_in_fully,
)
from tests.factories import make_employee

SignedIn = Callable[[User], Client]


def queries(browser: Client, url: str) -> int:
    browser.get(url)  # the session's own row is read and written the first time
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def fill(revision: Any, count: int, by: User) -> None:
    owners = ["leader", "employee", "both"] * count
    save_draft(
        revision=revision,
        seen_version=revision.version,
        content=make_content(revision.mission_version, *owners[:count]),
        by=by,
        now=timezone.now(),
    )


def test_the_list_asks_no_more_for_many_people(cast: Cast, signed_in: SignedIn) -> None:
    make_draft(cast)
    for number in range(25):
        colleague = make_employee(cast.unit, f"Kollega {number}")
        pair = Pair(cast.leader, colleague, cast.unit, "Konsulent")
        start_agreement(pair=pair, by=colleague, now=timezone.now())
    assert queries(signed_in(cast.leader), reverse("commitments:list")) <= 12


@pytest.mark.parametrize(
    ("name", "make", "who", "budget"),
    [
        ("detail", make_draft, "employee", 18),
        ("detail", make_proposal, "leader", 18),
        ("detail", make_agreed, "leader", 18),
        ("prepare", make_draft, "employee", 10),
        ("edit", make_draft, "employee", 12),
        ("propose", make_draft, "employee", 12),
        ("agree", make_proposal, "leader", 12),
        ("send_back", make_proposal, "leader", 12),
    ],
)
def test_a_page_asks_no_more_for_many_commitments(
    cast: Cast, signed_in: SignedIn, name: str, make: Any, who: str, budget: int
) -> None:
    few = make(cast)
    url = reverse(f"commitments:{name}", args=[few.agreement_id])
    assert queries(signed_in(getattr(cast, who)), url) <= budget


def test_detail_asks_no_more_for_a_long_life(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast, follow_up_on=timezone.localdate())
    agreement, now = signed.agreement, timezone.now()
    url = reverse("commitments:detail", args=[agreement.pk])
    browser = signed_in(cast.leader)
    before = queries(browser, url)
    for number in range(20):
        comment_on_agreement(revision=signed, text=f"{number}", by=cast.leader, now=now)
    for week in range(1, 5):
        hold_follow_up(
            follow_up=agreement.follow_ups.outstanding().get(),
            said={one.pk: Said("kept") for one in signed.commitments.all()},
            next_on=timezone.localdate() + dt.timedelta(weeks=week),
            by=cast.leader,
            now=now,
        )
    assert queries(browser, url) <= before + 2


def test_edit_asks_no_more_for_twenty_commitments(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    url = reverse("commitments:edit", args=[draft.agreement_id])
    browser = signed_in(cast.leader)
    before = queries(browser, url)
    fill(draft, 20, cast.leader)
    assert newest(draft.agreement).commitments.count() == 20
    assert queries(browser, url) == before
    detail = reverse("commitments:detail", args=[draft.agreement_id])
    assert queries(browser, detail) <= 18


def test_the_page_of_substitutes_asks_no_more_for_many(cast: Cast, signed_in: SignedIn) -> None:
    address = reverse("commitments:substitutes")
    make_substitution(cast, unit=cast.department)
    browser = signed_in(cast.stranger)
    before = queries(browser, address)
    for number in range(15):
        colleague = make_employee(cast.unit, f"Kollega {number}")
        make_agreed(replace(cast, employee=colleague))
        make_substitution(cast, leader=colleague, by=cast.manager)
    page = browser.get(address).content.decode()
    assert (page.count("Les og signer"), page.count("Sindre Foss for")) == (15, 16)
    assert queries(browser, address) <= before + 1


@pytest.mark.parametrize(("name", "budget"), [("sign", 21), ("paper", 19)])
def test_a_page_to_sign_on_has_a_budget(cast: Cast, name: str, budget: int) -> None:
    make_substitution(cast)
    agreed = make_agreed(cast)
    browser = sign_in_fully(cast.stranger)
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert queries(browser, reverse(f"commitments:{name}", args=[agreed.agreement_id])) <= budget


def test_the_page_that_names_a_substitute_has_a_budget(
    cast: Cast, signed_in: SignedIn, confirmed: SignedIn
) -> None:
    for number in range(12):
        first = timezone.localdate() + dt.timedelta(days=30 * number)
        make_substitution(cast, first=first)
    address = reverse("commitments:name_substitute", args=[cast.unit.pk])
    # Six of them are how the person could confirm who they are, which is asked before the form.
    assert queries(confirmed(cast.leader), address) <= 17  # three for those who may be named
    held = Substitution.objects.first()
    assert held is not None
    ending = reverse("commitments:end_substitution", args=[held.pk])
    assert queries(signed_in(cast.leader), ending) <= 8


def test_preparing_asks_no_more_for_many_answers(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_draft(cast).agreement
    for person in (cast.leader, cast.employee):
        for question in GuidingQuestion.values:
            save_answer(
                agreement=agreement, question=question, text="x", by=person, now=timezone.now()
            )
    browser = signed_in(cast.leader)
    where = reverse("commitments:prepare", args=[agreement.pk])
    assert queries(browser, where) <= 11
    for person in (cast.leader, cast.employee):
        say_ready(agreement=agreement, by=person, now=timezone.now())
    assert queries(browser, where) <= 11
    assert queries(browser, reverse("commitments:detail", args=[agreement.pk])) <= 19
