"""When a person has a seat elsewhere in the same hours. It is said, and stops nobody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from people.models import User
from seminars.models import Registration, Seminar, SeminarState, Session


@dataclass(frozen=True, slots=True)
class Clash:
    """One of this seminar's sessions, and the one of another that the person goes to meanwhile."""

    session: Session
    other: Session


def clashes_of(user: User, seminar: Seminar) -> list[Clash]:
    """For the person's own eyes: what they have elsewhere is named."""
    attended = Session.objects.attended_by(user).exclude(seminar=seminar)
    meanwhile = list(
        attended.overlapping(seminar.starts_at, seminar.ends_at).select_related("seminar")
    )
    return [
        Clash(session, other)
        for session in seminar.sessions.all()
        for other in meanwhile
        if session.starts_at < other.ends_at and other.starts_at < session.ends_at
    ]


def has_clash(seminar: Seminar, person: User) -> bool:
    return person.pk in people_with_clash(seminar, [person.pk])


def people_with_clash(seminar: Seminar, people: Collection[int]) -> set[int]:
    """Of these, for whoever registers them: that there is something, and not what."""
    if not people:
        return set()
    held = Registration.objects.holding_seat().filter(
        user__in=people, seminar__state=SeminarState.PUBLISHED
    )
    own = Session.objects.filter(seminar=seminar)
    meanwhile = Session.objects.filter(
        Exists(own.overlapping(OuterRef("starts_at"), OuterRef("ends_at")))
    )
    common = meanwhile.filter(choice_group=None, seminar=OuterRef("seminar"))
    chosen = meanwhile.filter(choices__registration=OuterRef("pk"))
    clashing = held.exclude(seminar=seminar).filter(Exists(common) | Exists(chosen))
    return set(clashing.values_list("user", flat=True))
