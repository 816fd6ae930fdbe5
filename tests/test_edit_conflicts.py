"""Two windows on the same thing: what one saves is never overwritten in silence by the other.

Every page of `tests/access/` is opened by each kind of user. A form that shows what is stored
carries what it showed, or stands in `NOT_STORED` with the reason; and each that carries it has a
line in `EDITED`, which says what two people type there. A new form joins by standing on a page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import lxml.html
import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from certificates.terms import TermsContent, settle_terms
from commitments.follow_up.actions import Appointment, arrange_follow_up, write_private_note
from common.edit_conflicts import EditConflict, Seen
from missions.contribution.actions import write_contribution
from missions.glossary.actions import explain_term
from people.models import Role
from seminars.models import Needs, Question, SeatPool
from tests.access import Row
from tests.cast import KINDS, Cast
from tests.certificates.factories import make_held
from tests.commitments.factories import make_signed
from tests.factories import make_role
from tests.seminars.factories import choose, make_choice, make_registration, make_seminar
from tests.test_access_matrix import ROOMS, room

Typed = dict[str, list[str]]
WORDS = ("text", "email", "url", "number", "date", "time", "datetime-local")


def typed_in(page: HttpResponse) -> Typed:
    """What a browser would send of the page's own form, as it stands."""
    for form in lxml.html.fromstring(page.content.decode()).xpath("//main//form"):
        if (form.get("method") or "get") == "post" and form.xpath(".//*[@name]"):
            return fields_of(form)
    raise AssertionError("no form on the page")


def fields_of(form: Any) -> Typed:
    found: Typed = {}
    for one in form.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]"):
        kind = one.get("type", one.tag)
        if one.get("name") == "csrfmiddlewaretoken":
            continue
        if kind in ("checkbox", "radio") and one.get("checked") is None:
            continue
        if one.tag == "select":
            values = one.xpath("./descendant::option[@selected]/@value")
        elif one.tag == "textarea":
            values = [(one.text or "").removeprefix("\n")]
        else:
            values = [one.get("value", "on" if kind == "checkbox" else "")]
        found.setdefault(one.get("name"), []).extend(values)
    return found


def conflict_on(page: HttpResponse) -> Any:
    if page.status_code != 200:
        return None
    found = lxml.html.fromstring(page.content.decode()).xpath("//*[@id='edit-conflict']/..")
    return found[0] if found else None


@dataclass(frozen=True)
class Edited:
    """A form in two windows: who has them open, and what is typed in the one and in the other."""

    url: str
    first: str
    second: str
    theirs: Mapping[str, str]
    mine: Mapping[str, str]


def seminar_edited(cast: Cast) -> Edited:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    seminar.speakers.create(name="Kari Taler")
    make_role(cast.hr, Role.ORGANISER, cast.other_agency)
    return Edited(
        reverse("seminars:edit", args=[seminar.pk]),
        "hr",
        "organiser",
        {"title": "Tittelen den andre skrev", "speakers-0-name": "Den andre taleren"},
        {"title": "Tittelen jeg skrev", "summary": "Kort, i mine ord"},
    )


def pool_edited(cast: Cast) -> Edited:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=2)
    make_role(cast.hr, Role.ORGANISER, cast.other_agency)
    url = reverse("seminars:pools", args=[seminar.pk])
    agency = {"agency": str(cast.agency.pk)}
    return Edited(url, "hr", "organiser", agency | {"seats": "5"}, agency | {"seats": "3"})


def question_edited(cast: Cast) -> Edited:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    question = Question.objects.create(seminar=seminar, text="Hotell?", kind="text")
    make_role(cast.hr, Role.ORGANISER, cast.other_agency)
    return Edited(
        reverse("seminars:rewrite_question", args=[seminar.pk, question.pk]),
        "hr",
        "organiser",
        {"text": "Trenger du hotellrom?"},
        {"text": "Skal du bo på hotell?"},
    )


def audience_edited(cast: Cast) -> Edited:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    audience = seminar.audiences.create(kind="listed")
    audience.people.add(cast.employee)
    make_role(cast.hr, Role.ORGANISER, cast.other_agency)
    return Edited(
        reverse("seminars:change_audience", args=[seminar.pk, audience.pk]),
        "hr",
        "organiser",
        {"people": cast.leader.email},
        {"people": cast.manager.email},
    )


def needs_edited(cast: Cast) -> Edited:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    registration = make_registration(seminar, cast.leader)
    Needs.objects.create(registration=registration, details="Sitte foran")
    url = reverse("seminars:needs", args=[seminar.pk])
    mine, theirs = {"details": "Sitte bak"}, {"details": "Sitte ved døra"}
    return Edited(url, "leader", "leader", theirs, mine)


