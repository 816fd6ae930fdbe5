"""A leader's round: one text for many drafts, a letter to each, and a template for the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commitments.drafts import AgreementContent
from commitments.eligible_pairs import pairs_of_leader
from commitments.locking import AgreementRefused
from commitments.models import Agreement, AgreementRound
from commitments.rounds.actions import begin_round
from common.letters_wait import letters_wait
from outbox.models import Letter
from people.models import AuditRecord, User
from tests import clock
from tests.cast import KINDS, Cast
from tests.commitments.factories import LEADERS_TEXT, make_draft, make_promise, make_ready, newest
from tests.commitments.test_budgets import queries
from tests.commitments.test_views import said, text_of
from tests.factories import make_employee
from tests.missions.factories import make_mission

SignedIn = Callable[[User], Client]
GOALS = "Alle skal ha svar innen to dager"


def begin(cast: Cast, **fields: Any) -> AgreementRound:
    """With the employee and a colleague, by the action."""
    mission = make_mission(cast.unit)
    make_employee(cast.unit, "Åse Moe")
    pairs = [
        pair
        for pair in pairs_of_leader(cast.leader, timezone.localdate())
        if pair.unit == cast.unit
    ]
    content = AgreementContent([make_promise("leader", mission)], goals=GOALS)
    return begin_round(
        unit=cast.unit, pairs=pairs, content=content, by=cast.leader, now=timezone.now(), **fields
    )


def form(cast: Cast, people: list[User], **fields: Any) -> dict[str, Any]:
    activity = make_mission(cast.unit).core_activities.all()[0].pk
    keys = [f"{cast.leader.pk}-{one.pk}-{cast.unit.pk}" for one in people]
    return {
        "people": keys,
        "goals": GOALS,
        "r-TOTAL_FORMS": 2,
        "r-INITIAL_FORMS": 0,
        "r-0-text": LEADERS_TEXT,
        "r-0-why": "Fordi de venter",
        "r-0-core_activity": activity,
        **fields,
    }


def where(cast: Cast) -> str:
    return reverse("commitments:begin_round", args=[cast.unit.pk])


def test_each_gets_a_draft_with_the_leaders_words_and_a_letter(
    cast: Cast, signed_in: SignedIn
) -> None:
    other = make_employee(cast.unit, "Åse Moe")
    make_employee(cast.unit, "Ikke Valgt")
    data = form(cast, [cast.employee, other])
    page = signed_in(cast.leader).post(where(cast), data, follow=True)
    assert said(page) == ["Runden er begynt. Hver av dem får brev om å forberede seg."]
    begun = AgreementRound.objects.get()
    assert {one.employee for one in begun.agreements.all()} == {cast.employee, other}
    for agreement in begun.agreements.all():
        draft = newest(agreement)
        assert (draft.state, draft.goals) == ("draft", GOALS)
        assert [(one.owner, one.text) for one in draft.commitments.all()] == [
            ("leader", LEADERS_TEXT)
        ]
    letters = Letter.objects.filter(kind="commitments.begun")
    assert {one.recipient_id for one in letters} == {cast.employee.pk, other.pk}
    assert all(GOALS not in one.text + one.html + one.subject for one in letters)


def test_all_without_an_agreement_are_ticked(cast: Cast, signed_in: SignedIn) -> None:
    make_draft(cast)
    other = make_employee(cast.unit, "Åse Moe")
    page = signed_in(cast.leader).get(where(cast))
    editor = page.context["editor"]
    assert [pair.employee for pair in editor.settings.pairs.values()] == [other]
    assert editor.settings["people"].value() == list(editor.settings.pairs)


def test_nobody_ticked_is_told_and_what_was_typed_stays(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.leader).post(where(cast), form(cast, [], **{"r-0-why": ""}))
    editor = page.context["editor"]
    assert list(editor.settings.errors) == ["people"]
    assert list(editor.rows.forms[0].errors) == ["why"]
    assert GOALS in text_of(page)
    assert Agreement.objects.count() == 0


def test_one_more_row_keeps_what_was_typed_and_begins_nothing(
    cast: Cast, signed_in: SignedIn
) -> None:
    other = make_employee(cast.unit, "Åse Moe")
    browser = signed_in(cast.leader)
    data = form(cast, [other], **{"r-TOTAL_FORMS": 1, "more": "1"})
    assert len(browser.get(where(cast)).context["editor"].rows.forms) == 1
    editor = browser.post(where(cast), data).context["editor"]
    assert [row["text"].value() or "" for row in editor.rows.forms] == [LEADERS_TEXT, ""]
    assert editor.settings["people"].value() == data["people"]
    assert (editor.settings["goals"].value(), editor.forms_with_errors) == (GOALS, [])
    assert AgreementRound.objects.count() == 0


@pytest.mark.parametrize(("before", "after"), [("9", 10), ("10", 10), ("400", 10), ("x", 1)])
def test_rows_of_a_round_have_an_end(
    before: str, after: int, cast: Cast, signed_in: SignedIn
) -> None:
    data = form(cast, [cast.employee], **{"r-TOTAL_FORMS": before, "more": "1"})
    page = signed_in(cast.leader).post(where(cast), data)
    assert len(page.context["editor"].rows.forms) == after
    assert ('name="more"' in page.content.decode()) == (after < 10)


def test_who_began_meanwhile_is_left_as_they_are(cast: Cast) -> None:
    draft = make_draft(cast)
    begun = begin(cast)
    assert newest(draft.agreement).version == draft.version
    assert draft.agreement not in begun.agreements.all()
    assert begun.agreements.count() == 1


def test_a_round_with_nobody_is_refused(cast: Cast) -> None:
    with pytest.raises(AgreementRefused, match="minst én"):
        begin_round(
            unit=cast.unit, pairs=[], content=AgreementContent(), by=cast.leader, now=timezone.now()
        )


def test_a_unit_without_a_mission_is_told(cast: Cast, signed_in: SignedIn) -> None:
    page = signed_in(cast.leader).get(where(cast), follow=True)
    assert said(page)[0].startswith("Enheten har ikke noe publisert oppdrag")


def test_a_round_is_a_template_for_the_next(cast: Cast, signed_in: SignedIn) -> None:
    begun = begin(cast)
    make_employee(cast.unit, "Ny Kollega")
    page = signed_in(cast.leader).get(where(cast), {"mal": begun.pk})
    editor = page.context["editor"]
    assert editor.settings["goals"].value() == GOALS
    assert editor.rows.forms[0]["text"].value() == LEADERS_TEXT
    assert editor.rows.forms[0]["core_activity"].value() == begun.pledges.get().core_activity_id


def test_a_round_of_another_is_no_template_for_ones_own(cast: Cast, signed_in: SignedIn) -> None:
    make_mission(cast.unit)
    other = AgreementRound.objects.create(leader=cast.manager, unit=cast.unit, goals=GOALS)
    page = signed_in(cast.leader).get(where(cast), {"mal": other.pk})
    assert not page.context["editor"].settings["goals"].value()


def test_a_template_is_its_leaders_alone(cast: Cast, signed_in: SignedIn) -> None:
    begun = begin(cast)
    for kind in KINDS:
        person = getattr(cast, kind)
        seen = AgreementRound.objects.visible_to(person, on=clock.today()).count()
        assert seen == (1 if kind == "leader" else 0)
        if kind != "leader":
            browser = signed_in(person)
            page = browser.get(reverse("commitments:round", args=[begun.pk]))
            assert page.status_code == 404
            assert GOALS not in text_of(browser.get(reverse("commitments:rounds")))
    lines = [f"{one.action} {one.details}" for one in AuditRecord.objects.all()]
    assert all(GOALS not in line and LEADERS_TEXT not in line for line in lines)


def test_the_page_of_a_round_says_how_far_each_has_come(cast: Cast, signed_in: SignedIn) -> None:
    begun = begin(cast)
    browser = signed_in(cast.leader)
    page = browser.get(reverse("commitments:round", args=[begun.pk]))
    assert [row["tag"].text for row in page.context["rows"]] == ["Utkast"] * len(
        page.context["rows"]
    )
    assert GOALS not in text_of(page)
    assert begun.unit.name in text_of(browser.get(reverse("commitments:rounds")))


def test_a_deleted_template_leaves_the_agreements(cast: Cast, signed_in: SignedIn) -> None:
    begun = begin(cast)
    count = Agreement.objects.count()
    signed_in(cast.leader).post(reverse("commitments:delete_round", args=[begun.pk]))
    assert (AgreementRound.objects.count(), Agreement.objects.count()) == (0, count)


def test_an_employee_in_a_round_is_led_to_prepare(cast: Cast, signed_in: SignedIn) -> None:
    begun = begin(cast)
    agreement = begun.agreements.get(employee=cast.employee)
    page = signed_in(cast.employee).get(reverse("commitments:detail", args=[agreement.pk]))
    assert page.context["step"].title == "Forbered deg til samtalen"


def test_the_leader_of_a_round_is_told_who_waits_for_an_answer(
    cast: Cast, signed_in: SignedIn
) -> None:
    begun = begin(cast)
    agreement = begun.agreements.get(employee=cast.employee)
    browser = signed_in(cast.leader)
    detail = reverse("commitments:detail", args=[agreement.pk])
    assert browser.get(detail).context["step"].title == "Forbered deg til samtalen"
    make_ready(agreement, by=cast.employee)
    assert browser.get(detail).context["step"].text.startswith("Even er klar, og venter på deg.")
    page = browser.get(reverse("commitments:round", args=[begun.pk]))
    tags = {row["agreement"].employee.name: row["tag"].text for row in page.context["rows"]}
    assert tags == {"Even Moen": "Venter på svarene dine", "Åse Moe": "Utkast"}


def test_who_waits_for_an_answer_comes_first_in_the_list(cast: Cast, signed_in: SignedIn) -> None:
    begun = begin(cast)
    waiting = begun.agreements.get(employee__name="Åse Moe")
    make_ready(waiting, by=waiting.employee)
    told = {}
    for user in (cast.leader, waiting.employee):
        page = signed_in(user).get(reverse("commitments:list"))
        rows = [*page.context["overview"].as_employee, *page.context["overview"].as_leader]
        told[user] = [(row.other.name, row.tag.text) for row in rows if row.tag]
    assert told == {
        cast.leader: [("Åse Moe", "Venter på svarene dine"), ("Even Moen", "Utkast")],
        waiting.employee: [("Liv Dahl", "Venter på Liv")],
    }


def test_a_round_asks_no_more_for_many(cast: Cast, signed_in: SignedIn) -> None:
    for number in range(15):
        make_employee(cast.unit, f"Kollega {number}")
    begun = begin(cast)
    make_employee(cast.unit, "Ny Kollega")
    browser = signed_in(cast.leader)
    assert queries(browser, reverse("commitments:round", args=[begun.pk])) <= 8
    assert queries(browser, reverse("commitments:rounds")) <= 12
    assert queries(browser, where(cast)) <= 16


def test_the_page_says_when_the_letters_of_a_round_go(
    cast: Cast, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = timezone.localtime().replace(hour=21, minute=30, second=0, microsecond=0)
    monkeypatch.setattr("people.requests.timezone.now", lambda: at)
    make_mission(cast.unit)
    (told,) = letters_wait("commitments.begun", at)
    assert told in signed_in(cast.leader).get(where(cast)).content.decode()
