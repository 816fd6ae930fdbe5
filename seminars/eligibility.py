"""Whether a seminar is for somebody, and from when they may register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common import dates
from people.levels import level_in_words, levels_led
from people.models import Leadership, Position, User
from seminars.models import Audience, AudienceKind, Seminar


@dataclass(frozen=True, slots=True)
class Welcome:
    is_welcome: bool
    opens_at: dt.datetime
    """The earliest of the person's audiences; the seminar's own where none has a time."""


def audiences_of(seminar: Seminar) -> list[Audience]:
    """Not asked for where it is known that there are none."""
    return list(seminar.audiences.all()) if getattr(seminar, "has_audiences", True) else []


def welcome_of(seminar: Seminar, user: User, *, on: dt.date) -> Welcome:
    """How the seminar's audiences take the person, as they work and lead on the day."""
    audiences = audiences_of(seminar)
    if not audiences:
        return Welcome(True, seminar.registration_opens_at)
    belongs = _belongs(user, on, kinds={audience.kind for audience in audiences})
    own_ids = set(seminar.audiences.filter(belongs).order_by().values_list("pk", flat=True))
    own = _at_their_levels([one for one in audiences if one.pk in own_ids], user, on)
    opens = [audience.opens_at or seminar.registration_opens_at for audience in own]
    return Welcome(bool(own), min(opens, default=seminar.registration_opens_at))


def welcome_of_audiences(seminar: Seminar) -> Welcome:
    """Return how whoever belongs to the first of its audiences to be let in is taken."""
    opens = [one.opens_at or seminar.registration_opens_at for one in audiences_of(seminar)]
    return Welcome(True, min(opens, default=seminar.registration_opens_at))


def leaves_somebody_out(seminar: Seminar) -> bool:
    """Whether there are people it is not for."""
    audiences = audiences_of(seminar)
    return bool(audiences) and all(one.kind != AudienceKind.EVERYONE for one in audiences)


def _at_their_levels(audiences: list[Audience], user: User, on: dt.date) -> list[Audience]:
    """Those for leaders of any unit, and those for a level at which they lead, or led that day."""
    days = {audience.led_on or on for audience in audiences if audience.levels}
    led = {day: levels_led(user, on=day) for day in days}
    return [
        audience
        for audience in audiences
        if not audience.levels or led[audience.led_on or on].intersection(audience.levels)
    ]


def _belongs(user: User, on: dt.date, *, kinds: set[str]) -> Q:
    """Only the kinds that are there: PostgreSQL is not asked about lists that nobody made."""
    ways: dict[str, Callable[[], Q]] = {
        AudienceKind.EVERYONE: lambda: Q(),
        AudienceKind.LEADERS: lambda: Q(Exists(_leads_on(user, on))),
        AudienceKind.AGENCIES: lambda: Q(Exists(_agency_rows(user, on))),
        AudienceKind.LISTED: lambda: Q(Exists(_listed_rows(user))),
        AudienceKind.LED_ON: lambda: Q(Exists(_leads_on(user, OuterRef("led_on")))),
    }
    found = [Q(kind=kind) & way() for kind, way in ways.items() if kind in kinds]
    return reduce(or_, found)


def _leads_on(user: User, day: dt.date | OuterRef) -> QuerySet[Any]:
    return Leadership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), user=user, valid_from__lte=day
    )


def _agency_rows(user: User, on: dt.date) -> QuerySet[Any]:
    """Rows of «this audience, one of their agencies»."""
    works_in = Position.objects.valid_on(on).filter(user=user).values("unit__agency")
    leads_in = Leadership.objects.valid_on(on).filter(user=user).values("unit__agency")
    return Audience.agencies.through.objects.filter(audience=OuterRef("pk")).filter(
        Q(unit__in=works_in) | Q(unit__in=leads_in)
    )


def _listed_rows(user: User) -> QuerySet[Any]:
    return Audience.people.through.objects.filter(audience=OuterRef("pk"), user=user)


def in_words(audience: Audience, seminar: Seminar) -> str:
    """«Ledere, fra mandag 2. november 2026 kl. 08.00», for the seminar's page."""
    opens_at = audience.opens_at or seminar.registration_opens_at
    return _("%(who)s, fra %(when)s") % {
        "who": who_in_words(audience),
        "when": dates.moment(opens_at),
    }


def who_in_words(audience: Audience) -> str:
    who = str(audience.get_kind_display())
    if audience.kind == AudienceKind.AGENCIES:
        return ", ".join(unit.name for unit in audience.agencies.all()) or who
    if audience.kind == AudienceKind.LED_ON and audience.led_on:
        who = _("De som ledet en enhet %(day)s") % {"day": dates.long_date(audience.led_on)}
    if not audience.levels:
        return who
    levels = ", ".join(level_in_words(level) for level in audience.levels)
    return _("%(who)s (%(levels)s)") % {"who": who, "levels": levels}


def terms_of(seminar: Seminar) -> list[str]:
    """For whom, and from when: a line an audience, for a seminar read with its audiences."""
    lines = [in_words(audience, seminar) for audience in audiences_of(seminar)]
    if lines:
        return lines
    when = dates.moment(seminar.registration_opens_at)
    return [_("Alle ansatte, fra %(when)s") % {"when": when}]
