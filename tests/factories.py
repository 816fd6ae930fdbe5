"""Rows without surprises: each function makes what its name says, and what that cannot do without.

A room's own factories stand in `tests/<app>/factories.py` and build on these.
"""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from people.models import Leadership, Level, Position, Role, RoleGrant, Unit, User

SINCE = dt.date(2020, 1, 1)
"""When everything began that a test gives no date."""

_numbers = count(1)


def make_unit(
    name: str = "Hjemmetjenesten",
    *,
    parent: Unit | None = None,
    level: Level | None = None,
    **fields: Any,
) -> Unit:
    """A unit below `parent`; without a parent it is a municipality, below that an agency."""
    unit = new_unit(name, parent=parent, level=level, **fields)
    unit.save()
    if unit.level == Level.AGENCY:
        unit.agency = unit
        unit.save(update_fields=["agency"])
    return unit


def new_unit(
    name: str, *, parent: Unit | None = None, level: Level | None = None, **fields: Any
) -> Unit:
    """As `make_unit`, not yet saved; of which agency an agency is, only its key can say."""
    level = level or _level_below(parent)
    return Unit(
        name=name,
        parent=parent,
        level=level,
        level_name=fields.pop("level_name", str(level.label)),
        hr_id=fields.pop("hr_id", f"E{next(_numbers)}"),
        valid_from=fields.pop("valid_from", SINCE),
        agency=None if parent is None else parent.agency,
        **fields,
    )


def _level_below(parent: Unit | None) -> Level:
    if parent is None:
        return Level.MUNICIPALITY
    return Level.AGENCY if parent.level == Level.MUNICIPALITY else Level.UNIT


def make_user(name: str = "Ingrid Bakke", *, email: str | None = "", **fields: Any) -> User:
    """A person without a position and without a password, who may not sign in yet.

    With `email=None` they have no address, and may not before they get one.
    """
    user = new_user(name, email=email, **fields)
    user.save()
    return user


def new_user(name: str, *, email: str | None = "", **fields: Any) -> User:
    """As `make_user`, not yet saved."""
    number = next(_numbers)
    user = User(
        email=f"person{number}@example.org" if email == "" else email,
        name=name,
        hr_id=fields.pop("hr_id", f"P{number}"),
        **fields,
    )
    user.set_unusable_password()
    return user


def make_position(
    user: User, unit: Unit, *, title: str = "Konsulent", since: dt.date = SINCE, **fields: Any
) -> Position:
    return Position.objects.create(user=user, unit=unit, title=title, valid_from=since, **fields)


def make_leadership(
    user: User, unit: Unit, *, since: dt.date = SINCE, until: dt.date | None = None
) -> Leadership:
    """That the person leads the unit; without a position there, as after a reform."""
    return Leadership.objects.create(user=user, unit=unit, valid_from=since, valid_to=until)


def make_role(
    user: User,
    role: Role,
    unit: Unit,
    *,
    since: dt.date = SINCE,
    until: dt.date | None = None,
    granted_by: User | None = None,
) -> RoleGrant:
    return RoleGrant.objects.create(
        user=user, role=role, unit=unit, valid_from=since, valid_to=until, granted_by=granted_by
    )


def make_employee(unit: Unit, name: str = "Ingrid Bakke", **fields: Any) -> User:
    """A person with one position, in the unit."""
    title = fields.pop("title", "Konsulent")
    user = make_user(name, **fields)
    make_position(user, unit, title=title)
    return user


def make_leader(unit: Unit, name: str = "Berit Haugen", **fields: Any) -> User:
    """A person who works in the unit and leads it."""
    user = make_employee(unit, name, title="Leder", **fields)
    make_leadership(user, unit)
    return user
