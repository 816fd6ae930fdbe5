"""Who may write a unit's mission, and who is asked to read it."""

from __future__ import annotations

import datetime as dt

from missions.models import MissionVersion, UpwardQuestion
from missions.readers import asked_to_read, people_in
from missions.responsibility import coverage_roots, units_answered_for
from people.models import Leadership, Role, RoleGrant, Unit, User
from people.tree import ids_below


def may_write_mission(user: User, unit: Unit, today: dt.date) -> bool:
    """The unit's leader today; for a unit that nobody leads, the nearest leader above."""
    return Unit.objects.filter(pk=unit.pk, pk__in=units_answered_for(user, today)).exists()


def may_see_readers(user: User, version: MissionVersion, today: dt.date) -> bool:
    """Who has read and who has not is between the unit and its leader."""
    return may_write_mission(user, version.mission.unit, today)


def belongs_to(user: User, unit: Unit, today: dt.date) -> bool:
    """Works in the unit today, or leads it."""
    return people_in(unit.pk, today).filter(pk=user.pk).exists()


def may_comment(user: User, version: MissionVersion, today: dt.date) -> bool:
    """Those who work in the unit say what they think of a draft that is shared with them."""
    return version.is_shared and belongs_to(user, version.mission.unit, today)


def may_see_coverage(user: User, unit: Unit, today: dt.date) -> bool:
    """Leaders and HR, in what lies under what they lead or hold the role on."""
    below = ids_below(coverage_roots(user, today))
    return Unit.objects.filter(pk=unit.pk, pk__in=below).exists()


def may_edit_glossary(user: User, today: dt.date) -> bool:
    """Shared words are kept at the top: by its leader, and by those who administer it."""
    top = Unit.objects.valid_on(today).filter(parent__isnull=True)
    led = Leadership.objects.valid_on(today).filter(user=user, unit__in=top)
    granted = RoleGrant.objects.valid_on(today).filter(
        user=user, role=Role.ADMINISTRATOR, unit__in=top
    )
    return led.exists() or granted.exists()


def may_answer_question(user: User, question: UpwardQuestion, today: dt.date) -> bool:
    """Whoever answers for the mission above, or for what follows a unit that has closed."""
    return UpwardQuestion.objects.asked_of(user, today).filter(pk=question.pk).exists()


def may_acknowledge(user: User, version: MissionVersion, today: dt.date) -> bool:
    """One says «lest og forstått» to what one's own unit is for, unless one published it."""
    if not version.is_published:
        return False
    return asked_to_read(version, today).filter(pk=user.pk).exists()
