"""Seminars and registrations as rows: what stands here is made, and nothing else happens."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from people import audit
from people.models import Unit, User
from seminars.models import (
    HELD_FOR_A_TIME,
    ChoiceGroup,
    Registration,
    RegistrationState,
    Seminar,
    SeminarRole,
    SeminarRoleGrant,
    SeminarState,
    Session,
    SessionChoice,
)
from tests.factories import make_employee

_numbers = count(1)


def make_seminar(
    organiser_unit: Unit,
    *,
    created_by: User,
    title: str = "Tillitsbasert ledelse",
    capacity: int = 30,
    starts_at: dt.datetime | None = None,
    hours: float = 6.5,
    state: str = SeminarState.PUBLISHED,
    **fields: Any,
) -> Seminar:
    """Published, in three weeks, open for registration since a week ago, in one session."""
    now = timezone.now()
    starts_at = starts_at or now + dt.timedelta(days=21)
    ends_at = starts_at + dt.timedelta(hours=hours)
    defaults: dict[str, Any] = {
        "summary": "Lær å lede med tillit.",
        "place_name": "Rådhuset",
        "registration_opens_at": min(now, starts_at) - dt.timedelta(days=7),
        "registration_closes_at": starts_at - dt.timedelta(days=2),
        "published_at": None if state == SeminarState.DRAFT else now - dt.timedelta(days=7),
        "cancelled_at": now if state == SeminarState.CANCELLED else None,
        "cancel_reason": "Kursholderen er syk." if state == SeminarState.CANCELLED else "",
    }
    seminar = Seminar.objects.create(
        title=title,
        organiser_unit=organiser_unit,
        created_by=created_by,
        capacity=capacity,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        **defaults | fields,
    )
    Session.objects.create(seminar=seminar, starts_at=starts_at, ends_at=ends_at)
    seminar.last_gathering_at = starts_at
    return seminar


@transaction.atomic
def make_choice(
    seminar: Seminar,
    *capacities: int,
    title: str = "Økt 2",
    starts_at: dt.datetime | None = None,
    **fields: Any,
) -> list[Session]:
    """Parallel sessions of two hours after the seminar's own, named A, B, C …"""
    group = ChoiceGroup.objects.create(seminar=seminar, title=title)
    starts_at = starts_at or seminar.ends_at
    made = [
        Session.objects.create(
            seminar=seminar,
            choice_group=group,
            title=name,
            capacity=capacity,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=2),
            **fields,
        )
        for name, capacity in zip("ABCDEF", capacities, strict=False)
    ]
    seminar.refresh_from_db(fields=["starts_at", "ends_at", "has_choices"])
    return made


def choose(registration: Registration, session: Session, **fields: Any) -> SessionChoice:
    return SessionChoice.objects.create(
        registration=registration, session=session, group=session.choice_group, **fields
    )


def make_registration(
    seminar: Seminar,
    user: User,
    *,
    state: str = RegistrationState.REGISTERED,
    at: dt.datetime | None = None,
    **fields: Any,
) -> Registration:
    at = at or timezone.now() - dt.timedelta(days=1)
    defaults: dict[str, Any] = {
        "confirmed_at": at if state == RegistrationState.REGISTERED else None,
        "expires_at": at + dt.timedelta(days=3) if state in HELD_FOR_A_TIME else None,
        "withdrawn_at": at
        if state in ("withdrawn", "removed", "expired", "declined", "unseated")
        else None,
        "registered_by": user,
        "created_at": at,
        "queued_at": at,
    }
    return Registration.objects.create(seminar=seminar, user=user, state=state, **defaults | fields)


def enrol(seminar: Seminar, user: User, **fields: Any) -> Registration:
    """As `make_registration`, with its act in the trail, as an action leaves it."""
    row = make_registration(seminar, user, **fields)
    audit.record("seminars.register", row, by=user, state=row.state, source="test")
    return row


def make_participants(
    seminar: Seminar, unit: Unit, number: int, *, state: str = RegistrationState.REGISTERED
) -> list[Registration]:
    """So many new people of the unit, registered a minute apart, in the order of the list."""
    first = timezone.now() - dt.timedelta(days=2)
    return [
        make_registration(
            seminar,
            make_employee(unit, f"Deltaker {next(_numbers)}"),
            state=state,
            at=first + dt.timedelta(minutes=place),
            unit=unit,
            agency=unit.agency,
        )
        for place in range(number)
    ]


def make_seminar_role(
    seminar: Seminar, user: User, role: str = SeminarRole.CO_ORGANISER, **fields: Any
) -> SeminarRoleGrant:
    """Given an hour ago by whoever made the seminar; no letter."""
    given_at = timezone.now() - dt.timedelta(hours=1)
    defaults: dict[str, Any] = {"given_by": seminar.created_by, "given_at": given_at}
    return SeminarRoleGrant.objects.create(
        seminar=seminar, user=user, role=role, **defaults | fields
    )
