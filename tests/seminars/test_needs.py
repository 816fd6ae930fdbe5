"""Food and accessibility: who sees it, where it never shows, and when it goes."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from people.models import AuditRecord, Role
from portal.celery import app
from seminars import tasks
from seminars.models import Needs, Registration, Seminar
from seminars.refusals import NotChangeable
from seminars.requirements.actions import write_needs
from seminars.retention.actions import erase_needs
from tests.editing import seen_on
from tests.factories import make_employee, make_role
from tests.seminars.factories import make_participants, make_registration, make_seminar

SECRET = "Cøliaki og hørselstap"


@pytest.fixture
def registration(seminar, leader):
    return make_registration(seminar, leader)


@pytest.fixture
def needs(registration):
    return Needs.objects.create(
        registration=registration, diet=["gluten_free"], access=["hearing_loop"], details=SECRET
    )


@pytest.fixture
def logistics(cast):
    person = make_employee(cast.other_unit, "Lotte Vang")
    make_role(person, Role.LOGISTICS, cast.other_agency)
    return person


def url(name, seminar):
    return reverse(f"seminars:{name}", args=[seminar.pk])


def own(browser, seminar, **data):
    return browser.post(url("needs", seminar), data | seen_on(browser, url("needs", seminar)))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({}, "needs_say_something"),
        ({"diet": ["steak"]}, "needs_are_known"),
        ({"access": ["vegan"]}, "needs_are_known"),
    ],
)
def test_needs_that_say_nothing_known_are_turned_away(registration, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Needs.objects.create(registration=registration, **fields)


def test_a_registration_has_its_needs_once(needs, registration):
    with pytest.raises(IntegrityError, match="registration_id"):
        Needs.objects.create(registration=registration, diet=["vegan"])


def test_participant_writes_changes_and_takes_back(seminar, registration, signed_in, leader):
    browser = signed_in(leader)
    own(browser, seminar, diet=["vegan"], access=["wheelchair"], details="Bred dør")
    needs = Needs.objects.get()
    assert (needs.diet, needs.access, needs.details) == (["vegan"], ["wheelchair"], "Bred dør")
    page = browser.get(url("needs", seminar))
    assert page.context["form"].initial["diet"] == ["vegan"]
    own(browser, seminar, diet=["halal"])
    assert Needs.objects.values_list("diet", "access", "details").get() == (["halal"], [], "")
    own(browser, seminar)
    assert Needs.objects.count() == 0
    assert AuditRecord.objects.count() == 0


@pytest.mark.parametrize("other", [{"diet": ["other_food"]}, {"access": ["other_access"]}])
@pytest.mark.parametrize("details", ["", "  \n"])
def test_other_alone_says_nothing_to_whoever_is_to_arrange_it(
    seminar, registration, signed_in, leader, other, details
):
    browser = signed_in(leader)
    page = own(browser, seminar, **other, details=details)
    assert list(page.context["form"].errors) == ["details"]
    assert Needs.objects.count() == 0
    own(browser, seminar, **other, details="Ikke sitrus 🍋")
    assert Needs.objects.get().details == "Ikke sitrus 🍋"


def test_what_is_wrong_is_told_and_kept(seminar, registration, signed_in, leader):
    page = own(signed_in(leader), seminar, diet=["steak"], details="Bred dør")
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["diet"])
    assert "Bred dør" in page.content.decode()


def test_nobody_writes_for_another_or_too_late(seminar, registration, leader, organiser, now):
    words = {"diet": ["vegan"], "access": [], "details": ""}
    with pytest.raises(NotChangeable):
        write_needs(registration=registration, **words, by=organiser, now=now)
    after = seminar.starts_at + dt.timedelta(minutes=1)
    with pytest.raises(NotChangeable):
        write_needs(registration=registration, **words, by=leader, now=after)
    assert Needs.objects.count() == 0


@pytest.mark.parametrize("over", ["withdrawn", "too_late"])
def test_what_was_typed_stays_when_it_can_no_longer_be_saved(
    seminar, registration, signed_in, leader, over
):
    browser = signed_in(leader)
    url = reverse("seminars:needs", args=[seminar.pk])
    sent = seen_on(browser, url) | {"details": "Tåler ikke sesam"}
    if over == "withdrawn":
        Registration.objects.filter(pk=registration.pk).update(
            state="withdrawn", withdrawn_at=timezone.now()
        )
        why = "Du er ikke lenger påmeldt dette seminaret. Det du skrev, er ikke lagret."
    else:
        Seminar.objects.filter(pk=seminar.pk).update(
            state="cancelled", cancel_reason="Snø", cancelled_at=timezone.now()
        )
        why = "Seminaret har startet eller er avlyst."
    page = browser.post(url, sent)
    assert page.context["form"].non_field_errors() == [why]
    assert (page.status_code, "Tåler ikke sesam" in page.content.decode()) == (200, True)
    assert (">Lagre<" in page.content.decode(), Needs.objects.count()) == (False, 0)


def test_page_is_closed_after_the_start(cast, leader, signed_in, now):
    begun = make_seminar(
        cast.agency, created_by=cast.organiser, starts_at=now - dt.timedelta(hours=1)
    )
    make_registration(begun, leader)
    browser = signed_in(leader)
    assert "Det er for sent å endre dette" in browser.get(url("needs", begun)).content.decode()
    browser.post(url("needs", begun), {"diet": ["vegan"], "seen": ""})
    assert Needs.objects.count() == 0


def test_logistics_sees_who_needs_what(seminar, needs, signed_in, logistics):
    page = signed_in(logistics).get(url("needs_overview", seminar))
    assert page.context["food"] == [("Uten gluten", 1)]
    assert page.context["access"] == [("Teleslynge", 1)]
    assert SECRET in page.content.decode()
    link = url("needs_overview", seminar)
    assert link in signed_in(logistics).get(url("detail", seminar)).content.decode()


def test_logistics_elsewhere_sees_nothing(cast, seminar, needs, signed_in, stranger):
    make_role(stranger, Role.LOGISTICS, cast.agency)
    assert signed_in(stranger).get(url("needs_overview", seminar)).status_code == 403
    assert list(Needs.objects.visible_to(stranger, on=timezone.localdate())) == []


@pytest.mark.parametrize("kind", ["organiser", "administrator", "manager", "hr", "stranger"])
def test_no_other_role_reaches_the_rows(cast, needs, kind):
    rows = Needs.objects.visible_to(getattr(cast, kind), on=timezone.localdate())
    assert list(rows) == []


def test_needs_show_nowhere_else(seminar, needs, cast, signed_in):
    browser = signed_in(cast.organiser)
    for name in ("participants", "detail", "questions"):
        page = browser.get(url(name, seminar)).content.decode()
        assert (SECRET in page, "gluten" in page) == (False, False)
    sheet = openpyxl.load_workbook(
        io.BytesIO(browser.get(url("participants_xlsx", seminar)).content)
    ).active
    values = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert (SECRET in values, "gluten" in values) == (False, False)


def test_caterer_gets_counts_without_names(seminar, needs, cast, signed_in, logistics):
    for registration in make_participants(seminar, cast.unit, 2):
        Needs.objects.create(registration=registration, diet=["vegan", "no_nuts"])
    waiting = make_registration(seminar, cast.employee, state="waitlisted")
    Needs.objects.create(registration=waiting, diet=["vegan"])
    response = signed_in(logistics).get(url("needs_xlsx", seminar))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows()] == [
        ("Mat", "Antall"),
        ("Kommer i alt", 3),
        ("Vegan", 2),
        ("Uten gluten", 1),
        ("Uten nøtter", 2),
    ]


def test_needs_go_14_days_after_the_end(seminar, needs):
    due = seminar.ends_at + dt.timedelta(days=14)
    assert erase_needs(now=due) == 0
    assert erase_needs(now=due + dt.timedelta(seconds=1)) == 1
    record = AuditRecord.objects.get()
    assert (record.action, record.object_id, record.actor) == (
        "seminars.erase_needs",
        str(seminar.pk),
        None,
    )
    assert (record.details, record.reason) == ({"rows": 1}, "")


@pytest.mark.parametrize("state", ["withdrawn", "removed"])
def test_needs_of_those_who_are_not_coming_go_at_once(seminar, needs, registration, now, state):
    type(registration).objects.filter(pk=registration.pk).update(state=state, withdrawn_at=now)
    assert erase_needs(now=now) == 1


def test_needs_of_a_seminar_called_off_go_at_once(seminar, needs, now):
    Seminar.objects.filter(pk=seminar.pk).update(
        state="cancelled", cancelled_at=now, cancel_reason="Streik"
    )
    assert erase_needs(now=now) == 1


def test_beat_erases(cast, leader):
    past = timezone.now() - dt.timedelta(days=16)
    over = make_seminar(cast.agency, created_by=cast.organiser, starts_at=past)
    Needs.objects.create(registration=make_registration(over, leader), diet=["vegan"])
    names = [entry["task"] for entry in app.conf.beat_schedule.values()]
    assert tasks.erase_personal_data.name in names
    tasks.erase_personal_data()
    assert Needs.objects.count() == 0


def test_overview_asks_as_much_whatever_the_number(
    seminar, cast, signed_in, logistics, django_assert_num_queries
):
    for registration in make_participants(seminar, cast.unit, 12):
        Needs.objects.create(registration=registration, diet=["vegan"])
    browser = signed_in(logistics)
    with django_assert_num_queries(6):
        browser.get(url("needs_overview", seminar))


# ---- where logistics begins ----------------------------------------------------------------------


def test_logistics_sees_its_seminars_and_how_many_need_something(
    cast, seminar, leader, signed_in, now
):
    make_role(cast.hr, Role.LOGISTICS, cast.other_agency)
    make_seminar(cast.agency, created_by=cast.organiser, title="Et annet sted")
    gone = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(days=20)
    )
    Needs.objects.create(registration=make_registration(gone, leader), diet=["vegan"])
    Needs.objects.create(registration=make_registration(seminar, leader), diet=["vegan"])
    waiting = make_registration(seminar, cast.employee, state="waitlisted")
    Needs.objects.create(registration=waiting, diet=["vegan"])
    make_registration(seminar, cast.stranger)
    response = signed_in(cast.hr).get(reverse("seminars:catering"))
    rows = [(one.pk, one.seats_taken, one.needs_count) for one in response.context["page"]]
    assert rows == [(seminar.pk, 2, 1)]
    assert "vegan" not in response.content.decode().lower()


@pytest.mark.parametrize("kind", ["organiser", "administrator", "leader", "coordinator"])
def test_only_logistics_has_the_page_and_its_place_in_the_menu(cast, signed_in, kind):
    browser = signed_in(getattr(cast, kind))
    url = reverse("seminars:catering")
    assert browser.get(url).status_code == 403
    assert url not in browser.get(reverse("seminars:list")).content.decode()
    make_role(getattr(cast, kind), Role.LOGISTICS, cast.other_agency)
    assert url in browser.get(reverse("seminars:list")).content.decode()


def test_the_page_says_when_there_is_nothing(cast, signed_in):
    make_role(cast.hr, Role.LOGISTICS, cast.other_agency)
    page = signed_in(cast.hr).get(reverse("seminars:catering")).content.decode()
    assert "Ingen seminarer å ordne for nå" in page


def test_the_page_asks_as_much_whatever_the_number(
    cast, seminar, signed_in, django_assert_max_num_queries
):
    make_role(cast.hr, Role.LOGISTICS, cast.other_agency)
    for _number in range(9):
        make_seminar(cast.other_agency, created_by=cast.organiser)
    browser = signed_in(cast.hr)
    with django_assert_max_num_queries(6):
        assert browser.get(reverse("seminars:catering")).status_code == 200
