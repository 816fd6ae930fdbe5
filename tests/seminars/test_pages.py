"""The pages as a browser without JavaScript meets them."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from attendance.models import Attendance
from people.models import Role
from seminars.models import Registration, SeatPool, Seminar, SeminarState
from tests.editing import seen_on
from tests.factories import make_employee, make_leader, make_role, make_unit
from tests.seminars.factories import make_participants, make_registration, make_seminar


def page(browser, name, *args, **query):
    return browser.get(reverse(f"seminars:{name}", args=args), query)


def titles(response) -> list[str]:
    return [card.title for card in response.context["cards"]]


def messages_in(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# ---- the catalogue -------------------------------------------------------------------------------


@pytest.fixture
def catalogue(cast, now):
    def make(title, **fields):
        return make_seminar(cast.other_agency, created_by=cast.organiser, title=title, **fields)

    days = dt.timedelta(days=1)
    rows = {
        "soon": make("Snart", starts_at=now + 10 * days),
        "digital": make(
            "Digitalt",
            starts_at=now + 40 * days,
            place_name="",
            meeting_url="https://m.example.org",
        ),
        "far": make("Langt fram", starts_at=now + 200 * days),
        "past": make("Før", starts_at=now - 40 * days),
        "full": make("Fullt", starts_at=now + 50 * days, capacity=1),
        "draft": make("Utkast", state=SeminarState.DRAFT),
        "elsewhere": make_seminar(
            cast.agency, created_by=cast.organiser, title="Bydelens", starts_at=now + 60 * days
        ),
    }
    make_participants(rows["full"], cast.unit, 1)
    make_registration(rows["soon"], cast.leader)
    return rows


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Snart", "Digitalt", "Fullt", "Bydelens", "Langt fram"]),
        ({"period": "30"}, ["Snart"]),
        ({"period": "90"}, ["Snart", "Digitalt", "Fullt", "Bydelens"]),
        ({"period": "past"}, ["Før"]),
        ({"form": "digital"}, ["Digitalt"]),
        ({"form": "place"}, ["Snart", "Fullt", "Bydelens", "Langt fram"]),
        ({"free": "on"}, ["Snart", "Digitalt", "Bydelens", "Langt fram"]),
        ({"mine": "on"}, ["Snart"]),
        ({"q": "fullt"}, ["Fullt"]),
        ({"q": "finnes ikke"}, []),
        (
            {"period": "nonsense", "organiser": "x"},
            ["Snart", "Digitalt", "Fullt", "Bydelens", "Langt fram"],
        ),
    ],
)
def test_list_shows_what_the_filters_say(catalogue, signed_in, leader, query, expected):
    assert titles(page(signed_in(leader), "list", **query)) == expected


def test_list_filters_by_organiser(catalogue, cast, signed_in, leader):
    assert titles(page(signed_in(leader), "list", organiser=cast.agency.pk)) == ["Bydelens"]


def test_list_hides_drafts_from_their_organiser_too(catalogue, signed_in, organiser):
    assert "Utkast" not in titles(page(signed_in(organiser), "list"))


def test_list_tells_own_state_and_seats(catalogue, signed_in, leader):
    cards = {card.title: card for card in page(signed_in(leader), "list").context["cards"]}
    assert [tag.text for tag in cards["Snart"].tags] == ["Du er påmeldt", "Ledige plasser"]
    assert [tag.text for tag in cards["Fullt"].tags] == ["Fullt – venteliste"]
    assert cards["Fullt"].seats == "0 av 1 plass ledig"
    assert cards["Snart"].seats == "29 av 30 plasser ledige"


def test_list_answers_htmx_with_the_cards_alone(catalogue, signed_in, leader):
    response = signed_in(leader).get(reverse("seminars:list"), headers={"HX-Request": "true"})
    content = response.content.decode()
    assert ("<html" in content, 'id="treff"' in content) == (False, True)
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize(
    ("fields", "tag"),
    [
        ({"state": SeminarState.CANCELLED}, "Avlyst"),
        ({"days": -3}, "Gjennomført"),
        ({"opens": 2}, "Påmeldingen åpner"),
        ({"opens": -9, "closes": -1}, "Påmeldingen er stengt"),
    ],
)
def test_card_tells_why_one_cannot_register(cast, signed_in, leader, now, fields, tag):
    day = dt.timedelta(days=1)
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        state=fields.get("state", "published"),
        starts_at=now + day * fields.get("days", 20),
        registration_opens_at=now + day * fields.get("opens", -30),
        registration_closes_at=now + day * fields.get("closes", 10),
    )
    make_registration(seminar, leader)
    period = "past" if "days" in fields else ""
    (card,) = page(signed_in(leader), "list", period=period).context["cards"]
    assert card.tags[1].text.startswith(tag)
    assert (card.seats == "") == (tag in {"Avlyst", "Gjennomført"})


def test_an_offer_is_told_on_the_card_and_the_receipt(seminar, signed_in, leader):
    make_registration(seminar, leader, state="offered")
    browser = signed_in(leader)
    (card,) = page(browser, "list").context["cards"]
    assert card.tags[0].text == "Du har fått tilbud om plass"
    content = page(browser, "receipt", seminar.pk).content.decode()
    assert "Du har fått tilbud om plass" in content


# ---- the calendar --------------------------------------------------------------------------------


def test_calendar_has_iso_weeks_and_each_session_on_its_day(cast, signed_in, leader):
    at_nine = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=at_nine)
    seminar.sessions.create(
        starts_at=at_nine + dt.timedelta(days=2, hours=4), ends_at=at_nine + dt.timedelta(days=3)
    )
    response = page(signed_in(leader), "calendar", maned="2026-11")
    content = response.content.decode()
    shown = {
        day.date: [(entry.seminar.pk, entry.hours) for entry in day.entries]
        for week in response.context["weeks"]
        for day in week
        if day.entries
    }
    assert shown == {
        dt.date(2026, 11, 24): [(seminar.pk, "09.00–15.30")],
        dt.date(2026, 11, 26): [(seminar.pk, "Fra 13.00")],
        dt.date(2026, 11, 27): [(seminar.pk, "Til 09.00")],
    }
    assert [f"uke {number}" in content for number in (43, 44, 48, 49, 50)] == [
        False, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "x", "2026-13", "2026-1", "9999-12", "1999-12", "2026-11-01"])
def test_calendar_falls_back_to_this_month(signed_in, leader, today, text):
    shown = page(signed_in(leader), "calendar", maned=text).context["month"]
    assert shown.first == today.replace(day=1)


def test_calendar_leads_to_the_months_around(signed_in, leader):
    month = page(signed_in(leader), "calendar", maned="2026-12").context["month"]
    assert (month.previous.key, month.next.key) == ("2026-11", "2027-01")


# ---- registering ---------------------------------------------------------------------------------


def test_register_takes_one_press_on_the_seminars_page(seminar, signed_in, leader):
    browser = signed_in(leader)
    confirm_url = reverse("seminars:register", args=[seminar.pk])
    shown = page(browser, "detail", seminar.pk).content.decode()
    assert [part in shown for part in (f'action="{confirm_url}"', f'href="{confirm_url}"')] == [
        True,
        False,
    ]
    assert "Arrangøren og den som står ved døren, ser navnet ditt" in shown
    response = browser.post(confirm_url, follow=True)
    assert response.redirect_chain == [(reverse("seminars:receipt", args=[seminar.pk]), 302)]
    assert "Plassen er din" in response.content.decode()
    assert Registration.objects.get().user == leader


def test_receipt_without_a_registration_leads_to_the_seminar(seminar, signed_in, leader):
    response = page(signed_in(leader), "receipt", seminar.pk)
    assert response.headers["Location"] == reverse("seminars:detail", args=[seminar.pk])


def test_register_by_get_changes_nothing(seminar, signed_in, leader):
    page(signed_in(leader), "register", seminar.pk)
    assert Registration.objects.count() == 0


def test_a_second_tab_gets_the_truth(seminar, signed_in, leader):
    first, second = signed_in(leader), signed_in(leader)
    url = reverse("seminars:register", args=[seminar.pk])
    first.post(url)
    response = second.post(url, follow=True)
    assert messages_in(response) == ["Du er allerede påmeldt."]
    assert "Plassen er din" in response.content.decode()
    assert Registration.objects.count() == 1
    assert second.get(url).headers["Location"] == reverse("seminars:receipt", args=[seminar.pk])


def test_the_waiting_see_their_place(cast, signed_in, leader):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_participants(seminar, cast.unit, 1)
    make_participants(seminar, cast.unit, 2, state="waitlisted")
    browser = signed_in(leader)
    assert "Sett meg på venteliste" in page(browser, "detail", seminar.pk).content.decode()
    response = browser.post(reverse("seminars:register", args=[seminar.pk]), follow=True)
    assert "Du er nummer 3 i køen" in response.content.decode()
    assert "Du er nummer 3 i køen" in page(browser, "detail", seminar.pk).content.decode()


def test_register_when_closed_says_why(cast, signed_in, leader, now):
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        registration_closes_at=now - dt.timedelta(hours=1),
    )
    url = reverse("seminars:register", args=[seminar.pk])
    browser = signed_in(leader)
    for response in (browser.get(url, follow=True), browser.post(url, follow=True)):
        (message,) = messages_in(response)
        assert message.startswith("Påmeldingsfristen gikk ut")
    assert Registration.objects.count() == 0


def test_withdraw_takes_two_clicks_and_gives_the_seat_on(cast, signed_in, leader):
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    make_registration(seminar, leader)
    (waiting,) = make_participants(seminar, cast.unit, 1, state="waitlisted")
    browser = signed_in(leader)
    url = reverse("seminars:withdraw", args=[seminar.pk])
    assert f'href="{url}"' in page(browser, "detail", seminar.pk).content.decode()
    browser.get(url)
    assert Registration.objects.get(pk=waiting.pk).state == "waitlisted"
    response = browser.post(url, follow=True)
    assert messages_in(response) == ["Du er meldt av. Takk for at du sa fra."]
    assert Registration.objects.get(pk=waiting.pk).state == "registered"
    assert messages_in(browser.post(url, follow=True)) == ["Du er ikke påmeldt dette seminaret."]


QUEUE, FREE = "Plassen går med en gang til den som står først", "Plassen blir ledig for andre."
LAST, AGAIN = "men da bakerst i køen", "så lenge påmeldingen er åpen og det er ledige plasser."
LOST, CLOSED = "Du mister plassen din i køen.", "så du kan ikke melde deg på igjen."


@pytest.mark.parametrize(
    ("state", "waiting", "is_closed", "words"),
    [
        ("registered", 1, False, {QUEUE, LAST}),
        ("registered", 0, False, {FREE, AGAIN}),
        ("registered", 0, True, {FREE, CLOSED}),
        ("waitlisted", 0, False, {LOST, LAST}),
    ],
)
def test_withdrawing_says_what_comes_of_the_seat(
    cast, signed_in, leader, now, state, waiting, is_closed, words
):
    closes = now + dt.timedelta(hours=-1 if is_closed else 1)
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, registration_closes_at=closes
    )
    make_registration(seminar, leader, state=state)
    make_participants(seminar, cast.unit, waiting, state="waitlisted")
    text = page(signed_in(leader), "withdraw", seminar.pk).content.decode()
    assert {one for one in (QUEUE, FREE, LAST, AGAIN, LOST, CLOSED) if one in text} == words


def test_withdraw_too_late_says_why(cast, signed_in, leader, now):
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(hours=1)
    )
    make_registration(seminar, leader)
    response = signed_in(leader).post(reverse("seminars:withdraw", args=[seminar.pk]), follow=True)
    (message,) = messages_in(response)
    assert "har startet" in message
    assert "Meld meg av" not in response.content.decode()


def test_the_meetings_link_is_for_those_with_a_seat(cast, signed_in, now):
    link = "https://meet.example.org/hemmelig"
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, capacity=1, meeting_url=link
    )
    make_registration(seminar, cast.leader)
    make_registration(seminar, cast.employee, state="waitlisted")
    way_in = reverse("attendance:meeting", args=[seminar.pk])
    seen = [
        way_in in page(signed_in(user), "detail", seminar.pk).content.decode()
        for user in (cast.leader, cast.employee, cast.stranger, cast.manager)
    ]
    assert seen == [True, False, False, False]


def test_calendar_file_holds_each_session_and_invites_nobody(seminar, signed_in, leader):
    seminar.sessions.create(
        starts_at=seminar.ends_at + dt.timedelta(days=1),
        ends_at=seminar.ends_at + dt.timedelta(days=1, hours=2),
        title="Oppfølging",
    )
    registration = make_registration(seminar, leader)
    response = page(signed_in(leader), "calendar_file", seminar.pk)
    calendar = Calendar.from_ical(response.content)
    events = list(calendar.walk("VEVENT"))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert calendar["METHOD"] == "PUBLISH"
    assert len(list(calendar.walk("VTIMEZONE"))) == 1
    assert [str(event["SUMMARY"]) for event in events] == [
        "Tillitsbasert ledelse",
        "Tillitsbasert ledelse: Oppfølging",
    ]
    assert {"ATTENDEE", "ORGANIZER"} & {name for event in events for name in event} == set()
    assert all(str(event["UID"]).startswith(registration.calendar_uid) for event in events)


def test_calendar_file_is_not_for_the_waiting(seminar, signed_in, leader):
    make_registration(seminar, leader, state="waitlisted")
    assert page(signed_in(leader), "calendar_file", seminar.pk).status_code == 404


def test_a_cancelled_seminar_says_why(cast, signed_in, leader):
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, state=SeminarState.CANCELLED
    )
    make_registration(seminar, leader)
    content = page(signed_in(leader), "detail", seminar.pk).content.decode()
    assert ("Kursholderen er syk." in content, "Meld meg av" in content) == (True, False)


def test_what_people_wrote_is_escaped(cast, signed_in, leader):
    seminar = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        title="<script>x</script>",
        description="<b>fet</b>",
    )
    for name, args in (("list", []), ("calendar", []), ("detail", [seminar.pk])):
        content = page(signed_in(leader), name, *args).content.decode()
        assert "<script>x" not in content
        assert "<b>fet" not in content


def test_a_programme_of_several_days_names_them(cast, signed_in, leader):
    at_nine = dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=at_nine, title="Samling"
    )
    seminar.programme.create(starts_at=at_nine, title="Velkommen")
    browser = signed_in(leader)
    heading = ">tirsdag 24. november 2026<"
    assert heading not in page(browser, "detail", seminar.pk).content.decode()
    seminar.programme.create(starts_at=at_nine + dt.timedelta(days=1), title="Igjen")
    content = page(browser, "detail", seminar.pk).content.decode()
    assert [words in content for words in (heading, ">onsdag 25. november 2026<")] == [True, True]


# ---- budgets -------------------------------------------------------------------------------------


@pytest.fixture
def crowded(cast, now):
    """More rows than any budget could hide, in a seminar with all it can have."""
    seminar = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(hours=1)
    )
    make_participants(seminar, cast.unit, 15)
    make_participants(seminar, cast.sibling_unit, 15, state="waitlisted")
    for number in range(14):
        starts_at = now + dt.timedelta(days=number + 1)
        other = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=starts_at)
        make_participants(other, cast.unit, 1)
        other.sessions.create(
            starts_at=other.ends_at, ends_at=other.ends_at + dt.timedelta(hours=1)
        )
        make_leader(cast.sibling_unit if number == 0 else _unit(cast, number), f"Leder {number}")
        seminar.programme.create(starts_at=starts_at, title=f"Post {number}")
        seminar.speakers.create(name=f"Kursholder {number}")
    return seminar


def _unit(cast, number):
    return make_unit(f"Enhet {number}", parent=cast.department)


FRAME = 2
"""The session, and the person with their standing."""


@pytest.mark.parametrize(
    ("name", "is_about_one", "own"),
    [
        ("list", False, 6),  # three for the seats that are held for the reader's own agency
        ("calendar", False, 3),
        ("detail", True, 5),
        ("organise", False, 2),
        ("create", False, 9),  # seven for who may be the contact person, however many
        ("edit", True, 14),  # six for the same, and one for who may move it to another unit
        ("participants", True, 4),
        ("participants_xlsx", True, 3),
        ("queue", True, 4),
        ("pools", True, 4),
        ("seats", True, 4),
        ("personal_data", True, 6),
        ("register_list", True, 1),
        ("write", True, 3),  # and whether there is anybody to write to, and of several agencies
        ("invitations", True, 4),
    ],
)
def test_pages_keep_their_query_budget(
    crowded, signed_in, organiser, django_assert_max_num_queries, name, is_about_one, own
):
    browser = signed_in(organiser)
    args = [crowded.pk] if is_about_one else []
    with django_assert_max_num_queries(FRAME + own):
        assert page(browser, name, *args).status_code == 200


@pytest.mark.parametrize(("name", "own"), [("register", 2), ("receipt", 5), ("withdraw", 2)])
def test_the_way_in_and_out_keeps_its_query_budget(
    seminar, cast, signed_in, leader, django_assert_max_num_queries, name, own
):
    make_participants(seminar, cast.unit, 12)
    if name != "register":
        make_registration(seminar, leader, state="waitlisted")
    browser = signed_in(leader)
    with django_assert_max_num_queries(FRAME + own):
        assert page(browser, name, seminar.pk).status_code == 200


# ---- the organiser's desk ------------------------------------------------------------------------


def test_an_organiser_elsewhere_is_kept_out(seminar, cast, signed_in):
    elsewhere = make_employee(cast.agency, "Arrangør Annensteds")
    make_role(elsewhere, Role.ORGANISER, cast.agency)
    browser = signed_in(elsewhere)
    names = ("edit", "publish", "cancel", "participants", "participants_xlsx", "invitations")
    assert {page(browser, name, seminar.pk).status_code for name in names} == {403}
    assert page(browser, "organise").status_code == 200
    assert seminar.title not in page(browser, "organise").content.decode()


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("", ["Snart"]), ("kommende", ["Snart"]), ("utkast", ["Utkast"]), ("tidligere", ["Før"])],
)
def test_organise_shows_by_tab(cast, signed_in, organiser, now, shown, expected):
    rows = (("Snart", 5, "published"), ("Før", -5, "published"), ("Utkast", 9, "draft"))
    for title, days, state in rows:
        make_seminar(
            cast.other_agency,
            created_by=organiser,
            title=title,
            starts_at=now + dt.timedelta(days=days),
            state=state,
        )
    response = page(signed_in(organiser), "organise", **({"vis": shown} if shown else {}))
    assert [row.title for row in response.context["page"]] == expected


def test_organise_draws_the_seats_as_the_seminars_own_pages_count_them(
    seminar, cast, signed_in, organiser
):
    pool = SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=4)
    make_participants(seminar, cast.unit, 5)
    (pooled,) = make_participants(seminar, cast.unit, 1)
    pooled.pool = pool
    pooled.save(update_fields=["pool"])
    make_participants(seminar, cast.unit, 2, state="waitlisted")
    browser = signed_in(organiser)
    response = page(browser, "organise")
    content = response.content.decode()
    (row,) = response.context["page"]
    counted = page(browser, "seats", seminar.pk).context
    own = page(browser, "detail", seminar.pk).context["standing"]
    assert (row.seats_taken, row.seats_reserved) == (counted["taken"], counted["held"]) == (6, 3)
    assert own.seats_left == row.capacity - row.seats_spoken_for == 21
    assert ("6 av 30 plasser" in content, "3 holdt av" in content) == (True, True)
    widths = [part.partition('"')[0] for part in content.split('<rect class="')[1:]]
    assert widths == ["lp-chart__whole", "lp-chart__part"]
    assert [f'width="{width}"' in content for width in ("30.00", "20.00")] == [True, True]


def test_organise_says_nothing_of_held_seats_where_none_are(seminar, cast, signed_in, organiser):
    make_participants(seminar, cast.unit, 1)
    assert "holdt av" not in page(signed_in(organiser), "organise").content.decode()


def form_data(seminar, **changes) -> dict[str, str]:
    """What the browser sends from the edit page when only `changes` were typed."""
    session = seminar.sessions.get()
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
        "sessions-TOTAL_FORMS": "1",
        "sessions-INITIAL_FORMS": "1",
        "sessions-0-pk": str(session.pk),
        "sessions-0-starts_at": local(session.starts_at).strftime(clock),
        "sessions-0-ends_at": local(session.ends_at).strftime(clock),
        "programme-TOTAL_FORMS": "0",
        "programme-INITIAL_FORMS": "0",
        "speakers-TOTAL_FORMS": "0",
        "speakers-INITIAL_FORMS": "0",
    }
    return data | changes


@pytest.fixture
def whole(cast, organiser, now):
    """On whole minutes, as a form can say them."""
    # At noon: a form cannot say which of the two hours it means in the night summer time ends.
    noon = timezone.localtime(now).replace(hour=12, minute=0, second=0, microsecond=0)
    starts_at = noon + dt.timedelta(days=30)
    return make_seminar(
        cast.other_agency,
        created_by=organiser,
        starts_at=starts_at,
        registration_opens_at=starts_at - dt.timedelta(days=60),
    )


def edit(browser, seminar, **changes):
    url = reverse("seminars:edit", args=[seminar.pk])
    data = seen_on(browser, url) | form_data(seminar, **changes)
    return browser.post(url, data, follow=True)


def test_edit_without_typing_changes_nothing_and_tells_nobody(whole, signed_in, organiser, leader):
    registration = make_registration(whole, leader)
    response = edit(signed_in(organiser), whole)
    assert messages_in(response) == ["Endringene er lagret."]
    fresh = Seminar.objects.get(pk=whole.pk)
    assert (fresh.starts_at, fresh.ends_at) == (whole.starts_at, whole.ends_at)
    assert fresh.registration_opens_at == whole.registration_opens_at
    registration.refresh_from_db()
    assert (registration.calendar_sequence, leader.letters.count()) == (0, 0)


def test_edit_moves_the_seminar_and_keeps_its_session(whole, signed_in, organiser, leader):
    make_registration(whole, leader)
    session = whole.sessions.get()
    later = timezone.localtime(session.ends_at + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    edit(signed_in(organiser), whole, **{"sessions-0-ends_at": later})
    assert whole.sessions.get().pk == session.pk
    assert leader.letters.get().kind == "seminars.changed"


def test_add_gives_one_more_row_and_judges_nothing(whole, signed_in, organiser):
    response = edit(signed_in(organiser), whole, title="", add="programme")
    content = response.content.decode()
    assert response.context["editor"].programme.total_form_count() == 1
    assert response.context["editor"].form.errors == {}
    assert "lp-error-summary" not in content
    assert Seminar.objects.get(pk=whole.pk).title == whole.title


def test_a_row_that_was_added_and_left_empty_is_no_row(whole, signed_in, organiser):
    edit(signed_in(organiser), whole, **{"speakers-TOTAL_FORMS": "2", "speakers-1-name": "Eva By"})
    assert [speaker.name for speaker in whole.speakers.all()] == ["Eva By"]


def test_a_row_that_is_taken_away_is_gone(whole, signed_in, organiser):
    extra = whole.sessions.create(
        starts_at=whole.ends_at + dt.timedelta(hours=1),
        ends_at=whole.ends_at + dt.timedelta(hours=2),
    )
    whole.speakers.create(name="Eva By")
    clock = "%Y-%m-%dT%H:%M"
    first = whole.sessions.exclude(pk=extra.pk).get()
    changes = {
        "sessions-TOTAL_FORMS": "2",
        "sessions-INITIAL_FORMS": "2",
        "sessions-0-pk": str(first.pk),
        "sessions-1-pk": str(extra.pk),
        "sessions-1-starts_at": timezone.localtime(extra.starts_at).strftime(clock),
        "sessions-1-ends_at": timezone.localtime(extra.ends_at).strftime(clock),
        "sessions-1-DELETE": "on",
        "speakers-TOTAL_FORMS": "1",
        "speakers-INITIAL_FORMS": "1",
        "speakers-0-name": "Eva By",
        "speakers-0-DELETE": "on",
    }
    extra.delete()
    data = form_data(whole, **changes)
    whole.sessions.create(pk=extra.pk, starts_at=extra.starts_at, ends_at=extra.ends_at)
    browser, url = signed_in(organiser), reverse("seminars:edit", args=[whole.pk])
    browser.post(url, data | seen_on(browser, url))
    assert [session.pk for session in whole.sessions.all()] == [first.pk]
    assert whole.speakers.count() == 0


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"title": ""}, "form.title", "Feltet må fylles ut"),
        ({"capacity": "0"}, "form.capacity", ""),
        ({"capacity": "1"}, "form.capacity", "2 personer har plass"),
        ({"registration_closes_at": "2020-01-01T09:00"}, "form.registration_closes_at", "åpner"),
        ({"registration_closes_at": "2099-01-01T09:00"}, "form.registration_closes_at", "starter"),
        ({"sessions-0-ends_at": "2020-01-01T09:00"}, "sessions.ends_at", "slutte etter"),
        ({"sessions-0-starts_at": "i morgen"}, "sessions.starts_at", ""),
        ({"sessions-TOTAL_FORMS": "0", "sessions-INITIAL_FORMS": "0"}, "sessions", ""),
        ({"sessions-0-pk": "9" * 30}, "sessions.pk", "Samlingen finnes ikke lenger."),
        ({"sessions-0-pk": "-1"}, "sessions.pk", "Samlingen finnes ikke lenger."),
        ({"sessions-0-pk": "x"}, "sessions.pk", "Samlingen finnes ikke lenger."),
        ({"sessions-0-DELETE": "on"}, "sessions", ""),
        ({"meeting_url": "ikke en lenke"}, "form.meeting_url", ""),
        ({"organiser_unit": "999999"}, "form.organiser_unit", ""),
    ],
)
def test_edit_says_what_is_wrong_and_keeps_what_was_typed(
    whole, cast, signed_in, organiser, changes, where, words
):
    make_participants(whole, cast.unit, 2)
    response = edit(signed_in(organiser), whole, summary="Dette skrev jeg", **changes)
    editor = response.context["editor"]
    part, _dot, field = where.partition(".")
    if part == "form":
        errors = editor.form.errors[field]
    elif field:
        errors = editor.sessions.forms[0].errors[field]
    else:
        errors = editor.sessions.non_form_errors()
    assert len(errors) == 1
    assert words in errors[0] or field == "title"
    ((summary, place),) = editor.errors()
    assert summary.endswith(errors[0])
    assert f'id="{place}"' in response.content.decode()
    assert "Dette skrev jeg" in response.content.decode()
    assert Seminar.objects.get(pk=whole.pk).summary == whole.summary


def test_create_makes_a_draft_from_the_form(whole, signed_in, organiser):
    data = form_data(whole, title="Et nytt seminar", **{"sessions-0-pk": ""})
    response = signed_in(organiser).post(reverse("seminars:create"), data, follow=True)
    made = Seminar.objects.get(title="Et nytt seminar")
    assert response.redirect_chain == [(reverse("seminars:detail", args=[made.pk]), 302)]
    assert (made.state, made.created_by, made.sessions.count()) == ("draft", organiser, 1)


def test_create_with_another_seminars_session_takes_nothing_from_it(whole, signed_in, organiser):
    data = form_data(whole, title="Et nytt seminar")
    signed_in(organiser).post(reverse("seminars:create"), data)
    assert whole.sessions.count() == 1
    assert Seminar.objects.get(title="Et nytt seminar").sessions.count() == 1


def test_an_organiser_cannot_arrange_for_units_outside_their_role(whole, cast, signed_in):
    bydel = make_employee(cast.agency, "Bydelens Arrangør")
    make_role(bydel, Role.ORGANISER, cast.agency)
    data = form_data(whole, title="Frekt", **{"sessions-0-pk": ""})
    response = signed_in(bydel).post(reverse("seminars:create"), data)
    assert "organiser_unit" in response.context["editor"].form.errors
    assert Seminar.objects.filter(title="Frekt").exists() is False


def test_edit_of_what_was_called_off_meanwhile_says_so(whole, signed_in, organiser):
    browser = signed_in(organiser)
    url = reverse("seminars:edit", args=[whole.pk])
    sent = seen_on(browser, url) | form_data(whole, title="Ny tittel")
    browser.post(reverse("seminars:cancel", args=[whole.pk]), {"reason": "Streik"})
    response = browser.post(url, sent)
    errors = response.context["editor"].errors()
    assert errors == [("Seminaret er avlyst og kan ikke endres.", "")]
    assert Seminar.objects.get(pk=whole.pk).title == whole.title


@pytest.mark.parametrize(("opens", "is_open"), [(-1, True), (1, False)])
def test_publishing_says_when_people_can_register(cast, signed_in, organiser, now, opens, is_open):
    draft = make_seminar(
        cast.other_agency,
        created_by=cast.organiser,
        state=SeminarState.DRAFT,
        registration_opens_at=now + dt.timedelta(days=opens),
    )
    said = page(signed_in(organiser), "publish", draft.pk).content.decode()
    assert ("Påmeldingen er åpen fra du publiserer." in said) == is_open
    assert ("Påmeldingen åpner " in said) != is_open


@pytest.mark.parametrize(("days", "is_over"), [(-3, True), (3, False)])
def test_nothing_is_offered_that_is_then_refused(
    cast, signed_in, organiser, leader, now, days, is_over
):
    """What has been held is neither changed nor called off, and nobody is asked to come."""
    starts_at = now + dt.timedelta(days=days)
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, starts_at=starts_at)
    browser = signed_in(organiser)
    detail = page(browser, "detail", seminar.pk).content.decode()
    for name in ("edit", "cancel"):
        address = reverse(f"seminars:{name}", args=[seminar.pk])
        assert (f'href="{address}"' in detail) != is_over
    answer = browser.get(reverse("seminars:edit", args=[seminar.pk]), follow=True)
    assert messages_in(answer) == ["Seminaret er over og kan ikke endres."] * is_over
    asking = page(browser, "cancel", seminar.pk).content.decode()
    assert ("Seminaret er over og kan ikke avlyses." in asking) == is_over
    assert ('name="reason"' in asking) != is_over
    asked = page(browser, "invitations", seminar.pk).content.decode()
    assert ("Se hvem som blir invitert" in asked) != is_over
    assert ("av 30" in detail) != is_over
    make_registration(seminar, leader)
    own = page(signed_in(leader), "detail", seminar.pk).content.decode()
    assert ("Du var påmeldt" in own, "Du er påmeldt" in own) == (is_over, not is_over)
    assert ("Legg i kalenderen" in own) != is_over


def test_publish_asks_before_it_does(cast, signed_in, organiser):
    draft = make_seminar(cast.other_agency, created_by=organiser, state=SeminarState.DRAFT)
    content = page(signed_in(organiser), "publish", draft.pk).content.decode()
    assert "Ingen får brev før du sender invitasjoner." in content
    assert Seminar.objects.get(pk=draft.pk).state == "draft"


def test_publish_and_cancel_from_their_pages(cast, signed_in, organiser, leader):
    draft = make_seminar(cast.other_agency, created_by=organiser, state=SeminarState.DRAFT)
    browser = signed_in(organiser)
    publish_url = reverse("seminars:publish", args=[draft.pk])
    cancel_url = reverse("seminars:cancel", args=[draft.pk])
    assert messages_in(browser.post(publish_url, follow=True)) == [
        "Seminaret er publisert og vises for alle."
    ]
    assert messages_in(browser.post(publish_url, follow=True)) == [
        "Seminaret er allerede publisert."
    ]
    empty = browser.post(cancel_url, {"reason": " "})
    assert "reason" in empty.context["form"].errors
    response = browser.post(cancel_url, {"reason": "Streik"}, follow=True)
    assert messages_in(response) == ["Seminaret er avlyst, og alle får brev om det."]
    again = browser.post(cancel_url, {"reason": "Streik"}, follow=True)
    assert messages_in(again) == ["Seminaret er allerede avlyst."]
    assert Seminar.objects.get(pk=draft.pk).state == "cancelled"


# ---- participants --------------------------------------------------------------------------------


def test_participants_are_found_by_name_and_state(seminar, cast, signed_in, organiser):
    aase = make_registration(seminar, make_employee(cast.unit, "Åse Dal"))
    waiting = make_registration(seminar, make_employee(cast.unit, "Bo Lie"), state="waitlisted")
    gone = make_registration(seminar, make_employee(cast.unit, "Tor Vik"), state="withdrawn")
    browser = signed_in(organiser)
    found = [
        list(page(browser, "participants", seminar.pk, **query).context["page"])
        for query in ({}, {"q": "aase"}, {"state": "withdrawn"}, {"state": "x"}, {"q": "ingen"})
    ]
    assert found == [[aase, waiting], [aase], [gone], [aase, waiting], []]


def test_removing_somebody_says_why_to_them(seminar, signed_in, organiser, leader):
    row = make_registration(seminar, leader)
    url = reverse("seminars:remove_participant", args=[seminar.pk, row.pk])
    browser = signed_in(organiser)
    assert leader.name in browser.get(url).content.decode()
    response = browser.post(url, {"reason": "Dobbelt"}, follow=True)
    assert messages_in(response) == [f"Påmeldingen til {leader.name} er tatt bort."]
    assert "Dobbelt" in leader.letters.get().text
    again = browser.post(url, {"reason": "Dobbelt"})
    assert again.context["form"].errors == {"__all__": ["Påmeldingen er allerede avsluttet."]}


def test_export_holds_everybody_and_runs_nothing(seminar, cast, signed_in, organiser):
    odd = make_employee(cast.unit, '=HYPERLINK("http://example.org")')
    make_registration(seminar, odd, unit=cast.unit, agency=cast.agency, was_leader=True)
    waiting = make_registration(seminar, make_employee(cast.unit, "Bo Lie"), state="waitlisted")
    Attendance.objects.create(
        registration=seminar.registrations.get(user=odd), outcome="attended", marked_by=organiser
    )
    response = page(signed_in(organiser), "participants_xlsx", seminar.pk)
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    first, second = list(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in first][:6] == [
        odd.name, odd.email, "Bydel Fjordbyen", "Hjemmetjenesten nord", "ja", "Påmeldt",
    ]  # fmt: skip
    assert (first[0].data_type, first[7].value) == ("s", "Møtt")
    assert [cell.value for cell in second][:6:5] == [waiting.user.name, "På venteliste"]
    assert second[7].value is None or second[7].value == ""


def test_inviting_from_the_page(seminar, cast, signed_in, organiser, leader):
    browser = signed_in(organiser)
    url = reverse("seminars:invitations", args=[seminar.pk])
    choice = {"units": [cast.agency.pk], "people": f"{cast.stranger.email}\nleader@example.org"}
    asked = browser.post(url, choice).context["asked"]
    assert {one.user for one in asked} == {leader, cast.manager, cast.stranger}
    assert not seminar.invitations.exists()
    sent = choice | {"confirmed": "1"}
    # Outside working hours it is also said when the letters go.
    (told,) = messages_in(browser.post(url, sent, follow=True))
    assert told.startswith("3 personer er invitert.")
    assert messages_in(browser.post(url, choice, follow=True)) == [
        "Alle du valgte, er invitert før."
    ]
    assert browser.post(url, {}).context["form"].errors["units"] == [
        "Velg minst én virksomhet, eller skriv minst én person."
    ]
    typed = browser.post(url, choice | {"people": "ukjent@example.org"}).context["form"]
    assert (typed.errors["people"], typed["people"].value()) == (
        ["Linje 1, «ukjent@example.org»: Ingen ansatt har denne adressen."],
        "ukjent@example.org",
    )
    make_registration(seminar, leader)
    answers = {row.user.name: row.answer for row in browser.get(url).context["page"]}
    assert answers == {
        leader.name: "registered", cast.manager.name: None, cast.stranger.name: None,
    }  # fmt: skip


def test_inviting_to_what_is_over_says_so(cast, signed_in, organiser, now):
    over = make_seminar(
        cast.other_agency, created_by=organiser, starts_at=now - dt.timedelta(days=2)
    )
    url = reverse("seminars:invitations", args=[over.pk])
    form = signed_in(organiser).post(url, {"units": [cast.agency.pk]}).context["form"]
    assert form.non_field_errors() == ["Seminaret er over."]
    assert form["units"].value() == [str(cast.agency.pk)]


def test_an_error_far_down_the_page_stands_at_its_top(whole, signed_in, organiser):
    changes = {"programme-TOTAL_FORMS": "1", "programme-0-description": "Uten tittel"}
    response = edit(signed_in(organiser), whole, **changes)
    places = [place for _text, place in response.context["editor"].errors()]
    assert places == ["id_programme-0-starts_at", "id_programme-0-title"]
    assert 'href="#id_programme-0-title"' in response.content.decode()
