"""What is different between two wordings: field by field, in words and not by colour alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.differences import Differences, differences, pieces
from commitments.drafts import AgreementContent, content_of
from commitments.models import Revision
from commitments.writing.actions import save_draft
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import (
    make_promise,
    make_proposal,
    make_signed,
    newest,
    propose,
)
from tests.commitments.test_views import text_of, url

SignedIn = Callable[[User], Client]


def rewritten(revision: Revision, by: User, **changes: object) -> Revision:
    """The next revision, by whoever answers, with a leader's commitment said differently."""
    content = content_of(revision)
    first = content.commitments[0]
    kept = [
        type(first)(
            **{
                **vars(first),
                "text": first.text.replace("onsdager", "fredager"),
                "room": "Fritt",
                "review_on": dt.date(2027, 2, 1),
            }
        ),
        make_promise("both", revision.mission_version, text="Vi spiser lunsj"),
    ]
    new = AgreementContent(kept, **{"goals": "Nye mål", **changes})  # type: ignore[arg-type]
    save_draft(
        revision=revision, seen_version=revision.version, content=new, by=by, now=timezone.now()
    )
    return newest(revision.agreement)


def told(found: Differences) -> list[tuple[str, str, list[str]]]:
    return [
        (one.kind, one.whose, [str(field.label) for field in one.fields])
        for one in found.commitments
    ]


def test_each_field_that_changed_is_told(cast: Cast) -> None:
    proposal = make_proposal(cast)
    found = differences(proposal, rewritten(proposal, cast.leader))
    assert told(found) == [
        ("changed", "Liv Dahl", ["Forpliktelsen", "Handlingsrom", "Vurderes på nytt"]),
        ("added", "Begge", []),
        ("removed", "Even Moen", []),
    ]
    assert [str(field.label) for field in found.wording] == ["Mål lederen har satt"]


def test_nothing_different_is_nothing(cast: Cast) -> None:
    proposal = make_proposal(cast)
    assert not differences(proposal, proposal)


def test_a_promise_that_changes_hands_is_told(cast: Cast) -> None:
    proposal = make_proposal(cast)
    content = content_of(proposal)
    moved = [type(one)(**{**vars(one), "owner": "both"}) for one in content.commitments]
    save_draft(
        revision=proposal,
        seen_version=proposal.version,
        content=AgreementContent(moved),
        by=cast.leader,
        now=timezone.now(),
    )
    found = differences(proposal, newest(proposal.agreement))
    assert told(found) == [("changed", "Begge", ["Hvem forplikter seg"])] * 2


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c", "a x c", [("same", "a "), ("removed", "b"), ("added", "x"), ("same", " c")]),
        ("", "ny", [("added", "ny")]),
        ("gammel", "", [("removed", "gammel")]),
        ("likt", "likt", [("same", "likt")]),
        (
            "Du velger tiden selv",
            "Jeg sier fra når det trengs",
            [("removed", "Du velger tiden selv"), ("added", "Jeg sier fra når det trengs")],
        ),
    ],
)
def test_words_are_compared_one_by_one(
    before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    assert [(one.kind.value, one.text) for one in pieces(before, after)] == expected


@pytest.mark.parametrize("name", ["agree", "send_back", "detail"])
def test_whoever_answers_sees_what_is_new(cast: Cast, signed_in: SignedIn, name: str) -> None:
    proposal = make_proposal(cast)
    again = propose(rewritten(proposal, cast.leader), by=cast.leader)
    page = text_of(signed_in(cast.employee).get(url(name, again)))
    assert "Endret siden utgave 1" in page
    assert '<span class="pkt-sr-only">[fjernet: </span>onsdager' in page
    assert '<span class="pkt-sr-only">[lagt til: </span>fredager' in page
    assert "<del" in page
    assert "<ins" in page


def test_a_first_proposal_has_nothing_to_compare_with(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.leader).get(url("agree", make_proposal(cast)))
    assert page.context["changes"] is None


def test_an_amendment_is_compared_with_what_is_signed(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast)
    amend_agreement(
        agreement=signed.agreement, reason="Ny turnus", by=cast.leader, now=timezone.now()
    )
    proposal = propose(rewritten(newest(signed.agreement), cast.leader), by=cast.leader)
    browser = signed_in(cast.employee)
    page = browser.get(url("agree", proposal))
    assert page.context["changes"].base == signed
    counter = rewritten(proposal, cast.employee, upward="Vikar")
    shown = reverse("commitments:revision", args=[proposal.agreement_id, counter.number])
    page = browser.get(shown)
    assert page.context["changes"].base.number == 2
    assert "Sammenlign med den signerte, utgave 1" in text_of(page)
    assert browser.get(shown, {"mot": "1"}).context["changes"].base == signed
    assert browser.get(shown, {"mot": "tull"}).context["changes"].base.number == 2


def test_markup_in_words_is_words(cast: Cast, signed_in: SignedIn) -> None:
    proposal = make_proposal(cast)
    again = propose(rewritten(proposal, cast.leader, upward="<script>x</script>"), by=cast.leader)
    page = text_of(signed_in(cast.employee).get(url("agree", again)))
    assert "&lt;script&gt;" in page
    assert "<script>x" not in page
