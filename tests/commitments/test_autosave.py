"""What is typed and not saved: kept for its author alone, offered again, gone once it is saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from commitments.ending.actions import end_agreement
from commitments.models import Agreement, UnsavedWork
from people.models import AuditRecord, User
from tests import clock
from tests.cast import KINDS, Cast
from tests.commitments.factories import make_draft, newest, propose, save
from tests.commitments.test_merging import form_of, sent_from, texts
from tests.commitments.test_views import said, text_of, url

SignedIn = Callable[[User], Client]
TYPED = "Halvferdig tanke"


def autosaved(browser: Client, revision: Any, text: str = TYPED) -> dict[str, Any]:
    form = form_of(browser, revision, **{"c-0-text": text, "c-0-why": ""})
    browser.post(url("autosave", revision), form)
    return form


def test_what_is_typed_is_kept_and_told(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    answer = browser.post(url("autosave", draft), form_of(browser, draft, goals=TYPED))
    assert answer.json()["said"].startswith("Mellomlagret kl. ")
    kept = UnsavedWork.objects.get()
    assert (kept.author, kept.typed["goals"]) == (cast.leader, TYPED)
    assert "csrfmiddlewaretoken" not in kept.typed
    assert newest(draft.agreement).version == draft.version


def test_it_is_offered_when_the_form_is_opened_again(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    autosaved(browser, draft)
    page = browser.get(url("edit", draft))
    assert "Her er det du ikke rakk å lagre" in text_of(page)
    assert TYPED in text_of(page)


def test_the_later_one_takes_the_place_of_the_earlier(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    autosaved(browser, draft)
    autosaved(browser, draft, "Nesten ferdig")
    assert [one.typed["c-0-text"] for one in UnsavedWork.objects.all()] == ["Nesten ferdig"]


def test_nobody_else_sees_what_is_not_saved(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    autosaved(signed_in(cast.leader), draft)
    counts = {
        kind: UnsavedWork.objects.visible_to(getattr(cast, kind), on=clock.today()).count()
        for kind in KINDS
    }
    assert counts == dict.fromkeys(KINDS, 0) | {"leader": 1}
    assert UnsavedWork.objects.visible_to(AnonymousUser(), on=clock.today()).count() == 0
    other = signed_in(cast.employee)
    for page in ("edit", "detail", "propose"):
        assert TYPED not in text_of(other.get(url(page, draft)))
    lines = [f"{one.action} {one.details}" for one in AuditRecord.objects.all()]
    assert all("autosave" not in line and TYPED not in line for line in lines)


def test_a_leader_who_has_moved_sees_it_no_more(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    autosaved(signed_in(cast.leader), draft)
    Agreement.objects.filter(pk=draft.agreement_id).update(leader_access_ended_at=timezone.now())
    assert UnsavedWork.objects.visible_to(cast.leader, on=clock.today()).count() == 0


def test_it_goes_when_it_is_saved(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    autosaved(browser, draft)
    autosaved(signed_in(cast.employee), draft)
    page = browser.get(url("edit", draft))
    browser.post(url("edit", draft), sent_from(page, **{"c-0-why": "y"}))
    assert texts(draft)[0] == TYPED
    assert [one.author for one in UnsavedWork.objects.all()] == [cast.employee]


def test_what_comes_after_ones_own_save_is_not_unsaved(cast: Cast, signed_in: SignedIn) -> None:
    """A script's request may come in after the form that it was about."""
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    late = form_of(browser, draft, goals=TYPED)
    browser.post(url("edit", draft), late)
    assert browser.post(url("autosave", draft), late).json() == {"said": ""}
    assert UnsavedWork.objects.count() == 0


def test_what_was_not_saved_is_put_together_with_what_was(cast: Cast, signed_in: SignedIn) -> None:
    """The form comes back with what it was made from, however long it lay."""
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    browser.post(url("autosave", draft), form_of(browser, draft, upward=TYPED))
    save(draft, by=cast.employee, goals="Evens mål")
    page = browser.get(url("edit", draft))
    browser.post(url("edit", draft), sent_from(page))
    saved = newest(draft.agreement)
    assert (saved.goals, saved.upward) == ("Evens mål", TYPED)


def test_it_is_thrown_away_when_asked(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    autosaved(browser, draft)
    autosaved(signed_in(cast.employee), draft)
    page = browser.post(url("discard", draft), follow=True)
    assert said(page) == ["Det som ikke var lagret, er slettet."]
    assert TYPED not in text_of(page)
    assert [one.author for one in UnsavedWork.objects.all()] == [cast.employee]


@pytest.mark.parametrize("how", ["propose", "end"])
def test_it_goes_with_the_proposal_and_the_end(cast: Cast, signed_in: SignedIn, how: str) -> None:
    draft = make_draft(cast)
    autosaved(signed_in(cast.leader), draft)
    if how == "propose":
        propose(draft, by=cast.leader)
    else:
        end_agreement(agreement=draft.agreement, reason="x", by=cast.employee, now=timezone.now())
    assert UnsavedWork.objects.count() == 0


def test_more_than_anybody_types_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    answer = signed_in(cast.leader).post(url("autosave", draft), {"goals": "x" * 300_000})
    assert (answer.status_code, answer.json()["said"]) == (
        413,
        "Teksten er for lang til å mellomlagres.",
    )
    assert UnsavedWork.objects.count() == 0


def test_nonsense_that_was_kept_still_opens_the_form(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    browser.post(url("autosave", draft), {"c-TOTAL_FORMS": "mange", "base": "x", "c-0-thread": "?"})
    page = browser.get(url("edit", draft))
    assert page.status_code == 200
