"""A person's own words: private, shared with one leader, carried into an agreement on wish."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from missions.contribution.actions import (
    share_contribution,
    withdraw_contribution,
    write_contribution,
)
from missions.models import Contribution
from missions.refusals import MissionRefused
from people.models import AuditRecord, Leadership
from tests import clock
from tests.cast import KINDS, Cast
from tests.commitments.factories import make_agreement
from tests.factories import make_leadership, make_position, make_user
from tests.missions.factories import make_mission

WORDS = "Jeg ringer pårørende samme dag"
A_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def write(cast: Cast, *, by=None, unit=None, shared: bool = False) -> Contribution:
    where = {"unit": unit or cast.unit, "by": by or cast.employee, "now": clock.now()}
    written = write_contribution(text=WORDS, **where)
    return share_contribution(**where) if shared else written


def readers(cast: Cast) -> list[str]:
    return [
        kind
        for kind in KINDS
        if Contribution.objects.visible_to(getattr(cast, kind), on=clock.today()).exists()
    ]


def test_nobody_else_reads_what_is_not_shared(cast: Cast) -> None:
    write(cast)
    assert readers(cast) == ["employee"]


def test_the_leader_reads_what_is_shared_and_nobody_else(cast: Cast) -> None:
    write(cast, shared=True)
    assert readers(cast) == ["employee", "leader"]


def test_neither_the_next_leader_nor_the_one_who_left_reads_it(cast: Cast, today) -> None:
    write(cast, shared=True)
    Leadership.objects.filter(user=cast.leader).update(valid_to=today - dt.timedelta(days=1))
    make_leadership(cast.stranger, cast.unit, since=today)
    assert readers(cast) == ["employee"]


def test_in_a_vacancy_the_leader_above_reads_it(cast: Cast) -> None:
    make_position(cast.employee, cast.sibling_unit)
    assert write(cast, unit=cast.sibling_unit, shared=True).shared_with == cast.manager
    assert readers(cast) == ["employee", "manager"]


def test_a_leader_shares_with_the_leader_above(cast: Cast) -> None:
    assert write(cast, by=cast.leader, shared=True).shared_with == cast.manager
    assert readers(cast) == ["leader", "manager"]


def test_a_person_with_two_positions_has_one_in_each_unit(cast: Cast) -> None:
    make_position(cast.employee, cast.other_unit)
    write(cast)
    write(cast, unit=cast.other_unit)
    write(cast)
    assert Contribution.objects.of(cast.employee).count() == 2


def test_sharing_is_refused_without_words_and_without_a_leader(cast: Cast) -> None:
    with pytest.raises(MissionRefused, match="før du deler"):
        share_contribution(unit=cast.unit, by=cast.employee, now=clock.now())
    write(cast)
    Leadership.objects.all().delete()
    with pytest.raises(MissionRefused, match="ingen leder"):
        share_contribution(unit=cast.unit, by=cast.employee, now=clock.now())


def test_taking_it_back_leaves_it_to_its_author(cast: Cast) -> None:
    write(cast, shared=True)
    withdraw_contribution(unit=cast.unit, by=cast.employee)
    withdraw_contribution(unit=cast.unit, by=cast.employee)
    assert readers(cast) == ["employee"]
    assert AuditRecord.objects.filter(action="missions.withdraw_contribution").count() == 1


def test_no_words_remove_it_and_the_trail_never_holds_them(cast: Cast) -> None:
    write(cast, shared=True)
    for _time in range(2):
        assert (
            write_contribution(unit=cast.unit, text="", by=cast.employee, now=clock.now()) is None
        )
    assert Contribution.objects.count() == 0
    assert WORDS not in str(list(AuditRecord.objects.values()))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"text": ""}, "contribution_has_words"),
        ({"shared_at": A_DAY}, "contribution_is_shared_with_somebody"),
    ],
)
def test_the_database_refuses_half_a_contribution(cast: Cast, fields, name) -> None:
    written = write(cast)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Contribution.objects.filter(pk=written.pk).update(**fields)
    with pytest.raises(IntegrityError, match="with_another"), transaction.atomic():
        Contribution.objects.update(shared_with=cast.employee, shared_at=clock.now())
    with pytest.raises(IntegrityError, match="one_a_unit"), transaction.atomic():
        Contribution.objects.create(
            user=cast.employee, unit=cast.unit, text="To", written_at=clock.now()
        )


def test_the_page_keeps_shares_and_takes_back(cast: Cast, signed_in) -> None:
    make_mission(cast.unit)
    url = reverse("missions:contribution", args=[cast.unit.pk])
    employee, leader = signed_in(cast.employee), signed_in(cast.leader)
    shared = reverse("missions:contributions")
    employee.post(url, {"text": WORDS, "save": "1"})
    assert WORDS in employee.get(url).content.decode()
    assert WORDS not in leader.get(shared).content.decode()
    employee.post(url, {"text": WORDS, "share": "1"})
    assert WORDS in leader.get(shared).content.decode()
    assert "Slutt å dele" in employee.get(url).content.decode()
    employee.post(url, {"text": WORDS, "withdraw": "1"})
    assert WORDS not in leader.get(shared).content.decode()


def test_sharing_nothing_is_told(cast: Cast, signed_in) -> None:
    url = reverse("missions:contribution", args=[cast.unit.pk])
    response = signed_in(cast.employee).post(url, {"text": "", "share": "1"}, follow=True)
    assert "Skriv bidraget ditt før du deler det." in response.content.decode()


def test_too_much_is_told_and_kept(cast: Cast, signed_in) -> None:
    url = reverse("missions:contribution", args=[cast.unit.pk])
    html = signed_in(cast.employee).post(url, {"text": "x" * 601}).content.decode()
    assert "x" * 601 in html


def test_the_editor_of_an_agreement_shows_it_to_its_author_and_carries_it_in(
    cast: Cast, signed_in
) -> None:
    write(cast)
    agreement = make_agreement(cast)
    url = reverse("commitments:edit", args=[agreement.pk])
    employee, leader = signed_in(cast.employee), signed_in(cast.leader)
    plain, carried = employee.get(url), employee.get(url, {"bidrag": "1"})
    assert [html.content.decode().count(WORDS) for html in (plain, carried)] == [1, 2]
    rows = [
        (row.initial["owner"], row.initial.get("text")) for row in carried.context["editor"].rows
    ]
    assert rows == [("leader", None), ("employee", WORDS)]
    assert WORDS not in leader.get(url, {"bidrag": "1"}).content.decode()


def test_the_pages_keep_their_budgets(cast: Cast, signed_in, django_assert_max_num_queries) -> None:
    make_mission(cast.unit)
    for number in range(11):
        person = make_user(f"Person {number}")
        make_position(person, cast.unit)
        write(cast, by=person, shared=True)
    write(cast, shared=True)
    for who, name, args in (
        (cast.leader, "contributions", []),
        (cast.employee, "contribution", [cast.unit.pk]),
    ):
        browser = signed_in(who)
        browser.get(reverse("home"))
        with django_assert_max_num_queries(8):
            assert browser.get(reverse(f"missions:{name}", args=args)).status_code == 200


def test_a_page_with_nothing_written_yet_keeps_its_budget(
    cast: Cast, signed_in, django_assert_max_num_queries
) -> None:
    make_mission(cast.unit)
    browser = signed_in(cast.employee)
    browser.get(reverse("home"))
    with django_assert_max_num_queries(8):
        url = reverse("missions:contribution", args=[cast.unit.pk])
        assert browser.get(url).status_code == 200
