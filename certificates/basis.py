"""What certificates follow from, as attendance and the seminar's times are today.

One question answers for many people, and the same one finds the certificates that no longer say
what is recorded: what is derived for issuing and what is compared afterwards cannot differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db import connection

from attendance.models import SessionAttendance
from certificates.models import Certificate, CertificateRule
from certificates.models.terms import QUALIFYING
from certificates.snapshot import AttendedSession, CertificateFacts
from common.sql import sql_file, sql_list
from seminars.models import CAME, Registration

BASIS: Final = sql_file("certificates", "basis.sql", came=sql_list(CAME))
"""Of each registration the `minutes` that a certificate states, and the `basis`."""
BASIS_OF: Final = sql_file("certificates", "basis_of.sql", basis=BASIS)
OUTDATED: Final = sql_file("certificates", "outdated.sql", basis=BASIS)


@dataclass(frozen=True, slots=True)
class Earned:
    """What one person's part in a seminar is worth today."""

    registration: Registration
    basis: str
    minutes: int
    sessions: tuple[AttendedSession, ...]

    def facts(self, *, number: str, rule: str, issued_at: dt.datetime) -> CertificateFacts:
        """Return what a certificate says that is issued now, in the person's language."""
        seminar, user = self.registration.seminar, self.registration.user
        return CertificateFacts(
            number=number,
            name=user.name,
            seminar_title=seminar.title,
            organiser=seminar.organiser_unit.name,
            rule=rule,
            is_whole=self.registration.outcome in QUALIFYING[CertificateRule.WHOLE],
            sessions=self.sessions,
            minutes=self.minutes,
            language=user.language,
            issued_at=issued_at,
        )


def earned(registrations: Collection[Registration]) -> dict[int, Earned]:
    """Return what each of the registrations is worth, by its key; their people came to something.

    Two questions, however many they are.
    """
    found = _basis_of([one.pk for one in registrations])
    sessions = _sessions_of(found)
    worth = {}
    for one in registrations:
        minutes, basis = found[one.pk]
        worth[one.pk] = Earned(one, basis, minutes, tuple(sessions.get(one.pk, ())))
    return worth


def _basis_of(registrations: list[int]) -> dict[int, tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(BASIS_OF, [registrations])
        return {pk: (minutes, basis) for pk, minutes, basis in cursor.fetchall()}


def _sessions_of(registrations: Collection[int]) -> dict[int, list[AttendedSession]]:
    told = SessionAttendance.objects.filter(registration__in=registrations, outcome__in=CAME)
    found: dict[int, list[AttendedSession]] = {}
    for registration, title, starts_at, ends_at in told.order_by(
        "session__starts_at", "session"
    ).values_list("registration", "session__title", "session__starts_at", "session__ends_at"):
        session = AttendedSession(title=title, starts_at=starts_at, ends_at=ends_at)
        found.setdefault(registration, []).append(session)
    return found


def outdated() -> list[tuple[int, int]]:
    """Return the seminar and key of each valid certificate that is not what is recorded today."""
    with connection.cursor() as cursor:
        cursor.execute(OUTDATED)
        return [(seminar, pk) for seminar, pk in cursor.fetchall()]


def up_to_date_among(certificates: Collection[Certificate]) -> set[int]:
    """Return the keys of those that say what is recorded today; a correction reaches them later."""
    found = _basis_of([one.registration_id for one in certificates])
    return {one.pk for one in certificates if found[one.registration_id][1] == one.basis}
