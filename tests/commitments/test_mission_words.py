"""The mission an agreement hangs on, with its shared words explained."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from missions.glossary.actions import explain_term
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import make_draft, make_proposal, make_signed
from tests.missions.factories import make_mission

SignedIn = Callable[[User], Client]
PAGES = [
    ("start", None, "employee"),
    ("edit", make_draft, "employee"),
    ("detail", make_draft, "leader"),
    ("agree", make_proposal, "leader"),
    ("detail", make_signed, "employee"),
]


def explained_term(cast: Cast) -> str:
    for number in range(12):
        explain_term(
            word=f"Ord {number}", explanation="–", by=cast.administrator, now=timezone.now()
        )
    term = explain_term(
        word="Mestring",
        explanation="Å klare seg selv",
        by=cast.administrator,
        now=timezone.now(),
    )
    return f"ord-{term.pk}"


@pytest.mark.parametrize(("name", "make", "who"), PAGES)
def test_a_word_in_the_mission_leads_to_its_explanation_with_one_query(
    cast: Cast, signed_in: SignedIn, name: str, make: Any, who: str
) -> None:
    make_mission(cast.unit, core_task="Vi gir mestring <b>", by=cast.leader)
    place = explained_term(cast)
    args = [make(cast).agreement_id] if make else []
    browser = signed_in(getattr(cast, who))
    browser.get(reverse("home"))
    with CaptureQueriesContext(connection) as captured:
        html = browser.get(reverse(f"commitments:{name}", args=args)).content.decode()
    asked = [one for one in captured if '"missions_term"' in one["sql"]]
    assert f'popovertarget="{place}">mestring</button> &lt;b&gt;' in html
    assert (html.count(f'id="{place}"'), "Å klare seg selv" in html) == (1, True)
    assert len(asked) == 1


def test_a_page_without_a_mission_asks_for_no_words(cast: Cast, signed_in: SignedIn) -> None:
    explained_term(cast)
    browser = signed_in(cast.employee)
    browser.get(reverse("home"))
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(reverse("commitments:start")).status_code == 200
    assert [one for one in captured if '"missions_term"' in one["sql"]] == []
