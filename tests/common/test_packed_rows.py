"""Rows that come along in one value of another row are as the queryset has them."""

import datetime as dt

import pytest
from django.db.models import BigIntegerField, CharField, DateField, DateTimeField, F, OuterRef

from common.packed_rows import PackedFields, packed, unpacked
from people.models import Leadership, Position, Unit, User
from tests.cast import Cast

UNIT: PackedFields = {"pk": BigIntegerField(), "name": CharField(), "valid_from": DateField()}
PERSON: PackedFields = {
    "name": CharField(),
    "created_at": DateTimeField(),
    "twice": BigIntegerField(),
    "led": {"unit_id": BigIntegerField(), "valid_from": DateField(), "valid_to": DateField()},
}


def test_rows_keep_their_order_and_the_kinds_of_their_values(cast: Cast) -> None:
    units = Unit.objects.order_by("-name")
    person = User.objects.annotate(units=packed(units, UNIT)).get(pk=cast.leader.pk)
    plain = [{name: getattr(one, name) for name in UNIT} for one in units]
    assert unpacked(person.units, UNIT) == plain
    assert isinstance(plain[0]["valid_from"], dt.date)


def test_rows_within_rows_and_annotations_come_along(cast: Cast) -> None:
    led = Leadership.objects.filter(user=OuterRef("pk"))
    people = User.objects.annotate(twice=F("pk") * 2, led=packed(led, PERSON["led"]))  # type: ignore[arg-type]
    own = people.filter(pk__in=[cast.leader.pk, cast.employee.pk]).order_by("pk")
    unit = Unit.objects.annotate(people=packed(own, PERSON)).get(pk=cast.unit.pk)
    plain = [
        {
            "name": one.name,
            "created_at": one.created_at,
            "twice": 2 * one.pk,
            "led": list(one.leaderships.values("unit_id", "valid_from", "valid_to")),
        }
        for one in User.objects.filter(pk__in=[cast.leader.pk, cast.employee.pk]).order_by("pk")
    ]
    assert unpacked(unit.people, PERSON) == plain
    assert sorted(len(one["led"]) for one in plain) == [0, 1]


def test_no_rows_are_no_rows(cast: Cast) -> None:
    nobody = Position.objects.none()
    person = User.objects.annotate(
        none=packed(nobody, {"pk": BigIntegerField()}),
        one=packed(Position.objects.filter(user=0), {"pk": BigIntegerField()}),
    ).get(pk=cast.leader.pk)
    assert unpacked(person.one, {"pk": BigIntegerField()}) == []
    assert not person.none


def test_a_value_that_was_not_asked_for_is_missed(cast: Cast) -> None:
    person = User.objects.annotate(units=packed(Unit.objects.all(), UNIT)).get(pk=cast.leader.pk)
    with pytest.raises(KeyError, match="level"):
        unpacked(person.units, {"level": CharField()})
