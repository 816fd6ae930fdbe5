"""Whom one asks about a seminar: on its page, in its letters and in calendars."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from outbox.emptying import KEPT, empty_old_letters
from outbox.message import as_message
from outbox.models import Letter, LetterState
from people.models import MISSING_FOR, AuditRecord, Position, Role
from reminders.letters import seminar_soon, write
from seminars import calendar
from seminars.editing.actions import change_seminar, create_seminar
from seminars.editing.copy_actions import copy_seminar
from seminars.forms.fields import AS_TYPED
from seminars.models import Seminar
from seminars.participants.departure_actions import withdraw_departed
from seminars.retention.actions import erase_seminars
from seminars.seats.ways_in import register_for_seminar
from tests.editing import seen_on
from tests.factories import make_employee, make_role, make_unit
from tests.seminars.factories import make_registration, make_seminar
from tests.seminars.test_organising import content_of

PHONE = "+47 21 80 21 80"
RTL = "\u202eنعيم\u202c"


@pytest.fixture
def contact(cast):
    return make_employee(cast.agency, "Åse Moe", email="ase.moe@example.org")


@pytest.fixture
def asked(cast, contact):
    return make_seminar(
        cast.agency, created_by=cast.organiser, contact=contact, contact_phone=PHONE
    )


def page_of(browser, seminar) -> str:
    return browser.get(reverse("seminars:detail", args=[seminar.pk])).content.decode()


def test_the_page_of_a_seminar_says_whom_to_ask(cast, asked, signed_in):
    page = page_of(signed_in(cast.stranger), asked)
    assert "Åse Moe" in page
    assert 'href="mailto:ase.moe@example.org"' in page
    assert 'href="tel:+47%2021%2080%2021%2080"' in page
    assert "ingen kontaktperson" not in page


@pytest.mark.parametrize("fields", [{"email": None}, {"is_active": False}])
def test_who_cannot_be_written_to_is_named_nowhere(cast, asked, contact, signed_in, fields):
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.save()
    asked.refresh_from_db()
    assert asked.contact_details is None
    assert "Åse Moe" not in page_of(signed_in(cast.stranger), asked)
    page = page_of(signed_in(cast.organiser), asked)
    assert "Seminaret har ingen kontaktperson" in page
    assert "ingen kontaktperson" not in page_of(signed_in(cast.stranger), asked)


def test_the_page_asks_nothing_more_for_it(cast, asked, signed_in, django_assert_num_queries):
    without = make_seminar(cast.agency, created_by=cast.organiser)
    browser = signed_in(cast.stranger)
    page_of(browser, without)
    with CaptureQueriesContext(connection) as queries:
        page_of(browser, without)
    with django_assert_num_queries(len(queries)):
        assert "Åse Moe" in page_of(browser, asked)


def test_letters_name_the_contact_and_are_answered_to_them(cast, asked, now):
    register_for_seminar(seminar=asked, by=cast.leader, now=now)
    letter = cast.leader.letters.get(kind="seminars.confirmed")
    assert letter.reply_to == "ase.moe@example.org"
    line = f"Åse Moe, ase.moe@example.org, tlf. {PHONE}"
    assert f"Spørsmål? Kontakt {line}." in letter.text
    assert line in letter.html
    assert as_message(letter).message()["Reply-To"] == "ase.moe@example.org"


def test_letters_of_a_seminar_without_contact_are_answered_to_the_portal(cast, now):
    seminar = make_seminar(cast.agency, created_by=cast.organiser)
    register_for_seminar(seminar=seminar, by=cast.leader, now=now)
    letter = cast.leader.letters.get(kind="seminars.confirmed")
    assert (letter.reply_to, "Spørsmål?" in letter.text) == ("", False)
    assert as_message(letter).message()["Reply-To"] is None


def test_a_reminder_names_the_contact_too(cast, asked):
    row = make_registration(asked, cast.leader)
    letter = write(seminar_soon(row, asked.gatherings()[0], stage="week"))
    assert letter.reply_to == "ase.moe@example.org"
    assert "Kontakt Åse Moe" in letter.text


def test_who_is_answered_to_is_forgotten_with_the_letters_words(cast, asked, now):
    register_for_seminar(seminar=asked, by=cast.leader, now=now)
    Letter.objects.update(state=LetterState.SENT, sent_at=now, queued_at=now - KEPT - KEPT)
    empty_old_letters(now=now)
    assert set(Letter.objects.values_list("reply_to", flat=True)) == {""}


def test_calendars_say_whom_to_ask(cast, asked, now):
    row = make_registration(asked, cast.leader)
    (part,) = calendar.requests(row, row.own_sessions, now=now)
    (event,) = Calendar.from_ical(part.ics).walk("VEVENT")
    assert str(event["CONTACT"]) == f"Åse Moe, ase.moe@example.org, tlf. {PHONE}"
    (event,) = Calendar.from_ical(calendar.feed([row])).walk("VEVENT")
    assert "CONTACT" in event
    asked.contact = None
    (part,) = calendar.requests(row, row.own_sessions, now=now)
    assert "CONTACT" not in part.ics


@pytest.mark.parametrize(
    "name", [RTL, "Å" * 200, 'Kari "K" <x@y.no>; \\,\r\nBEGIN:VALARM', "<b>K</b>"]
)
def test_any_name_is_shown_and_sent_as_it_is(cast, asked, contact, signed_in, now, name):
    contact.name = name
    contact.save()
    seminar = Seminar.objects.get(pk=asked.pk)
    page = page_of(signed_in(cast.stranger), seminar)
    assert "<b>K" not in page
    register_for_seminar(seminar=seminar, by=cast.leader, now=now)
    letter = cast.leader.letters.get(kind="seminars.confirmed")
    assert "<b>K" not in letter.html
    assert "VALARM" not in {one.name for one in Calendar.from_ical(letter.calendar).walk()}
    assert as_message(letter).message()["Reply-To"] == "ase.moe@example.org"


# Chosen


def edit_page(cast, signed_in, seminar, **typed):
    browser = signed_in(cast.organiser)
    url = reverse("seminars:edit", args=[seminar.pk])
    editor = browser.get(url).context["editor"]
    (row,) = editor.sessions.forms
    sent = written(editor.form) | written(row) | seen_on(browser, url)
    for prefix, count in (("sessions", 1), ("programme", 0), ("speakers", 0)):
        sent |= {f"{prefix}-TOTAL_FORMS": str(count), f"{prefix}-INITIAL_FORMS": "0"}
    return browser.post(url, sent | typed)


def written(form) -> dict[str, str]:
    """What a browser would send of a form as it is shown, but for whom it names."""
    found = {}
    for field in form:
        value = field.value()
        if isinstance(value, dt.datetime):
            value = (timezone.localtime(value) if value.tzinfo else value).strftime(AS_TYPED)
        if value is not None and field.name != "contact":
            found[field.html_name] = str(value)
    found.pop("sessions-0-DELETE", None)
    return found


def test_the_organiser_chooses_another(cast, asked, signed_in):
    other = make_employee(cast.agency, "Kari Dahl")
    answer = edit_page(
        cast, signed_in, asked, **{"contact-id": str(other.pk), "contact_phone": "21802180"}
    )
    assert answer.status_code == 302, answer.context["editor"].errors()
    asked.refresh_from_db()
    assert (asked.contact, asked.contact_phone) == (other, "21802180")
    changed = AuditRecord.objects.get(action="seminars.change").details["fields"]
    assert {"contact", "contact_phone"} <= set(changed)


def test_nobody_whom_the_organiser_may_not_know_is_chosen_by_number(cast, asked, signed_in):
    elsewhere = make_employee(make_unit("En annen kommune"), "Sindre Nes")
    answer = edit_page(cast, signed_in, asked, **{"contact-id": str(elsewhere.pk)})
    (error,) = answer.context["editor"].errors()
    assert error[0].endswith("kan ikke velges her lenger. Velg en annen.")
    assert "Sindre" not in answer.content.decode()


@pytest.mark.parametrize("phone", ["ring meg", "٢١٨٠", "21 80<b>", "x" * 31, "+", "--"])
def test_a_telephone_number_is_of_digits(cast, asked, signed_in, phone):
    answer = edit_page(cast, signed_in, asked, contact_phone=phone)
    assert answer.status_code == 200
    assert [where for _words, where in answer.context["editor"].errors()] == ["id_contact_phone"]


def test_who_has_no_address_is_no_contact(cast, asked, signed_in):
    nobody = make_employee(cast.agency, "Rut Vask", email=None, hr_id="P700")
    answer = edit_page(cast, signed_in, asked, **{"contact-id": str(nobody.pk)})
    ((words, where),) = answer.context["editor"].errors()
    assert ("Rut Vask har ingen e-postadresse" in words, where) == (True, "id_contact")


def test_a_search_among_the_fields_of_a_seminar_keeps_all_of_them(cast, asked, signed_in):
    answer = edit_page(
        cast, signed_in, asked, **{"contact": "moe", "contact-finn": "1", "title": "Ny tittel"}
    )
    assert (answer.status_code, answer.context["editor"].errors()) == (200, [])
    page = answer.content.decode()
    assert 'value="Ny tittel"' in page
    assert "ase.moe@example.org" in page or "Åse Moe" in page
    assert Seminar.objects.get(pk=asked.pk).title != "Ny tittel"


def test_whoever_makes_a_seminar_is_asked_until_they_say_who_is(cast, signed_in):
    page = signed_in(cast.organiser).get(reverse("seminars:create"))
    assert page.context["editor"].form.initial["contact"] == cast.organiser


def test_a_seminar_is_made_with_its_contact_and_a_copy_keeps_them(cast, asked, contact, now):
    content = content_of(asked)
    made = create_seminar(content=content, by=cast.organiser, now=now)
    day = timezone.localdate(now)
    copied = copy_seminar(seminar=made, starts_on=day, by=cast.organiser, now=now)
    assert [(one.contact, one.contact_phone) for one in (made, copied)] == [(contact, PHONE)] * 2


def test_a_new_contact_sends_no_letters(cast, asked, now):
    make_registration(asked, cast.leader)
    content = content_of(asked, contact=cast.organiser, contact_phone="")
    change_seminar(seminar=asked, content=content, by=cast.organiser, now=now)
    assert not Letter.objects.exists()


# Gone


def leave(person, today):
    last = today - MISSING_FOR - MISSING_FOR
    Position.objects.filter(user=person, valid_to=None).update(valid_to=last)


def test_a_contact_who_left_is_taken_away_and_another_asked_for(cast, asked, contact, now, today):
    held = make_seminar(
        cast.agency,
        created_by=cast.organiser,
        contact=contact,
        starts_at=now - MISSING_FOR - MISSING_FOR,
    )
    leave(contact, today)
    withdraw_departed(now=now)
    asked.refresh_from_db()
    held.refresh_from_db()
    assert (asked.contact, asked.contact_phone, held.contact) == (None, "", contact)
    letter = cast.organiser.letters.get()
    assert letter.kind == "seminars.contact_left"
    assert "trenger en ny kontaktperson" in letter.subject
    assert reverse("seminars:edit", args=[asked.pk]) in letter.text
    record = AuditRecord.objects.get(action="seminars.take_away_contact")
    assert record.details == {"contact": contact.pk, "cause": "left"}
    withdraw_departed(now=now)
    assert cast.organiser.letters.count() == 1


def test_who_was_asked_is_erased_with_the_participants(cast, asked, now, today):
    long_ago = now - dt.timedelta(days=800)
    held = make_seminar(
        cast.agency, created_by=cast.organiser, contact=asked.contact, starts_at=long_ago
    )
    before = today - dt.timedelta(days=400)
    assert erase_seminars(before=before, unit=cast.agency, now=now) == {held.pk: 1}
    held.refresh_from_db()
    asked.refresh_from_db()
    assert (held.contact, asked.contact is None) == (None, False)


def test_a_contact_who_works_here_or_has_a_role_stays(cast, asked, contact, now, today):
    withdraw_departed(now=now)
    leave(contact, today)
    make_role(contact, Role.ORGANISER, cast.agency)
    withdraw_departed(now=now)
    asked.refresh_from_db()
    assert asked.contact == contact
