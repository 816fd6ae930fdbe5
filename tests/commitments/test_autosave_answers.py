"""A private answer while it is written: kept unsaved, offered again, overwritten by no window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.ending.actions import end_agreement
from commitments.models import Agreement, PreparedAnswer, UnsavedWork
from commitments.preparation_progress import fingerprint
from commitments.preparing.actions import save_answer, say_ready
from commitments.writing.autosave_actions import keep_unsaved
from people.models import User
from tests import clock
from tests.cast import KINDS, Cast
from tests.commitments.factories import make_agreement, make_draft, propose, save
from tests.commitments.test_views import said, text_of

SignedIn = Callable[[User], Client]
TYPED = "Halvferdig hemmelig tanke"


def where(agreement: Agreement, name: str = "answer", question: str = "goals") -> str:
    return reverse(f"commitments:{name}", args=[agreement.pk, question])


def form_of(browser: Client, agreement: Agreement) -> dict[str, str]:
    """What the form would send as it was opened."""
    form = browser.get(where(agreement)).context["form"]
    return {"text": form["text"].value() or "", "seen": form["seen"].value()}


def autosaved(browser: Client, agreement: Agreement, text: str = TYPED) -> Any:
    sent = form_of(browser, agreement) | {"text": text}
    return browser.post(where(agreement, "autosave_answer"), sent).json()["said"]


def saved_text(agreement: Agreement) -> str:
    return PreparedAnswer.objects.get(preparation__agreement=agreement).text


def unsaved_texts() -> list[str]:
    return [one.typed["text"] for one in UnsavedWork.objects.all()]


def test_what_is_typed_is_kept_and_told_and_is_no_answer(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    told = autosaved(signed_in(cast.leader), agreement)
    assert told.startswith("Mellomlagret kl. ")
    assert unsaved_texts() == [TYPED]
    assert PreparedAnswer.objects.count() == 0


def test_it_is_offered_when_the_question_is_opened_again(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    browser = signed_in(cast.leader)
    autosaved(browser, agreement)
    page = browser.get(where(agreement))
    assert "Her er det du ikke rakk å lagre" in text_of(page)
    assert page.context["form"]["text"].value() == TYPED
    browser.post(where(agreement), form_of(browser, agreement))
    assert saved_text(agreement) == TYPED
    assert unsaved_texts() == []


def test_it_can_be_thrown_away(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    browser = signed_in(cast.leader)
    browser.post(where(agreement), {"text": "Lagret", "seen": fingerprint("")})
    autosaved(browser, agreement)
    page = browser.post(where(agreement), {"discard": "1"}, follow=True)
    assert said(page) == ["Det som ikke var lagret, er slettet."]
    assert page.context["form"]["text"].value() == "Lagret"


def test_each_question_and_the_draft_have_their_own(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    autosaved(browser, draft.agreement)
    keep_unsaved(
        agreement=draft.agreement, typed={"goals": "x"}, by=cast.leader, now=timezone.now()
    )
    assert TYPED not in text_of(browser.get(where(draft.agreement, question="room")))
    saved = save(draft, by=cast.leader)
    assert unsaved_texts() == [TYPED]
    propose(saved, by=cast.leader)
    assert unsaved_texts() == [TYPED]


def test_nobody_else_sees_it_and_it_is_not_revealed(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    autosaved(signed_in(cast.leader), agreement)
    counts = {
        kind: UnsavedWork.objects.visible_to(getattr(cast, kind), on=clock.today()).count()
        for kind in KINDS
    }
    assert counts == dict.fromkeys(KINDS, 0) | {"leader": 1}
    other = signed_in(cast.employee)
    assert TYPED not in text_of(other.get(where(agreement)))
    own = text_of(signed_in(cast.leader).get(reverse("commitments:prepare", args=[agreement.pk])))
    assert "Her har du skrevet noe du ikke har lagret." in own
    for person in (cast.leader, cast.employee):
        save_answer(agreement=agreement, question="room", text="Rom", by=person, now=timezone.now())
        say_ready(agreement=agreement, by=person, now=timezone.now())
    assert UnsavedWork.objects.count() == 0
    assert TYPED not in text_of(other.get(reverse("commitments:prepare", args=[agreement.pk])))


def test_two_windows_lose_nothing(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    browser = signed_in(cast.leader)
    first, second = form_of(browser, agreement), form_of(browser, agreement)
    browser.post(where(agreement), first | {"text": "Fra det første"})
    clash = browser.post(where(agreement), second | {"text": "Fra det andre"})
    assert clash.status_code == 409
    assert saved_text(agreement) == "Fra det første"
    assert "Fra det første" in text_of(clash)
    form = clash.context["form"]
    assert form["text"].value() == "Fra det andre"
    both = {"text": "Fra det første og det andre", "seen": form["seen"].value()}
    assert browser.post(where(agreement), both).status_code == 302
    assert saved_text(agreement) == "Fra det første og det andre"


def test_an_unsaved_answer_knows_what_it_was_made_from(cast: Cast, signed_in: SignedIn) -> None:
    """Kept in one window, saved otherwise in another, opened again: both are shown."""
    agreement = make_agreement(cast)
    browser = signed_in(cast.leader)
    other = form_of(browser, agreement)
    autosaved(browser, agreement)
    save_answer(
        agreement=agreement, question="goals", text="Lagret", by=cast.leader, now=timezone.now()
    )
    browser.post(where(agreement, "autosave_answer"), other | {"text": TYPED})
    again = browser.post(where(agreement), form_of(browser, agreement))
    assert (again.status_code, saved_text(agreement)) == (409, "Lagret")
    assert unsaved_texts() == [TYPED]


def test_the_same_answer_twice_is_no_conflict(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    browser = signed_in(cast.leader)
    sent = form_of(browser, agreement) | {"text": "Det samme"}
    answers = [browser.post(where(agreement), sent).status_code for _ in range(2)]
    assert answers == [302, 302]


def test_what_comes_after_ones_own_save_is_not_unsaved(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    browser = signed_in(cast.leader)
    late = form_of(browser, agreement) | {"text": "Vi er på"}
    browser.post(where(agreement), late | {"text": "Vi er på vei"})
    assert browser.post(where(agreement, "autosave_answer"), late).json() == {"said": ""}
    assert unsaved_texts() == []


def test_typing_back_to_what_is_saved_leaves_nothing_unsaved(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreement = make_agreement(cast)
    browser = signed_in(cast.leader)
    browser.post(where(agreement), {"text": "Lagret", "seen": fingerprint("")})
    autosaved(browser, agreement)
    seen = {"text": "Lagret", "seen": fingerprint("Lagret")}
    assert browser.post(where(agreement, "autosave_answer"), seen).json() == {"said": ""}
    assert unsaved_texts() == []


def test_nothing_is_kept_once_one_is_ready(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    save_answer(
        agreement=agreement, question="room", text="Rom", by=cast.leader, now=timezone.now()
    )
    say_ready(agreement=agreement, by=cast.leader, now=timezone.now())
    answer = signed_in(cast.leader).post(where(agreement, "autosave_answer"), {"text": TYPED})
    assert (answer.status_code, UnsavedWork.objects.count()) == (403, 0)


def test_it_goes_with_the_end(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    autosaved(signed_in(cast.leader), agreement)
    end_agreement(agreement=agreement, reason="x", by=cast.employee, now=timezone.now())
    assert UnsavedWork.objects.count() == 0


def test_the_database_knows_the_questions(cast: Cast) -> None:
    agreement = make_agreement(cast)
    with pytest.raises(IntegrityError, match="unsaved_work_is_of_a_form"), transaction.atomic():
        UnsavedWork.objects.create(
            agreement=agreement, author=cast.leader, question="x", typed={"text": "y"}
        )
