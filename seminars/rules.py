"""Who may do what with seminars."""

from __future__ import annotations

import datetime as dt

from people.models import Role, Unit, User
from people.rules import has_role
from seminars.models import Registration, Seminar


def may_arrange(user: User, today: dt.date) -> bool:
    """Is an organiser somewhere, and so may make seminars."""
    return has_role(user, Role.ORGANISER, today)


def may_arrange_for(user: User, unit: Unit, today: dt.date) -> bool:
    return has_role(user, Role.ORGANISER, today, unit=unit)


def may_organise(user: User, seminar: Seminar, today: dt.date) -> bool:
    """Is an organiser on the seminar's unit or one above it."""
    return may_arrange_for(user, seminar.organiser_unit, today)


def may_join_online(registration: Registration | None) -> bool:
    """The meeting's link is for those who have a seat."""
    return registration is not None and registration.has_seat
