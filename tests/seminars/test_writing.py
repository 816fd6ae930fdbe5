"""Letters seen before they go, and the organiser's own words to the participants."""

from __future__ import annotations

import uuid

import lxml.html
import pytest
from django.urls import reverse

from common.dates import local
from outbox.models import Letter
from people.models import AuditRecord
from seminars.messages import forms as message_forms
from seminars.messages.actions import write_to_participants
from seminars.models import Seminar
from seminars.participants import views as participant_views
from seminars.refusals import NotChangeable
from tests.editing import seen_on
from tests.factories import make_user
from tests.messages import messages_in
from tests.seminars.factories import choose, make_choice, make_registration, make_seminar

WORDS = {"states": ["registered"], "subject": "Husk  kaffe", "text": "Ta med <b>kopp</b> & skje"}


def url(name, seminar):
    return reverse(f"seminars:{name}", args=[seminar.pk])


@pytest.fixture
def everybody(seminar, cast):
    make_registration(seminar, cast.leader)
    make_registration(seminar, cast.employee, state="waitlisted")
    make_registration(seminar, cast.manager, state="withdrawn")
    make_registration(seminar, cast.hr, state="withdrawn")
    make_registration(seminar, cast.hr)


def send(seminar, organiser, now, **changes):
    words = WORDS | {"key": uuid.uuid4()} | changes
    return write_to_participants(seminar=seminar, **words, by=organiser, now=now)


def recipients() -> list[str]:
    return sorted(Letter.objects.values_list("recipient__email", flat=True))


EVERYBODY = ["offered", "registered", "waitlisted", "withdrawn"]


def test_letter_reaches_the_chosen_agencies_alone(seminar, everybody, cast, organiser, now):
    agency = cast.other_agency
    make_registration(seminar, cast.stranger, agency=agency)
    assert send(seminar, organiser, now, states=EVERYBODY, agencies=[agency]) == 1
    assert recipients() == [cast.stranger.email]
    details = AuditRecord.objects.get().details
    assert (details["agencies"], details["recipients"]) == ([agency.pk], 1)


def test_letter_reaches_those_of_a_session_alone(seminar, everybody, cast, organiser, now):
    first, second = make_choice(seminar, 30, 30)
    for person, session in ((cast.leader, first), (cast.hr, second)):
        choose(seminar.registrations.active().get(user=person), session)
    assert send(seminar, organiser, now, sessions=[second]) == 1
    assert recipients() == ["hr@example.org"]


def test_page_offers_agencies_and_sessions_where_there_is_a_choice(
    seminar, everybody, cast, signed_in, organiser
):
    browser = signed_in(organiser)
    fields = browser.get(url("write", seminar)).context["form"].fields
    assert {"agencies", "sessions"} & fields.keys() == set()
    for agency in (cast.agency, cast.other_agency):
        make_registration(seminar, make_user("Else Ny"), agency=agency)
    first, second = make_choice(seminar, 30, 30)
    form = browser.get(url("write", seminar)).context["form"]
    assert [str(label) for _key, label in form.fields["sessions"].choices] == [
        f"{one.choice_group}: {one}" for one in (first, second)
    ]
    assert set(form.fields["agencies"].queryset) == {cast.agency, cast.other_agency}
    elsewhere = make_choice(make_seminar(cast.agency, created_by=organiser), 30, 30)[0]
    words = WORDS | {"key": uuid.uuid4(), "sessions": [elsewhere.pk]}
    assert list(browser.post(url("write", seminar), words).context["form"].errors) == ["sessions"]


def test_letter_reaches_the_named_alone_and_never_those_of_another_seminar(
    seminar, everybody, cast, organiser, now
):
    elsewhere = make_seminar(cast.agency, created_by=organiser)
    make_registration(elsewhere, cast.stranger)
    named = [cast.leader, cast.stranger]
    assert send(seminar, organiser, now, states=EVERYBODY, people=named) == 1
    assert recipients() == ["leader@example.org"]
    assert AuditRecord.objects.get().details["named"] == 2


