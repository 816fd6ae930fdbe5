"""No page leads to a wall: links open and buttons work, whatever state things are in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse

from seminars.editing import views as editing_views
from seminars.models import Seminar
from tests.access import Row
from tests.cast import KINDS, Cast, make_cast
from tests.crawl import all_rows
from tests.dead_ends import Walk
from tests.factories import make_employee
from tests.seminars.factories import make_seminar, make_seminar_role
from tests.states import BY_ADDRESS, addresses, make_states

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
World = tuple[Cast, list[str], list[str]]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Everything in each of its states; made once, never committed."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        cast = make_cast()
        made = make_states(cast)
        pages = [reverse("home")]
        pages += [reverse("seminars:detail", args=[seminar.pk]) for seminar in made.values()]
        pages += [address_of(row) for row in all_rows(cast) if row.method == "get"]
        others = [one for name in BY_ADDRESS for one in addresses(made[name])]
        yield cast, pages, others
        transaction.set_rollback(True)


def address_of(row: Row) -> str:
    return reverse(row.name, args=row.args, kwargs=row.kwargs)


AT_WORK = ("organiser", "leader", "employee")
"""Those who also come to each page by its address, as from another window or an old letter."""


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_leads_to_a_wall(kind: str, world: World) -> None:
    cast, pages, others = world
    walk = Walk(getattr(cast, kind))
    walk.from_addresses([*pages, *(others if kind in AT_WORK else ())])
    assert walk.faults == []


def test_no_page_leads_a_co_organiser_to_a_wall(world: World) -> None:
    cast = world[0]
    person = make_employee(cast.other_unit, "Mette Med")
    for seminar in Seminar.objects.filter(created_by=cast.organiser, title__in=BY_ADDRESS):
        make_seminar_role(seminar, person)
    desk = reverse("seminars:organise")
    tabs = [desk, f"{desk}?vis=utkast", f"{desk}?vis=tidligere"]
    walk = Walk(person)
    walk.from_addresses([reverse("home"), *tabs])
    assert walk.faults == []
    assert walk.proven["seminars:edit"] > 0


def test_a_page_that_forgets_its_rule_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the page's own question, the button that can do nothing is met and pressed."""
    cast = world[0]
    seminar = make_seminar(cast.other_agency, created_by=cast.organiser)
    address = reverse("seminars:publish", args=[seminar.pk])
    sound = Walk(cast.organiser)
    sound.on_page(address)
    assert sound.faults == []
    monkeypatch.setattr(editing_views, "closed_to_publishing", lambda seminar, now: None)
    careless = Walk(cast.organiser)
    careless.on_page(address)
    assert careless.faults == [
        f"button «Publiser []» on {address} → {address}: Seminaret er allerede publisert."
    ]
