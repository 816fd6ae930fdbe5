"""Two who write at once lose nothing: merged by field and thread, and a choice where they clash."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from commitments.drafts import AgreementContent, Base, Promise, content_of, open_base, seal_base
from commitments.eligible_pairs import Pair
from commitments.models import Revision
from commitments.writing.actions import DraftConflict, save_draft, start_agreement
from commitments.writing.merging import Gone, merge
from people.models import User
from tests.cast import Cast
from tests.commitments.factories import LEADERS_TEXT, make_agreed, make_draft, newest, propose, save
from tests.commitments.test_views import said, text_of, url
from tests.factories import make_employee

SignedIn = Callable[[User], Client]
ONE, OTHER, NEW = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def promise(thread: uuid.UUID | None = ONE, text: str = "a", why: str = "w") -> Promise:
    return Promise("leader", text, why, 1, thread=thread)


BASE = AgreementContent([promise(ONE, "a"), promise(OTHER, "b")], goals="Mål")


def test_what_only_one_changed_goes_through() -> None:
    mine = replace(BASE, commitments=[promise(ONE, "A!"), promise(OTHER, "b")], goals="Nye mål")
    theirs = replace(BASE, commitments=[promise(ONE, "a", "W!"), promise(OTHER, "B!")], upward="x")
    merged = merge(BASE, mine, theirs)
    assert merged.is_whole
    assert merged.content == AgreementContent(
        [promise(ONE, "A!", "W!"), promise(OTHER, "B!")], goals="Nye mål", upward="x"
    )


def test_what_both_wrote_alike_is_no_clash() -> None:
    both = replace(BASE, goals="Det samme")
    assert merge(BASE, both, both).is_whole


@pytest.mark.parametrize("is_mine", [True, False])
def test_what_one_took_out_and_the_other_left_as_it_was_is_gone(is_mine: bool) -> None:
    """As it was in every word: the two come from two forms, and are never the same object."""
    without = replace(BASE, commitments=[promise(OTHER, "b")])
    untouched = replace(BASE, commitments=[promise(ONE, "a"), promise(OTHER, "b")], upward="x")
    sides = (without, untouched) if is_mine else (untouched, without)
    merged = merge(BASE, *sides)
    assert (merged.is_whole, merged.gone) == (True, {})
    assert merged.content == replace(without, upward="x")


def test_what_both_changed_is_to_be_chosen() -> None:
    mine = replace(BASE, commitments=[promise(ONE, "min"), promise(OTHER, "b")], goals="mine")
    theirs = replace(BASE, commitments=[promise(ONE, "din"), promise(OTHER, "b")], goals="dine")
    merged = merge(BASE, mine, theirs)
    assert (merged.settings, merged.fields) == ({"goals": "dine"}, {ONE: {"text": "din"}})
    assert (merged.content.goals, merged.content.commitments[0].text) == ("mine", "min")


def test_new_ones_of_both_are_kept() -> None:
    mine = replace(BASE, commitments=[*BASE.commitments, promise(None, "min nye")])
    theirs = replace(BASE, commitments=[*BASE.commitments, promise(NEW, "din nye")])
    merged = merge(BASE, mine, theirs)
    assert merged.is_whole
    assert [one.text for one in merged.content.commitments] == ["a", "b", "din nye", "min nye"]


@pytest.mark.parametrize("who", ["mine", "theirs"])
def test_a_commitment_taken_away_stays_away(who: str) -> None:
    fewer = replace(BASE, commitments=[promise(OTHER, "b")])
    merged = merge(BASE, fewer, BASE) if who == "mine" else merge(BASE, BASE, fewer)
    assert merged.is_whole
    assert [one.text for one in merged.content.commitments] == ["b"]


@pytest.mark.parametrize(("who", "gone"), [("mine", Gone.MINE), ("theirs", Gone.THEIRS)])
def test_one_that_was_taken_away_and_changed_is_to_be_chosen(who: str, gone: Gone) -> None:
    fewer = replace(BASE, commitments=[promise(OTHER, "b")])
    changed = replace(BASE, commitments=[promise(ONE, "endret"), promise(OTHER, "b")])
    merged = merge(BASE, fewer, changed) if who == "mine" else merge(BASE, changed, fewer)
    assert merged.gone == {ONE: gone}
    assert "endret" in [one.text for one in merged.content.commitments]


WORDS = st.sampled_from(["", "a", "b", "c"])
CONTENTS = st.builds(
    lambda goals, upward, rows: AgreementContent(
        [promise(thread, text) for thread, text in rows.items()], goals=goals, upward=upward
    ),
    WORDS,
    WORDS,
    st.dictionaries(st.sampled_from([ONE, OTHER, NEW]), WORDS, max_size=3),
)


@given(CONTENTS, CONTENTS, CONTENTS)
def test_nothing_that_either_wrote_is_lost(
    base: AgreementContent, mine: AgreementContent, theirs: AgreementContent
) -> None:
    """Each word that one of them put in is in what comes out, or shown beside it."""
    merged = merge(base, mine, theirs)
    before = {(one.thread, one.text) for one in base.commitments}
    shown = {(one.thread, one.text) for one in merged.content.commitments}
    shown |= {(thread, said["text"]) for thread, said in merged.fields.items() if "text" in said}
    for written in (mine, theirs):
        new = {(one.thread, one.text) for one in written.commitments} - before
        assert new <= shown
        for name in ("goals", "upward"):
            value = getattr(written, name)
            if value != getattr(base, name):
                assert value in (getattr(merged.content, name), merged.settings.get(name))


@given(CONTENTS, CONTENTS)
def test_who_changed_nothing_gets_what_the_other_has(
    base: AgreementContent, theirs: AgreementContent
) -> None:
    merged = merge(base, base, theirs)
    assert merged.is_whole
    assert merged.content == theirs


def test_a_base_is_carried_whole_and_no_forgery_is_taken(cast: Cast) -> None:
    draft = make_draft(cast, follow_up_on=timezone.localdate(), goals="Mål")
    own = draft.agreement_id
    assert open_base(seal_base(draft), agreement_id=own) == Base(content_of(draft), "draft")
    assert open_base("", agreement_id=own) is None
    assert open_base(seal_base(draft)[:-3] + "xxx", agreement_id=own) is None


def test_a_base_of_another_agreement_is_taken_for_none(cast: Cast, signed_in: SignedIn) -> None:
    """The leader's own, with somebody else: its words are not taken into this one."""
    draft = make_draft(cast)
    browser = signed_in(cast.leader)
    elsewhere = Pair(cast.leader, make_employee(cast.unit, "Åse Moe"), cast.unit, "Konsulent")
    other = newest(start_agreement(pair=elsewhere, by=cast.leader, now=timezone.now()))
    other = save(other, by=cast.leader, goals="Åses mål")
    assert open_base(seal_base(other), agreement_id=draft.agreement_id) is None
    sent = form_of(browser, draft, base=seal_base(other), **{"valg-goals": "theirs"})
    assert browser.post(url("edit", draft), sent).status_code == 302
    assert newest(draft.agreement).goals == ""


