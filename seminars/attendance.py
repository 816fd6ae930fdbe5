"""Reading attendance: from a form, from rows, as counts. Writing it is an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Count, Q
from django.utils import timezone

from seminars.models import HELD_FOR_A_TIME, HOLDS_SEAT, RegistrationState, Seminar

FIELD = "outcome-"


def marks_in(data: Mapping[str, str]) -> dict[int, str]:
    """«outcome-<registration's id>» and the outcome; other fields are none of ours."""
    return {
        int(name.removeprefix(FIELD)): value
        for name, value in data.items()
        if name.startswith(FIELD) and name.removeprefix(FIELD).isdecimal()
    }


def unrecorded_as_attended(seminar: Seminar) -> dict[int, str]:
    """For «everybody came»: those who are marked already keep their mark."""
    unrecorded = seminar.registrations.filter(state=RegistrationState.REGISTERED, attendance=None)
    return dict.fromkeys(unrecorded.values_list("pk", flat=True), "attended")


def may_be_marked(seminar: Seminar, now: dt.datetime) -> bool:
    begins = timezone.localdate(seminar.starts_at)
    return seminar.is_published and timezone.localdate(now) >= begins


def seats_of(seminar: Seminar) -> dict[str, int]:
    """Before anybody can have come, of a seminar read `with_seat_counts`."""
    return {"registered": seminar.seats_taken, "waiting": seminar.waiting_count}


def counts_of(seminar: Seminar) -> dict[str, int]:
    """Of those with a seat: how many have it for certain, came, came not, and are not recorded."""
    seated = Q(state__in=HOLDS_SEAT)
    return seminar.registrations.aggregate(
        registered=Count("pk", filter=seated),
        uncertain=Count("pk", filter=Q(state__in=HELD_FOR_A_TIME)),
        waiting=Count("pk", filter=Q(state="waitlisted")),
        attended=Count("pk", filter=seated & Q(attendance__outcome="attended")),
        no_show=Count("pk", filter=seated & Q(attendance__outcome="no_show")),
        excused=Count("pk", filter=seated & Q(attendance__outcome="excused")),
        unrecorded=Count("pk", filter=seated & Q(attendance=None)),
    )
