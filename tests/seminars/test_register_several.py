"""Several of one's own registered at once, each with how it went."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from common.keys import LARGEST_KEY
from seminars.models import Registration, Seminar
from seminars.own_staff import several
from seminars.own_staff.several import listed
from tests.cast import Cast
from tests.factories import make_employee
from tests.seminars.factories import make_registration, make_seminar

DAY = dt.timedelta(days=1)
URL = reverse("seminars:register_several")


@pytest.fixture
def seminar(cast: Cast) -> Seminar:
    return make_seminar(cast.other_agency, created_by=cast.organiser, capacity=2)


def told(page: Any) -> list[str]:
    return [str(one) for one in get_messages(page.wsgi_request)]


def in_seminar(seminar: Seminar) -> dict[str, str]:
    rows = Registration.objects.filter(seminar=seminar).select_related("user")
    return {row.user.name: row.state for row in rows}


def test_each_is_registered_and_told_of_by_name(
    cast: Cast, seminar: Seminar, signed_in: Any
) -> None:
    one, two, three = (make_employee(cast.unit, name) for name in ("Ada Aas", "Bo Berg", "Cy Dal"))
    make_registration(seminar, cast.employee, unit=cast.unit, agency=cast.agency)
    people = [cast.employee, one, two, three]
    page = signed_in(cast.leader).post(
        URL, {"seminar": seminar.pk, "person": [person.pk for person in people]}
    )
    assert page.headers["Location"] == reverse("seminars:own_staff", args=[seminar.pk])
    assert told(page) == [
        "Ada Aas er påmeldt.",
        "Bo Berg og Cy Dal står på ventelisten, for alle plassene er tatt.",
        "Even Moen: Personen er allerede påmeldt.",
    ]
    assert in_seminar(seminar) == {
        "Even Moen": "registered",
        "Ada Aas": "registered",
        "Bo Berg": "waitlisted",
        "Cy Dal": "waitlisted",
    }


def test_names_are_listed_as_one_says_them() -> None:
    assert [listed([]), listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == [
        "", "A", "A og B", "A, B og C",
    ]  # fmt: skip


def test_those_ticked_on_the_way_here_are_ticked(
    cast: Cast, seminar: Seminar, signed_in: Any
) -> None:
    make_employee(cast.unit, "Ada Aas")
    page = signed_in(cast.leader).get(URL, {"person": cast.employee.pk, "seminar": seminar.pk})
    html = page.content.decode()
    assert html.count(" checked") == 1
    assert f'value="{seminar.pk}" selected' in html


KEYS = ["stranger", "manager", "", "x", "0", str(LARGEST_KEY + 1), "9" * 99]


@pytest.mark.parametrize("kind", ["leader", "coordinator"])
@pytest.mark.parametrize("key", KEYS)
def test_nobody_elses_people_are_registered_by_number(
    cast: Cast, seminar: Seminar, signed_in: Any, kind: str, key: str
) -> None:
    if kind == "coordinator" and key == "manager":
        pytest.skip("the manager leads where the coordinator coordinates")
    sent = getattr(cast, key).pk if hasattr(cast, key) else key
    browser = signed_in(getattr(cast, kind))
    page = browser.post(URL, {"seminar": seminar.pk, "person": [cast.employee.pk, sent]})
    assert list(page.context["form"].errors) == ["person"]
    assert in_seminar(seminar) == {}
    shown = browser.get(URL, {"person": sent}).content.decode()
    assert "Sindre Foss" not in shown


@pytest.mark.parametrize("state", ["draft", "cancelled", "over", "closed", "not open"])
def test_only_seminars_that_take_registrations_are_chosen(
    cast: Cast, signed_in: Any, now: dt.datetime, state: str
) -> None:
    fields: dict[str, Any] = {
        "draft": {"state": "draft"},
        "cancelled": {"state": "cancelled"},
        "over": {"starts_at": now - 9 * DAY},
        "closed": {"registration_closes_at": now - DAY},
        "not open": {"registration_opens_at": now + DAY},
    }[state]
    shut = make_seminar(cast.other_agency, created_by=cast.organiser, **fields)
    page = signed_in(cast.leader).post(URL, {"seminar": shut.pk, "person": [cast.employee.pk]})
    words = ["Seminaret tar ikke imot påmeldinger. Velg et annet."]
    assert page.context["form"].errors == {"seminar": words}


def test_those_with_something_else_are_named_and_asked_about_once(
    cast: Cast, seminar: Seminar, signed_in: Any
) -> None:
    other = make_seminar(
        cast.other_agency, created_by=cast.organiser, title="Hemmelig", starts_at=seminar.starts_at
    )
    make_registration(other, cast.employee)
    free = make_employee(cast.unit, "Ada Aas")
    browser = signed_in(cast.leader)
    sent = {"seminar": seminar.pk, "person": [cast.employee.pk, free.pk]}
    page = browser.post(URL, sent)
    html = page.content.decode()
    assert "Even Moen har plass på noe annet" in html
    assert "Ada Aas har plass" not in html
    assert in_seminar(seminar) == {}
    wrong = browser.post(URL, sent | {"confirmed_for": str(free.pk)})
    assert wrong.status_code == 200
    confirmed = page.context["form"].data["confirmed_for"]
    assert browser.post(URL, sent | {"confirmed_for": confirmed}).status_code == 302
    assert set(in_seminar(seminar)) == {"Even Moen", "Ada Aas"}


def test_of_very_many_those_are_listed_who_were_ticked(
    cast: Cast, seminar: Seminar, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "MOST_LISTED", 1)
    make_employee(cast.unit, "Ada Aas")
    page = signed_in(cast.leader).get(URL, {"person": [cast.employee.pk]})
    choices = page.context["form"].fields["person"].widget.choices
    assert [pk for pk, _name in choices] == [cast.employee.pk]
    assert "Meld på én om gangen" in page.content.decode()


def test_who_leads_nobody_has_no_such_page(cast: Cast, signed_in: Any) -> None:
    assert signed_in(cast.employee).get(URL).status_code == 403
    assert signed_in(cast.organiser).post(URL, {}).status_code == 403


def test_who_has_no_address_is_named(cast: Cast, seminar: Seminar, signed_in: Any) -> None:
    cleaner = make_employee(cast.unit, "Rut Vask", email=None, hr_id="P7")
    page = signed_in(cast.leader).post(URL, {"seminar": seminar.pk, "person": [cleaner.pk]})
    assert told(page) == [
        "Rut Vask er påmeldt.",
        "Rut Vask har ingen e-postadresse. Gi beskjed om påmeldingen selv.",
    ]
