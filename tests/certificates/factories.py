"""Seminars that are over, with who came to them, and certificates of them."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from attendance.marking.actions import mark_attendance
from certificates.issuing import issue_own
from certificates.models import Certificate
from certificates.sealing import keep_document
from people.models import User
from seminars.models import Registration, Seminar, Session
from tests.cast import Cast
from tests.seminars.factories import make_registration, make_seminar


def make_held(cast: Cast, *, days_ago: int = 1, hours: float = 6, **fields: object) -> Seminar:
    """A seminar that the learning agency held, in one session."""
    starts_at = timezone.now() - dt.timedelta(days=days_ago, hours=hours + 1)
    return make_seminar(
        cast.other_agency, created_by=cast.organiser, starts_at=starts_at, hours=hours, **fields
    )


def add_session(seminar: Seminar, *, title: str = "Dag 2", hours: float = 3) -> Session:
    """One more, right after the last; the seminar ends with it."""
    last = seminar.sessions.order_by("-ends_at")[0]
    session = Session.objects.create(
        seminar=seminar,
        title=title,
        starts_at=last.ends_at,
        ends_at=last.ends_at + dt.timedelta(hours=hours),
    )
    seminar.refresh_from_db()
    return session


def record(
    registration: Registration, outcome: str, *, by: User, session: Session | None = None
) -> None:
    """Write down by hand whether the person came."""
    mark_attendance(
        seminar=registration.seminar,
        marks={registration.pk: outcome},
        by=by,
        now=timezone.now(),
        session=session,
    )


def make_came(seminar: Seminar, user: User, *, by: User, outcome: str = "attended") -> Registration:
    """The person had a seat, and it is written down whether they came."""
    registration = make_registration(seminar, user, at=seminar.starts_at - dt.timedelta(days=9))
    record(registration, outcome, by=by)
    return registration


def make_certificate(
    cast: Cast, user: User, *, seal: bool = False, **fields: object
) -> Certificate:
    """A valid one of a seminar held yesterday, which the person pressed for."""
    seminar = make_held(cast, **fields)
    make_came(seminar, user, by=cast.organiser)
    certificate = issue_own(seminar=seminar, by=user, now=timezone.now())
    if seal:
        keep_document(certificate=certificate, now=timezone.now())
    return Certificate.objects.get(pk=certificate.pk)
