"""Choosing between parallel sessions on the pages, and who gets to see which link."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from seminars.calendar_feed.actions import open_calendar_feed
from seminars.models import Question, Registration, Seminar, Session
from tests.editing import seen_on
from tests.seminars.factories import (
    choose,
    make_choice,
    make_participants,
    make_registration,
    make_seminar,
)

LINK = "https://mote.example.org/bare-for-a"
OTHER_LINK = "https://mote.example.org/bare-for-b"
FRAME = 3


@pytest.fixture
def rooms(seminar) -> list[Session]:
    """A with one seat and B with thirty, both with a link of their own."""
    made = make_choice(seminar, 1, 30, form="hybrid", meeting_url=LINK)
    Session.objects.filter(pk=made[1].pk).update(form="digital", meeting_url=OTHER_LINK)
    return made


def url(name, seminar, *args) -> str:
    return reverse(f"seminars:{name}", args=[seminar.pk, *args])


def field(session) -> str:
    return f"c{session.choice_group_id}"


def text(response) -> str:
    return response.content.decode()


# ---- registering ---------------------------------------------------------------------------------


def test_registering_asks_which_session(seminar, rooms, leader, signed_in):
    browser = signed_in(leader)
    page = text(browser.get(url("register", seminar)))
    assert "Økt 2" in page
    assert "1 av 1 plass ledig" in page
    response = browser.post(url("register", seminar), {field(rooms[0]): rooms[0].pk})
    assert response.url == url("receipt", seminar)
    assert seminar.registrations.get().choices.get().session == rooms[0]
    receipt = browser.get(response.url)
    assert receipt.context["chosen"] == [rooms[0]]
    assert "Samling du har valgt" in text(receipt)


def test_the_choice_must_be_made_and_the_answers_stay(seminar, rooms, leader, signed_in):
    question = Question.objects.create(seminar=seminar, text="Hva vil du lære?", kind="text")
    answers = {f"q{question.pk}": "Å lytte"}
    response = signed_in(leader).post(url("register", seminar), answers)
    form = response.context["form"]
    assert form.errors == {field(rooms[0]): ["Velg hvilken samling du vil gå på."]}
    assert "Å lytte" in text(response)
    assert list(form.fields) == [field(rooms[0]), f"q{question.pk}"]
    assert not seminar.registrations.exists()


@pytest.mark.parametrize("typed", ["0", "x", "common"])
def test_what_is_no_choice_is_refused_at_the_field(seminar, rooms, leader, signed_in, typed):
    if typed == "common":
        typed = str(seminar.sessions.get(choice_group=None).pk)
    response = signed_in(leader).post(url("register", seminar), {field(rooms[0]): typed})
    assert response.context["form"].errors == {
        field(rooms[0]): ["Samlingen finnes ikke lenger. Velg en annen."]
    }


def test_a_full_session_is_shown_as_full_and_cannot_be_taken(
    seminar, rooms, leader, employee, signed_in
):
    choose(make_registration(seminar, employee), rooms[0])
    question = Question.objects.create(seminar=seminar, text="Hva vil du lære?", kind="text")
    browser = signed_in(leader)
    page = browser.get(url("register", seminar))
    assert "Fullt" in text(page)
    disabled = [
        widget.data["value"]
        for widget in page.context["form"][field(rooms[0])].subwidgets
        if widget.data["attrs"].get("disabled")
    ]
    assert disabled == [rooms[0].pk]
    answers = {field(rooms[0]): rooms[0].pk, f"q{question.pk}": "Å lytte"}
    response = browser.post(url("register", seminar), answers)
    assert response.context["form"].errors == {field(rooms[0]): ["«A» er full. Velg en annen."]}
    assert "Å lytte" in text(response)
    assert not seminar.registrations.filter(user=leader).exists()


def test_in_the_queue_every_session_may_be_wished_for(seminar, rooms, leader, employee, signed_in):
    Seminar.objects.filter(pk=seminar.pk).update(capacity=1)
    choose(make_registration(seminar, employee), rooms[0])
    browser = signed_in(leader)
    page = browser.get(url("register", seminar))
    assert "er dette et ønske" in text(page)
    assert " disabled" not in text(page).partition("<form")[2]
    browser.post(url("register", seminar), {field(rooms[0]): rooms[0].pk})
    row = seminar.registrations.get(user=leader)
    assert (row.state, row.choices.get().session) == ("waitlisted", rooms[0])
    assert "Ønsket ditt" in text(browser.get(url("detail", seminar)))


# ---- choosing anew -------------------------------------------------------------------------------


def test_the_choice_can_be_changed_on_its_page(seminar, rooms, leader, signed_in):
    choose(make_registration(seminar, leader), rooms[0])
    browser = signed_in(leader)
    assert url("choose", seminar) in text(browser.get(url("detail", seminar)))
    page = browser.get(url("choose", seminar))
    assert page.context["form"].initial == {field(rooms[0]): rooms[0].pk}
    assert " disabled" not in text(page).partition("<form")[2]  # their own seat is not in the way
    sent = {field(rooms[0]): rooms[1].pk} | seen_on(browser, url("choose", seminar))
    response = browser.post(url("choose", seminar), sent, follow=True)
    assert "Valget ditt er lagret." in text(response)
    assert seminar.registrations.get().choices.get().session == rooms[1]


def test_changing_into_a_full_session_is_refused_at_the_field(
    seminar, rooms, leader, employee, signed_in
):
    choose(make_registration(seminar, employee), rooms[0])
    choose(make_registration(seminar, leader), rooms[1])
    browser = signed_in(leader)
    sent = {field(rooms[0]): rooms[0].pk} | seen_on(browser, url("choose", seminar))
    response = browser.post(url("choose", seminar), sent)
    assert response.context["form"].errors == {field(rooms[0]): ["«A» er full. Velg en annen."]}


def test_after_the_closing_date_the_page_says_so(seminar, rooms, leader, signed_in):
    choose(make_registration(seminar, leader), rooms[0])
    Seminar.objects.filter(pk=seminar.pk).update(
        registration_closes_at=timezone.now() - dt.timedelta(minutes=1)
    )
    browser = signed_in(leader)
    assert "Valget kan ikke endres lenger" in text(browser.get(url("choose", seminar)))
    response = browser.post(url("choose", seminar), {field(rooms[0]): rooms[1].pk}, follow=True)
    why = "Valget kan ikke endres etter påmeldingsfristen."
    assert why in text(response)


def test_who_is_not_in_or_has_no_choice_is_led_back(seminar, leader, signed_in):
    browser = signed_in(leader)
    assert browser.get(url("choose", seminar)).url == url("detail", seminar)
    make_registration(seminar, leader)
    assert "ingen samlinger å velge mellom" in text(browser.get(url("choose", seminar)))


def test_the_organiser_sees_who_goes_where_and_moves_people(
    seminar, rooms, leader, employee, organiser, signed_in
):
    row = make_registration(seminar, leader)
    choose(row, rooms[0])
    choose(make_registration(seminar, employee, state="waitlisted"), rooms[0])
    browser = signed_in(organiser)
    page = browser.get(url("participants", seminar))
    counts = page.context["session_counts"]
    assert [(one.session.title, one.session.taken, one.wished) for one in counts] == [
        ("A", 1, 1),
        ("B", 0, 0),
    ]
    move = url("choose_for", seminar, row.pk)
    assert move in text(page)
    assert "Liv Dahl" in text(browser.get(move))
    sent = {field(rooms[0]): rooms[1].pk} | seen_on(browser, move)
    response = browser.post(move, sent, follow=True)
    assert "Valget til Liv Dahl er lagret." in text(response)
    assert row.choices.get().session == rooms[1]


def test_the_spreadsheet_has_a_column_a_choice(seminar, rooms, leader, organiser, signed_in):
    choose(make_registration(seminar, leader), rooms[0])
    response = signed_in(organiser).get(url("participants_xlsx", seminar))
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    assert (rows[0][-1], rows[1][-1]) == ("Økt 2", "A")


# ---- who sees which link -------------------------------------------------------------------------


def seen_by(user, seminar, signed_in) -> set[str]:
    """Which of the two links stand in anything that this person can read of the seminar."""
    browser = signed_in(user)
    names = ("detail", "register", "receipt", "choose", "offer", "withdraw", "calendar_file")
    token = open_calendar_feed(by=user, now=timezone.now())
    pages = [text(browser.get(url(name, seminar), follow=True)) for name in names]
    pages.append(text(browser.get(reverse("seminars:list"))))
    pages.append(text(browser.get(reverse("seminars:feed", args=[token]))))
    pages += [letter.text + letter.calendar for letter in user.letters.all()]
    whole = "".join(pages).replace("\r\n ", "")
    return {link for link in (LINK, OTHER_LINK) if link in whole}


@pytest.mark.parametrize(
    ("state", "links"),
    [
        ("registered", {LINK}),
        ("offered", set()),
        ("awaiting", set()),
        ("waitlisted", set()),
        ("withdrawn", set()),
        (None, set()),
    ],
)
def test_a_sessions_link_is_for_those_who_go_to_it(
    seminar, rooms, leader, manager, signed_in, state, links
):
    if state == "awaiting":
        ends = {"approver": manager, "expires_at": seminar.starts_at - dt.timedelta(days=1)}
        choose(make_registration(seminar, leader, state=state, **ends), rooms[0])
    elif state:
        choose(make_registration(seminar, leader, state=state), rooms[0])
    assert seen_by(leader, seminar, signed_in) == links


def test_no_letter_before_the_seat_has_a_link(seminar, rooms, cast, signed_in):
    Seminar.objects.filter(pk=seminar.pk).update(capacity=1, offers_expire_after=48)
    choose(make_registration(seminar, cast.employee), rooms[1])
    browser = signed_in(cast.leader)
    browser.post(url("register", seminar), {field(rooms[0]): rooms[0].pk})
    signed_in(cast.employee).post(url("withdraw", seminar))
    assert Registration.objects.get(user=cast.leader).state == "offered"
    assert seen_by(cast.leader, seminar, signed_in) == set()
    browser.post(url("offer", seminar), {"answer": "accept"})
    assert seen_by(cast.leader, seminar, signed_in) == {LINK}


def test_others_lists_and_files_have_no_link(
    seminar, rooms, cast, leader, organiser, coordinator, signed_in
):
    choose(make_registration(seminar, leader, unit=cast.unit, agency=cast.agency), rooms[0])
    staff = text(signed_in(coordinator).get(url("own_staff", seminar)))
    browser = signed_in(organiser)
    file = load_workbook(io.BytesIO(browser.get(url("participants_xlsx", seminar)).content))
    cells = [str(cell) for row in file.active.values for cell in row]
    lists = staff + text(browser.get(url("participants", seminar))) + "".join(cells)
    assert (LINK in lists, OTHER_LINK in lists) == (False, False)
    assert "Liv Dahl" in lists


def test_calendar_file_has_the_chosen_session_alone(seminar, rooms, leader, signed_in):
    choose(make_registration(seminar, leader), rooms[0])
    token = open_calendar_feed(by=leader, now=timezone.now())
    browser = signed_in(leader)
    file = text(browser.get(url("calendar_file", seminar)))
    feed = text(browser.get(reverse("seminars:feed", args=[token])))
    for calendar in (file, feed):
        assert calendar.count("BEGIN:VEVENT") == 2
        assert "Tillitsbasert ledelse: A" in calendar
        assert "Tillitsbasert ledelse: B" not in calendar


# ---- the organiser's form ------------------------------------------------------------------------


WAYS_IN = [
    ("seminars:own_staff", "leader"),
    ("seminars:own_staff", "coordinator"),
    ("attendance:register_other", "organiser"),
]


@pytest.mark.parametrize(("way", "who"), WAYS_IN)
def test_whoever_registers_another_chooses_the_session(seminar, rooms, cast, signed_in, way, who):
    browser = signed_in(getattr(cast, who))
    assert "Der det er mest plass" in text(browser.get(reverse(way, args=[seminar.pk])))
    typed = {"person": cast.employee.email, field(rooms[0]): rooms[0].pk}
    assert browser.post(reverse(way, args=[seminar.pk]), typed).status_code == 302
    choice = seminar.registrations.get().choices.get()
    assert (choice.session, choice.is_assigned) == (rooms[0], False)


@pytest.mark.parametrize(("way", "who"), WAYS_IN)
def test_nothing_chosen_for_another_is_where_there_is_room(
    seminar, rooms, cast, signed_in, way, who
):
    typed = {"person": cast.employee.email, field(rooms[0]): ""}
    signed_in(getattr(cast, who)).post(reverse(way, args=[seminar.pk]), typed)
    choice = seminar.registrations.get().choices.get()
    assert (choice.session, choice.is_assigned) == (rooms[1], True)


@pytest.mark.parametrize(("way", "who"), WAYS_IN)
def test_a_full_session_is_not_given_to_another(seminar, rooms, cast, signed_in, way, who):
    choose(make_registration(seminar, cast.stranger), rooms[0])
    browser = signed_in(getattr(cast, who))
    typed = {"person": cast.employee.email, field(rooms[0]): rooms[0].pk}
    refused = browser.post(reverse(way, args=[seminar.pk]), typed)
    assert refused.context["form"].errors == {field(rooms[0]): ["«A» er full. Velg en annen."]}
    assert cast.employee.email in text(refused)
    assert not seminar.registrations.filter(user=cast.employee).exists()
    strange = browser.post(reverse(way, args=[seminar.pk]), typed | {field(rooms[0]): "0"})
    assert list(strange.context["form"].errors) == [field(rooms[0])]


@pytest.fixture
def whole(cast, organiser, now):
    # At noon: a form cannot say which of the two hours it means in the night summer time ends.
    noon = timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)
    starts_at = noon + dt.timedelta(days=30)
    return make_seminar(
        cast.other_agency,
        created_by=organiser,
        starts_at=starts_at,
        registration_opens_at=starts_at - dt.timedelta(days=60),
    )


def typed(seminar, *rows, **changes) -> dict[str, str]:
    """The edit page as the browser sends it, with sessions of which only `rows` were typed."""
    clock = "%Y-%m-%dT%H:%M"
    local = timezone.localtime
    data = {
        "title": seminar.title,
        "summary": seminar.summary,
        "organiser_unit": str(seminar.organiser_unit_id),
        "place_name": seminar.place_name,
        "capacity": str(seminar.capacity),
        "registration_opens_at": local(seminar.registration_opens_at).strftime(clock),
        "registration_closes_at": local(seminar.registration_closes_at).strftime(clock),
        "sessions-TOTAL_FORMS": str(len(rows)),
        "sessions-INITIAL_FORMS": "0",
        **{f"{part}-TOTAL_FORMS": "0" for part in ("programme", "speakers")},
        **{f"{part}-INITIAL_FORMS": "0" for part in ("programme", "speakers")},
    }
    for number, row in enumerate(rows):
        own = {
            "starts_at": local(seminar.starts_at).strftime(clock),
            "ends_at": local(seminar.ends_at).strftime(clock),
        }
        for name, value in (own | row).items():
            data[f"sessions-{number}-{name}"] = str(value)
    return data | changes


def part(title, capacity=30, **more) -> dict[str, object]:
    return {"title": title, "choice": "Økt 2", "capacity": capacity, **more}


def test_a_choice_is_made_in_the_form(whole, organiser, signed_in):
    rows = [part("A"), part("B", form="digital", meeting_url=LINK)]
    browser = signed_in(organiser)
    edit = url("edit", whole)
    response = browser.post(edit, typed(whole, *rows) | seen_on(browser, edit))
    assert response.status_code == 302
    made = whole.sessions.parallel()
    assert [(one.title, one.capacity, one.form) for one in made] == [
        ("A", 30, ""),
        ("B", 30, "digital"),
    ]
    again = browser.get(url("edit", whole)).context["editor"].sessions.initial
    assert [row["choice"] for row in again] == ["Økt 2", "Økt 2"]


@pytest.mark.parametrize(
    ("rows", "where", "words"),
    [
        ([part("A"), part("B", capacity="")], (1, "capacity"), "Skriv hvor mange"),
        ([part("A"), {"capacity": "4"}], (1, "choice"), "fjern antall plasser"),
        ([part("A"), {}], (0, "choice"), "Minst to samlinger"),
        ([part("A", form="hybrid"), part("B")], (0, "meeting_url"), "Skriv lenken"),
        ([part("A", meeting_url=LINK), part("B")], (0, "meeting_url"), "må være digital"),
        ([part("A", form="telepati"), part("B")], (0, "form"), "telepati"),
        ([part("A", capacity=0), part("B")], (0, "capacity"), "1"),
    ],
)
def test_the_form_says_at_the_field_what_is_wrong(whole, organiser, signed_in, rows, where, words):
    response = signed_in(organiser).post(url("edit", whole), typed(whole, *rows))
    number, name = where
    errors = response.context["editor"].sessions.forms[number].errors
    assert list(errors) == [name]
    assert words in errors[name][0]
    assert Seminar.objects.get(pk=whole.pk).has_choices is False


def test_a_choice_smaller_than_the_hall_is_refused_at_its_last_session(whole, organiser, signed_in):
    browser, edit = signed_in(organiser), url("edit", whole)
    response = browser.post(
        edit, typed(whole, part("A", 10), part("B", 10)) | seen_on(browser, edit)
    )
    errors = response.context["editor"].form.errors
    assert "20 plasser til sammen, men seminaret har 30" in errors["capacity"][0]
    new = signed_in(organiser).post(
        reverse("seminars:create"), typed(whole, part("A", 10), part("B", 10))
    )
    assert "20 plasser til sammen" in new.context["editor"].form.errors["capacity"][0]


def test_a_session_smaller_than_its_use_is_refused_at_the_session(
    whole, cast, organiser, signed_in
):
    rooms = make_choice(whole, 20, 20)
    for row in make_participants(whole, cast.unit, 3):
        choose(row, rooms[0])
    rows = [part("A", 2, pk=rooms[0].pk), part("B", 40, pk=rooms[1].pk)]
    browser, edit = signed_in(organiser), url("edit", whole)
    response = browser.post(edit, typed(whole, *rows) | seen_on(browser, edit))
    (error,) = response.context["editor"].sessions.forms[0].errors["capacity"]
    assert "3 personer har valgt samlingen" in error


# ---- budgets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "own"), [("detail", 8), ("register", 7), ("choose", 6), ("receipt", 6)]
)
def test_pages_ask_as_much_whatever_the_number(
    seminar, cast, leader, signed_in, django_assert_max_num_queries, name, own
):
    for number in range(6):
        rooms = make_choice(seminar, 30, 30, title=f"Økt {number + 2}")
        if number == 0:
            for row in make_participants(seminar, cast.unit, 12):
                choose(row, rooms[0])
    if name != "register":
        make_registration(seminar, leader)
    browser = signed_in(leader)
    with django_assert_max_num_queries(FRAME + own):
        assert browser.get(url(name, seminar)).status_code == 200


@pytest.mark.parametrize(("name", "own"), [("participants", 9), ("participants_xlsx", 6)])
def test_the_organisers_pages_ask_as_much_whatever_the_number(
    seminar, rooms, cast, organiser, signed_in, django_assert_max_num_queries, name, own
):
    for row in make_participants(seminar, cast.unit, 14):
        choose(row, rooms[1])
    browser = signed_in(organiser)
    with django_assert_max_num_queries(FRAME + own):
        assert browser.get(url(name, seminar)).status_code == 200
