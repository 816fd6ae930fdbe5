"""Whom the organiser writes to: those in some states, and of them some agencies or persons."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from people.models import Unit, User
from seminars.models import (
    IS_ACTIVE,
    Registration,
    RegistrationQuerySet,
    RegistrationState,
    Seminar,
    Session,
    SessionChoice,
)

STATES_WRITTEN_TO = (
    RegistrationState.REGISTERED,
    RegistrationState.OFFERED,
    RegistrationState.AWAITING,
    RegistrationState.WAITLISTED,
    RegistrationState.UNSEATED,
    RegistrationState.WITHDRAWN,
)


def recipients_of(
    seminar: Seminar,
    states: Collection[str],
    *,
    agencies: Collection[Unit] = (),
    sessions: Collection[Session] = (),
    people: Collection[User] = (),
) -> RegistrationQuerySet:
    """One a person, the latest: somebody may have left and come back.

    Whoever is in has nothing later, so the others alone are asked about that. What is not chosen
    narrows nothing.
    """
    later = Registration.objects.filter(
        seminar=OuterRef("seminar"), user=OuterRef("user"), pk__gt=OuterRef("pk")
    )
    chosen = Registration.objects.filter(seminar=seminar, state__in=states)
    if agencies:
        chosen = chosen.filter(agency__in=[unit.pk for unit in agencies])
    if sessions:
        goes_to = SessionChoice.objects.filter(
            registration=OuterRef("pk"), session__in=[session.pk for session in sessions]
        )
        chosen = chosen.filter(Exists(goes_to))
    if people:
        chosen = chosen.filter(user__in=[person.pk for person in people])
    return chosen.filter(Q(state__in=IS_ACTIVE) | ~Exists(later)).order_by("user_id")
