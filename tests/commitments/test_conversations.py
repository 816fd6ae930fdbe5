"""Conversations: in both calendars and neutral there, written down together, and noted alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import vobject
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from commitments.amending.actions import amend_agreement
from commitments.ending.actions import end_agreement
from commitments.evidence.verification import verify_all
from commitments.follow_up.actions import (
    Appointment,
    Said,
    arrange_follow_up,
    hold_follow_up,
    write_private_note,
)
from commitments.follow_up.timeline import timelines
from commitments.locking import AgreementRefused
from commitments.models import Agreement, FollowUp, PrivateNote, Word
from outbox.models import Letter
from people.models import AuditRecord, User
from tests import clock
from tests.cast import KINDS, Cast
from tests.commitments.factories import SECRETS, agree, make_draft, make_signed, propose, save, sign
from tests.commitments.test_parting import new_leader
from tests.editing import seen_on

SignedIn = Callable[[User], Client]
GOLDEN = Path(__file__).parent / "golden"
NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
START = dt.datetime(2126, 11, 25, 8, 0, tzinfo=dt.UTC)
SUMMER = dt.datetime(2127, 7, 1, 11, 30, tzinfo=dt.UTC)
PRIVATE = "Jeg var for rask med svaret om turnusen"
SHARED = "Vi tar nattevaktene opp igjen i mars"


def arrange(agreement: Agreement, by: User, **fields: Any) -> FollowUp:
    fields = {"starts_at": START, "minutes": 45, "place": "Møterom 3, 2. etasje"} | fields
    return arrange_follow_up(agreement=agreement, appointment=Appointment(**fields), by=by, now=NOW)


def told(user: User) -> list[Any]:
    """The events of the person's calendar parts, in order, as the second parser reads them."""
    letters = Letter.objects.filter(recipient=user).exclude(calendar="").order_by("pk")
    return [vobject.readOne(one.calendar).vevent for one in letters]


def methods(user: User) -> list[tuple[str, int]]:
    letters = Letter.objects.filter(recipient=user).exclude(calendar="").order_by("pk")
    return [
        (letter.calendar_method, int(event.sequence.value))
        for letter, event in zip(letters, told(user), strict=True)
    ]


@pytest.fixture
def agreement(cast: Cast) -> Agreement:
    return make_signed(cast).agreement


# The calendar


