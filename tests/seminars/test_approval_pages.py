"""Approval as people see it: the manager's page, Min side, the lists, and what was typed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Letter
from people.models import AuditRecord, Leadership
from seminars.approvals.actions import approve_registration, ask_new_leaders, decline_registration
from seminars.editing.actions import cancel_seminar
from seminars.models import Seminar
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import remove_participant, withdraw_registration
from tests.factories import make_employee, make_leader
from tests.seminars.factories import make_registration, make_seminar
from tests.seminars.test_pages import FRAME


@pytest.fixture
def asking(cast):
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=30, approval_days=3)


@pytest.fixture
def asked(cast, asking, now):
    return register_for_seminar(seminar=asking, by=cast.employee, now=now)


def page_of(row) -> str:
    return reverse("seminars:approve", args=[row.seminar_id, row.pk])


def text(response) -> str:
    return response.content.decode()


def test_manager_sees_who_it_is_about_and_says_yes(cast, asked, signed_in):
    browser = signed_in(cast.leader)
    page = text(browser.get(page_of(asked)))
    assert "Kan Even Moen delta?" in page
    assert "Svarer du ikke innen da, faller påmeldingen bort." in page
    asked.refresh_from_db()
    assert asked.state == "awaiting"
    response = browser.post(page_of(asked), {"answer": "approve"}, follow=True)
    assert response.redirect_chain == [
        (reverse("seminars:own_staff", args=[asked.seminar_id]), 302)
    ]
    assert "Påmeldingen til Even Moen er godkjent." in text(response)
    asked.refresh_from_db()
    assert asked.state == "registered"


def test_no_needs_a_reason_at_the_field(cast, asked, signed_in):
    browser = signed_in(cast.leader)
    refused = browser.post(page_of(asked), {"answer": "decline", "reason": " "})
    assert refused.context["form"].errors == {"reason": ["Skriv hvorfor, så personen forstår det."]}
    too_long = browser.post(page_of(asked), {"answer": "decline", "reason": "x" * 1_001})
    assert list(too_long.context["form"].errors) == ["reason"]
    asked.refresh_from_db()
    assert asked.state == "awaiting"
    done = browser.post(page_of(asked), {"answer": "decline", "reason": "Vakt"}, follow=True)
    assert "Påmeldingen til Even Moen er avslått." in text(done)
    asked.refresh_from_db()
    assert asked.state == "declined"


def test_neither_yes_nor_no_is_asked_again(cast, asked, signed_in):
    response = signed_in(cast.leader).post(page_of(asked), {"reason": "Tja"})
    assert "Velg om du godkjenner eller avslår." in text(response)
    assert "Tja" in text(response)


def test_second_press_is_told_what_became_of_it(cast, asked, signed_in):
    browser = signed_in(cast.leader)
    browser.post(page_of(asked), {"answer": "approve"})
    again = browser.post(page_of(asked), {"answer": "approve"}, follow=True)
    assert "Påmeldingen er allerede godkjent." in text(again)
    assert "ikke lenger åpen for svar" in text(browser.get(page_of(asked)))


@pytest.mark.parametrize(
    ("settle", "words"),
    [
        (
            lambda cast, row, now: withdraw_registration(
                registration=row, by=cast.employee, now=now
            ),
            "Påmeldingen er trukket, så det er ingenting å svare på.",
        ),
        (
            lambda cast, row, now: remove_participant(
                registration=row, by=cast.organiser, reason="", now=now
            ),
            "Arrangøren har tatt bort påmeldingen.",
        ),
        (
            lambda cast, row, now: cancel_seminar(
                seminar=row.seminar, reason="Syk", by=cast.organiser, now=now
            ),
            "Seminaret er avlyst, så det er ingenting å svare på.",
        ),
        (
            lambda cast, row, now: approve_registration(registration=row, by=cast.manager, now=now),
            "Påmeldingen er allerede godkjent.",
        ),
        (
            lambda cast, row, now: decline_registration(
                registration=row, by=cast.manager, reason="Vakt", now=now
            ),
            "Påmeldingen er allerede avslått.",
        ),
    ],
    ids=["withdrawn", "removed", "cancelled", "approved", "declined"],
)
def test_an_old_link_says_what_became_of_it(cast, asked, now, signed_in, settle, words):
    settle(cast, asked, now)
    manager = signed_in(cast.leader)
    page = manager.get(page_of(asked))
    assert page.status_code == 200
    assert words in text(page)
    assert "Ja, godkjenn" not in text(page)
    answered = manager.post(page_of(asked), {"answer": "approve"})
    assert answered.status_code == 200
    assert words in text(answered)
    assert "Ja, godkjenn" not in text(answered)
    for link in re.findall(r'href="(/seminarer/[^"]*)"', text(page)):
        assert manager.get(link).status_code == 200
    for other in (cast.stranger, cast.coordinator, cast.hr):
        assert signed_in(other).get(page_of(asked)).status_code == 404


@pytest.mark.parametrize(
    ("silence", "words"), [("approve", "ble da godkjent."), ("decline", "falt da bort.")]
)
def test_a_link_past_its_time_says_what_silence_meant(cast, asked, signed_in, silence, words):
    Seminar.objects.filter(pk=asked.seminar_id).update(approval_default=silence)
    passed = timezone.now() - dt.timedelta(minutes=1)
    type(asked).objects.filter(pk=asked.pk).update(expires_at=passed)
    page = text(signed_in(cast.leader).get(page_of(asked)))
    assert words in page
    assert "Ja, godkjenn" not in page


@pytest.mark.parametrize("who", ["employee", "coordinator", "organiser", "hr", "stranger"])
def test_others_may_not_know_of_it(cast, asked, signed_in, who):
    browser = signed_in(getattr(cast, who))
    assert browser.get(page_of(asked)).status_code == 404
    assert browser.post(page_of(asked), {"answer": "approve"}).status_code == 404
    asked.refresh_from_db()
    assert asked.state == "awaiting"


def test_leader_who_has_left_is_out_and_the_new_one_is_in(cast, asked, signed_in, today):
    row = Leadership.objects.get(user=cast.leader)
    row.valid_to = today - dt.timedelta(days=1)
    row.save()
    new = make_employee(cast.unit, "Nina Ny")
    Leadership.objects.create(user=new, unit=cast.unit, valid_from=today)
    assert signed_in(cast.leader).get(page_of(asked)).status_code == 404
    assert "Godkjenning" not in text(signed_in(cast.leader).get(reverse("home")))
    assert signed_in(new).get(page_of(asked)).status_code == 200


def new_leader(cast, today):
    Leadership.objects.filter(user=cast.leader).update(valid_to=today - dt.timedelta(days=1))
    new = make_employee(cast.unit, "Nina Ny")
    Leadership.objects.create(user=new, unit=cast.unit, valid_from=today)
    return new


def asked_by_letter(person) -> int:
    return Letter.objects.filter(recipient=person, kind="seminars.approval_wanted").count()


def test_a_new_leader_is_asked_once_and_answers_from_my_page(cast, asked, signed_in, today, now):
    new = new_leader(cast, today)
    Letter.objects.update(next_attempt_at=now)  # whatever the hour, it has gone
    assert [ask_new_leaders(now=now) for _round in range(3)] == [1, 0, 0]
    assert (asked_by_letter(new), asked_by_letter(cast.leader)) == (1, 1)
    browser = signed_in(new)
    home = browser.get(reverse("home"))
    assert (waiting_on(home), home.context["page"].next_step.url) == ([asked], page_of(asked))
    assert waiting_on(signed_in(cast.leader).get(reverse("home"))) == []
    assert "Nina Ny" in text(
        signed_in(cast.employee).get(reverse("seminars:detail", args=[asked.seminar_id]))
    )
    browser.post(page_of(asked), {"answer": "approve"})
    asked.refresh_from_db()
    assert (asked.state, asked.approver) == ("registered", new)
    records = AuditRecord.objects.filter(action="seminars.ask_new_leader")
    assert [one.details for one in records] == [{"asked": new.pk}]


def test_a_leader_who_comes_back_is_not_written_to_again(cast, asked, today, now):
    new = new_leader(cast, today)
    ask_new_leaders(now=now)
    Leadership.objects.filter(user=new).delete()
    Leadership.objects.filter(user=cast.leader).update(valid_to=None)
    assert ask_new_leaders(now=now) == 1
    asked.refresh_from_db()
    assert asked.approver == cast.leader
    assert asked_by_letter(cast.leader) == 1


def test_nobody_new_is_asked_when_it_is_settled_late_or_nobody_leads(cast, asked, today, now):
    late = asked.expires_at
    assert ask_new_leaders(now=now) == 0
    Leadership.objects.all().update(valid_to=today - dt.timedelta(days=1))
    assert ask_new_leaders(now=now) == 0
    new = make_employee(cast.unit, "Nina Ny")
    Leadership.objects.create(user=new, unit=cast.unit, valid_from=today)
    assert ask_new_leaders(now=late) == 0
    withdraw_registration(registration=asked, by=cast.employee, now=now)
    assert ask_new_leaders(now=now) == 0
    assert asked_by_letter(new) == 0


def test_nobody_is_asked_about_a_seat_without_terms(cast, seminar, signed_in):
    row = make_registration(seminar, cast.employee, unit=cast.unit)
    assert signed_in(cast.leader).get(page_of(row)).status_code == 404


# ---- where it shows ------------------------------------------------------------------------------


def waiting_on(home):
    """What «Min side» says waits for approval."""
    cards = {card.template: card.context for card in home.context["page"].own}
    return cards.get("seminars/my_page/to_approve.html", {"rows": []})["rows"]


def test_my_page_leads_the_manager_to_it(cast, asked, signed_in):
    response = signed_in(cast.leader).get(reverse("home"))
    page = response.context["page"]
    assert waiting_on(response) == [asked]
    assert page.next_step.title == "Kan Even Moen delta på «Tillitsbasert ledelse»?"
    assert page.next_step.url == page_of(asked)
    assert "Venter på godkjenning fra deg" in text(response)
    above = signed_in(cast.manager).get(reverse("home"))
    assert waiting_on(above) == []


def test_my_page_says_nothing_of_what_is_over(cast, asked, signed_in, now):
    asked.expires_at = now - dt.timedelta(minutes=1)
    asked.save()
    assert waiting_on(signed_in(cast.leader).get(reverse("home"))) == []
    asked.expires_at = now + dt.timedelta(days=1)
    asked.save()
    Seminar.objects.update(state="cancelled", cancelled_at=now, cancel_reason="Syk")
    assert waiting_on(signed_in(cast.leader).get(reverse("home"))) == []


def test_person_sees_whom_it_waits_for(cast, asked, signed_in):
    browser = signed_in(cast.employee)
    for name in ("detail", "receipt"):
        page = text(browser.get(reverse(f"seminars:{name}", args=[asked.seminar_id])))
        assert "Plassen venter på godkjenning" in page
        assert "Liv Dahl" in page
    assert "Venter på godkjenning" in text(browser.get(reverse("home")))
    assert "Venter på godkjenning" in text(browser.get(reverse("seminars:list")))
    withdraw = text(browser.get(reverse("seminars:withdraw", args=[asked.seminar_id])))
    assert "Plassen blir ledig for andre." in withdraw


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("awaiting", "Venter på godkjenning"),
        ("offered", "Du har fått tilbud om plass"),
        ("waitlisted", "Du står på venteliste"),
    ],
)
def test_calendar_of_the_month_says_how_one_stands(cast, asking, signed_in, state, words):
    approver = cast.leader if state == "awaiting" else None
    make_registration(asking, cast.employee, state=state, approver=approver)
    month = f"{timezone.localdate(asking.starts_at):%Y-%m}"
    page = signed_in(cast.employee).get(reverse("seminars:calendar"), {"maned": month})
    assert words in text(page)


@pytest.mark.parametrize("state", ["awaiting", "offered"])
def test_calendar_file_is_for_certain_seats(cast, asking, signed_in, state):
    approver = cast.leader if state == "awaiting" else None
    make_registration(asking, cast.employee, state=state, approver=approver)
    url = reverse("seminars:calendar_file", args=[asking.pk])
    assert signed_in(cast.employee).get(url).status_code == 404


def test_terms_are_on_the_pages_before_the_button(cast, asking, signed_in):
    browser = signed_in(cast.employee)
    page = text(browser.get(reverse("seminars:detail", args=[asking.pk])))
    assert "Nærmeste leder må godkjenne påmeldingen." in page
    page = text(browser.get(reverse("seminars:register", args=[asking.pk])))
    assert "Plassen holdes av mens nærmeste leder svarer." in page


def test_own_staff_page_shows_the_state_and_leads_who_may_answer(cast, asked, signed_in):
    url = reverse("seminars:own_staff", args=[asked.seminar_id])
    for who, is_led_on in (("leader", True), ("manager", True), ("coordinator", False)):
        page = text(signed_in(getattr(cast, who)).get(url))
        assert "Venter på godkjenning" in page
        assert (page_of(asked) in page) is is_led_on


def test_coordinator_is_told_that_it_waits(cast, asking, signed_in):
    url = reverse("seminars:own_staff", args=[asking.pk])
    data = {"person": "employee@example.org"}
    response = signed_in(cast.coordinator).post(url, data, follow=True)
    assert "Even Moen har en plass som venter på godkjenning" in text(response)


def test_organisers_lists_show_the_state(cast, asked, signed_in):
    browser = signed_in(cast.organiser)
    for name in ("participants", "queue"):
        page = text(browser.get(reverse(f"seminars:{name}", args=[asked.seminar_id])))
        assert ("Venter på godkjenning" in page) or ("Liv Dahl må godkjenne" in page)
    listed = browser.get(
        reverse("seminars:participants", args=[asked.seminar_id]) + "?state=awaiting"
    )
    assert "Even Moen" in text(listed)
    assert (listed.context["counts"]["registered"], listed.context["counts"]["uncertain"]) == (1, 1)
    assert "Av dem ikke bekreftet ennå" in text(listed)


def test_organiser_sets_and_clears_the_terms(cast, asking, signed_in, organiser):
    browser = signed_in(organiser)
    url = reverse("seminars:edit", args=[asking.pk])
    form = browser.get(url).context["editor"].form
    assert (form["approval_days"].value(), form["approval_default"].value()) == (3, "decline")
    refused = browser.post(url, {"approval_days": "0", "approval_default": "perhaps"})
    errors = refused.context["editor"].form.errors
    assert {"approval_days", "approval_default"} <= set(errors)


def test_pages_keep_their_query_budget(cast, asking, signed_in, now, django_assert_max_num_queries):
    for number in range(25):
        person = make_employee(cast.unit, f"Ansatt {number}")
        row = register_for_seminar(seminar=asking, by=person, now=now)
    leader, organiser = signed_in(cast.leader), signed_in(cast.organiser)
    with django_assert_max_num_queries(FRAME + 4):
        leader.get(page_of(row))
    with django_assert_max_num_queries(FRAME + 8):
        leader.get(reverse("seminars:own_staff", args=[asking.pk]))
    with django_assert_max_num_queries(FRAME + 7):
        organiser.get(reverse("seminars:queue", args=[asking.pk]))


def test_agency_leader_sees_those_far_below(cast, asked, signed_in):
    director = make_leader(cast.agency, "Dag Direktør")
    assert signed_in(director).get(page_of(asked)).status_code == 200
