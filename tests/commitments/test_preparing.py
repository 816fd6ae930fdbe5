"""Thinking alone first: who sees which answers when, and where they go from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.amending.actions import amend_agreement
from commitments.declining.actions import decline_proposal
from commitments.ending.actions import end_agreement
from commitments.evidence.verification import verify_all
from commitments.guiding_questions import FIELDS, questions_for
from commitments.locking import AgreementRefused
from commitments.models import Agreement, GuidingQuestion, Party, Preparation, PreparedAnswer
from commitments.preparing import actions as preparing_actions
from outbox.models import Letter
from people.models import AuditRecord, User
from tests import clock
from tests.cast import KINDS, Cast
from tests.commitments.factories import (
    make_agreement,
    make_draft,
    make_signed,
    newest,
    propose,
    save,
)
from tests.commitments.test_guards import execute
from tests.commitments.test_verify_evidence import plant
from tests.commitments.test_views import said, text_of, url

SignedIn = Callable[[User], Client]

LEADERS = "Lederens hemmelige tanke"
EMPLOYEES = "Medarbeiderens hemmelige tanke"
OTHERS = [kind for kind in KINDS if kind not in ("leader", "employee")]


def answer(agreement: Agreement, by: User, text: str, question: str = "commitment") -> None:
    preparing_actions.save_answer(
        agreement=agreement, question=question, text=text, by=by, now=timezone.now()
    )


def say_ready(agreement: Agreement, by: User) -> bool:
    return preparing_actions.say_ready(agreement=agreement, by=by, now=timezone.now())


def answered(cast: Cast) -> Agreement:
    """Both have answered, and nobody has said that they are ready."""
    agreement = make_agreement(cast)
    answer(agreement, cast.leader, LEADERS)
    answer(agreement, cast.employee, EMPLOYEES)
    return agreement


def revealed(cast: Cast) -> Agreement:
    agreement = answered(cast)
    say_ready(agreement, cast.leader)
    say_ready(agreement, cast.employee)
    return agreement


def texts_for(user: Any) -> set[str]:
    return set(
        PreparedAnswer.objects.visible_to(user, on=clock.today()).values_list("text", flat=True)
    )


# Who sees what


@pytest.mark.parametrize("who_is_ready", [[], ["leader"], ["employee"]])
def test_answers_are_each_ones_own_until_both_are_ready(
    cast: Cast, who_is_ready: list[str]
) -> None:
    agreement = answered(cast)
    for who in who_is_ready:
        assert say_ready(agreement, getattr(cast, who)) is False
    assert texts_for(cast.leader) == {LEADERS}
    assert texts_for(cast.employee) == {EMPLOYEES}


def test_both_see_both_from_the_same_moment(cast: Cast) -> None:
    agreement = answered(cast)
    say_ready(agreement, cast.leader)
    assert say_ready(agreement, cast.employee) is True
    assert texts_for(cast.leader) == texts_for(cast.employee) == {LEADERS, EMPLOYEES}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("make", [answered, revealed])
def test_nobody_else_ever_sees_an_answer(
    cast: Cast, signed_in: SignedIn, kind: str, make: Callable[[Cast], Agreement]
) -> None:
    agreement = make(cast)
    assert texts_for(getattr(cast, kind)) == texts_for(AnonymousUser()) == set()
    assert Preparation.objects.visible_to(getattr(cast, kind), on=clock.today()).count() == 0
    browser = signed_in(getattr(cast, kind))
    pages = [("prepare", []), ("answer", ["commitment"])]
    for name, more in pages:
        page = browser.get(reverse(f"commitments:{name}", args=[agreement.pk, *more]))
        assert page.status_code == 404
    for name in ("home", "commitments:list", "people:audit"):
        shown = text_of(browser.get(reverse(name)))
        assert [secret for secret in (LEADERS, EMPLOYEES) if secret in shown] == []


@pytest.mark.parametrize("make", [answered, revealed])
def test_no_letter_audit_line_or_log_says_an_answer(
    cast: Cast, make: Callable[[Cast], Agreement], caplog: pytest.LogCaptureFixture
) -> None:
    make(cast)
    letters = [one.subject + one.text + one.html for one in Letter.objects.all()]
    lines = [f"{one.reason} {one.details} {one.action}" for one in AuditRecord.objects.all()]
    for words in [*letters, *lines, caplog.text]:
        assert LEADERS not in words
        assert EMPLOYEES not in words


@pytest.mark.parametrize("page", ["prepare", "detail", "edit"])
def test_no_page_shows_the_other_too_early(cast: Cast, signed_in: SignedIn, page: str) -> None:
    agreement = answered(cast)
    say_ready(agreement, cast.leader)
    others = PreparedAnswer.objects.get(text=LEADERS)
    shown = signed_in(cast.employee).get(url(page, agreement), {"svar": others.pk})
    assert shown.status_code == 200
    assert LEADERS not in text_of(shown)


def test_a_leader_who_has_moved_reads_no_answers(cast: Cast) -> None:
    agreement = revealed(cast)
    Agreement.objects.filter(pk=agreement.pk).update(leader_access_ended_at=timezone.now())
    assert texts_for(cast.leader) == set()
    assert texts_for(cast.employee) == {LEADERS, EMPLOYEES}


# Saying ready


def test_the_first_asks_the_other_and_the_second_tells_the_first(cast: Cast) -> None:
    agreement = answered(cast)
    say_ready(agreement, cast.employee)
    say_ready(agreement, cast.leader)
    say_ready(agreement, cast.leader)
    letters = Letter.objects.order_by("pk").values_list("kind", "recipient")
    assert list(letters) == [
        ("commitments.asked_to_prepare", cast.leader.pk),
        ("commitments.revealed", cast.employee.pk),
    ]


def test_ready_wants_an_answer_first(cast: Cast) -> None:
    agreement = make_agreement(cast)
    with pytest.raises(AgreementRefused, match="minst ett spørsmål"):
        say_ready(agreement, cast.leader)


def test_who_is_ready_changes_nothing_before_taking_it_back(cast: Cast) -> None:
    agreement = answered(cast)
    say_ready(agreement, cast.leader)
    with pytest.raises(AgreementRefused, match="du er klar"):
        answer(agreement, cast.leader, "Noe annet")
    preparing_actions.take_back_ready(agreement=agreement, by=cast.leader, now=timezone.now())
    answer(agreement, cast.leader, "Noe annet")
    assert texts_for(cast.leader) == {"Noe annet"}


def test_what_both_have_read_is_not_taken_back(cast: Cast) -> None:
    agreement = revealed(cast)
    with pytest.raises(AgreementRefused, match="allerede vist svarene"):
        preparing_actions.take_back_ready(agreement=agreement, by=cast.leader, now=timezone.now())


def test_an_empty_answer_is_no_answer(cast: Cast) -> None:
    agreement = answered(cast)
    answer(agreement, cast.leader, "")
    assert texts_for(cast.leader) == set()


def test_nothing_is_prepared_for_what_is_signed(cast: Cast, signed_in: SignedIn) -> None:
    signed = make_signed(cast)
    with pytest.raises(AgreementRefused, match="er signert"):
        answer(signed.agreement, cast.leader, "x")
    assert signed_in(cast.leader).get(url("prepare", signed)).status_code == 403


def test_each_renewal_is_prepared_anew(cast: Cast, signed_in: SignedIn) -> None:
    agreement = revealed(cast)
    draft = newest(agreement)
    from_the_first = Preparation.objects.get(party="leader")
    signed = make_signed(cast)
    assert signed.agreement == draft.agreement
    page = signed_in(cast.leader).get(url("prepare", signed))
    assert LEADERS in text_of(page)
    amend_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())
    answer(agreement, cast.leader, "Et nytt år")
    assert texts_for(cast.employee) == {LEADERS, EMPLOYEES}
    assert Preparation.objects.exclude(pk=from_the_first.pk).get(party="leader").occasion == 1


def test_what_was_never_shown_goes_with_the_end(cast: Cast) -> None:
    agreement = answered(cast)
    say_ready(agreement, cast.leader)
    end_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())
    assert (Preparation.objects.count(), PreparedAnswer.objects.count()) == (0, 0)


def test_what_was_never_shown_goes_when_a_no_ends_it(cast: Cast) -> None:
    agreement = answered(cast)
    say_ready(agreement, cast.leader)
    draft = save(newest(agreement), by=cast.employee)
    proposal = propose(draft, by=cast.employee)
    decline_proposal(revision=proposal, reason="x", by=cast.leader, now=timezone.now())
    assert (Preparation.objects.count(), PreparedAnswer.objects.count()) == (0, 0)


def test_what_was_shown_stays_after_the_end(cast: Cast) -> None:
    agreement = revealed(cast)
    end_agreement(agreement=agreement, reason="x", by=cast.leader, now=timezone.now())
    assert texts_for(cast.leader) == {LEADERS, EMPLOYEES}


# The database


@pytest.mark.parametrize("make", [answered, revealed])
def test_the_database_freezes_what_one_is_ready_with(
    cast: Cast, make: Callable[[Cast], Agreement]
) -> None:
    agreement = make(cast)
    if make is answered:
        say_ready(agreement, cast.leader)
    mine = PreparedAnswer.objects.get(text=LEADERS)
    for deed in (
        lambda: PreparedAnswer.objects.filter(pk=mine.pk).update(text="x"),
        lambda: PreparedAnswer.objects.filter(pk=mine.pk).delete(),
        lambda: PreparedAnswer.objects.create(
            preparation=mine.preparation, question="goals", text="x"
        ),
    ):
        with pytest.raises(DatabaseError, match="until one has said"), transaction.atomic():
            deed()


def test_the_database_takes_nothing_back_that_both_have_read(cast: Cast) -> None:
    own = Preparation.objects.filter(agreement=revealed(cast), party="leader")
    with pytest.raises(DatabaseError, match="is not taken back"), transaction.atomic():
        own.update(ready_at=None)
    with pytest.raises(DatabaseError, match="goes when the agreement is erased"):
        execute("DELETE FROM commitments_preparation")


@pytest.mark.parametrize("change", [{"party": "employee"}, {"author": "employee"}, {"occasion": 4}])
def test_a_preparation_stays_whose_it_is(cast: Cast, change: dict[str, Any]) -> None:
    agreement = make_agreement(cast)
    answer(agreement, cast.leader, "x")
    values = {name: getattr(cast, str(value), value) for name, value in change.items()}
    values = change if "party" in change else values
    with pytest.raises(DatabaseError, match="only that somebody is ready"), transaction.atomic():
        Preparation.objects.filter(agreement=agreement).update(**values)


@pytest.mark.parametrize(
    ("who", "party", "is_ready"),
    [("employee", "leader", False), ("manager", "leader", False), ("leader", "leader", True)],
)
def test_a_preparation_begins_as_ones_own(cast: Cast, who: str, party: str, is_ready: bool) -> None:
    agreement = make_agreement(cast)
    with pytest.raises(DatabaseError, match="prepares for themselves"), transaction.atomic():
        Preparation.objects.create(
            agreement=agreement,
            party=party,
            author=getattr(cast, who),
            ready_at=timezone.now() if is_ready else None,
        )


@pytest.mark.parametrize("table", ["commitments_preparedanswer", "commitments_preparation"])
def test_no_table_of_answers_is_emptied(cast: Cast, table: str) -> None:
    revealed(cast)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match=f"Cannot truncate {table}"):
        execute(f"TRUNCATE {table} CASCADE")


# Evidence


def findings() -> set[str]:
    return {one.what for one in verify_all()}


def test_what_was_shown_is_in_the_evidence(cast: Cast) -> None:
    agreement = revealed(cast)
    kinds = agreement.evidence.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["started", "revealed", "revealed"]
    assert findings() == set()


def test_an_answer_changed_afterwards_is_found(cast: Cast) -> None:
    revealed(cast)
    plant("UPDATE commitments_preparedanswer SET text = 'Noe snillere'")
    assert findings() == {"a row is not what it was"}


def test_a_reveal_that_never_happened_is_found(cast: Cast) -> None:
    answered(cast)
    plant("UPDATE commitments_preparation SET ready_at = now()")
    assert findings() == {"something happened that the chain does not know"}


def test_a_reveal_that_is_undone_is_found(cast: Cast) -> None:
    revealed(cast)
    plant("UPDATE commitments_preparation SET ready_at = NULL WHERE party = 'leader'")
    assert findings() == {"what an event is about is gone"}


# The pages


def test_one_question_leads_to_the_next(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    browser = signed_in(cast.employee)
    first = reverse("commitments:answer", args=[agreement.pk, "core_task"])
    assert first in text_of(browser.get(url("prepare", agreement)))
    assert "1 av 9" in text_of(browser.get(first))
    then = browser.post(first, {"text": "Barna", "next": "1"})
    assert then.headers["Location"] == reverse(
        "commitments:answer", args=[agreement.pk, "activities"]
    )
    later = browser.post(then.headers["Location"], {"text": "Alle", "later": "1"})
    assert later.headers["Location"] == url("prepare", agreement)
    assert "2 av 9 besvart" in text_of(browser.get(url("prepare", agreement)))
    last = browser.post(
        reverse("commitments:answer", args=[agreement.pk, "upward"]), {"text": "Tolk"}
    )
    assert last.headers["Location"] == url("prepare", agreement)


def test_a_question_shows_what_was_answered_and_too_much_is_told(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreement = answered(cast)
    browser = signed_in(cast.leader)
    where = reverse("commitments:answer", args=[agreement.pk, "commitment"])
    assert LEADERS in text_of(browser.get(where))
    page = browser.post(where, {"text": "x" * 2001})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["text"])
    assert "x" * 2001 in text_of(page)


def test_no_such_question(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_agreement(cast)
    where = reverse("commitments:answer", args=[agreement.pk, "lonn"])
    assert signed_in(cast.leader).get(where).status_code == 404


def test_ready_from_the_page_and_back_again(cast: Cast, signed_in: SignedIn) -> None:
    agreement = answered(cast)
    browser = signed_in(cast.leader)
    ready = url("ready", agreement)
    page = browser.post(ready, {}, follow=True)
    assert said(page) == ["Du er klar. Svarene vises når Even også er det."]
    where = reverse("commitments:answer", args=[agreement.pk, "commitment"])
    assert browser.get(where).status_code == 403
    page = browser.post(ready, {"back": "1"}, follow=True)
    assert said(page) == ["Du kan skrive videre. Svarene er fortsatt bare dine."]
    assert browser.get(where).status_code == 200
    say_ready(agreement, cast.employee)
    page = browser.post(ready, {"is_other_ready": "True"}, follow=True)
    assert said(page) == ["Dere er begge klare. Her er svarene deres, side om side."]
    for words in (LEADERS, EMPLOYEES, "Bare Liv Dahl og Even Moen."):
        assert words in text_of(page)


def test_before_it_is_shown_it_is_said_how_much_is_unanswered_and_that_it_is_for_good(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreement = answered(cast)
    browser = signed_in(cast.leader)
    page = text_of(browser.get(url("ready", agreement)))
    assert "Du har svart på 1 av 9. 8 er ubesvart." in page
    assert "Til da kan du angre." in page
    say_ready(agreement, cast.employee)
    page = text_of(browser.get(url("ready", agreement)))
    assert "Even har svart på 1 av 9." in page
    assert "Det kan ikke angres" in page
    assert EMPLOYEES not in page
    assert texts_for(cast.leader) == {LEADERS}


def test_reading_the_page_shows_nothing_to_anybody(cast: Cast, signed_in: SignedIn) -> None:
    agreement = answered(cast)
    say_ready(agreement, cast.employee)
    signed_in(cast.leader).get(url("ready", agreement))
    assert not Preparation.objects.get(author=cast.leader).is_ready
    assert texts_for(cast.leader) == {LEADERS}


def test_whoever_was_told_that_it_could_be_undone_is_asked_again(
    cast: Cast, signed_in: SignedIn
) -> None:
    """The other became ready between the page and the button."""
    agreement = answered(cast)
    browser = signed_in(cast.leader)
    browser.get(url("ready", agreement))
    say_ready(agreement, cast.employee)
    page = browser.post(url("ready", agreement), {"is_other_ready": "False"}, follow=True)
    assert "Even ble klar mens du leste" in text_of(page)
    assert "Vis svarene nå" in text_of(page)
    assert texts_for(cast.leader) == {LEADERS}


def test_the_other_hears_how_many_are_answered_once_one_is_ready(
    cast: Cast, signed_in: SignedIn
) -> None:
    agreement = answered(cast)
    browser = signed_in(cast.employee)
    assert "har svart på" not in text_of(browser.get(url("detail", agreement)))
    say_ready(agreement, cast.leader)
    assert "klar, har svart på 1 av 9" in text_of(browser.get(url("detail", agreement)))
    letter = Letter.objects.get(kind="commitments.asked_to_prepare")
    assert "Liv Dahl har svart på 1 av 9 spørsmål." in letter.text


def test_ready_without_answers_is_told(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.leader).post(url("ready", make_agreement(cast)), {}, follow=True)
    assert said(page) == ["Svar på minst ett spørsmål før du sier at du er klar."]


def test_an_answer_that_comes_after_ready_is_told(cast: Cast, signed_in: SignedIn) -> None:
    agreement = answered(cast)
    browser = signed_in(cast.leader)
    say_ready(agreement, cast.leader)
    where = reverse("commitments:answer", args=[agreement.pk, "commitment"])
    answer = browser.post(
        where, {"text": "For sent til det"}, headers={"Origin": "http://testserver"}
    )
    assert answer.status_code == 403
    assert "For sent til det" in text_of(answer)
    assert "Du har sagt at du er klar" in text_of(answer)
    assert texts_for(cast.leader) == {LEADERS}


@pytest.mark.parametrize(
    ("who", "ready", "title"),
    [
        ("leader", [], "Forbered deg til samtalen"),
        ("leader", ["leader"], "Du er klar"),
        ("leader", ["employee"], "Forbered deg til samtalen"),
        ("leader", ["leader", "employee"], "Les svarene deres side om side"),
    ],
)
def test_detail_leads_through_the_preparation(
    cast: Cast, signed_in: SignedIn, who: str, ready: list[str], title: str
) -> None:
    agreement = answered(cast)
    for person in ready:
        say_ready(agreement, getattr(cast, person))
    page = signed_in(getattr(cast, who)).get(url("detail", agreement))
    assert page.context["step"].title == title


def test_writing_without_preparing_is_open_meanwhile(cast: Cast, signed_in: SignedIn) -> None:
    agreement = make_draft(cast).agreement
    answer(agreement, cast.leader, LEADERS)
    page = signed_in(cast.leader).get(url("detail", agreement))
    assert page.context["step"].title == "Even skriver"
    assert "i gang, ikke klar ennå" in text_of(page)


@pytest.mark.parametrize("question", GuidingQuestion.values)
def test_an_answer_is_carried_into_the_field_it_belongs_to(
    cast: Cast, signed_in: SignedIn, question: str
) -> None:
    agreement = make_agreement(cast)
    answer(agreement, cast.leader, LEADERS, question)
    answer(agreement, cast.employee, EMPLOYEES, "commitment")
    for person in (cast.leader, cast.employee):
        say_ready(agreement, person)
    brought = PreparedAnswer.objects.get(text=LEADERS)
    page = signed_in(cast.employee).get(url("edit", agreement), {"svar": brought.pk})
    editor = page.context["editor"]
    owner, field = FIELDS[question]
    if owner:
        row = next(row for row in editor.rows if row["owner"].value() == owner)
        assert row[field].value() == LEADERS
    else:
        assert editor.settings[field].value() == LEADERS
    assert newest(agreement).version == 1


def test_two_answers_for_one_side_become_two_rows(cast: Cast, signed_in: SignedIn) -> None:
    agreement = revealed(cast)
    both = list(PreparedAnswer.objects.values_list("pk", flat=True))
    page = signed_in(cast.leader).get(url("edit", agreement), {"svar": [*both, "tull", "9" * 30]})
    rows = page.context["editor"].rows
    texts = sorted(row["text"].value() or "" for row in rows)
    assert texts == ["", LEADERS, EMPLOYEES]


def test_words_about_the_whole_stand_beside_what_stood_there(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = make_draft(cast, goals="Fra før")
    answer(draft.agreement, cast.leader, LEADERS, "goals")
    mine = PreparedAnswer.objects.get()
    page = signed_in(cast.leader).get(url("edit", draft), {"svar": mine.pk})
    assert page.context["editor"].settings["goals"].value() == f"Fra før\n{LEADERS}"


def test_the_leader_is_asked_as_leader(cast: Cast) -> None:
    agreement = make_agreement(cast)
    leaders = {one.key: one.text for one in questions_for(agreement, Party.LEADER)}
    employees = {one.key: one.text for one in questions_for(agreement, Party.EMPLOYEE)}
    assert list(leaders) == list(employees) == GuidingQuestion.values
    assert leaders["leader"] == "Hva forplikter du deg til for at Even skal lykkes?"
    assert employees["put_off"] == leaders["put_off"]
