"""Whom one may choose: to register, to come instead, and at the door."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from people.choosing.candidates import Candidates
from people.models import Leadership, Position, Role, User
from people.reporting_line import positions_led_by
from people.tree import ids_in_role
from seminars import rules
from seminars.models import Registration, Seminar


def own_staff(user: User, *, on: dt.date) -> QuerySet[User]:
    """Return those whom `may_bring_in` lets through, but for oneself."""
    units = ids_in_role(user.pk, Role.COORDINATOR, on)
    led = Position.objects.filter(pk__in=positions_led_by(user.pk, on))
    work = Position.objects.valid_on(on).filter(unit__in=units)
    lead = Leadership.objects.valid_on(on).filter(unit__in=units)
    own = Q()
    for rows in (led, work, lead):
        own |= Q(pk__in=rows.order_by().values("user"))
    found: QuerySet[User] = User.objects.filter(own, is_active=True).exclude(pk=user.pk)
    return found


def staff_to_register(user: User, seminar: Seminar, *, on: dt.date) -> QuerySet[User]:
    """Return one's own who are not in the seminar yet."""
    is_in = Registration.objects.active().filter(seminar=seminar).values("user")
    return own_staff(user, on=on).exclude(pk__in=is_in)


def staff_candidates(user: User, seminar: Seminar, *, on: dt.date) -> Candidates:
    """Return one's own; who is in already is found too, and told of when chosen."""
    free = staff_to_register(user, seminar, on=on)
    return Candidates(lambda: own_staff(user, on=on), on, own=free)


def replacement_candidates(user: User, registration: Registration, *, on: dt.date) -> Candidates:
    """Return one's own and oneself; for the organiser everybody who may come."""
    seminar = registration.seminar
    if rules.organises(user, seminar, on):
        return organiser_candidates(user, seminar, on=on)
    people = User.objects.filter(Q(pk=user.pk) | Q(pk__in=own_staff(user, on=on).values("pk")))
    has_seat = seminar.registrations.holding_seat().values("user")
    return Candidates(lambda: people, on, own=people.exclude(pk__in=has_seat))


def organiser_candidates(user: User, seminar: Seminar, *, on: dt.date) -> Candidates:
    """Return those the organiser may know, and those invited; others by their whole address."""

    def known() -> QuerySet[User]:
        invited = Q(pk__in=seminar.invitations.values("user"))
        seen = User.objects.visible_to(user, on=on)
        people: QuerySet[User] = User.objects.filter(invited | Q(pk__in=seen.values("pk")))
        return people

    return Candidates(known, on, by_address=User.objects.get_queryset())