# From the page


def form_of(browser: Client, revision: Revision, **changes: Any) -> dict[str, Any]:
    """All fields of the page as a browser would send them, with some of them changed."""
    editor = browser.get(url("edit", revision)).context["editor"]
    forms = [editor.settings, editor.rows.management_form, *editor.rows.forms]
    fields = {field.html_name: field.value() for form in forms for field in form}
    sent = {name: "" if value is None else value for name, value in fields.items()}
    return {name: value for name, value in sent.items() if value is not False} | changes


def texts(revision: Revision) -> list[str]:
    return [one.text for one in newest(revision.agreement).commitments.all()]


def test_two_who_change_different_things_are_put_together(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    leader, employee = signed_in(cast.leader), signed_in(cast.employee)
    from_leader = form_of(leader, draft, **{"c-0-text": "Lederen skrev", "goals": "Nye mål"})
    from_employee = form_of(employee, draft, **{"c-1-text": "Medarbeideren skrev"})
    leader.post(url("edit", draft), from_leader)
    page = employee.post(url("edit", draft), from_employee, follow=True)
    assert said(page) == ["Utkastet er lagret, sammen med det Liv skrev samtidig."]
    assert texts(draft) == ["Lederen skrev", "Medarbeideren skrev"]
    assert newest(draft.agreement).goals == "Nye mål"


def clashed(cast: Cast, signed_in: SignedIn) -> tuple[Revision, Client, Any]:
    """Both wrote about the same; the employee came second, and has the page that says so."""
    draft = make_draft(cast)
    leader, employee = signed_in(cast.leader), signed_in(cast.employee)
    from_employee = form_of(employee, draft, **{"c-0-text": "Evens ord", "goals": "Evens mål"})
    from_leader = form_of(leader, draft, **{"c-0-text": "Livs ord", "goals": "Livs mål"})
    leader.post(url("edit", draft), from_leader)
    return draft, employee, employee.post(url("edit", draft), from_employee)


def sent_from(page: Any, **changes: Any) -> dict[str, Any]:
    editor = page.context["editor"]
    forms = [editor.settings, editor.rows.management_form, *editor.rows.forms]
    fields = {field.html_name: field.value() for form in forms for field in form}
    sent = {name: "" if value is None else value for name, value in fields.items()}
    return {name: value for name, value in sent.items() if value is not False} | changes


def test_two_who_change_the_same_are_both_shown(cast: Cast, signed_in: SignedIn) -> None:
    draft, _browser, page = clashed(cast, signed_in)
    assert page.status_code == 409
    shown = text_of(page)
    for words in ("Evens ord", "Livs ord", "Evens mål", "Livs mål", "Bruk det Liv skrev"):
        assert words in shown
    assert texts(draft)[0] == "Livs ord"


def test_the_second_keeps_their_own_or_takes_the_others(cast: Cast, signed_in: SignedIn) -> None:
    draft, browser, page = clashed(cast, signed_in)
    chosen = sent_from(page, **{"valg-c-0-text": "theirs", "valg-goals": "mine"})
    assert browser.post(url("edit", draft), chosen).status_code == 302
    assert texts(draft)[0] == "Livs ord"
    assert newest(draft.agreement).goals == "Evens mål"


@pytest.mark.parametrize("pressed", ["more", "save"])
def test_the_others_words_stay_when_the_page_is_shown_again(
    pressed: str, cast: Cast, signed_in: SignedIn
) -> None:
    """Pressed «Legg til», or saved with something missing: the choice is still there."""
    draft, browser, page = clashed(cast, signed_in)
    typed = {"konflikt": "clash", "valg-c-0-text": "mine", "valg-goals": "theirs", "c-1-why": ""}
    again = browser.post(url("edit", draft), sent_from(page, **typed, **{pressed: "1"}))
    editor = again.context["editor"]
    assert editor.rows.forms[0]["text"].clash.theirs == "Livs ord"
    assert editor.rows.forms[0]["text"].value() == "Evens ord"
    assert "Livs mål" in text_of(again)
    is_asked_of_goals = 'id="theirs-goals" checked' in again.content.decode()
    assert is_asked_of_goals == (pressed == "more")
    assert editor.settings["goals"].value() == ("Evens mål" if pressed == "more" else "Livs mål")
    assert len(editor.rows.forms) == (3 if pressed == "more" else 2)


def test_what_was_taken_away_is_still_told_when_the_page_is_shown_again(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = make_draft(cast)
    leader, employee = signed_in(cast.leader), signed_in(cast.employee)
    away = form_of(employee, draft, **{"c-0-DELETE": "on"})
    leader.post(url("edit", draft), form_of(leader, draft, **{"c-0-text": "Livs ord"}))
    page = employee.post(url("edit", draft), away)
    typed = sent_from(page, **{"konflikt": "clash", "tatt-c-0": "mine", "tatt-c-1": "x"})
    again = employee.post(url("edit", draft), {**typed, "more": "1"})
    assert "Du tok bort denne mens Liv endret den" in text_of(again)
    assert [row.gone for row in again.context["editor"].rows.forms] == [Gone.MINE, None, None]


def test_what_is_saved_stays_beside_a_form_that_was_made_from_nothing_known(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = make_draft(cast)
    leader, employee = signed_in(cast.leader), signed_in(cast.employee)
    from_employee = form_of(employee, draft, base="", goals="Evens mål")
    leader.post(url("edit", draft), form_of(leader, draft, goals="Livs mål"))
    page = employee.post(url("edit", draft), from_employee)
    assert 'name="konflikt" value="saved"' in page.content.decode()
    sent = sent_from(page, konflikt="saved", more="1")
    again = employee.post(url("edit", draft), sent)
    assert "Livs mål" in text_of(again)
    assert again.context["editor"].settings["goals"].value() == "Evens mål"


def test_a_choice_of_what_is_no_field_changes_nothing(cast: Cast, signed_in: SignedIn) -> None:
    draft, browser, page = clashed(cast, signed_in)
    odd = {"valg-c-9-text": "theirs", "valg-revision": "theirs", "valg-x": "theirs"}
    assert browser.post(url("edit", draft), sent_from(page, **odd)).status_code == 302
    assert texts(draft)[0] == "Evens ord"


def test_a_form_sent_twice_is_one_promise(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast, "leader")
    browser = signed_in(cast.employee)
    activity = draft.mission_version.core_activities.all()[0].pk
    new = {"c-1-text": "Ringer samme dag", "c-1-why": "y", "c-1-core_activity": activity}
    twice = form_of(browser, draft, **new)
    for _time in range(2):
        browser.post(url("edit", draft), twice)
    assert texts(draft) == [LEADERS_TEXT, "Ringer samme dag"]


def test_who_took_away_what_the_other_changed_is_asked(cast: Cast, signed_in: SignedIn) -> None:
    draft = make_draft(cast)
    leader, employee = signed_in(cast.leader), signed_in(cast.employee)
    away = form_of(employee, draft, **{"c-0-DELETE": "on"})
    leader.post(url("edit", draft), form_of(leader, draft, **{"c-0-text": "Livs ord"}))
    page = employee.post(url("edit", draft), away)
    assert page.status_code == 409
    assert "Du tok bort denne mens Liv endret den" in text_of(page)
    kept = sent_from(page)
    employee.post(url("edit", draft), kept)
    assert texts(draft)[0] == "Livs ord"


def test_a_draft_that_was_proposed_meanwhile_is_not_edited_unawares(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = make_draft(cast)
    leader = signed_in(cast.leader)
    form = form_of(leader, draft, goals="Nye mål")
    propose(draft, by=cast.employee)
    page = leader.post(url("edit", draft), form)
    assert page.status_code == 409
    assert "foreslått eller godtatt siden du begynte" in text_of(page)
    assert newest(draft.agreement).state == "proposed"
    leader.post(url("edit", draft), sent_from(page))
    assert (newest(draft.agreement).number, newest(draft.agreement).goals) == (2, "Nye mål")


def test_an_edit_of_what_is_agreed_still_voids_it(cast: Cast, signed_in: SignedIn) -> None:
    agreed = make_agreed(cast)
    leader = signed_in(cast.leader)
    leader.post(url("edit", agreed), form_of(leader, agreed, goals="Nye mål"))
    assert (newest(agreed.agreement).number, newest(agreed.agreement).state) == (2, "draft")


def test_without_a_base_the_second_is_told(cast: Cast) -> None:
    draft = make_draft(cast)
    content = content_of(draft)
    save: dict[str, Any] = {"revision": draft, "content": content, "now": timezone.now()}
    save_draft(**save, seen_version=draft.version, by=cast.leader)
    with pytest.raises(DraftConflict) as told:
        save_draft(**save, seen_version=draft.version, by=cast.employee)
    assert told.value.merged is None
