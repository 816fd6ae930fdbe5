"""Who is asked in a pulse, who may read it, and when the next may open."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from missions.readers import people_in
from missions.responsibility import units_taken_over
from people.models import Leadership, Unit, User
from pulse.models import REST, PulseRound


def may_read_pulse(user: User, unit: Unit, today: dt.date) -> bool:
    """Whoever answers for the unit, or where it is closed for what follows it."""
    return Unit.objects.filter(pk=unit.pk, pk__in=units_taken_over(user, today)).exists()


def invited_to(unit: Unit, opener: User, today: dt.date) -> QuerySet[User]:
    """Those who work in the very unit, but neither its leader nor whoever opens the round.

    Whoever reads the figures knows their own answer, so with it the group would be one fewer than
    it looks. So it would with those who have no address, and cannot answer.
    """
    return _of_unit(unit, opener, today).filter(email__isnull=False)


def count_invited(unit: Unit, opener: User, today: dt.date) -> tuple[int, int]:
    """Return how many are asked, and how many would be if they had an address."""
    people = _of_unit(unit, opener, today)
    asked, here = people.aggregate(asked=Count("email"), here=Count("pk")).values()
    return asked, here - asked


def _of_unit(unit: Unit, opener: User, today: dt.date) -> QuerySet[User]:
    leads = Leadership.objects.valid_on(today).filter(unit=unit, user=OuterRef("pk"))
    return people_in(unit.pk, today).filter(~Exists(leads)).exclude(pk=opener.pk)


def opens_again_on(latest: PulseRound) -> dt.date:
    """The first day the unit's next round may open."""
    ended = latest.closes_on
    if latest.settled_at is not None:
        ended = min(ended, timezone.localdate(latest.settled_at))
    return ended + REST
