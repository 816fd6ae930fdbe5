"""What is true of a certificate today, whatever it says itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from certificates.basis import up_to_date_among
from certificates.models import Certificate, ReplacementReason


class Standing(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    """A newer one stands in its place; what it says was true when it was issued."""
    CORRECTED = "corrected"
    """A newer one stands in its place, for what it says has been corrected."""
    WITHDRAWN = "withdrawn"
    IN_CORRECTION = "in_correction"
    """Attendance or hours have been corrected, and the certificate will be within minutes."""


@dataclass(frozen=True, slots=True)
class Truth:
    standing: Standing
    at: dt.datetime | None = None
    """Since when it is so; None of what is valid, and of what is being corrected."""


def truth_of(certificate: Certificate) -> Truth:
    """Return what is true of one certificate."""
    return truths_of([certificate])[certificate.pk]


def truths_of(certificates: Collection[Certificate]) -> dict[int, Truth]:
    """Return what is true of each, by its key: two questions, however many they are.

    Where the one that replaced it was withdrawn, so is it.
    """
    kin = Certificate.objects.filter(
        user__in={one.user_id for one in certificates},
        seminar__in={one.seminar_id for one in certificates},
        replaces__isnull=False,
    ).defer("snapshot")
    newer = {one.replaces_id: one for one in kin}
    lines = {one.pk: _line(one, newer) for one in certificates}
    up_to_date = up_to_date_among([line[-1] for line in lines.values()])
    return {pk: _truth(line, up_to_date) for pk, line in lines.items()}


def _line(certificate: Certificate, newer: dict[int | None, Certificate]) -> list[Certificate]:
    """The certificate, what replaced it, what replaced that, and so on."""
    line = [certificate]
    while line[-1].pk in newer:
        line.append(newer[line[-1].pk])
    return line


def _truth(line: list[Certificate], up_to_date: Collection[int]) -> Truth:
    certificate, last = line[0], line[-1]
    if last.withdrawn_at is not None:
        return Truth(Standing.WITHDRAWN, last.withdrawn_at)
    if last.pk not in up_to_date:
        return Truth(Standing.IN_CORRECTION)
    if certificate.replaced_at is None:
        return Truth(Standing.VALID)
    reasons = {one.replacement_reason for one in line}
    is_corrected = ReplacementReason.CORRECTED in reasons
    standing = Standing.CORRECTED if is_corrected else Standing.REPLACED
    return Truth(standing, certificate.replaced_at)