def answer_edited(cast: Cast) -> Edited:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    question = Question.objects.create(seminar=seminar, text="Hotell?", kind="text")
    make_registration(seminar, cast.leader)
    url, name = reverse("seminars:answer", args=[seminar.pk]), f"q{question.pk}"
    return Edited(url, "leader", "leader", {name: "Ja, to netter"}, {name: "Nei takk"})


def choice_edited(cast: Cast) -> Edited:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    one, two, three = make_choice(seminar, 30, 30, 30)
    registration = make_registration(seminar, cast.leader)
    choose(registration, one)
    name = f"c{one.choice_group_id}"
    return Edited(
        reverse("seminars:choose", args=[seminar.pk]),
        "leader",
        "leader",
        {name: str(two.pk)},
        {name: str(three.pk)},
    )


def choice_edited_for_another(cast: Cast) -> Edited:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    one, two, three = make_choice(seminar, 30, 30, 30)
    registration = make_registration(seminar, cast.leader)
    choose(registration, one)
    make_role(cast.hr, Role.ORGANISER, cast.other_agency)
    name = f"c{one.choice_group_id}"
    return Edited(
        reverse("seminars:choose_for", args=[seminar.pk, registration.pk]),
        "hr",
        "organiser",
        {name: str(two.pk)},
        {name: str(three.pk)},
    )


def term_edited(cast: Cast) -> Edited:
    now = timezone.now()
    term = explain_term(word="Mestring", explanation="Å klare", by=cast.administrator, now=now)
    make_role(cast.hr, Role.ADMINISTRATOR, cast.municipality)
    return Edited(
        reverse("missions:term", args=[term.pk]),
        "hr",
        "administrator",
        {"explanation": "Å klare seg selv"},
        {"explanation": "Å klare hverdagen"},
    )


def terms_of_certificates_edited(cast: Cast) -> Edited:
    seminar = make_held(cast)
    settle_terms(seminar=seminar, terms=TermsContent(minutes=360), by=cast.organiser)
    url = reverse("certificates:desk", args=[seminar.pk])
    return Edited(url, "organiser", "organiser", {"minutes": "5"}, {"minutes": "4"})


def contribution_edited(cast: Cast) -> Edited:
    write_contribution(unit=cast.unit, text="Jeg lytter", by=cast.employee, now=timezone.now())
    url = reverse("missions:contribution", args=[cast.unit.pk])
    mine, theirs = {"text": "Jeg lytter mest"}, {"text": "Jeg spør"}
    return Edited(url, "employee", "employee", theirs, mine)


def private_note_edited(cast: Cast) -> Edited:
    signed = make_signed(cast, follow_up_on=timezone.localdate() + dt.timedelta(days=30))
    talk = signed.agreement.follow_ups.get()
    now = timezone.now()
    write_private_note(follow_up=talk, text="Husk", by=cast.employee, now=now)
    url = reverse("commitments:private_note", args=[signed.agreement_id, talk.pk])
    return Edited(url, "employee", "employee", {"text": "Husk ferien"}, {"text": "Husk kurset"})


def appointment_edited(cast: Cast) -> Edited:
    day = timezone.localdate() + dt.timedelta(days=30)
    signed = make_signed(cast, follow_up_on=day)
    starts = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
    arrange_follow_up(
        agreement=signed.agreement,
        appointment=Appointment(starts, 60, "Rom 1"),
        by=cast.leader,
        now=timezone.now(),
    )
    url = reverse("commitments:arrange", args=[signed.agreement_id])
    return Edited(url, "leader", "employee", {"place": "Rom 2"}, {"place": "Rom 3"})


EDITED: dict[str, Callable[[Cast], Edited]] = {
    "seminars:edit": seminar_edited,
    "seminars:pools": pool_edited,
    "seminars:rewrite_question": question_edited,
    "seminars:change_audience": audience_edited,
    "seminars:needs": needs_edited,
    "seminars:answer": answer_edited,
    "seminars:choose": choice_edited,
    "seminars:choose_for": choice_edited_for_another,
    "missions:term": term_edited,
    "missions:contribution": contribution_edited,
    "certificates:desk": terms_of_certificates_edited,
    "commitments:private_note": private_note_edited,
    "commitments:arrange": appointment_edited,
}


class Window:
    """One person's window: the form as it was opened, and what is typed over it."""

    def __init__(self, person: Any, edited: Edited) -> None:
        self.browser, self.url = Client(), edited.url
        self.browser.force_login(person)
        self.typed = typed_in(self.browser.get(self.url))

    def type(self, words: Mapping[str, str]) -> None:
        self.typed |= {name: [value] for name, value in words.items()}

    def press(self) -> HttpResponse:
        return self.browser.post(self.url, self.typed)

    def stored(self) -> Typed:
        return {**typed_in(self.browser.get(self.url)), "seen": []}


