"""Which gatherings of which people are near: each is reminded of, not the seminar's first alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from common.working_time import DAY, LONGEST_REST, reminder_opens_at
from seminars.editing.session_actions import sessions_of_each
from seminars.models import Gathering, Registration, Seminar, Session, gatherings_of


@dataclass(frozen=True, slots=True)
class NearGathering:
    """A day that one person comes, by numbers alone: most have had their letter about it."""

    registration: int
    seminar: int
    starts_at: dt.datetime

    def of(self, registration: Registration) -> Gathering:
        """Return the gathering with its sessions, of the registration that it is about."""
        own = gatherings_of(registration.own_sessions)
        return next(one for one in own if one.starts_at == self.starts_at)


def gatherings_near(
    after: dt.datetime, now: dt.datetime, *, days_before: int
) -> Iterator[NearGathering]:
    """Return those that start later than `after` and are to be reminded of by now, so many days
    before or on the last working day before that, of people who had their seat by then.

    One whose letter would fall due while an earlier gathering of theirs is to come, or going on, is
    told of there: two days in a row are one reminder.
    """
    until = now + days_before * DAY + LONGEST_REST
    near = Session.objects.starting_between(after, until).order_by().values("seminar")
    seminars = list(Seminar.objects.filter(pk__in=near))
    goes_to = sessions_of_each(*seminars)
    due: dict[tuple[int, ...], list[dt.datetime]] = {}
    seated = Registration.objects.confirmed().filter(seminar__in=seminars)
    order = ("seminar__starts_at", "seminar", "pk")
    for registration in seated.order_by(*order).only("seminar", "confirmed_at"):
        own = goes_to(registration)
        key = tuple(session.pk for session in own)
        if key not in due:
            due[key] = _due(gatherings_of(own), after, now, days_before)
        for starts_at in due[key]:
            falls_due = _falls_due(starts_at, days_before)
            if registration.confirmed_at and registration.confirmed_at <= falls_due:
                yield NearGathering(registration.pk, registration.seminar_id, starts_at)


def _falls_due(starts_at: dt.datetime, days_before: int) -> dt.datetime:
    return reminder_opens_at(timezone.localdate(starts_at), days_before=days_before)


def _due(
    gatherings: list[Gathering], after: dt.datetime, now: dt.datetime, days_before: int
) -> list[dt.datetime]:
    found: list[dt.datetime] = []
    earlier: Gathering | None = None
    for gathering in gatherings:
        falls_due = _falls_due(gathering.starts_at, days_before)
        is_told_there = earlier is not None and earlier.ends_at > falls_due
        if after < gathering.starts_at and falls_due <= now and not is_told_there:
            found.append(gathering.starts_at)
        earlier = gathering
    return found
