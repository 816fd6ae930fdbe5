"""How a person stands with a seminar: what they are in it, and what they may do next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from people.models import User
from seminars.eligibility import Welcome, welcome_of
from seminars.models import Gathering, Registration, Seminar, gatherings_of
from seminars.registration_window import closed_to_leaders, closed_to_leaving
from seminars.seats.active_registration import active_registration
from seminars.seats.approver import passed_over
from seminars.seats.offer_period import closed_to_queue, moves_up, promotions_end_at
from seminars.seats.queue_limits import closed_to_waiting
from seminars.seats.seats_left import leads_to_queue, seats_left_for
from seminars.seats.waiting_list import queue_of


@dataclass(frozen=True, slots=True)
class ParticipantStatus:
    seminar: Seminar
    registration: Registration | None
    place_in_queue: int
    seats_left: int
    waiting_count: int
    why_waiting: str
    refusal: str
    is_closed: bool
    """Nobody new comes in any more."""
    may_withdraw: bool
    next_gathering: Gathering | None
    """For whoever has a seat, between two gatherings: the next."""
    promotions_end_at: dt.datetime
    """The last moment for moving up from the waiting list."""
    has_ended_queue: bool
    """Nobody moves up by themselves any more."""
    approver: str
    """Who must approve before the seat is certain; empty when nobody has to."""
    passed_over: str
    """Whose place that is, where they have no address to be asked at."""

    @property
    def has_seat(self) -> bool:
        return self.registration is not None and self.registration.has_seat

    @property
    def is_waiting(self) -> bool:
        return self.registration is not None and self.registration.is_waiting

    @property
    def is_offered(self) -> bool:
        return self.registration is not None and self.registration.is_offered

    @property
    def is_awaiting(self) -> bool:
        return self.registration is not None and self.registration.is_awaiting

    @property
    def may_register(self) -> bool:
        return self.registration is None and not self.refusal

    @property
    def is_for_queue(self) -> bool:
        """Whether registering now would lead to the waiting list, as far as the page can know."""
        return leads_to_queue(self.seminar, self.seats_left)

    def may_answer(self, now: dt.datetime) -> bool:
        """Whether an offer, or the line manager's approval, still can be answered."""
        if self.registration is None or self.is_closed:
            return False
        expires_at = self.registration.expires_at
        return expires_at is not None and now < expires_at


def participant_status_of(user: User, seminar: Seminar, now: dt.datetime) -> ParticipantStatus:
    """For a seminar read `with_seat_counts` and `with_parts`."""
    registration = active_registration(seminar, user)
    welcome = _welcome(registration, seminar, user, now)
    seats_left = seats_left_for(user, [seminar], now)[seminar.pk]
    return _status(seminar, registration, welcome, seats_left, now)


def status_of_newcomer(seminar: Seminar, welcome: Welcome, now: dt.datetime) -> ParticipantStatus:
    """Return how somebody without a registration, and without seats held for them, would stand.

    For a seminar read `with_seat_counts` and `with_parts`; nothing is asked about anybody.
    """
    return _status(seminar, None, welcome, seminar.seats_left, now)


def _status(
    seminar: Seminar,
    registration: Registration | None,
    welcome: Welcome | None,
    seats_left: int,
    now: dt.datetime,
) -> ParticipantStatus:
    refusal = closed_to_leaders(seminar, now, welcome)
    if leads_to_queue(seminar, seats_left):
        refusal = refusal or closed_to_queue(seminar, now)
        refusal = refusal or closed_to_waiting(seminar, seminar.waiting_count)
    return ParticipantStatus(
        seminar=seminar,
        registration=registration,
        place_in_queue=0 if registration is None else _place_in_queue(registration),
        seats_left=seats_left,
        waiting_count=seminar.waiting_count,
        why_waiting=_why_waiting(registration, seminar, now),
        refusal=refusal.message if refusal else "",
        is_closed=not seminar.takes_newcomers(now),
        may_withdraw=registration is not None and closed_to_leaving(seminar, now) is None,
        next_gathering=_next_gathering(registration, now),
        promotions_end_at=promotions_end_at(seminar),
        has_ended_queue=not moves_up(seminar, now),
        approver=_approver(registration),
        passed_over=passed_over(registration, now) if registration else "",
    )


def _next_gathering(registration: Registration | None, now: dt.datetime) -> Gathering | None:
    if registration is None or not registration.has_seat:
        return None
    if not registration.seminar.is_between_gatherings(now):
        return None
    own = gatherings_of(registration.own_sessions)
    return next((one for one in own if one.starts_at > now), None)


def _approver(registration: Registration | None) -> str:
    if registration is None or not registration.is_awaiting or registration.approver is None:
        return ""
    return registration.approver.name


def _welcome(
    registration: Registration | None, seminar: Seminar, user: User, now: dt.datetime
) -> Welcome | None:
    """Asked for those alone who may still register; without audiences there is nothing to ask."""
    may_register = registration is None and seminar.is_published and seminar.takes_newcomers(now)
    if not may_register or not seminar.has_audiences:
        return None
    return welcome_of(seminar, user, on=timezone.localdate(now))


def _why_waiting(registration: Registration | None, seminar: Seminar, now: dt.datetime) -> str:
    if registration is None or not registration.is_waiting:
        return ""
    return queue_of(seminar, now).reason_for(registration.agency_id)


def _place_in_queue(registration: Registration) -> int:
    """From 1 for whoever is first; 0 for those who are not in the queue."""
    if not registration.is_waiting:
        return 0
    return Registration.objects.waiting().ahead_of(registration).count() + 1