@pytest.mark.parametrize("name", EDITED)
def test_what_another_has_saved_is_not_overwritten_in_silence(name: str, cast: Cast) -> None:
    edited = EDITED[name](cast)
    theirs, mine = (Window(getattr(cast, who), edited) for who in (edited.first, edited.second))
    theirs.type(edited.theirs)
    assert theirs.press().status_code == 302
    stored = mine.stored()

    mine.type(edited.mine)
    refused = mine.press()
    assert conflict_on(refused) is not None
    assert mine.stored() == stored
    kept = typed_in(refused)
    assert {**kept, "seen": []} == {**mine.typed, "seen": []}

    mine.typed = kept
    assert mine.press().status_code == 302


@pytest.mark.parametrize("name", EDITED)
def test_the_same_form_sent_twice_is_no_conflict(name: str, cast: Cast) -> None:
    edited = EDITED[name](cast)
    window = Window(getattr(cast, edited.first), edited)
    window.type(edited.theirs)
    assert [window.press().status_code, window.press().status_code] == [302, 302]


@pytest.mark.parametrize("name", EDITED)
def test_a_form_that_says_nothing_of_what_it_showed_overwrites_nothing(
    name: str, cast: Cast
) -> None:
    """So a page that forgets to carry it is found out at once."""
    if name == "seminars:answer":
        pytest.skip("nothing is stored yet")
    edited = EDITED[name](cast)
    window = Window(getattr(cast, edited.first), edited)
    window.type(edited.theirs)
    window.typed["seen"] = []
    assert conflict_on(window.press()) is not None


def test_the_page_says_who_saved_what(cast: Cast) -> None:
    edited = seminar_edited(cast)
    theirs, mine = Window(cast.hr, edited), Window(cast.organiser, edited)
    theirs.type(edited.theirs)
    theirs.press()
    mine.type(edited.mine)
    said = " ".join(conflict_on(mine.press()).text_content().split())
    assert "Hanne Ruud lagret noe annet mens du skrev" in said
    assert "Tittelen den andre skrev" in said
    assert "Den andre taleren" in said
    assert "Kort om seminaret" not in said


def test_ones_own_other_window_is_called_that(cast: Cast) -> None:
    edited = contribution_edited(cast)
    one, two = Window(cast.employee, edited), Window(cast.employee, edited)
    one.type(edited.theirs)
    one.press()
    two.type(edited.mine)
    said = " ".join(conflict_on(two.press()).text_content().split())
    assert said.startswith("Du lagret noe annet i et annet vindu")


def test_a_third_who_saves_after_the_conflict_is_told_too(cast: Cast) -> None:
    edited = term_edited(cast)
    theirs, mine = Window(cast.hr, edited), Window(cast.administrator, edited)
    theirs.type(edited.theirs)
    theirs.press()
    mine.type(edited.mine)
    mine.typed = typed_in(mine.press())
    theirs = Window(cast.hr, edited)
    theirs.type({"explanation": "Å klare alt"})
    theirs.press()
    assert "Å klare alt" in conflict_on(mine.press()).text_content()


def test_an_error_at_a_field_does_not_make_one_have_seen_more(cast: Cast) -> None:
    edited = question_edited(cast)
    theirs, mine = Window(cast.hr, edited), Window(cast.organiser, edited)
    theirs.type(edited.theirs)
    theirs.press()
    mine.type({"text": ""})
    mine.typed = typed_in(mine.press())
    mine.type(edited.mine)
    assert conflict_on(mine.press()) is not None


@pytest.mark.parametrize("hour", [0, 4, 9, 23])
def test_a_session_added_twice_is_added_once(hour: int, cast: Cast) -> None:
    day = timezone.localtime() + dt.timedelta(days=21)
    starts_at = day.replace(hour=hour, minute=13)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=starts_at)
    url = reverse("seminars:edit", args=[seminar.pk])
    window = Window(cast.organiser, Edited(url, "", "", {}, {}))
    start = window.typed["sessions-0-ends_at"][0]
    later = (dt.datetime.fromisoformat(start) + dt.timedelta(hours=2)).isoformat()[:16]
    window.type(
        {
            "sessions-TOTAL_FORMS": "2",
            "sessions-1-starts_at": start,
            "sessions-1-ends_at": later,
            "sessions-1-title": "Etterpå",
        }
    )
    window.press()
    once = set(seminar.sessions.values_list("pk", flat=True))
    assert window.press().status_code == 302
    assert set(seminar.sessions.values_list("pk", flat=True)) == once
    assert len(once) == 2