def test_those_who_are_ticked_are_written_to(seminar, everybody, cast, signed_in, organiser):
    rows = seminar.registrations.filter(user__in=[cast.leader, cast.employee])
    elsewhere = make_seminar(cast.agency, created_by=organiser)
    other = make_registration(elsewhere, cast.stranger)
    ticked = {"til": [*rows.values_list("pk", flat=True), other.pk, "x", 10**30]}
    browser = signed_in(organiser)
    form = browser.get(url("write", seminar), ticked).context["form"]
    assert (form["states"].value(), form["people"].value().split()) == (
        ["registered", "waitlisted"],
        ["employee@example.org", "leader@example.org"],
    )
    words = WORDS | {"key": uuid.uuid4(), "states": EVERYBODY, "people": form["people"].value()}
    shown = browser.post(url("write", seminar), words)
    assert [one.user for one in shown.context["named"]] == [cast.employee, cast.leader]
    browser.post(url("write", seminar), words | {"confirmed": "1"})
    assert recipients() == ["employee@example.org", "leader@example.org"]


def test_who_is_named_and_not_among_them_is_told(seminar, everybody, cast, signed_in, organiser):
    people = f"leader@example.org\n{cast.stranger.email}\n{cast.employee.email}\n"
    words = WORDS | {"key": uuid.uuid4(), "people": people}
    page = signed_in(organiser).post(url("write", seminar), words)
    assert page.context["form"].errors == {
        "people": [
            f"{one.name} er ikke blant deltakerne du har valgt over."
            for one in (cast.stranger, cast.employee)
        ]
    }
    words["people"] = "leader@example.org\nukjent@example.org"
    page = signed_in(organiser).post(url("write", seminar), words)
    assert page.context["form"].errors["people"] == [
        "Linje 2, «ukjent@example.org»: Ingen ansatt har denne adressen."
    ]
    assert page.context["form"]["people"].value() == words["people"]


def test_very_many_are_asked_about_once_more(seminar, everybody, signed_in, organiser, monkeypatch):
    monkeypatch.setattr(message_forms, "MANY", 1)
    browser = signed_in(organiser)
    words = WORDS | {"key": uuid.uuid4(), "confirmed": "1"}
    stopped = browser.post(url("write", seminar), words)
    assert (stopped.context["many"].errors, Letter.objects.count()) == (
        {"many": ["Kryss av hvis brevet skal gå til så mange."]},
        0,
    )
    assert "Ja, brevet skal gå til 2 personer" in stopped.content.decode()
    browser.post(url("write", seminar), words | {"many": "on"})
    assert Letter.objects.count() == 2


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["registered"], ["hr@example.org", "leader@example.org"]),
        (["waitlisted"], ["employee@example.org"]),
        (["withdrawn"], ["manager@example.org"]),
        (["withdrawn", "waitlisted"], ["employee@example.org", "manager@example.org"]),
    ],
)
def test_letter_reaches_those_who_are_so_now(seminar, everybody, organiser, now, states, expected):
    assert send(seminar, organiser, now, states=states) == len(expected)
    assert recipients() == expected
    record = AuditRecord.objects.get()
    assert (record.action, record.details) == (
        "seminars.write",
        {"states": sorted(states), "recipients": len(expected)},
    )


def test_letter_says_who_wrote_and_escapes(seminar, everybody, organiser, now):
    send(seminar, organiser, now)
    letter = Letter.objects.filter(recipient__email="leader@example.org").get()
    assert (letter.subject, letter.kind) == ("Husk kaffe", "seminars.message")
    assert "> Ta med <b>kopp</b> & skje" in letter.text
    assert "Olav Aas, organiser@example.org" in letter.text
    assert "<b>kopp" not in letter.html


def test_button_pressed_twice_sends_once(seminar, everybody, organiser, now):
    key = uuid.uuid4()
    send(seminar, organiser, now, key=key)
    with pytest.raises(NotChangeable, match="allerede sendt"):
        send(seminar, organiser, now, key=key)
    assert (Letter.objects.count(), AuditRecord.objects.count()) == (2, 1)


