"""Who is what, on a day: the predicates every other room builds on."""

from __future__ import annotations

import datetime as dt

from people.affiliation import affiliation_of
from people.models import Leadership, Role, RoleGrant, Substitution, Unit, User
from people.organisation import line_manager_of, line_managers_of
from people.tree import ids_above


def may_sign_in(user: User, today: dt.date) -> bool:
    """Has an address, and a position today or a role for those who work here without one."""
    return user.may_be_let_in and affiliation_of(user, today).works_here


def is_leader(user: User, today: dt.date) -> bool:
    """Leads some unit today."""
    return Leadership.objects.valid_on(today).filter(user=user).exists()


def leads(user: User, unit: Unit, today: dt.date) -> bool:
    """Leads this very unit today."""
    return Leadership.objects.valid_on(today).filter(user=user, unit=unit).exists()


def has_role(user: User, role: Role, today: dt.date, *, unit: Unit | None = None) -> bool:
    """Holds the role somewhere today, or (with `unit`) on that unit or one above it."""
    grants = RoleGrant.objects.valid_on(today).filter(user=user, role=role)
    if unit is not None:
        grants = grants.filter(unit__in=ids_above([unit.pk]))
    return grants.exists()


def is_line_manager_of(manager: User, employee: User, today: dt.date) -> bool:
    """Manager of this very person, not «manager of anyone»."""
    return manager in line_managers_of(employee, on=today)


def may_follow_staff_imports(user: User, today: dt.date) -> bool:
    """Administrators and HR of any part see what became of the files that their people come by."""
    return has_role(user, Role.ADMINISTRATOR, today) or has_role(user, Role.HR, today)


def may_tend_staff_imports(user: User, today: dt.date) -> bool:
    """Those at the top read what is wrong in the files, and accept what they would change."""
    return RoleGrant.objects.tending_staff_imports(on=today).filter(user=user).exists()


def may_grant_roles(user: User, unit: Unit, today: dt.date) -> bool:
    """Administrators give and end roles in their own part of the organisation, never outside."""
    return has_role(user, Role.ADMINISTRATOR, today, unit=unit)


def may_name_substitute(user: User, leader: User, unit: Unit, today: dt.date) -> bool:
    """For whoever leads the unit: that leader, the leader above, or an administrator there."""
    return leads(leader, unit, today) and (
        user == leader
        or user == line_manager_of(leader, on=today, unit=unit)
        or may_grant_roles(user, unit, today)
    )


def may_end_substitution(user: User, substitution: Substitution, today: dt.date) -> bool:
    """Those whom it is about, whoever named the substitute, and those who could name another."""
    concerned = (substitution.leader_id, substitution.substitute_id, substitution.named_by_id)
    return user.pk in concerned or may_name_substitute(
        user, substitution.leader, substitution.unit, today
    )
