"""Whom to ask before a seat is certain, and until when."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from common import dates
from common.numbers import number
from people.models import User
from people.organisation import line_manager_of
from seminars.models import (
    ApprovalDefault,
    Registration,
    RegistrationQuerySet,
    RegistrationState,
    Seminar,
)
from seminars.models.seminar_role import is_organised_by


def approver_of(registration: Registration, now: dt.datetime) -> User | None:
    """The line manager where the person was registered; None for whoever stands at the top.

    Whoever has no address gets no letter and cannot sign in to answer: the next above is asked.
    """
    on = timezone.localdate(now)
    unit = registration.unit
    while unit is not None:
        manager = line_manager_of(registration.user, on=on, unit=unit)
        if manager is None or manager.email is not None:
            return manager
        unit = unit.parent
    return None


def passed_over(registration: Registration, now: dt.datetime) -> str:
    """Return the line manager's name where the next above is asked instead; else nothing."""
    if not registration.is_awaiting or registration.unit is None:
        return ""
    on = timezone.localdate(now)
    manager = line_manager_of(registration.user, on=on, unit=registration.unit)
    return manager.name if manager is not None and manager.email is None else ""


def answerable_by(user: User, seminar_pk: int, *, on: dt.date) -> RegistrationQuerySet:
    """Also when it is settled and when the seminar is cancelled: whoever was asked may see why
    there is nothing to answer any more."""
    asked = Registration.objects.approvable_by(user, on=on).filter(seminar=seminar_pk)
    return asked.select_related("seminar__organiser_unit", "user", "unit", "registered_by")


def restorable_by(user: User, seminar_pk: int, *, on: dt.date) -> RegistrationQuerySet:
    """Declined, and theirs to take back: of those they lead today, or as organiser everybody's."""
    led = Registration.objects.approvable_by(user, on=on).values("pk")
    declined = Registration.objects.declined().filter(
        Q(pk__in=led) | is_organised_by(user, on=on, of="seminar") & ~Q(user=user),
        seminar=seminar_pk,
    )
    return declined.select_related("seminar__organiser_unit", "user", "unit")


def why_no_answer(registration: Registration, now: dt.datetime) -> str:
    """What became of it, for the line manager who comes with an old link; empty while an answer
    counts."""
    if registration.seminar.is_cancelled:
        return gettext("Seminaret er avlyst, så det er ingenting å svare på.")
    if registration.is_awaiting:
        return _too_late(registration) if (registration.expires_at or now) <= now else ""
    return {
        RegistrationState.REGISTERED.value: gettext("Påmeldingen er allerede godkjent."),
        RegistrationState.DECLINED.value: gettext("Påmeldingen er allerede avslått."),
        RegistrationState.REMOVED.value: gettext("Arrangøren har tatt bort påmeldingen."),
    }.get(registration.state, gettext("Påmeldingen er trukket, så det er ingenting å svare på."))


def _too_late(registration: Registration) -> str:
    assert registration.expires_at is not None  # noqa: S101
    if registration.seminar.approval_default == ApprovalDefault.APPROVE:
        words = gettext("Svarfristen gikk ut %(when)s, og påmeldingen ble da godkjent.")
    else:
        words = gettext("Svarfristen gikk ut %(when)s, og påmeldingen falt da bort.")
    return words % {"when": dates.moment(registration.expires_at)}


def approval_in_words(seminar: Seminar) -> str:
    """For those who think of registering; empty when nobody is asked."""
    if seminar.approval_days is None:
        return ""
    words = {
        ApprovalDefault.APPROVE: ngettext(
            "Nærmeste leder må godkjenne påmeldingen. Svarer ikke lederen innen "
            "%(days)s arbeidsdag, er den godkjent.",
            "Nærmeste leder må godkjenne påmeldingen. Svarer ikke lederen innen "
            "%(days)s arbeidsdager, er den godkjent.",
            seminar.approval_days,
        ),
        ApprovalDefault.DECLINE: ngettext(
            "Nærmeste leder må godkjenne påmeldingen. Svarer ikke lederen innen "
            "%(days)s arbeidsdag, faller den bort.",
            "Nærmeste leder må godkjenne påmeldingen. Svarer ikke lederen innen "
            "%(days)s arbeidsdager, faller den bort.",
            seminar.approval_days,
        ),
    }[ApprovalDefault(seminar.approval_default)]
    return words % {"days": number(seminar.approval_days)}