def test_letter_to_nobody_and_about_a_draft_is_refused(cast, seminar, now):
    with pytest.raises(NotChangeable, match="Ingen har meldt seg på"):
        send(seminar, cast.organiser, now)
    make_registration(seminar, cast.leader, state="withdrawn")
    with pytest.raises(NotChangeable, match="Ingen av dem du har valgt"):
        send(seminar, cast.organiser, now)
    draft = make_seminar(cast.agency, created_by=cast.organiser, state="draft")
    with pytest.raises(NotChangeable, match="ikke publisert"):
        send(draft, cast.organiser, now)


def test_page_shows_the_letter_before_it_goes(seminar, everybody, signed_in, organiser):
    browser = signed_in(organiser)
    key = browser.get(url("write", seminar)).context["form"]["key"].value()
    words = WORDS | {"key": key}
    shown = browser.post(url("write", seminar), words)
    assert (shown.context["recipients"], Letter.objects.count()) == (2, 0)
    assert "<p>Ta med &lt;b&gt;kopp" in shown.content.decode()
    assert "&gt; Ta med" not in shown.content.decode()
    back = browser.post(url("write", seminar), words | {"change": "1"})
    assert (back.context["form"]["subject"].value(), "letter" in back.context) == (
        "Husk  kaffe",
        False,
    )
    sent = browser.post(url("write", seminar), words | {"confirmed": "1"}, follow=True)
    assert [str(one) for one in sent.context["messages"]] == ["Brevet er på vei til 2 personer."]
    again = browser.post(url("write", seminar), words | {"confirmed": "1"}, follow=True)
    assert [str(one) for one in again.context["messages"]] == ["Brevet er allerede sendt."]
    assert Letter.objects.count() == 2


def test_page_keeps_what_was_typed(seminar, signed_in, organiser):
    page = signed_in(organiser).post(url("write", seminar), {"subject": "Hei", "text": ""})
    assert sorted(page.context["form"].errors) == ["key", "states", "text"]
    assert 'value="Hei"' in page.content.decode()


# ---- previews ------------------------------------------------------------------------------------


def test_cancellation_is_seen_first_and_is_what_they_get(
    seminar, everybody, signed_in, organiser, leader
):
    browser = signed_in(organiser)
    data = {"reason": "Kursholderen er syk."}
    shown = browser.post(url("cancel", seminar), data | {"preview": "1"}).context["letter"]
    assert (Seminar.objects.get(pk=seminar.pk).state, Letter.objects.count()) == ("published", 0)
    browser.post(url("cancel", seminar), data)
    sent = Letter.objects.get(recipient=leader)
    assert (sent.subject, sent.text) == (
        shown.subject,
        shown.text.replace("Hei, Olav!", "Hei, Liv!"),
    )


def test_change_is_seen_first_and_is_what_they_get(
    seminar, everybody, signed_in, organiser, leader
):
    browser = signed_in(organiser)
    data = as_typed(browser.get(url("edit", seminar)).context["editor"])
    data |= {"place_name": "Folkets hus"} | seen_on(browser, url("edit", seminar))
    shown = browser.post(url("edit", seminar), data | {"preview": "1"}).context["letter"]
    assert "Folkets hus" in shown.text
    assert Seminar.objects.get(pk=seminar.pk).place_name == "Rådhuset"
    assert browser.post(url("edit", seminar), data).status_code == 302
    sent = Letter.objects.get(recipient=leader)
    assert (sent.subject, sent.text) == (
        shown.subject,
        shown.text.replace("Hei, Olav!", "Hei, Liv!"),
    )


def as_typed(editor) -> dict[str, str]:
    """Every field of the page as the browser would send it back."""
    forms = [editor.form]
    for rows in (editor.sessions, editor.programme, editor.speakers):
        forms += [rows.management_form, *rows.forms]
    fields = [field for form in forms for field in form]
    values = {field.html_name: field.value() for field in fields if field.value() is not None}
    return {
        name: value if not hasattr(value, "strftime") else f"{local(value):%Y-%m-%dT%H:%M}"
        for name, value in values.items()
        if value is not False
    }


def test_invitation_is_seen_first(seminar, signed_in, organiser):
    letter = signed_in(organiser).get(url("invitations", seminar)).context["letter"]
    assert letter.subject == "Invitasjon til «Tillitsbasert ledelse»"