STORIES: dict[str, Callable[[Agreement, Cast], object]] = {
    "arranged": lambda agreement, cast: arrange(agreement, cast.leader),
    "moved": lambda agreement, cast: (
        arrange(agreement, cast.leader),
        arrange(agreement, cast.employee, starts_at=SUMMER, place=""),
    ),
    "taken_out": lambda agreement, cast: (
        arrange(agreement, cast.leader),
        end_agreement(agreement=agreement, reason=SECRETS[3], by=cast.leader, now=NOW),
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_both_calendars_are_told_what_the_golden_file_says(
    agreement: Agreement, cast: Cast, story: str
) -> None:
    STORIES[story](agreement, cast)
    parts = Letter.objects.exclude(calendar="").order_by("pk").values_list("calendar", flat=True)
    follow_up = FollowUp.objects.get()
    text = "".join(parts).replace("\r\n ", "").replace("\r\n", "\n")
    text = text.replace(f"follow-up-{follow_up.pk}@", "follow-up-N@")
    text = text.replace(f"/avtaler/{agreement.pk}/", "/avtaler/N/")
    assert text == (GOLDEN / f"{story}.ics").read_text(encoding="utf-8")


@pytest.mark.parametrize("story", STORIES)
def test_both_parsers_read_the_same(agreement: Agreement, cast: Cast, story: str) -> None:
    STORIES[story](agreement, cast)
    for letter in Letter.objects.exclude(calendar=""):
        theirs = vobject.readOne(letter.calendar).vevent
        ours = next(iter(Calendar.from_ical(letter.calendar).events))
        assert theirs.uid.value == str(ours["UID"])
        assert int(theirs.sequence.value) == ours["SEQUENCE"]
        assert theirs.dtstart.value.astimezone(dt.UTC) == ours.start.astimezone(dt.UTC)
        assert theirs.dtend.value - theirs.dtstart.value == dt.timedelta(minutes=45)
        assert [one.value for one in theirs.attendee_list] == [f"mailto:{letter.to_email}"]
        assert theirs.organizer.value != f"mailto:{letter.to_email}"


def test_moving_is_the_same_event_with_a_higher_sequence(agreement: Agreement, cast: Cast) -> None:
    STORIES["moved"](agreement, cast)
    for person in (cast.leader, cast.employee):
        first, second = told(person)
        assert methods(person) == [("REQUEST", 1), ("REQUEST", 2)]
        assert first.uid.value == second.uid.value
        assert second.dtstart.value.astimezone(dt.UTC) == SUMMER


def test_no_calendar_says_with_whom_or_about_what(agreement: Agreement, cast: Cast) -> None:
    """Other people's calendars are looked into every day."""
    STORIES["taken_out"](agreement, cast)
    for person, other in ((cast.leader, cast.employee), (cast.employee, cast.leader)):
        for letter in Letter.objects.filter(recipient=person).exclude(calendar=""):
            assert other.name not in letter.calendar
            assert other.email not in letter.calendar
            assert all(secret not in letter.calendar for secret in SECRETS)
        assert [one.summary.value for one in told(person)] == ["Oppfølgingssamtale"] * 2


def test_letters_about_the_time_have_neutral_subjects(agreement: Agreement, cast: Cast) -> None:
    STORIES["taken_out"](agreement, cast)
    subjects = set(Letter.objects.exclude(calendar="").values_list("subject", flat=True))
    assert subjects == {"Oppfølgingssamtale", "Oppfølgingssamtalen er ute av kalenderen"}


def test_the_day_of_the_conversation_follows_its_time(agreement: Agreement, cast: Cast) -> None:
    """Half past eleven at night in Oslo is another day in UTC."""
    late = dt.datetime(2127, 7, 1, 22, 30, tzinfo=dt.UTC)
    assert arrange(agreement, cast.leader, starts_at=late).due_on == dt.date(2127, 7, 2)


@pytest.mark.parametrize("how", ["ended", "parted", "held before", "amended to another day"])
def test_a_time_that_holds_no_more_leaves_both_calendars(cast: Cast, how: str) -> None:
    agreement = make_signed(cast).agreement
    talk = arrange(agreement, cast.leader)
    said = {one.pk: Said("kept") for one in talk.revision.commitments.all()}
    if how == "ended":
        end_agreement(agreement=agreement, reason="x", by=cast.leader, now=NOW)
    elif how == "parted":
        new_leader(cast)
    elif how == "held before":
        hold_follow_up(follow_up=talk, said=said, next_on=None, by=cast.leader, now=NOW)
    else:
        amend(agreement, cast, follow_up_on=dt.date(2127, 1, 4))
    for person in (cast.leader, cast.employee):
        assert methods(person) == [("REQUEST", 1), ("CANCEL", 2)]
    assert FollowUp.objects.get().starts_at is None


def amend(agreement: Agreement, cast: Cast, **fields: Any) -> None:
    draft = amend_agreement(agreement=agreement, reason="x", by=cast.leader, now=NOW)
    agreed = agree(propose(save(draft, by=cast.leader, **fields), by=cast.leader), by=cast.employee)
    sign(sign(agreed, by=cast.leader), by=cast.employee)


def test_an_amendment_that_keeps_the_day_keeps_the_time(agreement: Agreement, cast: Cast) -> None:
    arrange(agreement, cast.leader)
    amend(agreement, cast, follow_up_on=timezone.localdate(START))
    assert methods(cast.leader) == [("REQUEST", 1)]
    assert FollowUp.objects.get().starts_at == START


def test_one_without_a_time_leaves_no_calendar(cast: Cast) -> None:
    agreement = make_signed(cast, follow_up_on=dt.date(2126, 1, 1)).agreement
    end_agreement(agreement=agreement, reason="x", by=cast.leader, now=NOW)
    assert methods(cast.leader) == []


def test_the_planned_one_gets_its_time_and_no_other_is_made(cast: Cast) -> None:
    agreement = make_signed(cast, follow_up_on=dt.date(2126, 1, 1)).agreement
    planned = agreement.follow_ups.get()
    assert arrange(agreement, cast.employee).pk == planned.pk
    assert FollowUp.objects.get().due_on == dt.date(2126, 11, 25)


def test_a_time_that_has_passed_is_refused(agreement: Agreement, cast: Cast) -> None:
    with pytest.raises(AgreementRefused, match="senere tidspunkt"):
        arrange(agreement, cast.leader, starts_at=NOW)


def test_there_is_nothing_to_talk_about_before_it_is_signed(
    cast: Cast, signed_in: SignedIn
) -> None:
    draft = make_draft(cast)
    with pytest.raises(AgreementRefused, match="når avtalen er signert"):
        arrange(draft.agreement, cast.leader)
    page = signed_in(cast.leader).get(reverse("commitments:arrange", args=[draft.agreement_id]))
    assert page.status_code == 403


@pytest.mark.parametrize("who", [kind for kind in KINDS if kind not in ("leader", "employee")])
def test_nobody_else_arranges_or_notes(agreement: Agreement, cast: Cast, who: str) -> None:
    talk = arrange(agreement, cast.leader)
    outsider = getattr(cast, who)
    with pytest.raises(AgreementRefused):
        arrange(agreement, outsider)
    with pytest.raises(AgreementRefused):
        write_private_note(follow_up=talk, text="x", by=outsider, now=NOW)


# What is said together


def hold(agreement: Agreement, by: User) -> FollowUp:
    talk = agreement.follow_ups.outstanding().get()
    said = {one.pk: Said("on_the_way", "Nesten") for one in talk.revision.commitments.all()}
    return hold_follow_up(
        follow_up=talk, said=said, next_on=None, by=by, now=timezone.now(), notes=SHARED
    )


def hold_in_turn(agreement: Agreement, by: User, words: list[Word]) -> None:
    """One conversation for each word, said of every commitment."""
    for place, word in enumerate(words):
        talk = agreement.follow_ups.outstanding().get()
        hold_follow_up(
            follow_up=talk,
            said={one.pk: Said(word, "Derfor") for one in talk.revision.commitments.all()},
            next_on=timezone.localdate() + dt.timedelta(days=30 + place),
            by=by,
            now=timezone.now(),
        )


def lines_of(page: str) -> list[list[str]]:
    """What stands beside the marks of each commitment."""
    figure = page.partition("lp-over-time__rows")[2].partition("</figure>")[0]
    lines = figure.split("lp-over-time__marks")[1:]
    return [re.findall(r"<strong>(.*?)</strong>", line) for line in lines]


@pytest.fixture
def talked_about(cast: Cast) -> Agreement:
    """Signed, with a first conversation planned."""
    return make_signed(cast, follow_up_on=timezone.localdate() + dt.timedelta(days=10)).agreement


def test_from_two_conversations_on_each_commitment_has_a_mark_for_each(
    talked_about: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    url = reverse("commitments:detail", args=[talked_about.pk])
    hold_in_turn(talked_about, cast.leader, [Word.ON_THE_WAY])
    assert lines_of(signed_in(cast.employee).get(url).content.decode()) == []
    hold_in_turn(talked_about, cast.leader, [Word.KEPT, Word.LET_GO])
    agreed = talked_about.revisions.get().commitments.count()
    for person in (cast.leader, cast.employee):
        page = signed_in(person).get(url).content.decode()
        assert lines_of(page) == [["På vei", "Holdt", "Sluppet"]] * agreed
    for outsider in (cast.manager, cast.hr, cast.administrator, cast.stranger):
        assert signed_in(outsider).get(url).status_code == 404


def test_a_commitment_of_the_same_words_in_a_new_edition_has_one_line(
    talked_about: Agreement, cast: Cast
) -> None:
    hold_in_turn(talked_about, cast.leader, [Word.ON_THE_WAY])
    draft = amend_agreement(agreement=talked_about, reason="x", by=cast.leader, now=timezone.now())
    agreed = agree(propose(draft, by=cast.leader), by=cast.employee)
    signed = sign(sign(agreed, by=cast.employee), by=cast.leader)
    hold_in_turn(talked_about, cast.leader, [Word.KEPT])
    held = talked_about.follow_ups.held().prefetch_related("outcomes__commitment")
    assert {talk.revision_id for talk in held} == {
        signed.pk,
        talked_about.revisions.earliest("number").pk,
    }
    said = [[mark.word for mark in line.marks] for line in timelines(held)]
    assert said == [[Word.ON_THE_WAY, Word.KEPT]] * signed.commitments.count()


def test_both_read_the_shared_note_and_nobody_else(
    agreement: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    arrange(agreement, cast.leader)
    hold(agreement, cast.leader)
    url = reverse("commitments:detail", args=[agreement.pk])
    for person in (cast.leader, cast.employee):
        assert SHARED in signed_in(person).get(url).content.decode()
    assert signed_in(cast.manager).get(url).status_code == 404
    assert all(SHARED not in one.text + one.calendar for one in Letter.objects.all())
    assert all(SHARED not in str(one.details) for one in AuditRecord.objects.all())


def test_the_shared_note_is_part_of_the_evidence(agreement: Agreement, cast: Cast) -> None:
    arrange(agreement, cast.leader)
    hold(agreement, cast.leader)
    assert list(verify_all()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE commitments_followup SET notes = 'Vi sa noe annet'")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert [one.what for one in verify_all()] == ["a row is not what it was"]


def test_the_shared_note_never_changes(agreement: Agreement, cast: Cast) -> None:
    arrange(agreement, cast.leader)
    talk = hold(agreement, cast.leader)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        FollowUp.objects.filter(pk=talk.pk).update(notes="Noe annet")


# What each notes alone


@pytest.fixture
def noted(agreement: Agreement, cast: Cast) -> FollowUp:
    talk = arrange(agreement, cast.leader)
    write_private_note(follow_up=talk, text=PRIVATE, by=cast.employee, now=NOW)
    return talk


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "employee"])
def test_a_private_note_is_the_authors_alone(
    noted: FollowUp, cast: Cast, signed_in: SignedIn, kind: str
) -> None:
    person = getattr(cast, kind)
    assert PrivateNote.objects.visible_to(person, on=clock.today()).count() == 0
    browser = signed_in(person)
    for name, args in (
        ("detail", [noted.agreement_id]),
        ("follow_up", [noted.agreement_id]),
        ("arrange", [noted.agreement_id]),
        ("private_note", [noted.agreement_id, noted.pk]),
    ):
        answer = browser.get(reverse(f"commitments:{name}", args=args))
        assert answer.status_code == (200 if kind == "leader" else 404)
        assert PRIVATE not in answer.content.decode()


def test_the_author_reads_and_changes_it(noted: FollowUp, cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.employee)
    url = reverse("commitments:private_note", args=[noted.agreement_id, noted.pk])
    page = browser.get(url).content.decode()
    assert PRIVATE in page
    assert "Bare du. Heller ikke Liv Dahl." in page
    browser.post(url, {"text": "Noe mildere"} | seen_on(browser, url))
    assert PrivateNote.objects.get().text == "Noe mildere"
    browser.post(url, {"text": ""} | seen_on(browser, url))
    assert PrivateNote.objects.count() == 0
    too_long = browser.post(url, {"text": "x" * 4001})
    assert "lp-error-summary" in too_long.content.decode()
    assert "x" * 4001 in too_long.content.decode()


def test_a_private_note_leaves_no_trace_anywhere(noted: FollowUp) -> None:
    assert AuditRecord.objects.filter(action__contains="private").count() == 0
    assert all(PRIVATE not in one.text for one in Letter.objects.all())
    assert noted.agreement.evidence.count() == 6


def test_a_leader_who_leaves_takes_the_private_notes_away(noted: FollowUp, cast: Cast) -> None:
    write_private_note(follow_up=noted, text="Lederens", by=cast.leader, now=NOW)
    new_leader(cast)
    assert [one.text for one in PrivateNote.objects.all()] == [PRIVATE]
    assert PrivateNote.objects.visible_to(cast.employee, on=clock.today()).count() == 1
    with pytest.raises(AgreementRefused):
        write_private_note(follow_up=noted, text="Igjen", by=cast.leader, now=NOW)


def test_the_database_lets_only_a_party_note(noted: FollowUp, cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="only a party writes notes"), transaction.atomic():
        PrivateNote.objects.create(
            follow_up=noted, author=cast.manager, text="x", written_at=timezone.now()
        )


def test_the_database_keeps_day_and_time_together(noted: FollowUp) -> None:
    with pytest.raises(IntegrityError, match="follow_up_starts_on_its_day"), transaction.atomic():
        FollowUp.objects.filter(pk=noted.pk).update(due_on=dt.date(2126, 11, 24))
    with pytest.raises(IntegrityError, match="follow_up_is_told_before"), transaction.atomic():
        FollowUp.objects.filter(pk=noted.pk).update(calendar_sequence=0)


# The pages


def test_arranging_by_the_page_keeps_what_was_typed_when_it_is_wrong(
    agreement: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    browser, url = signed_in(cast.leader), reverse("commitments:arrange", args=[agreement.pk])
    wrong = {"day": "2020-01-01", "time": "09:00", "minutes": "60", "place": "Kantina"}
    page = browser.post(url, wrong).content.decode()
    assert "Velg et senere tidspunkt." in page
    assert "Kantina" in page
    assert "lp-error-summary" in browser.post(url, {"day": "i morgen"}).content.decode()
    sent = wrong | {"day": "2126-11-25"} | seen_on(browser, url)
    right = browser.post(url, sent, follow=True).content.decode()
    assert "mandag 25. november 2126 kl. 09.00–10.00" in right.lower()
    assert "Flytt samtalen" in browser.get(url).content.decode()
    assert FollowUp.objects.get().starts_at == START


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (
            "2126-10-27",
            "Kl. 02.30 kommer to ganger denne natten, for klokken stilles tilbake. Velg hvilken av "
            "dem du mener.",
        ),
        (
            "2126-03-31",
            "Kl. 02.30 finnes ikke denne natten, for klokken stilles frem. Velg en tid før "
            "kl. 02.00 eller fra kl. 03.00.",
        ),
    ],
)
def test_an_hour_that_comes_twice_or_never_is_refused_at_the_time(
    agreement: Agreement, cast: Cast, signed_in: SignedIn, day: str, why: str
) -> None:
    browser, url = signed_in(cast.leader), reverse("commitments:arrange", args=[agreement.pk])
    sent = {"day": day, "time": "02:30", "minutes": "60", "place": "Kantina"}
    page = browser.post(url, sent | seen_on(browser, url))
    assert page.context["form"].errors["time"] == [why]
    assert ("Kantina" in page.content.decode(), FollowUp.objects.exists()) == (True, False)


def test_of_an_hour_that_comes_twice_one_is_chosen_and_the_other_is_another_time(
    agreement: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    browser, url = signed_in(cast.leader), reverse("commitments:arrange", args=[agreement.pk])
    sent = {"day": "2126-10-27", "time": "02:30", "minutes": "60", "place": ""}
    for number, (chosen, hour) in enumerate([("1", 0), ("2", 1), ("2", 1)]):
        browser.post(url, sent | {"time-gang": chosen} | seen_on(browser, url))
        talk = FollowUp.objects.get()
        assert talk.starts_at == dt.datetime(2126, 10, 27, hour, 30, tzinfo=dt.UTC)
        assert talk.calendar_sequence == min(number, 1) + 1
        words = " ".join(browser.get(url).content.decode().split())
        assert f'id="id_time-gang-{chosen}" checked' in words
        assert 'name="time" value="02:30' in words


def test_the_other_of_two_hours_alike_is_never_overwritten_unseen(
    agreement: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    first, second = (dt.datetime(2126, 10, 27, hour, 30, tzinfo=dt.UTC) for hour in (0, 1))
    arrange(agreement, cast.leader, starts_at=first)
    browser, url = signed_in(cast.leader), reverse("commitments:arrange", args=[agreement.pk])
    seen = seen_on(browser, url)
    arrange(agreement, cast.employee, starts_at=second)
    sent = {"day": "2126-10-28", "time": "09:00", "minutes": "60", "place": ""}
    page = browser.post(url, sent | seen)
    assert [row.href for row in page.context["form"].conflict.rows] == ["#id_time"]
    assert FollowUp.objects.get().starts_at == second


def test_today_at_an_hour_that_has_passed_is_said_at_the_time(
    agreement: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    url = reverse("commitments:arrange", args=[agreement.pk])
    today = timezone.localdate().isoformat()
    values = {"day": today, "time": "00:00", "minutes": "60"}
    page = signed_in(cast.leader).post(url, values).content.decode()
    assert 'href="#id_time"' in page


def test_the_page_of_the_conversation_keeps_the_shared_note(
    agreement: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    arrange(agreement, cast.leader)
    url = reverse("commitments:follow_up", args=[agreement.pk])
    words = {"notes": SHARED}
    page = signed_in(cast.leader).post(url, words).content.decode()
    assert SHARED in page
    for one in agreement.revisions.get().commitments.all():
        words[f"o{one.pk}-word"] = "kept"
    signed_in(cast.leader).post(url, words)
    assert FollowUp.objects.get().notes == SHARED


def test_the_second_conversation_is_written_down_like_the_first(
    agreement: Agreement, cast: Cast, signed_in: SignedIn
) -> None:
    arrange(agreement, cast.leader)
    hold(agreement, cast.leader)
    url = reverse("commitments:follow_up", args=[agreement.pk])
    assert signed_in(cast.leader).get(url).status_code == 302
    second = arrange(agreement, cast.leader, starts_at=SUMMER)
    page = signed_in(cast.leader).get(url)
    assert (page.status_code, page.context["follow_up"]) == (200, second)
