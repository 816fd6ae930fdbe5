"""That what is signed is what was read: page, snapshot and PDF are drawn from one list.

Every value of the snapshot gets words of its own, which are then looked for wherever the two
propose, agree, sign and share, and in the document. A field that is new to the snapshot and empty
here fails until it is given some.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.agreement_text import TERMS, text_of
from commitments.amending.actions import amend_agreement
from commitments.drafts import content_of
from commitments.evidence import snapshot
from commitments.evidence.pdf import render_document, render_for_paper
from commitments.leader_changes.actions import share_agreement
from commitments.models import PLEDGE, WORDING, Agreement, Commitment, Revision
from commitments.writing.actions import save_draft
from common import dates
from people.models import Position, Unit, User
from tests import clock
from tests.cast import Cast
from tests.commitments.factories import (
    PASSWORD,
    agree,
    make_agreement,
    make_content,
    make_signed,
    make_substitution,
    newest,
    propose,
    sign,
    sign_in_fully,
)
from tests.commitments.test_parting import new_leader

SignedIn = Callable[[User], Client]
TECHNICAL = {"schema", "schema_version", "agreement", "salt", "id", "version", "order", "thread"}
"""Numbers and names for machines; `owner` says on whose side the words stand."""
OWNER = "owner"


def leaves(content: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from leaves(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from leaves(value, name)
    elif name not in TECHNICAL and name != OWNER:
        yield name, content


def in_words(value: Any) -> str:
    """As people read it: a day is long, a number is itself."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return dates.long_date(dt.date.fromisoformat(value))
    return str(value)


def fill_everything(revision: Revision) -> None:
    """Words of its own in every text, and a day of its own in every date, of the draft."""
    day = timezone.localdate() + dt.timedelta(days=40)
    for number, one in enumerate(revision.commitments.all()):
        values: dict[str, Any] = {}
        for name in PLEDGE:
            field = Commitment._meta.get_field(name)
            if isinstance(field, models.DateField):
                values[name] = day + dt.timedelta(days=number + 1)
            elif isinstance(field, models.TextField):
                values[name] = f"Kanari {name} {number}"
        Commitment.objects.filter(pk=one.pk).update(**values)
    words = {name: f"Kanari {name}" for name in (*WORDING, "reason")}
    Revision.objects.filter(pk=revision.pk).update(**words, follow_up_on=day)


@pytest.fixture
def draft(cast: Cast) -> Revision:
    """The third revision's draft: the first is signed, so that there is a reason to say."""
    make_signed(cast)
    Unit.objects.filter(pk=cast.unit.pk).update(name="Kanarienheten")
    Unit.objects.filter(pk=cast.agency.pk).update(name="Kanarivirksomheten")
    Position.objects.filter(user=cast.leader).update(title="Kanarileder")
    Position.objects.filter(user=cast.employee).update(title="Kanarimedarbeider")
    agreement = make_agreement(cast)
    begun = amend_agreement(agreement=agreement, reason="x", by=cast.employee, now=timezone.now())
    save_draft(
        revision=begun,
        seen_version=begun.version,
        content=make_content(begun.mission_version, "leader", "employee", "both"),
        by=cast.employee,
        now=timezone.now(),
    )
    fill_everything(newest(agreement))
    return newest(agreement)


def body(page: Any) -> str:
    """The words of the page itself, without markup."""
    assert page.status_code == 200
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def words_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def missing(words: str, content: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in leaves(content) if in_words(value) not in words]


def test_every_value_has_words_to_look_for(draft: Revision) -> None:
    """A new field joins by itself: it is empty here, and so fails, until it is filled above."""
    content = snapshot.content_of(draft, timezone.localdate())
    assert [(name, value) for name, value in leaves(content) if not value] == []
    said = [value for name, value in leaves(content) if str(value).startswith("Kanari ")]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("page", ["propose", "detail"])
def test_a_draft_shows_all_that_is_proposed(
    draft: Revision, cast: Cast, signed_in: SignedIn, page: str
) -> None:
    url = reverse(f"commitments:{page}", args=[draft.agreement_id])
    words = body(signed_in(cast.employee).get(url))
    assert missing(words, snapshot.content_of(draft, timezone.localdate())) == []


