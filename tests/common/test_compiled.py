"""Queries that are compiled once answer as the querysets do that they are built from."""

import datetime as dt

import pytest
from django.db import ProgrammingError, connection
from django.db.models import F, Value
from django.test.utils import CaptureQueriesContext

from common.compiled import CompiledQuery, given_day, given_key, given_moment
from people.models import Leadership, User
from tests.cast import Cast

LED: CompiledQuery[Leadership] = CompiledQuery(
    lambda: (
        Leadership.objects.valid_on(given_day("on"))
        .filter(user=given_key("user"))
        .annotate(twice=F("unit_id") * Value(2), percent=Value("100 % %s"))
    )
)
SINCE: CompiledQuery[User] = CompiledQuery(
    lambda: (
        User.objects.defer("password").filter(created_at__gte=given_moment("since")).order_by("pk")
    )
)


def test_rows_are_those_of_the_queryset(cast: Cast, today: dt.date) -> None:
    plain = Leadership.objects.valid_on(today).get(user=cast.leader)
    (found,) = LED.raw(user=cast.leader.pk, on=today)
    own = {field.attname: getattr(found, field.attname) for field in plain._meta.concrete_fields}
    assert own == {name: getattr(plain, name) for name in own}
    assert (found.twice, found.percent) == (2 * cast.unit.pk, "100 % %s")


def test_every_asking_has_its_own_values(cast: Cast, today: dt.date) -> None:
    people = [cast.leader, cast.manager, cast.employee] * 3
    units = [[row.unit for row in LED.raw(user=person.pk, on=today)] for person in people]
    assert units == [[cast.unit], [cast.department], []] * 3
    assert LED.first(user=cast.leader.pk, on=today - dt.timedelta(days=20_000)) is None


def test_it_is_built_once(cast: Cast, today: dt.date) -> None:
    built = []
    query = CompiledQuery(lambda: built.append(1) or Leadership.objects.valid_on(given_day("on")))
    for _time in range(3):
        with CaptureQueriesContext(connection) as asked:
            query.first(on=today)
        assert len(asked) == 1
    assert built == [1]


def test_deferred_fields_are_left_in_the_database(cast: Cast) -> None:
    User.objects.filter(pk=cast.leader.pk).update(
        created_at=dt.datetime(2040, 1, 1, 12, tzinfo=dt.UTC)
    )
    found = SINCE.first(since=dt.datetime(2040, 1, 1, tzinfo=dt.UTC))
    assert found is not None
    assert (found, found.get_deferred_fields()) == (cast.leader, {"password"})
    assert found.password == cast.leader.password


def test_moments_are_compared_as_moments(cast: Cast) -> None:
    User.objects.filter(pk=cast.leader.pk).update(
        created_at=dt.datetime(2040, 1, 1, 12, tzinfo=dt.UTC)
    )
    later = dt.datetime(2040, 1, 1, 13, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert list(SINCE.raw(since=later)) == [cast.leader]
    assert list(SINCE.raw(since=later + dt.timedelta(microseconds=1))) == []


def test_a_value_that_is_not_given_is_refused(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="user"):
        LED.first(on=dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    "rows",
    [
        lambda: Leadership.objects.select_related("unit"),
        lambda: Leadership.objects.prefetch_related("unit"),
    ],
)
def test_related_rows_are_refused_and_not_left_out(rows) -> None:
    with pytest.raises(TypeError, match="related"):
        CompiledQuery(rows).first()
