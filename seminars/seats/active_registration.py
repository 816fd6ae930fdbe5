"""Whether somebody is in, or waits to come in: asked on each page and before each seat."""

from __future__ import annotations

from common.compiled import CompiledQuery, given_key
from people.models import User
from seminars.models import Registration, Seminar

_ACTIVE: CompiledQuery[Registration] = CompiledQuery(
    lambda: Registration.objects.active().filter(
        seminar=given_key("seminar"), user=given_key("user")
    )
)


def active_registration(seminar: Seminar, user: User) -> Registration | None:
    """The person's one registration that is not over; its seminar and its person at hand."""
    registration = _ACTIVE.first(seminar=seminar.pk, user=user.pk)
    if registration is not None:
        registration.seminar, registration.user = seminar, user
    return registration
