"""Each seminar's registrations and pools, counted in the database beside its row."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models
from django.db.models import Func, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from seminars.models.pool import SeatPool
from seminars.models.registration import Registration


@cache
def reserved_and_unused() -> Any:
    """In pools that are not released: their seats, less those somebody has."""
    in_pools = (
        SeatPool.objects.live()
        .filter(seminar=OuterRef("pk"))
        .order_by()
        .values("seminar")
        .annotate(total=Sum("seats"))
        .values("total")
    )
    used = Registration.objects.holding_seat().filter(
        pool__isnull=False, pool__released_at__isnull=True
    )
    held = Coalesce(Subquery(in_pools), 0, output_field=models.IntegerField())
    return held - count_of(used)


@cache
def registrations_in(states: tuple[str, ...], **also: Any) -> Subquery:
    return count_of(Registration.objects.filter(state__in=states, **also))


def count_of(registrations: models.QuerySet[Registration]) -> Subquery:
    """By COUNT as any other function: by Django's the rows are grouped too, and compared for it."""
    rows = registrations.filter(seminar=OuterRef("pk")).order_by()
    count = Func(template="COUNT(*)", output_field=models.IntegerField())
    return Subquery(rows.annotate(count=count).values("count"))
