"""«Mine medarbeidere»: whom a leader sees, and what of each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attendance.marking.actions import mark_attendance
from people.models import Leadership, User
from seminars.models import AttendanceOutcome, RegistrationState
from tests.cast import Cast
from tests.commitments.factories import make_agreed, make_draft, make_substitution
from tests.factories import make_employee, make_leader
from tests.seminars.factories import make_registration, make_seminar

DAY = dt.timedelta(days=1)
RTL = "\u202eنعيم\u202c"


def page_of(browser: Any, **query: str) -> Any:
    return browser.get(reverse("team"), query)


def names_on(page: Any) -> list[str]:
    return [member.person.name for member in page.context["members"]]


def told_of(page: Any, person: User) -> dict[str, list[tuple[str, str]]]:
    """By column: the tags, with what they are about."""
    (member,) = [one for one in page.context["members"] if one.person.key == person.pk]
    return {
        str(column.heading): [(line.tag, line.text.split(",")[0] or line.action) for line in lines]
        for column, lines in member.cells
    }


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


# Whom


def test_a_leader_sees_their_own_people_and_the_leaders_below(cast: Cast, signed_in: Any) -> None:
    assert names_on(page_of(signed_in(cast.leader))) == [cast.employee.name]
    make_leader(cast.sibling_unit, "Åse Berg")
    assert names_on(page_of(signed_in(cast.manager))) == [cast.leader.name, "Åse Berg"]


@pytest.mark.parametrize("kind", ["employee", "hr", "organiser", "coordinator", "administrator"])
def test_nobody_else_has_such_a_page(cast: Cast, signed_in: Any, kind: str) -> None:
    browser = signed_in(getattr(cast, kind))
    assert page_of(browser).status_code == 403
    assert reverse("team") not in browser.get(reverse("home")).content.decode()


def test_a_leader_of_nobody_is_told_whom_to_ask(cast: Cast, signed_in: Any) -> None:
    lone = make_leader(cast.other_unit, "Alma Lie")
    User.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    page = page_of(signed_in(lone)).content.decode()
    assert "Ingen medarbeidere" in page
    assert "HR rette det" in page


def test_whoever_stands_in_sees_those_people_as_long_as_it_holds(
    cast: Cast, signed_in: Any, today: dt.date
) -> None:
    held = make_substitution(cast)
    browser = signed_in(cast.stranger)
    page = page_of(browser)
    assert names_on(page) == [cast.employee.name]
    assert f"Du er stedfortreder for {cast.leader.name}" in page.content.decode()
    # Whoever stands in registers nobody: there is nothing to tick.
    assert 'type="checkbox"' not in page.content.decode()
    assert 'type="checkbox"' in page_of(signed_in(cast.leader)).content.decode()
    Leadership.objects.filter(user=cast.leader).update(valid_to=today - DAY)
    assert page_of(browser).status_code == 403
    Leadership.objects.filter(user=cast.leader).update(valid_to=None)
    held.ended_at, held.ended_by = timezone.now(), cast.leader
    held.save()
    assert page_of(browser).status_code == 403


@pytest.mark.parametrize("words", ["aase", "BERG ase", "åse-marie"])
def test_people_are_searched_by_parts_of_their_names(
    cast: Cast, signed_in: Any, words: str
) -> None:
    make_employee(cast.unit, "Åse-Marie Berg", email="x@example.org")
    assert names_on(page_of(signed_in(cast.leader), q=words)) == ["Åse-Marie Berg"]


@pytest.mark.parametrize(
    "query",
    [{"q": RTL}, {"q": "Å" * 5_000}, {"q": "%"}, {"page": "9" * 40}, {"page": "-1"}, {"vis": "x"}],
)
def test_what_is_typed_in_the_address_breaks_nothing(
    cast: Cast, signed_in: Any, query: dict[str, str]
) -> None:
    assert page_of(signed_in(cast.leader), **query).status_code == 200


def test_names_of_any_kind_are_shown_as_they_are(cast: Cast, signed_in: Any) -> None:
    for name in ("Å" * 200, RTL, '"><img src=x onerror=a()>'):
        make_employee(cast.unit, name)
    page = page_of(signed_in(cast.leader)).content.decode()
    assert "<img src=x" not in page
    assert "Å" * 200 in page


# What


def test_who_is_booked_waits_and_came(cast: Cast, signed_in: Any, now: dt.datetime) -> None:
    make = {"organiser_unit": cast.other_agency, "created_by": cast.organiser}
    held = make_seminar(title="Holdt", starts_at=now - 9 * DAY, **make)
    attended = make_registration(held, cast.employee)
    mark_attendance(
        seminar=held, marks={attended.pk: AttendanceOutcome.ATTENDED}, by=cast.organiser, now=now
    )
    unmarked = make_seminar(title="Ikke ført", starts_at=now - 5 * DAY, **make)
    make_registration(unmarked, cast.employee)
    make_registration(make_seminar(title="Snart", **make), cast.employee)
    waits = make_seminar(title="Kø", starts_at=now + 40 * DAY, **make)
    make_registration(waits, cast.employee, state=RegistrationState.WAITLISTED)
    make_registration(make_seminar(title="Avlyst", state="cancelled", **make), cast.employee)
    old = make_seminar(title="Gammelt", starts_at=now - 400 * DAY, **make)
    make_registration(old, cast.employee)
    told = told_of(page_of(signed_in(cast.leader)), cast.employee)
    assert told["Seminarer"] == [
        ("Påmeldt", "Snart"),
        ("På venteliste", "Kø"),
        ("Oppmøte ikke ført", "Ikke ført"),
        ("Møtt", "Holdt"),
    ]


def test_what_waits_for_the_leader_is_found_alone(
    cast: Cast, signed_in: Any, now: dt.datetime
) -> None:
    make_employee(cast.unit, "Åse Berg")
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, approval_days=3)
    row = make_registration(
        seminar,
        cast.employee,
        state=RegistrationState.AWAITING,
        approver=cast.leader,
        expires_at=now + DAY,
        unit=cast.unit,
        agency=cast.agency,
    )
    browser = signed_in(cast.leader)
    page = page_of(browser, vis="venter")
    assert names_on(page) == [cast.employee.name]
    assert reverse("seminars:approve", args=[seminar.pk, row.pk]) in page.content.decode()
    assert len(names_on(page_of(browser))) == 2
    above = page_of(signed_in(cast.manager), vis="venter")
    assert names_on(above) == []
    assert "Ingen av medarbeiderne dine passer" in above.content.decode()


def test_the_leaders_own_agreement_and_nobody_elses(cast: Cast, signed_in: Any) -> None:
    other = make_employee(cast.unit, "Åse Berg")
    make_draft(cast)
    page = page_of(signed_in(cast.leader))
    assert told_of(page, cast.employee)["Avtalen med deg"] == [("Utkast", "Se avtalen")]
    assert told_of(page, other)["Avtalen med deg"] == [("Ingen avtale", "Begynn på avtale")]
    above = told_of(page_of(signed_in(cast.manager)), cast.leader)["Avtalen med deg"]
    assert above == [("Ingen avtale", "Begynn på avtale")]


def test_whoever_stands_in_learns_of_what_waits_for_them_alone(cast: Cast, signed_in: Any) -> None:
    other = make_employee(cast.unit, "Åse Berg")
    make_substitution(cast)
    agreed = make_agreed(cast)
    page = page_of(signed_in(cast.stranger))
    assert told_of(page, cast.employee)["Avtalen med deg"] == [
        ("Venter på signaturen din", "Les og signer")
    ]
    assert told_of(page, other)["Avtalen med deg"] == []
    assert reverse("commitments:sign", args=[agreed.agreement_id]) in page.content.decode()


def test_sixty_people_are_paged_and_ask_no_more_than_a_few(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser, capacity=100)
    browser = signed_in(cast.leader)
    page_of(browser)
    with CaptureQueriesContext(connection) as few:
        page_of(browser)
    for number in range(59):
        make_registration(seminar, make_employee(cast.unit, f"Kari {number:02}"))
    with django_assert_max_num_queries(len(few)):
        page = page_of(browser)
    assert (len(names_on(page)), page.context["page"].paginator.count) == (25, 60)
    assert len(names_on(page_of(browser, page="3"))) == 10
