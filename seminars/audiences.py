"""Whether a seminar is for somebody, and from when she may register."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common import dates
from people.models import Leadership, Position, User
from seminars.models import Audience, AudienceKind, Seminar


@dataclass(frozen=True, slots=True)
class Welcome:
    is_welcome: bool
    opens_at: dt.datetime
    """The earliest of her audiences; the seminar's own where none has a time."""


def welcome_of(seminar: Seminar, user: User, *, on: dt.date) -> Welcome:
    """How the seminar's audiences take the person, as she works and leads on the day."""
    rows = seminar.audiences.annotate(
        belongs=ExpressionWrapper(_belongs(user, on), output_field=BooleanField())
    )
    audiences = list(rows)
    own = [audience for audience in audiences if audience.belongs]
    if not audiences:
        return Welcome(True, seminar.registration_opens_at)
    opens = [audience.opens_at or seminar.registration_opens_at for audience in own]
    return Welcome(bool(own), min(opens, default=seminar.registration_opens_at))


def _belongs(user: User, on: dt.date) -> Q:
    led = Leadership.objects.filter(user=user)
    led_then = led.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("led_on")),
        valid_from__lte=OuterRef("led_on"),
    )
    return (
        Q(kind=AudienceKind.EVERYONE)
        | (Q(kind=AudienceKind.LEADERS) & Exists(Leadership.objects.valid_on(on).filter(user=user)))
        | (Q(kind=AudienceKind.AGENCIES) & Exists(_agency_rows(user, on)))
        | (Q(kind=AudienceKind.LISTED) & Exists(_listed_rows(user)))
        | (Q(kind=AudienceKind.LED_ON) & Exists(led_then))
    )


def _agency_rows(user: User, on: dt.date) -> QuerySet[Any]:
    """Rows of «this audience, one of her agencies»."""
    works_in = Position.objects.valid_on(on).filter(user=user).values("unit__agency")
    leads_in = Leadership.objects.valid_on(on).filter(user=user).values("unit__agency")
    return Audience.agencies.through.objects.filter(audience=OuterRef("pk")).filter(
        Q(unit__in=works_in) | Q(unit__in=leads_in)
    )


def _listed_rows(user: User) -> QuerySet[Any]:
    return Audience.people.through.objects.filter(audience=OuterRef("pk"), user=user)


def in_words(audience: Audience) -> str:
    """«Ledere · fra mandag 2. november 2026 kl. 08.00», for the seminar's page."""
    who = str(audience.get_kind_display())
    if audience.kind == AudienceKind.AGENCIES:
        who = ", ".join(unit.name for unit in audience.agencies.all())
    if audience.kind == AudienceKind.LED_ON and audience.led_on:
        who = _("De som ledet en enhet %(day)s") % {"day": dates.long_date(audience.led_on)}
    if audience.opens_at is None:
        return who
    return _("%(who)s, fra %(when)s") % {"who": who, "when": dates.moment(audience.opens_at)}