@pytest.mark.parametrize("page", ["agree", "send_back", "detail"])
def test_a_proposal_shows_all_that_is_agreed_to(
    draft: Revision, cast: Cast, signed_in: SignedIn, page: str
) -> None:
    proposal = propose(draft, by=cast.employee)
    url = reverse(f"commitments:{page}", args=[proposal.agreement_id])
    words = body(signed_in(cast.leader).get(url))
    assert missing(words, snapshot.read(proposal)) == []


@pytest.mark.parametrize("page", ["sign", "paper", "detail"])
@pytest.mark.parametrize("who", ["leader", "employee", "stranger"])
def test_what_one_signs_shows_all_that_is_signed(
    draft: Revision, cast: Cast, page: str, who: str
) -> None:
    """The stranger is the leader's substitute."""
    make_substitution(cast)
    agreed = agree(propose(draft, by=cast.employee), by=cast.leader)
    browser = sign_in_fully(getattr(cast, who))
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    response = browser.get(reverse(f"commitments:{page}", args=[agreed.agreement_id]))
    if (who, page) == ("stranger", "detail"):
        assert response.status_code == 404
    else:
        assert missing(body(response), snapshot.read(agreed)) == []


def test_the_paper_says_all_that_is_signed_on_it(draft: Revision, cast: Cast) -> None:
    agreed = agree(propose(draft, by=cast.employee), by=cast.leader)
    assert missing(words_of(render_for_paper(agreed)), snapshot.read(agreed)) == []


def test_the_document_says_all_that_was_signed(draft: Revision, cast: Cast) -> None:
    signed = signed_by_both(draft, cast)
    assert missing(words_of(render_document(signed)), snapshot.read(signed)) == []


def signed_by_both(draft: Revision, cast: Cast) -> Revision:
    agreed = agree(propose(draft, by=cast.employee), by=cast.leader)
    return sign(sign(agreed, by=cast.leader), by=cast.employee)


def test_what_was_signed_is_read_again_whole(
    draft: Revision, cast: Cast, signed_in: SignedIn
) -> None:
    signed = signed_by_both(draft, cast)
    for url in (
        reverse("commitments:detail", args=[signed.agreement_id]),
        reverse("commitments:revision", args=[signed.agreement_id, signed.number]),
    ):
        assert missing(body(signed_in(cast.leader).get(url)), snapshot.read(signed)) == []


def test_what_is_shared_is_all_that_was_signed(
    draft: Revision, cast: Cast, signed_in: SignedIn
) -> None:
    """Else the new leader learns the rest first when it is carried forward."""
    signed = signed_by_both(draft, cast)
    successor = new_leader(cast)
    share_agreement(
        agreement=Agreement.objects.get(pk=signed.agreement_id),
        with_user=successor,
        by=cast.employee,
        now=timezone.now(),
    )
    url = reverse("commitments:shared", args=[signed.agreement_id])
    for reader in (successor, cast.employee):
        assert missing(body(signed_in(reader).get(url)), snapshot.read(signed)) == []


def test_the_page_shows_what_was_frozen_and_not_what_a_row_says_now(
    draft: Revision, cast: Cast, signed_in: SignedIn
) -> None:
    """A name or a title may change; what the two sign stays as it was when it was proposed."""
    proposal = propose(draft, by=cast.employee)
    Position.objects.filter(user=cast.leader).update(title="Noe annet")
    url = reverse("commitments:agree", args=[proposal.agreement_id])
    assert missing(body(signed_in(cast.leader).get(url)), snapshot.read(proposal)) == []


def test_every_word_about_the_whole_has_its_place() -> None:
    """What a revision says of the whole is a goal or one of the terms, and so is in the list."""
    assert set(WORDING) | {"follow_up_on", "reason"} == {"goals", *TERMS}


def test_what_is_empty_takes_no_room(cast: Cast) -> None:
    text = text_of(newest(make_agreement(cast)), on=clock.today())
    assert (text.goals, text.terms) == ("", [])
    assert [(side.owner, side.commitments) for side in text.sides] == [
        ("leader", []),
        ("employee", []),
    ]
    assert content_of(newest(make_agreement(cast))).goals == ""
