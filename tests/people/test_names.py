"""What people are called, and the names they had."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.models import FORMER_NAME_KEPT, FormerName, User, person_is_named
from people.names import called
from people.own_data import own_data
from people.tasks import forget_former_names
from tests.corpora.names import CALLED
from tests.people.staff_files import PEOPLE, StaffFolder


def found(typed: str) -> list[str]:
    named = User.objects.filter(person_is_named(typed, searched="search_text"))
    return sorted(named.values_list("name", flat=True))


def renamed(folder: StaffFolder, name: str) -> None:
    folder.write(people=[PEOPLE[0].replace("Liv Dahl", name), *PEOPLE[1:]])
    folder.run()


@pytest.mark.parametrize(("names", "greeted"), CALLED.items())
def test_person_is_greeted_by_the_first_name_or_by_the_whole(
    names: tuple[str, str], greeted: str
) -> None:
    assert called(*names) == greeted


@given(st.text(min_size=1), st.text())
def test_anybody_is_called_something(name: str, first_name: str) -> None:
    assert called(name, first_name) != ""


@pytest.mark.django_db
def test_hrs_first_name_is_kept_and_greeted_by(staff: StaffFolder) -> None:
    header = "hr_id;navn;fornavn;epost;enhet;stilling;leder"
    line = "P1;Anne Marie Dahl;Anne Marie;liv@solvik.example;201;Seksjonsleder;ja"
    staff.people.write_text(f"{header}\n{line}\n", encoding="utf-8")
    staff.run()
    assert User.objects.get(hr_id="P1").given_name == "Anne Marie"
    staff.people.write_text(
        f"{header}\n{line.replace(';Anne Marie;', ';Anne;')}\n", encoding="utf-8"
    )
    staff.run()
    assert User.objects.get(hr_id="P1").given_name == "Anne"


@pytest.mark.django_db
def test_who_married_is_found_by_both_names(staff: StaffFolder) -> None:
    staff.run()
    renamed(staff, "Liv Berg")
    assert [found(typed) for typed in ("Liv Dahl", "dahl", "Liv Berg", "Dahl Berg")] == [
        ["Liv Berg"],
        ["Liv Berg"],
        ["Liv Berg"],
        [],
    ]


@pytest.mark.django_db
def test_name_taken_back_is_no_former_one_twice(staff: StaffFolder) -> None:
    staff.run()
    for name in ("Liv Berg", "Liv Dahl", "Liv Berg"):
        renamed(staff, name)
    names = FormerName.objects.order_by("name").values_list("name", "until")
    assert list(names) == [("Liv Berg", staff.on), ("Liv Dahl", staff.on)]


@pytest.mark.django_db
def test_former_name_is_seen_by_its_owner_alone_and_forgotten_after_a_year(
    staff: StaffFolder, today: dt.date
) -> None:
    staff.run()
    renamed(staff, "Liv Berg")
    liv, other = User.objects.get(hr_id="P1"), User.objects.get(hr_id="P2")
    assert [str(one) for one in FormerName.objects.visible_to(liv, on=today)] == ["Liv Dahl"]
    assert [str(one) for one in FormerName.objects.visible_to(other, on=today)] == []
    (section,) = [one for one in own_data(liv, today) if one.key == "former_names"]
    assert len(section.rows) == 1
    FormerName.objects.update(until=today - FORMER_NAME_KEPT)
    forget_former_names()
    assert found("Dahl") == ["Liv Berg"]
    FormerName.objects.update(until=today - FORMER_NAME_KEPT - dt.timedelta(days=1))
    forget_former_names()
    assert found("Dahl") == []
