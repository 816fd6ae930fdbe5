"""Whom to ask before a seat is certain, and until when."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import ngettext

from people.models import User
from people.organisation import line_manager_of
from seminars.models import ApprovalDefault, Registration, Seminar
from seminars.offers import ROUNDS, SHORTEST


def approval_ends_at(seminar: Seminar, now: dt.datetime) -> dt.datetime | None:
    """Until when a line manager who is asked now may answer; None where nobody is asked.

    Counted towards the start and not the closing date: people come up from the waiting list after
    that too. Near the start a quarter of what is left, so that somebody else can still come; with
    less than an hour left there is nobody to ask in time.
    """
    if seminar.approval_days is None:
        return None
    left = seminar.starts_at - now
    length = max(SHORTEST, min(dt.timedelta(days=seminar.approval_days), left / ROUNDS))
    return None if length > left else now + length


def approver_of(registration: Registration, now: dt.datetime) -> User | None:
    """The line manager where the person was registered; None for whoever stands at the top."""
    on = timezone.localdate(now)
    unit = registration.unit
    return None if unit is None else line_manager_of(registration.user, on=on, unit=unit)


def approval_in_words(seminar: Seminar) -> str:
    """For those who think of registering; empty when nobody is asked."""
    if seminar.approval_days is None:
        return ""
    words = {
        ApprovalDefault.APPROVE: ngettext(
            "Nærmeste leder må godkjenne påmeldingen. Svarer ikke lederen innen %(days)d dag, "
            "er den godkjent.",
            "Nærmeste leder må godkjenne påmeldingen. Svarer ikke lederen innen %(days)d dager, "
            "er den godkjent.",
            seminar.approval_days,
        ),
        ApprovalDefault.DECLINE: ngettext(
            "Nærmeste leder må godkjenne påmeldingen. Svarer ikke lederen innen %(days)d dag, "
            "faller den bort.",
            "Nærmeste leder må godkjenne påmeldingen. Svarer ikke lederen innen %(days)d dager, "
            "faller den bort.",
            seminar.approval_days,
        ),
    }[ApprovalDefault(seminar.approval_default)]
    return words % {"days": seminar.approval_days}
