"""Letting somebody else come instead, without the seat being lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from people import audit
from people.models import User
from people.rules import is_line_manager_of
from seminars import letters, rules
from seminars.eligibility import welcome_of
from seminars.models import Registration, RegistrationState, SeatPool
from seminars.refusals import (
    NotChangeable,
    NotForThem,
    NotRegistered,
    already_registered,
    not_for_them,
)
from seminars.seats.confirmation import confirm_or_ask, tell_of_seat
from seminars.seats.session_placement import place_in_sessions
from seminars.seats.snapshots import Snapshot, snapshot_of
from seminars.seats.withdrawal import (
    closed_to_handing_over,
    end_registration,
    locked_registration,
)


@transaction.atomic
def substitute_participant(
    *, registration: Registration, user: User, by: User, now: dt.datetime
) -> Registration:
    """Give one person's seat to another; it is never free in between, and nobody waiting gets it.

    The new one goes to the parallel sessions that the other had chosen, until they choose anew.
    Both get a letter, with CANCEL and REQUEST to their calendars. A place in the queue the person
    may have had is given up. Where the line manager has to approve, the new one's is asked, unless
    that manager or the organiser does this.

    Where nobody may come in after the first gathering, the organiser alone does this then.

    Raises NotChangeable when there is no seat to hand over, NotForThem when the seat is an
    agency's and the person works elsewhere, and, unless the organiser does this, for people who
    are not one's own or whom the seminar is not for; AlreadyRegistered when they have a seat of
    their own, NotRegistered, SeatsAreBusy.
    """
    old = locked_registration(registration)
    refusal = closed_to_substitution(old, by=by, now=now)
    if refusal is not None:
        raise refusal
    snapshot = snapshot_of(user, on=timezone.localdate(now))
    _refuse_strangers(old, snapshot)
    _refuse_who_may_not_come(old, user, by=by, on=timezone.localdate(now))
    given_up = _leave_the_queue(old, user, by=by, now=now)
    parts = end_registration(old, RegistrationState.WITHDRAWN, now=now)
    taken_over = list(old.choices.all()) if old.seminar.has_choices else []
    new = Registration(
        seminar=old.seminar,
        user=user,
        created_at=now,
        queued_at=old.queued_at,
        approved_at=now if _decides(by, old, user, now) else None,
        pool=_pool_of(old),
        registered_by=by,
        **snapshot.as_fields(),
    )
    confirm_or_ask(new, now=now)
    new.save()
    place_in_sessions(new, {choice.group_id: choice.session_id for choice in taken_over}, now=now)
    audit.record(
        "seminars.substitute",
        new,
        by=by,
        on_behalf_of=user,
        instead_of=old.pk,
        agency=new.agency_id,
        **given_up,
    )
    letters.withdrawn(old, parts, by=by)
    tell_of_seat(new, now, by=by)
    return new


def closed_to_substitution(
    old: Registration, *, by: User, now: dt.datetime
) -> NotRegistered | NotChangeable | None:
    """What stops this person from letting somebody else come instead: page and action ask it."""
    refusal = closed_to_handing_over(old, now)
    if refusal is not None or old.seminar.takes_newcomers(now):
        return refusal
    if rules.organises(by, old.seminar, timezone.localdate(now)):
        return None
    return NotChangeable(
        _("Ingen nye kommer med etter første samling. Spør arrangøren om å bytte deltaker.")
    )


def _pool_of(old: Registration) -> SeatPool | None:
    """A seat of a pool that has been released meanwhile is an open one for whoever comes next."""
    return old.pool if old.pool is not None and old.pool.is_live else None


def _decides(by: User, old: Registration, user: User, now: dt.datetime) -> bool:
    """Need not ask the new one's line manager: is that manager, or arranges the seminar."""
    today = timezone.localdate(now)
    return is_line_manager_of(by, user, today) or rules.organises(by, old.seminar, today)


def _refuse_strangers(old: Registration, snapshot: Snapshot) -> None:
    pool = old.pool
    if pool is not None and pool.is_live and pool.agency_id != snapshot.agency_id:
        raise NotForThem(
            _("Plassen er holdt av til %(agency)s. Velg en som arbeider der.")
            % {"agency": pool.agency}
        )


def _refuse_who_may_not_come(old: Registration, user: User, *, by: User, on: dt.date) -> None:
    """A seat of one's staff is a way in for no others than those one may register anyway."""
    if rules.organises(by, old.seminar, on):
        return
    if user != by and not rules.may_bring_in(by, user, on):
        raise NotForThem(_("Velg en av dine egne ansatte, eller deg selv."))
    if not welcome_of(old.seminar, user, on=on).is_welcome:
        raise not_for_them()


def _leave_the_queue(
    old: Registration, user: User, *, by: User, now: dt.datetime
) -> dict[str, Any]:
    """What the trail is to say of it, in the record of the act that it is part of."""
    present = Registration.objects.active().filter(seminar=old.seminar, user=user).first()
    if present is None:
        return {}
    if not present.is_waiting:
        raise already_registered(present, by=by)
    present.seminar = old.seminar
    end_registration(present, RegistrationState.WITHDRAWN, now=now)
    return {"gave_up": present.pk}
