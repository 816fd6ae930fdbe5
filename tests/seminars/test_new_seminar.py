"""A seminar is made from what its organiser must say; the rest is folded away and makes sense."""

from __future__ import annotations

import datetime as dt

import lxml.html
import pytest
from django.urls import reverse
from django.utils import timezone

from people.models import Role
from seminars.models import Seminar
from tests.editing import typed_on
from tests.factories import make_employee, make_role

CREATE = "seminars:create"


@pytest.fixture
def arranger(cast):
    """Arranges for one unit alone."""
    person = make_employee(cast.other_agency, "Åse Ødegård-D'Arcy")
    make_role(person, Role.ORGANISER, cast.other_agency)
    return person


@pytest.fixture
def browser(signed_in, arranger):
    return signed_in(arranger)


def filled_in(browser, **changes: str) -> dict[str, str]:
    """Return what the page sends when the title alone is typed, and then the changes."""
    page = browser.get(reverse(CREATE)).content.decode()
    return typed_on(page) | {"title": "Ny som leder"} | changes


def parts(response) -> dict[str, bool]:
    """Return whether each folded part stands open, by its heading."""
    page = lxml.html.fromstring(response.content.decode())
    folds = page.xpath("//main//details[contains(@class, 'lp-fold')]")
    return {one.find("summary").text: one.get("open") is not None for one in folds}


def opened(response) -> list[str]:
    return [name for name, is_open in parts(response).items() if is_open]


def test_everything_but_the_first_fields_is_folded_away(browser):
    response = browser.get(reverse(CREATE))
    page = lxml.html.fromstring(response.content.decode())
    above = page.xpath(
        "//main//form//*[self::input or self::select or self::textarea]"
        "[not(ancestor::details) and not(@type='hidden')]/@name"
    )
    assert above == [
        "title",
        *("sessions-0-starts_at", "sessions-0-ends_at"),
        *("place_name", "capacity"),
    ]
    assert (len(parts(response)), opened(response)) == (6, [])


def test_a_title_is_enough_and_the_rest_follows_from_the_start(browser, cast, arranger):
    response = browser.post(reverse(CREATE), filled_in(browser), follow=True)
    made = Seminar.objects.get()
    assert response.redirect_chain == [(reverse("seminars:detail", args=[made.pk]), 302)]
    assert (made.title, made.state, made.organiser_unit) == (
        "Ny som leder",
        "draft",
        cast.other_agency,
    )
    assert made.registration_closes_at == made.starts_at - dt.timedelta(days=7)
    assert made.registration_closes_at < made.promotion_ends_at < made.starts_at
    assert made.contact == arranger


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2027-01-11T09:00", "2027-01-11T15:00"),
        ("2027-01-11T13:30", "2027-01-11T15:00"),
        ("2027-01-11T18:00", "2027-01-12T00:00"),
        ("2028-06-05T09:00", "2028-06-05T15:00"),
    ],
)
def test_the_end_goes_with_a_start_that_is_moved(browser, start, end):
    name = "sessions-0-starts_at"
    browser.post(reverse(CREATE), filled_in(browser, **{name: start}))
    made = Seminar.objects.get()
    clock = "%Y-%m-%dT%H:%M"
    times = [f"{timezone.localtime(one):{clock}}" for one in (made.starts_at, made.ends_at)]
    assert times == [start, end]


def test_an_end_that_was_typed_stays_where_it_is(browser):
    times = {
        "sessions-0-starts_at": "2027-01-11T09:00",
        "sessions-0-ends_at": "2027-01-13T12:00",
    }
    browser.post(reverse(CREATE), filled_in(browser, **times))
    made = Seminar.objects.get()
    assert f"{timezone.localtime(made.ends_at):%Y-%m-%dT%H:%M}" == times["sessions-0-ends_at"]


@pytest.mark.parametrize("start", ["", "i morgen", "2027-13-40T09:00"])
def test_a_start_that_is_none_moves_nothing_and_is_told(browser, start):
    typed = filled_in(browser, **{"sessions-0-starts_at": start})
    response = browser.post(reverse(CREATE), typed)
    assert (response.status_code, Seminar.objects.count()) == (200, 0)
    end = lxml.html.fromstring(response.content.decode()).xpath(
        "//*[@name='sessions-0-ends_at']/@value"
    )
    assert end == [typed["sessions-0-ends_at"]]


def test_whoever_arranges_for_several_units_says_which(browser, organiser, signed_in):
    assert "Arrangør: Etat for læring" in browser.get(reverse(CREATE)).content.decode()
    page = lxml.html.fromstring(signed_in(organiser).get(reverse(CREATE)).content.decode())
    (select,) = page.xpath("//select[@name='organiser_unit']")
    assert select.value == ""
    assert len(select.value_options) > 2


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"contact_phone": "ring meg"}, "Om seminaret og kontaktperson"),
        ({"meeting_url": "ikke en lenke"}, "Rom, adresse og digitalt møte"),
        ({"waiting_list_limit": "0"}, "Venteliste, godkjenning og frister"),
        ({"sessions-0-choice": "Økt 2"}, "Flere dager eller samlinger å velge mellom"),
        ({"add": "programme"}, "Program"),
        ({"add": "speakers"}, "Kursholdere"),
        ({"add": "sessions"}, "Flere dager eller samlinger å velge mellom"),
        ({"contact": "ødegård", "contact-finn": "1"}, "Om seminaret og kontaktperson"),
    ],
)
def test_a_part_with_something_wrong_or_new_in_it_stands_open(browser, changes, name):
    response = browser.post(reverse(CREATE), filled_in(browser, **changes))
    assert (response.status_code, opened(response)) == (200, [name])
    assert Seminar.objects.exists() is False


def test_what_is_wrong_above_opens_nothing(browser):
    response = browser.post(reverse(CREATE), filled_in(browser, title=""))
    assert opened(response) == []
    ((words, place),) = response.context["editor"].errors()
    assert (words.partition(":")[0], place) == ("Tittel", "id_title")


def test_a_registration_that_would_open_after_the_start_is_told_at_its_field(browser):
    late = {"registration_opens_at": "2099-01-01T09:00"}
    response = browser.post(reverse(CREATE), filled_in(browser, **late))
    assert response.context["editor"].form.errors == {
        "registration_opens_at": ["Påmeldingen må åpne før seminaret starter."]
    }
    assert opened(response) == ["Venteliste, godkjenning og frister"]
    assert Seminar.objects.exists() is False


def test_what_is_shown_to_all_still_says_what_it_is_about(browser, seminar):
    address = reverse("seminars:edit", args=[seminar.pk])
    sent = typed_on(browser.get(address).content.decode()) | {"summary": ""}
    response = browser.post(address, sent)
    assert list(response.context["editor"].form.errors) == ["summary"]
    Seminar.objects.filter(pk=seminar.pk).update(state="draft", published_at=None)
    sent = typed_on(browser.get(address).content.decode()) | {"summary": ""}
    assert browser.post(address, sent).status_code == 302


def test_of_several_sessions_it_is_said_which_is_wrong(browser):
    more = filled_in(browser) | {"add": "sessions"}
    page = browser.post(reverse(CREATE), more).content.decode()
    typed = typed_on(page) | {"sessions-1-title": "A", "sessions-1-choice": "Økt 2"}
    content = browser.post(reverse(CREATE), typed).content.decode()
    (summary,) = lxml.html.fromstring(content).find_class("lp-error-summary__list")
    told = [line.text_content().strip() for line in summary]
    assert told
    assert all(line.startswith("Samling 2 – ") for line in told)
    assert "Tiden til denne samlingen er den du har skrevet øverst på siden." in content
