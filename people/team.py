"""A leader's own people: those they are line manager of, and those they stand in for."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from people.models import Leadership, Position, Substitution, User
from people.models.substitution import SubstitutionQuerySet
from people.reporting_line import positions_led_by
from people.tree import ids_below


def stands_in_for(user: User, *, on: dt.date) -> SubstitutionQuerySet:
    """Return the substitutions of the person that hold on the day, where the leader leads still."""
    leads = Leadership.objects.valid_on(on).filter(user=OuterRef("leader"), unit=OuterRef("unit"))
    held = Substitution.objects.standing().valid_on(on).filter(Exists(leads), substitute=user)
    found: SubstitutionQuerySet = held.select_related("leader", "unit")
    return found


def team_of(user: User, *, on: dt.date) -> QuerySet[User]:
    """Return by name whom the person leads or stands in for on the day; the leaders below too."""
    positions = Q(pk__in=positions_led_by(user.pk, on))
    for held in stands_in_for(user, on=on):
        led = positions_led_by(held.leader_id, on)
        positions |= Q(pk__in=led, unit__in=ids_below([held.unit_id]))
    own = Position.objects.filter(positions).order_by().values("user")
    people: QuerySet[User] = User.objects.filter(pk__in=own, is_active=True).exclude(pk=user.pk)
    return people.order_by("sort_key", "pk")
