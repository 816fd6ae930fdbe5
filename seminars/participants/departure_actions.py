"""Giving up the places of those who no longer work in the municipality."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from people import audit
from people.models import MISSING_FOR, AuditRecord, User
from people.models.user import UserQuerySet
from seminars import letters
from seminars.models import (
    Registration,
    RegistrationQuerySet,
    RegistrationState,
    Seminar,
    SeminarRoleGrant,
    SeminarState,
)
from seminars.models.seminar import SeminarQuerySet
from seminars.organisers import organisers_of, organisers_of_each
from seminars.refusals import SeatsAreBusy
from seminars.seats.allocation import fill_free_seats, lock_seminar
from seminars.seats.withdrawal import end_registration

Departed = defaultdict[User, list[Registration]]

TOLD_WITHIN = dt.timedelta(days=7)
"""After that it is no news that a place was given up."""


def withdraw_departed(*, now: dt.datetime) -> int:
    """Withdraw those who have left from the seminars to come; answers with how many.

    Their seats go to the first in the queue. The person gets no letter: there is no mailbox, and
    no sign-in. A transaction a seminar, so that a busy one holds up none of the others; the next
    round finds what is left.
    """
    seminars = _of_departed(now).order_by().values("seminar")
    withdrawn = 0
    for seminar in Seminar.objects.filter(pk__in=seminars):
        try:
            withdrawn += _withdraw_from(seminar, now=now)
        except SeatsAreBusy:
            continue
    tell_of_departed(now=now)
    take_away_departed_contacts(now=now)
    end_roles_of_departed(now=now)
    return withdrawn


def _of_departed(now: dt.datetime) -> RegistrationQuerySet:
    found: RegistrationQuerySet = Registration.objects.active().filter(
        user__in=_left(now), seminar__in=_coming(now)
    )
    return found


def _left(now: dt.datetime) -> UserQuerySet:
    today = timezone.localdate(now)
    return User.objects.get_queryset().who_left(before=today - MISSING_FOR, today=today)


def _coming(now: dt.datetime) -> SeminarQuerySet:
    coming: SeminarQuerySet = Seminar.objects.published().with_gathering_to_come(now)
    return coming


@transaction.atomic
def _withdraw_from(seminar: Seminar, *, now: dt.datetime) -> int:
    """Asked again under the lock: another round, or HR's file, may have been there meanwhile."""
    seminar = lock_seminar(seminar.pk)
    found = _of_departed(now).filter(seminar=seminar).select_related("user", "approver")
    departed = list(found.order_by("pk"))
    for registration in departed:
        registration.seminar = seminar
        end_registration(registration, RegistrationState.WITHDRAWN, now=now)
        audit.record(
            "seminars.withdraw",
            registration,
            by=None,
            on_behalf_of=registration.user,
            cause="left",
        )
    if departed:
        fill_free_seats(seminar=seminar, by=None, now=now)
    return len(departed)


@transaction.atomic
def tell_of_departed(*, now: dt.datetime) -> None:
    """Write to the organisers, and to the line managers who approved or are asked to.

    One letter each about everybody in all their seminars. What a round that was cut short left
    untold is told by the next.
    """
    _one_at_a_time()
    today = timezone.localdate(now)
    to_organisers: Departed = defaultdict(list)
    to_line_managers: Departed = defaultdict(list)
    untold = _untold(now)
    for registration in untold:
        for organiser in organisers_of(registration.seminar, today):
            to_organisers[organiser].append(registration)
        if registration.approver is not None and registration.approver.is_active:
            to_line_managers[registration.approver].append(registration)
    for seminar, registrations in _by_seminar(untold).items():
        told = [one.pk for one in registrations]
        audit.record("seminars.tell_departed", seminar, by=None, registrations=told)
    for organiser, registrations in to_organisers.items():
        letters.departed(_by_seminar(registrations), to=organiser)
    for line_manager, registrations in to_line_managers.items():
        letters.departed_from_line(_by_seminar(registrations), to=line_manager)


@transaction.atomic
def take_away_departed_contacts(*, now: dt.datetime) -> int:
    """Name nobody who has left as contact of what is to come; answers with of how many seminars.

    One letter to each organiser asks for another contact.
    """
    found = Seminar.objects.filter(contact__in=_left(now), ends_at__gt=now)
    found = found.exclude(state=SeminarState.CANCELLED).order_by("starts_at", "pk")
    seminars = list(found.select_for_update(no_key=True, skip_locked=True, of=("self",)))
    today = timezone.localdate(now)
    asked: defaultdict[User, list[Seminar]] = defaultdict(list)
    for seminar in seminars:
        left = seminar.contact_id
        seminar.contact, seminar.contact_phone = None, ""
        seminar.save(update_fields=["contact", "contact_phone"])
        audit.record("seminars.take_away_contact", seminar, by=None, contact=left, cause="left")
        for organiser in organisers_of(seminar, today):
            asked[organiser].append(seminar)
    for organiser, theirs in asked.items():
        letters.contact_left(theirs, to=organiser, now=now)
    return len(seminars)


@transaction.atomic
def end_roles_of_departed(*, now: dt.datetime) -> int:
    """End what those who have left had to do in seminars that are not long over; returns how many.

    One letter to each organiser says who does not come to help.
    """
    today = timezone.localdate(now)
    found = SeminarRoleGrant.objects.held_on(today).filter(user__in=_left(now))
    held = found.select_related("user", "seminar").order_by("seminar__starts_at", "pk")
    grants = list(held.select_for_update(no_key=True, skip_locked=True, of=("self",)))
    told: defaultdict[User, list[SeminarRoleGrant]] = defaultdict(list)
    for grant in grants:
        grant.ended_at = now
        grant.save(update_fields=["ended_at"])
        about: dict[str, Any] = {
            "role": grant.role,
            "seminar": grant.seminar_id,
            "user": grant.user_id,
        }
        audit.record("seminars.end_role", grant, by=None, cause="left", **about)
    organisers = organisers_of_each([grant.seminar for grant in grants], today)
    for grant in grants:
        for organiser in organisers[grant.seminar_id]:
            told[organiser].append(grant)
    for organiser, theirs in told.items():
        letters.helpers_left(theirs, to=organiser)
    return len(grants)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('seminars.tell_of_departed'))")


def _untold(now: dt.datetime) -> list[Registration]:
    """Given up as their people had left, and nobody has been told: the trail says both."""
    withdrawn = Registration.objects.filter(
        user__in=_left(now),
        seminar__in=_coming(now),
        state=RegistrationState.WITHDRAWN,
        withdrawn_at__gt=now - TOLD_WITHIN,
    ).select_related("seminar", "user", "approver")
    found = {str(one.pk): one for one in withdrawn.order_by("seminar__starts_at", "pk")}
    by_the_portal = AuditRecord.objects.filter(
        object_type="seminars.registration",
        object_id__in=found,
        action="seminars.withdraw",
        details__cause="left",
    )
    told = AuditRecord.objects.filter(
        object_type="seminars.seminar",
        object_id__in={str(one.seminar_id) for one in found.values()},
        action="seminars.tell_departed",
    )
    known = {str(pk) for one in told for pk in one.details["registrations"]}
    given_up = set(by_the_portal.values_list("object_id", flat=True))
    return [one for pk, one in found.items() if pk in given_up and pk not in known]


def _by_seminar(registrations: list[Registration]) -> dict[Seminar, list[Registration]]:
    found: defaultdict[Seminar, list[Registration]] = defaultdict(list)
    for registration in registrations:
        found[registration.seminar].append(registration)
    return dict(found)
