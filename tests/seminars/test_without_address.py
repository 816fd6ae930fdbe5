"""A seat for somebody who has no address: whoever gives it knows, and nobody waits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from people.models import Leadership, User
from seminars.approvals.actions import approve_registration
from seminars.models import Seminar
from seminars.participants.spreadsheet import rows
from seminars.seats.waiting_list import page_of_queue
from seminars.seats.ways_in import register_for_seminar
from seminars.seats.withdrawal import withdraw_registration
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import make_registration, make_seminar

HOUR = dt.timedelta(hours=1)
ASK_HR = "Be HR om å registrere en e-postadresse."


@pytest.fixture
def cleaner(cast: Cast) -> User:
    return make_employee(cast.unit, "Rut Vask", email=None, hr_id="P700")


@pytest.fixture
def seminar(cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=30)


def url(name: str, *args: object) -> str:
    return reverse(f"seminars:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


def test_leader_chooses_them_by_name_and_is_told(seminar, cast, cleaner, signed_in):
    make_employee(cast.unit, "Rut Vask", email=None, hr_id="P701")
    browser, where = signed_in(cast.leader), url("own_staff", seminar.pk)
    shown = text(browser.get(where))
    assert shown.count("Rut Vask (ingen e-postadresse)") == 2 * 2
    assert "P700" in shown
    page = browser.post(where, {"person-id": cleaner.pk}, follow=True)
    assert [row.user for row in seminar.registrations.all()] == [cleaner]
    for told in ("Rut Vask er påmeldt.", "Rut Vask har ingen e-postadresse", ASK_HR):
        assert told in text(page)
    assert "None" not in text(page)


@pytest.mark.parametrize("typed", ["", "None", "none@example.org", "P700"])
def test_nobody_is_registered_by_an_address_they_do_not_have(
    seminar, cast, cleaner, signed_in, typed
):
    page = signed_in(cast.leader).post(url("own_staff", seminar.pk), {"person": typed})
    assert page.context["form"].errors
    assert not seminar.registrations.exists()


def test_list_of_numbers_is_read_confirmed_and_tells_who_gets_no_letter(
    seminar, cast, cleaner, signed_in
):
    browser, where = signed_in(cast.organiser), url("register_list", seminar.pk)
    page = browser.post(where, {"lines": f"P700\n{cast.employee.email}"})
    assert text(page).count("Får ikke brev") == 1
    assert "None" not in text(page)
    lines = page.context["addresses"]
    assert lines == f"P700\n{cast.employee.email}"
    browser.post(where, {"lines": lines, "confirmed": ""})
    assert {row.user for row in seminar.registrations.all()} == {cleaner, cast.employee}
    participants = text(browser.get(url("participants", seminar.pk)))
    assert participants.count("ingen e-postadresse") == 1
    assert "None" not in participants


def test_next_in_the_queue_has_the_seat_where_they_cannot_answer_an_offer(cast, cleaner, now):
    asking = make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=1, offers_expire_after=24
    )
    seated = make_registration(asking, cast.leader)
    first = make_registration(asking, cleaner, state="waitlisted", queued_at=now - HOUR)
    second = make_registration(asking, cast.employee, state="waitlisted", queued_at=now)
    withdraw_registration(registration=seated, by=cast.leader, now=now)
    first.refresh_from_db()
    assert (first.state, first.expires_at) == ("registered", None)
    withdraw_registration(registration=first, by=cast.leader, now=now)
    second.refresh_from_db()
    assert second.state == "offered"


def test_organiser_sees_that_a_line_manager_cannot_answer(cast, now):
    asking = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    make_registration(
        asking, cast.employee, state="awaiting", approver=cast.leader, expires_at=now + HOUR
    )
    (entry,) = page_of_queue(asking, now, None)
    assert ASK_HR not in entry.reason
    User.objects.filter(pk=cast.leader.pk).update(email=None)
    (entry,) = page_of_queue(asking, now, None)
    assert f"{cast.leader.name} har ingen e-postadresse" in entry.reason


def test_the_next_above_is_asked_for_a_line_manager_without_an_address(cast, now, signed_in):
    asking = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    User.objects.filter(pk=cast.leader.pk).update(email=None)
    browser = signed_in(cast.employee)
    row = register_for_seminar(seminar=asking, by=cast.employee, now=now)
    assert (row.state, row.approver) == ("awaiting", cast.manager)
    assert cast.manager.letters.filter(kind="seminars.approval_wanted").exists()
    for page in (url("detail", asking.pk), url("receipt", asking.pk)):
        shown = " ".join(text(browser.get(page)).split())
        assert f"Lederen din, {cast.leader.name}, har ingen e-postadresse." in shown
    approve_registration(registration=row, by=cast.manager, now=now)
    row.refresh_from_db()
    assert row.state == "registered"


def test_nobody_is_said_to_be_passed_over_who_is_asked(cast, now, signed_in):
    asking = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    row = register_for_seminar(seminar=asking, by=cast.employee, now=now)
    assert row.approver == cast.leader
    page = text(signed_in(cast.employee).get(url("detail", asking.pk)))
    assert "Derfor er lederen over spurt" not in page


def test_where_no_leader_above_has_an_address_nobody_is_asked(cast, now):
    asking = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    leaders = Leadership.objects.exclude(user=cast.employee).values("user")
    User.objects.filter(pk__in=leaders).update(email=None)
    assert register_for_seminar(seminar=asking, by=cast.employee, now=now).state == "registered"


def test_spreadsheet_and_filled_in_form_of_an_audience_know_them(seminar, cast, cleaner, signed_in):
    make_registration(seminar, cleaner, unit=cast.unit, agency=cast.agency)
    browser = signed_in(cast.organiser)
    where = url("add_audience", seminar.pk, "listed")
    page = browser.post(where, {"people": f"P700\n{cast.leader.email}"}, follow=True)
    assert page.status_code == 200
    audience = seminar.audiences.get()
    assert set(audience.people.all()) == {cleaner, cast.leader}
    edit = browser.get(url("change_audience", seminar.pk, audience.pk))
    assert edit.context["form"].initial["people"].split("\n") == ["P700", cast.leader.email]
    assert [row[:2] for row in rows(seminar, [], [])] == [["Rut Vask", None]]
