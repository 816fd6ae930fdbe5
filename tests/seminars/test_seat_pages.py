"""The pages of seats: an offer, the pools, one's staff, the queue."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import RoleGrant
from seminars.candidates import staff_to_register
from seminars.eligibility import terms_of
from seminars.models import Audience, Registration, SeatPool, Seminar
from seminars.rules import may_bring_in
from tests.cast import Cast
from tests.factories import make_employee, make_role, make_user
from tests.seminars.factories import make_participants, make_registration, make_seminar

FRAME = 10
HOUR = dt.timedelta(hours=1)


def url(name: str, *args: object) -> str:
    return reverse(f"seminars:{name}", args=args)


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def offered(seminar: Seminar, cast: Cast) -> Registration:
    later = timezone.now() + dt.timedelta(days=1)
    return make_registration(seminar, cast.employee, state="offered", expires_at=later)


def state(row: Registration) -> str:
    return Registration.objects.get(pk=row.pk).state


# ---- an offer ------------------------------------------------------------------------------------


def test_offer_is_shown_and_looking_changes_nothing(seminar, cast, signed_in, offered):
    browser = signed_in(cast.employee)
    assert "Ja, jeg tar plassen" in text(browser.get(url("offer", seminar.pk)))
    assert "Svar på tilbudet" in text(browser.get(url("detail", seminar.pk)))
    assert state(offered) == "offered"


@pytest.mark.parametrize(
    ("answer", "then", "ends"),
    [("accept", "receipt", "registered"), ("decline", "detail", "withdrawn")],
)
def test_offer_is_answered_by_a_button(seminar, cast, signed_in, offered, answer, then, ends):
    response = signed_in(cast.employee).post(url("offer", seminar.pk), {"answer": answer})
    assert (response.url, state(offered)) == (url(then, seminar.pk), ends)


def test_second_press_says_how_it_is(seminar, cast, signed_in, offered):
    browser = signed_in(cast.employee)
    browser.post(url("offer", seminar.pk), {"answer": "accept"})
    again = browser.post(url("offer", seminar.pk), {"answer": "accept"}, follow=True)
    assert "Du har allerede plassen." in text(again)


def test_late_answer_is_told_when_it_ended(seminar, cast, signed_in, offered):
    Registration.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    browser = signed_in(cast.employee)
    assert "Tiden for å svare er ute" in text(browser.get(url("offer", seminar.pk)))
    response = browser.post(url("offer", seminar.pk), {"answer": "accept"}, follow=True)
    assert "Tilbudet gikk ut" in text(response)
    assert state(offered) == "expired"
    assert "ikke lenger åpent" in text(browser.get(url("offer", seminar.pk), follow=True))


def test_who_has_no_offer_is_sent_to_the_seminar(seminar, cast, signed_in):
    response = signed_in(cast.stranger).get(url("offer", seminar.pk), follow=True)
    assert "ikke noe tilbud" in text(response)


# ---- pools ---------------------------------------------------------------------------------------


def test_organiser_holds_seats_and_sees_their_use(seminar, cast, signed_in):
    browser = signed_in(cast.organiser)
    typed = {"agency": cast.agency.pk, "seats": 3, "release_at": ""}
    page = browser.post(url("pools", seminar.pk), typed, follow=True)
    pool = SeatPool.objects.get()
    make_registration(seminar, cast.employee, pool=pool, agency=cast.agency, unit=cast.unit)
    page = browser.get(url("pools", seminar.pk))
    (shown,) = page.context["pools"]
    assert (shown.used, shown.held, shown.left) == (1, 3, 2)
    assert "Åpent for alle: 27 ledige av 30" in text(page)


def test_pool_larger_than_the_hall_is_said_at_the_field(seminar, cast, signed_in):
    typed = {"agency": cast.agency.pk, "seats": 31, "release_at": ""}
    page = signed_in(cast.organiser).post(url("pools", seminar.pk), typed)
    assert page.context["form"].errors["seats"] == [
        "Salen har plass til 30 for denne virksomheten, utenom det andre har."
    ]
    assert 'value="31"' in text(page)


def test_release_date_lies_between_now_and_the_start(seminar, cast, signed_in):
    typed = {"agency": cast.agency.pk, "seats": 1, "release_at": "2020-01-01T10:00"}
    page = signed_in(cast.organiser).post(url("pools", seminar.pk), typed)
    assert list(page.context["form"].errors) == ["release_at"]


def test_organiser_releases_a_pool(seminar, cast, signed_in):
    pool = SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=3)
    browser = signed_in(cast.organiser)
    where = url("release_pool", seminar.pk, pool.pk)
    assert "3 plasser" in text(browser.get(where))
    assert "Frigitt" in text(browser.post(where, follow=True))


def test_live_part_is_the_table_alone(seminar, cast, signed_in):
    headers = {"HX-Request": "true"}
    page = signed_in(cast.organiser).get(url("pools", seminar.pk), headers=headers)
    assert text(page).lstrip().startswith('<section id="plasser"')


# ---- one's staff ---------------------------------------------------------------------------------


def test_coordinator_fills_their_pool_and_sees_no_other(seminar, cast, signed_in):
    SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=2)
    SeatPool.objects.create(seminar=seminar, agency=cast.other_agency, seats=2)
    make_registration(seminar, cast.stranger, unit=cast.other_unit, agency=cast.other_agency)
    browser = signed_in(cast.coordinator)
    page = browser.post(url("own_staff", seminar.pk), {"person": cast.employee.email}, follow=True)
    (pool,) = page.context["pools"]
    assert (pool.agency, pool.used, pool.left) == (cast.agency, 1, 1)
    assert [row.user for row in page.context["page"]] == [cast.employee]
    assert "Even Moen er påmeldt." in text(page)


def choices_of(page) -> list[str]:
    return [person.email for person in page.context["form"].fields["person"].candidates.listed()]


def test_leader_chooses_among_their_own_who_are_not_in(seminar, cast, signed_in):
    colleague = make_employee(cast.unit, "Åse Moe")
    browser, where = signed_in(cast.leader), url("own_staff", seminar.pk)
    assert choices_of(browser.get(where)) == [cast.employee.email, colleague.email]
    page = browser.post(where, {"person-id": cast.employee.pk}, follow=True)
    assert "Even Moen er påmeldt." in text(page)
    assert choices_of(page) == [colleague.email]


def test_whoever_registers_others_is_told_whom_it_is_open_to(seminar, cast, signed_in):
    """Else they learn it by being turned away, one name at a time."""
    later = timezone.now() + dt.timedelta(days=5)
    seminar.audiences.create(kind="leaders")
    seminar.audiences.create(kind="everyone", opens_at=later)
    page = signed_in(cast.coordinator).get(url("own_staff", seminar.pk))
    assert page.context["terms"] == terms_of(seminar)
    shown = text(page)
    assert [line for line in terms_of(seminar) if line not in shown] == []


def test_coordinator_chooses_among_those_who_work_or_lead_there(seminar, cast, signed_in):
    today = timezone.localdate()
    people = staff_to_register(cast.coordinator, seminar, on=today).order_by("sort_key", "pk")
    page = signed_in(cast.coordinator).get(url("own_staff", seminar.pk))
    assert choices_of(page) == [person.email for person in people]
    assert {cast.employee, cast.leader} <= set(people)
    assert not {cast.stranger, cast.coordinator} & set(people)
    assert all(may_bring_in(cast.coordinator, person, today) for person in people)


NOT_OF_THEIRS = "Den du valgte, kan ikke velges her lenger. Velg en annen."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Skriv navnet, og velg personen."),
        ({"person": "even"}, "Velg hvem du mener med «even»."),
        ({"person-id": "stranger"}, NOT_OF_THEIRS),
        ({"person-id": "leader"}, NOT_OF_THEIRS),
        ({"person-id": "9" * 40}, NOT_OF_THEIRS),
        ({"person": "Åse", "person-for": "Åse", "person-id": "stranger"}, NOT_OF_THEIRS),
    ],
)
def test_only_ones_own_are_chosen(seminar, cast, signed_in, typed, words):
    key = typed.get("person-id", "")
    sent = typed | {"person-id": getattr(cast, key).pk if hasattr(cast, key) else key}
    page = signed_in(cast.leader).post(url("own_staff", seminar.pk), sent)
    assert page.context["form"].errors == {"person": [words]}
    assert not seminar.registrations.exists()


@pytest.mark.parametrize("words", ["stranger@example.org", "Sindre Foss", "ingen@example.org"])
def test_who_is_not_theirs_is_not_told_from_who_does_not_exist(seminar, cast, signed_in, words):
    page = signed_in(cast.leader).post(url("own_staff", seminar.pk), {"person": words})
    told = f"Ingen du kan velge her, passer med «{words}»."
    assert page.context["form"].errors["person"][0].startswith(told)
    assert signed_in(cast.leader).get(
        url("own_staff", seminar.pk), {"person-sok": words}
    ).json() == {"people": [], "status": told}


def test_who_is_in_already_is_told_of_at_the_field(seminar, cast, signed_in):
    make_registration(seminar, cast.employee, unit=cast.unit, agency=cast.agency)
    typed = {"person": cast.employee.email}
    page = signed_in(cast.leader).post(url("own_staff", seminar.pk), typed)
    assert page.context["form"].errors == {"person": ["Personen er allerede påmeldt."]}


def test_leader_lets_another_come_instead(seminar, cast, signed_in):
    row = make_registration(seminar, cast.employee, unit=cast.unit, agency=cast.agency)
    where = url("substitute", seminar.pk, row.pk)
    browser = signed_in(cast.leader)
    assert "i stedet for Even Moen" in text(browser.get(where))
    refused = browser.post(where, {"person": cast.stranger.email})
    assert list(refused.context["form"].errors) == ["person"]
    colleague = {"person": make_employee(cast.unit, "Kollega").email}
    page = browser.post(where, colleague, follow=True)
    assert page.redirect_chain == [(url("own_staff", seminar.pk), 302)]
    again = browser.post(where, colleague)
    assert (state(row), again.status_code) == ("withdrawn", 404)


def test_substitute_who_is_in_already_is_refused_at_the_field(seminar, cast, signed_in):
    row = make_registration(seminar, cast.employee, unit=cast.unit, agency=cast.agency)
    make_registration(seminar, cast.stranger)
    typed = {"person": cast.stranger.email}
    page = signed_in(cast.organiser).post(url("substitute", seminar.pk, row.pk), typed)
    assert page.context["form"].errors == {"person": ["Personen er allerede påmeldt."]}


# ---- the queue -----------------------------------------------------------------------------------


def test_organiser_moves_somebody_with_a_reason(seminar, cast, signed_in):
    rows = make_participants(seminar, cast.unit, 2, state="waitlisted")
    browser = signed_in(cast.organiser)
    where = url("move_in_queue", seminar.pk, rows[1].pk)
    nothing = browser.post(where, {"place": 1, "reason": ""})
    assert list(nothing.context["form"].errors) == ["reason"]
    page = browser.post(where, {"place": 1, "reason": "Holder innlegg"}, follow=True)
    assert [entry.registration.pk for entry in page.context["page"]] == [rows[1].pk, rows[0].pk]


def test_who_waits_reads_why(cast, signed_in):
    full = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=1)
    SeatPool.objects.create(
        seminar=full,
        agency=cast.agency,
        seats=1,
        release_at=timezone.now() + dt.timedelta(days=2),
    )
    make_registration(
        full, cast.stranger, state="waitlisted", unit=cast.other_unit, agency=cast.other_agency
    )
    page = text(signed_in(cast.stranger).get(url("detail", full.pk)))
    assert "nummer 1 i køen" in page
    assert "holdt av til andre virksomheter" in page


def test_free_seats_on_the_page_are_those_one_can_have(cast, signed_in):
    full = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=5)
    SeatPool.objects.create(seminar=full, agency=cast.agency, seats=4)
    seats = [
        signed_in(person).get(url("detail", full.pk)).context["standing"].seats_left
        for person in (cast.employee, cast.stranger)
    ]
    assert seats == [5, 1]


@pytest.mark.parametrize(("name", "most"), [("pools", 6), ("own_staff", 6 + 3), ("queue", 6)])
def test_pages_ask_as_much_whatever_the_number(
    seminar, cast, signed_in, django_assert_max_num_queries, name, most
):
    make_participants(seminar, cast.unit, 12)
    make_participants(seminar, cast.unit, 12, state="waitlisted")
    SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=2)
    browser = signed_in(cast.coordinator if name == "own_staff" else cast.organiser)
    with django_assert_max_num_queries(most):
        assert browser.get(url(name, seminar.pk)).status_code == 200


def test_the_queue_asks_as_much_whatever_is_uncertain(
    seminar, cast, signed_in, django_assert_max_num_queries
):
    until = timezone.now() + HOUR
    make_participants(seminar, cast.unit, 9, state="waitlisted")
    for number in range(9):
        guest = make_user(f"Gjest {number}")
        make_registration(seminar, guest, state="offered", expires_at=until)
    SeatPool.objects.create(seminar=seminar, agency=cast.agency, seats=2, release_at=until)
    browser = signed_in(cast.organiser)
    with django_assert_max_num_queries(6 + 1):
        page = browser.get(url("queue", seminar.pk)).context["page"]
    assert [entry.place for entry in page] == [0] * 9 + list(range(1, 10))


def test_staff_of_those_led_and_those_coordinated_are_one_list(seminar, cast, signed_in, today):
    make_participants(seminar, cast.unit, 2)
    make_participants(seminar, cast.other_agency, 3)
    make_registration(seminar, cast.leader)
    make_role(cast.leader, "coordinator", cast.other_agency)
    shown = signed_in(cast.leader).get(url("own_staff", seminar.pk)).context["page"]
    assert {row.unit for row in shown} == {cast.unit, cast.other_agency}
    assert (len(shown), cast.leader in [row.user for row in shown]) == (5, False)
    RoleGrant.objects.filter(user=cast.leader).update(valid_to=today - dt.timedelta(days=1))
    shown = signed_in(cast.leader).get(url("own_staff", seminar.pk)).context["page"]
    assert {row.unit for row in shown} == {cast.unit}


def test_seminar_page_says_who_may_register(seminar, cast, signed_in):
    Audience.objects.create(seminar=seminar, kind="leaders")
    page = text(signed_in(cast.stranger).get(url("detail", seminar.pk)))
    assert "Hvem som kan melde seg på" in page
    assert "ikke åpent for målgruppen du er i" in page


def test_of_what_is_over_nobody_is_told_who_may_register(cast, signed_in, now):
    over = make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=now - dt.timedelta(days=2)
    )
    Audience.objects.create(seminar=over, kind="leaders")
    for user in (cast.stranger, cast.organiser):
        page = text(signed_in(user).get(url("detail", over.pk)))
        assert "Seminaret er over" in page
        assert "Hvem som kan melde seg på" not in page
