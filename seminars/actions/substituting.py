"""Letting somebody else come instead, without the seat being lost."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people import audit
from people.models import User
from seminars import calendar, letters
from seminars.actions.leaving import (
    end_registration,
    locked_registration,
    refuse_when_too_late,
)
from seminars.actions.placing import place_in_sessions
from seminars.models import Registration, RegistrationState
from seminars.refusals import NotChangeable, NotForThem, already_registered
from seminars.snapshots import Snapshot, snapshot_of


@transaction.atomic
def substitute_participant(
    *, registration: Registration, user: User, by: User, now: dt.datetime
) -> Registration:
    """Give one person's seat to another; it is never free in between, and nobody waiting gets it.

    She goes to the parallel sessions that he had chosen, until she chooses others. Both get a
    letter, with CANCEL and REQUEST to their calendars. A place in the queue the person
    may have had is given up. Raises NotChangeable when there is no seat to hand over,
    NotForThem when the seat is an agency's and the person works elsewhere, AlreadyRegistered when
    she has a seat of her own, NotRegistered, SeatsAreBusy.
    """
    old = locked_registration(registration)
    refuse_when_too_late(old, now)
    if not old.has_seat:
        raise NotChangeable(_("Bare den som har plass, kan la en annen komme i stedet."))
    snapshot = snapshot_of(user, on=timezone.localdate(now))
    _refuse_strangers(old, snapshot)
    _leave_the_queue(old, user, by=by, now=now)
    parts = end_registration(old, RegistrationState.WITHDRAWN, now=now)
    taken_over = list(old.choices.all()) if old.seminar.has_choices else []
    new = Registration.objects.create(
        seminar=old.seminar,
        user=user,
        state=RegistrationState.REGISTERED,
        created_at=now,
        queued_at=old.queued_at,
        confirmed_at=now,
        pool_id=old.pool_id,
        registered_by=by,
        **snapshot.as_fields(),
    )
    place_in_sessions(new, {choice.group_id: choice.session_id for choice in taken_over}, now=now)
    audit.record("seminars.substitute", new, by=by, on_behalf_of=user, instead_of=old.pk)
    letters.withdrawn(old, parts)
    letters.confirmed(new, calendar.requests(new, new.own_sessions, now=now))
    return new


def _refuse_strangers(old: Registration, snapshot: Snapshot) -> None:
    pool = old.pool
    if pool is not None and pool.is_live and pool.agency_id != snapshot.agency_id:
        raise NotForThem(
            _("Plassen er holdt av til %(agency)s. Velg en som arbeider der.")
            % {"agency": pool.agency}
        )


def _leave_the_queue(old: Registration, user: User, *, by: User, now: dt.datetime) -> None:
    present = Registration.objects.active().filter(seminar=old.seminar, user=user).first()
    if present is None:
        return
    if not present.is_waiting:
        raise already_registered(present, by=by)
    present.seminar = old.seminar
    end_registration(present, RegistrationState.WITHDRAWN, now=now)