def test_removal_can_be_read_before_it_is_sent(seminar, cast, organiser, signed_in):
    row = make_registration(seminar, cast.leader)
    browser = signed_in(organiser)
    address = reverse("seminars:remove_participant", args=[seminar.pk, row.pk])
    data = {"reason": "Seminaret er bare for nye ledere."}
    page = browser.post(address, data | {"preview": "1"})
    assert data["reason"] in page.context["letter"].text
    assert data["reason"] in page.context["form"]["reason"].value()
    row.refresh_from_db()
    assert (row.state, cast.leader.letters.count()) == ("registered", 0)
    browser.post(address, data)
    assert cast.leader.letters.get().text.split() == page.context["letter"].text.split()


@pytest.mark.parametrize(
    ("capacity", "subject"),
    [
        (30, "Du har plass på «Tillitsbasert ledelse»"),
        (1, "Du står på ventelisten til «Tillitsbasert ledelse»"),
    ],
)
@pytest.mark.parametrize("name", ["attendance:register_other", "seminars:register_list"])
def test_what_those_who_are_brought_in_will_read_is_shown_first(
    seminar, cast, organiser, signed_in, capacity, subject, name
):
    type(seminar).objects.filter(pk=seminar.pk).update(capacity=capacity)
    make_registration(seminar, cast.employee)
    browser = signed_in(organiser)
    address = reverse(name, args=[seminar.pk])
    data = {"lines": cast.leader.email}
    page = browser.post(address, data) if "list" in name else browser.get(address)
    assert page.context["letter"].subject == subject
    assert "Se brevet som går ut" in page.content.decode()
    browser.post(address, data | {"person": cast.leader.email, "confirmed": "1"})
    assert cast.leader.letters.get().subject == subject


def test_ticking_nobody_is_not_everybody(seminar, everybody, signed_in, organiser):
    browser = signed_in(organiser)
    response = browser.get(url("write", seminar), {"krysset": "1"}, follow=True)
    assert response.redirect_chain[-1][0] == url("participants", seminar)
    assert messages_in(response) == ["Kryss av dem du vil skrive til, først."]
    assert browser.get(url("write", seminar)).status_code == 200


def test_ticks_come_along_to_another_page_of_the_list(seminar, everybody, signed_in, organiser):
    first, second = seminar.registrations.filter(state="registered").order_by("pk")
    browser = signed_in(organiser)
    asked = {"q": second.user.email, "til": [first.pk, second.pk, "x", "9" * 40]}
    page = lxml.html.fromstring(browser.get(url("participants", seminar), asked).content)
    sent = page.xpath("//input[@name='til'][@type='hidden' or @checked]/@value")
    assert sorted(sent) == sorted([str(first.pk), str(second.pk)])
    assert page.xpath("//form[@id='skriv-til']/input[@name='q']/@value") == [second.user.email]
    nobody = browser.get(url("participants", seminar), {"q": "Xyz", "til": sent}).content
    assert sorted(lxml.html.fromstring(nobody).xpath("//input[@name='til']/@value")) == sorted(sent)
    chosen = browser.get(url("write", seminar), {"krysset": "1", "til": sent})
    assert "Brevet går bare til 2 personer" in chosen.content.decode()


def test_pages_of_the_list_are_turned_with_what_is_ticked(
    seminar, everybody, signed_in, organiser, monkeypatch
):
    monkeypatch.setattr(participant_views, "PAGE_SIZE", 1)
    page = lxml.html.fromstring(signed_in(organiser).get(url("participants", seminar)).content)
    (onward,) = page.xpath("//nav//button[.//*[contains(., 'Neste')]]")
    assert onward.get("form") == "skriv-til"
    assert onward.get("value") == "2"
    assert onward.get("formaction") == url("participants", seminar)


@pytest.mark.parametrize("has_contact", [True, False])
def test_a_letter_says_once_whether_it_can_be_answered(
    seminar, everybody, organiser, now, has_contact
):
    seminar.contact = organiser if has_contact else None
    seminar.save()
    send(seminar, organiser, now)
    letter = Letter.objects.first()
    said = ["Du kan svare på dette brevet", "Brevet kan ikke besvares"]
    assert [words in letter.text for words in said] == [has_contact, not has_contact]
    assert bool(letter.reply_to) is has_contact
