"""Who may do what with seminars."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from people.affiliation import Affiliation as PersonStanding
from people.models import Leadership, Position, Role, Unit, User
from people.organisation import units_in_role
from people.rules import has_role, is_line_manager_of
from seminars.models import Registration, Seminar, SeminarRole

CO_ORGANISER = "seminars.co_organiser"
"""What a person's affiliation calls it that they are co-organiser of some seminar."""


def may_arrange(person: PersonStanding) -> bool:
    """Is an organiser somewhere, and so may make seminars."""
    return person.has_any(Role.ORGANISER)


def may_organise_some(person: PersonStanding) -> bool:
    """Is an organiser somewhere, or co-organiser of some seminar."""
    return may_arrange(person) or CO_ORGANISER in person.entrusted


def may_arrange_for(user: User, unit: Unit, today: dt.date) -> bool:
    return has_role(user, Role.ORGANISER, today, unit=unit)


def arranges(user: User, seminar: Seminar, today: dt.date) -> bool:
    """Is an organiser on the seminar's unit or one above it.

    What makes or unmakes a seminar is theirs alone: docs/adr/0035-roles-in-one-seminar.md.
    """
    return may_arrange_for(user, seminar.organiser_unit, today)


def organises(user: User, seminar: Seminar, today: dt.date) -> bool:
    """Is an organiser on the seminar's unit or one above it, or the seminar's co-organiser."""
    return bool(Seminar.objects.organised_by(user, on=today).filter(pk=seminar.pk).exists())


def is_host(user: User, seminar: Seminar, today: dt.date) -> bool:
    """Is a host of this seminar; whoever organises it is none by that alone."""
    held = seminar.role_grants.held_on(today)
    return bool(held.filter(user=user, role=SeminarRole.HOST).exists())


def organises_shown(seminar: Seminar) -> bool:
    """As `organises`, of a seminar read `with_roles_of` the person."""
    is_co_organiser = SeminarRole.CO_ORGANISER in seminar.own_seminar_roles
    return is_co_organiser or has_role_at(seminar, Role.ORGANISER)


def has_role_at(seminar: Seminar, role: Role) -> bool:
    """Of a seminar read `with_roles_of` the person: whether they have it there, or above."""
    return role in seminar.own_roles


def may_join_online(registration: Registration | None) -> bool:
    """The meeting's link is for those who have a seat."""
    return registration is not None and registration.has_seat


def may_choose(seminar: Seminar, now: dt.datetime) -> bool:
    """Among sessions held side by side, for oneself."""
    return seminar.is_published and now <= seminar.registration_closes_at


def may_choose_for_others(seminar: Seminar, now: dt.datetime) -> bool:
    """As organiser, among sessions held side by side, while any of them can be to come."""
    return seminar.is_published and seminar.has_gathering_to_come(now)


def may_see_needs(user: User, seminar: Seminar, today: dt.date) -> bool:
    """Has the logistics role on the seminar's unit or one above it; organising is not enough."""
    return has_role(user, Role.LOGISTICS, today, unit=seminar.organiser_unit)


def may_cater(person: PersonStanding) -> bool:
    """Has the logistics role somewhere."""
    return person.has_any(Role.LOGISTICS)


def coordinates(user: User, employee: User, today: dt.date) -> bool:
    """Is a coordinator where the person works or leads."""
    units = units_in_role(user, Role.COORDINATOR, on=today).values("pk")
    places = (Position.objects.valid_on(today), Leadership.objects.valid_on(today))
    return any(rows.filter(user=employee, unit__in=units).exists() for rows in places)


def may_bring_in(user: User, employee: User, today: dt.date) -> bool:
    """Is the employee's line manager, or coordinates where they work or lead."""
    return is_line_manager_of(user, employee, today) or coordinates(user, employee, today)


def may_have_staff(person: PersonStanding) -> bool:
    """Leads a unit, or coordinates somewhere, and so may register others."""
    return person.is_leader or person.has_any(Role.COORDINATOR)


def may_mark_attendance(seminar: Seminar, now: dt.datetime) -> bool:
    """The seminar is held, and its first day has come."""
    begins = timezone.localdate(seminar.starts_at)
    return seminar.is_published and timezone.localdate(now) >= begins