def test_a_row_typed_like_one_that_another_has_added_is_kept(cast: Cast) -> None:
    edited = seminar_edited(cast)
    theirs, mine = Window(cast.hr, edited), Window(cast.organiser, edited)
    added = {"speakers-TOTAL_FORMS": "2", "speakers-1-name": "Siri Taler"}
    theirs.type(added)
    theirs.press()
    mine.type(added | {"title": "Tittelen jeg skrev"})
    assert mine.press().status_code == 302
    names = mine.stored()
    assert names["speakers-0-name"] + names["speakers-1-name"] == ["Kari Taler", "Siri Taler"]


REMOVED = {
    "seminars:rewrite_question": "seminars:drop_question",
    "seminars:change_audience": "seminars:remove_audience",
    "missions:term": "missions:remove_term",
}


@pytest.mark.parametrize("name", REMOVED)
def test_what_was_typed_of_something_removed_meanwhile_is_kept(name: str, cast: Cast) -> None:
    edited = EDITED[name](cast)
    mine = Window(getattr(cast, edited.second), edited)
    mine.type(edited.mine)
    other = Client()
    other.force_login(getattr(cast, edited.first))
    match = resolve(edited.url)
    remove_url = reverse(REMOVED[name], args=match.args, kwargs=match.kwargs)
    assert other.post(remove_url).status_code == 302
    told = mine.press()
    said = " ".join(conflict_on(told).text_content().split())
    assert "mens du skrev (Hanne Ruud, " in said
    assert {**typed_in(told), "seen": []} == {**mine.typed, "seen": []}
    (form,) = lxml.html.fromstring(told.content.decode()).xpath("//main//form[@action]")
    mine.url, mine.typed = form.get("action"), typed_in(told)
    assert mine.press().status_code == 302
    assert mine.browser.get(edited.url).status_code == 404


NEW = "what stands there is suggested: the form makes something new"
NOT_STORED = {
    "commitments:begin_round": NEW,
    "commitments:start": NEW,
    "pulse:open_pulse": NEW,
    "seminars:ask": NEW,
    "seminars:create": NEW,
    "seminars:own_staff": NEW,
    "attendance:register_other": NEW,
    "seminars:write": NEW,
    "commitments:edit": "merges with what is saved: tests/commitments/test_merging.py",
    "missions:edit": "counts the saves of a draft: tests/missions/test_writing_together.py",
    "missions:publish": "counts the saves of a draft: tests/missions/test_writing_together.py",
}


def is_filled_in(form: Any) -> bool:
    """Does it show something that somebody could change?"""
    words = [one.get("value") for one in form.xpath(".//input") if one.get("type") in WORDS]
    words += [(one.text or "").strip() for one in form.xpath(".//textarea")]
    chosen = form.xpath(".//input[(@type='radio' or @type='checkbox') and @checked]")
    return any(words) or bool(chosen) or bool(form.xpath(".//option[@selected and @value!='']"))


def filled_in_forms(rows: list[Row], cast: Cast) -> Iterator[tuple[str, bool]]:
    """By address: whether the form carries what it showed."""
    for row in rows:
        kind = next((one for one in KINDS if row.expected[one] == 200), None)
        if row.method != "get" or kind is None:
            continue
        browser = Client()
        browser.force_login(getattr(cast, kind))
        with transaction.atomic():
            url = reverse(row.name, args=row.args, kwargs=row.kwargs)
            page = browser.get(url, row.data)
            transaction.set_rollback(True)
        if not page.get("Content-Type", "").startswith("text/html") or page.status_code != 200:
            continue
        for form in lxml.html.fromstring(page.content.decode()).xpath("//main//form"):
            if (form.get("method") or "get") == "post" and is_filled_in(form):
                action = form.get("action") or url
                yield resolve(action.split("?")[0]).view_name, "seen" in fields_of(form)


@pytest.mark.parametrize("name", ROOMS)
def test_every_form_that_shows_what_is_stored_is_guarded(name: str, cast: Cast) -> None:
    found = list(filled_in_forms(room(name).urls(cast), cast))
    assert {one for one, carries in found if not carries} - set(NOT_STORED) == set()
    assert {one for one, carries in found if carries} - set(EDITED) - set(NOT_STORED) == set()


def test_what_is_stored_and_typed_alike_is_no_conflict() -> None:
    Seen.of({"a": "før"}).refuse_conflict({"a": "nå"}, {"a": "nå"})
    with pytest.raises(EditConflict) as conflict:
        Seen.of({"a": "før", "b": 1}).refuse_conflict({"a": "nå", "b": 1}, {"a": "mitt", "b": 2})
    assert conflict.value.names == ["a"]


@pytest.mark.parametrize("sent", ["", "x", "[]", "1", "null", '{"a": 1}', "{" * 60_000])
def test_a_hidden_field_that_is_not_ours_has_seen_nothing(sent: str) -> None:
    with pytest.raises(EditConflict):
        Seen.read(sent).refuse_conflict({"a": "nå"}, {"a": "mitt"})
