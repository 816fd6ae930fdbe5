"""How a person stands with a seminar: what she is in it, and what she may do next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from people.models import User
from seminars.models import Registration, Seminar
from seminars.refusals import closed_to_leaders


@dataclass(frozen=True, slots=True)
class Standing:
    registration: Registration | None
    place_in_queue: int
    seats_left: int
    waiting_count: int
    refusal: str
    has_started: bool
    is_cancelled: bool

    @property
    def has_seat(self) -> bool:
        return self.registration is not None and self.registration.has_seat

    @property
    def is_waiting(self) -> bool:
        return self.registration is not None and self.registration.is_waiting

    @property
    def may_register(self) -> bool:
        return self.registration is None and not self.refusal

    @property
    def is_for_queue(self) -> bool:
        """Whether registering now would lead to the waiting list, as far as the page can know."""
        return self.seats_left == 0 or self.waiting_count > 0

    @property
    def may_withdraw(self) -> bool:
        return self.registration is not None and not self.has_started and not self.is_cancelled


def standing_of(user: User, seminar: Seminar, now: dt.datetime) -> Standing:
    """For a seminar read `with_seat_counts`."""
    registration = Registration.objects.active().filter(seminar=seminar, user=user).first()
    refusal = closed_to_leaders(seminar, now)
    return Standing(
        registration=registration,
        place_in_queue=0 if registration is None else _place_in_queue(registration),
        seats_left=seminar.seats_left,
        waiting_count=seminar.waiting_count,
        refusal=refusal.message if refusal else "",
        has_started=seminar.has_started(now),
        is_cancelled=seminar.is_cancelled,
    )


def _place_in_queue(registration: Registration) -> int:
    """From 1 for whoever is first; 0 for those who are not in the queue."""
    if not registration.is_waiting:
        return 0
    return Registration.objects.waiting().ahead_of(registration).count() + 1
