"""What holds from a day, to a day if it has an end; both days included."""

from __future__ import annotations

import datetime as dt
from typing import Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model, covariant=True)


class ValidityQuerySet(models.QuerySet[Row]):
    """Rows that hold from a day to a day, both included."""

    def valid_on(self, day: dt.date) -> Self:
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class Validity(models.Model):
    """Something that holds from a day, to a day if it has an end; both days included."""

    valid_from = models.DateField(_("fra og med"))
    valid_to = models.DateField(_("til og med"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_valid_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def validity_in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
    )


def validity_range() -> Func:
    """The row's days as a PostgreSQL range, for exclusion constraints."""
    return Func(
        "valid_from",
        "valid_to",
        Value("[]"),
        function="daterange",
        output_field=DateRangeField(),
    )


def never_overlaps(name: str, *same: str) -> ExclusionConstraint:
    """No two rows with the same `same` hold on the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in same),
            (validity_range(), RangeOperators.OVERLAPS),
        ],
    )
