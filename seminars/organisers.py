"""Whom a letter about a seminar to its organiser goes to."""

from __future__ import annotations

import datetime as dt

from people.models import Role, RoleGrant, User
from people.tree import ids_above
from seminars.models import Seminar


def organisers_of(seminar: Seminar, today: dt.date) -> list[User]:
    """Return whoever made the seminar, if they arrange there still; otherwise all who do."""
    units = ids_above([seminar.organiser_unit_id])
    grants = RoleGrant.objects.valid_on(today).filter(role=Role.ORGANISER, unit__in=units)
    organisers = User.objects.filter(pk__in=grants.values("user"), is_active=True)
    return list(organisers.filter(pk=seminar.created_by_id) or organisers.order_by("pk"))
