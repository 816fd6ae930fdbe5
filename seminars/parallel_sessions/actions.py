"""Going to another of the sessions held side by side."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from common.edit_conflicts import Seen
from people import audit
from people.models import User
from seminars import calendar, letters, rules
from seminars.models import Registration, Session
from seminars.refusals import NotChangeable
from seminars.seats.session_placement import Choices, place_in_sessions, wish_for_sessions
from seminars.seats.withdrawal import locked_registration


@transaction.atomic
def change_choices(
    *,
    registration: Registration,
    choices: Choices,
    by: User,
    now: dt.datetime,
    seen: Seen | None = None,
) -> Registration:
    """Choose anew: oneself until the closing date, the organiser until the session begins.

    With a seat, the person gets a letter with REQUEST for each new session, and one with CANCEL
    for each they no longer go to; the SEQUENCE of these rises, and the calendar's other events are
    left alone. On the waiting list only the wish changes, and nobody is told. Does nothing when
    nothing is new. Raises EditConflict when others are stored than were `seen`, SessionIsFull,
    NotRegistered, NotChangeable, SeatsAreBusy.
    """
    fresh = locked_registration(registration)
    refusal = closed_to_choosing(fresh, by=by, now=now)
    if refusal is not None:
        raise refusal
    if seen is not None:
        seen.refuse_conflict(choices_stored(fresh), by_field(choices))
    before = fresh.own_sessions
    if fresh.is_waiting:
        wish_for_sessions(fresh, choices, now=now)
    else:
        place_in_sessions(fresh, choices, now=now, is_strict=True)
    after = fresh.own_sessions
    if before == after:
        return fresh
    _refuse_begun(before, after, now)
    chosen = sorted(session.pk for session in after if session.is_parallel)
    other = None if by == fresh.user else fresh.user
    audit.record("seminars.choose", fresh, by=by, on_behalf_of=other, sessions=chosen)
    if fresh.has_seat:
        fresh.calendar_sequence += 1
        fresh.save(update_fields=["calendar_sequence"])
        parts = calendar.requests(fresh, [one for one in after if one not in before], now=now)
        gone = [one for one in before if one not in after]
        letters.choice_changed(fresh, parts + calendar.cancellations(fresh, gone, now=now), by=by)
    return fresh


def choices_stored(registration: Registration) -> dict[str, int]:
    """What is chosen now, by the names of the form's fields."""
    return by_field(dict(registration.choices.values_list("group", "session")))


def by_field(choices: Choices) -> dict[str, int]:
    return {f"c{group}": session for group, session in choices.items()}


def closed_to_choosing(
    registration: Registration, *, by: User, now: dt.datetime
) -> NotChangeable | None:
    """What keeps the choice as it is: page and action ask the same."""
    seminar = registration.seminar
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst, så valget kan ikke endres."))
    if not rules.may_choose_for_others(seminar, now):
        return NotChangeable(_("Seminaret har startet, så valget kan ikke endres."))
    if by == registration.user and not rules.may_choose(seminar, now):
        return NotChangeable(
            _(
                "Valget kan ikke endres etter påmeldingsfristen. "
                "Ta kontakt med arrangøren hvis noe er feil."
            )
        )
    return None


def _refuse_begun(before: list[Session], after: list[Session], now: dt.datetime) -> None:
    """Nobody goes into a session that has begun, nor out of it: the choice stands fast."""
    for session in set(before) ^ set(after):
        if session.has_started(now):
            raise NotChangeable(
                _("«%(session)s» har startet, så valget der kan ikke endres.")
                % {"session": session}
            )
