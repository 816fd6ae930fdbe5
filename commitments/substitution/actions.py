"""A substitute for a leader on leave: named, told to those whom it concerns, and ended."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from commitments import letters
from commitments.models import Agreement, Revision
from commitments.signing_authority import substitution_for
from people import substituting
from people.models import Substitution, Unit, User
from people.powers import gives_power
from people.tree import ids_below


@gives_power
@transaction.atomic
def name_substitute(
    *,
    leader: User,
    substitute: User,
    unit: Unit,
    valid_from: dt.date,
    valid_to: dt.date,
    by: User,
    now: dt.datetime,
) -> Substitution:
    """Name the substitute, with letters to them, the leader and each with an agreement open.

    Raises SubstitutionRefused as `people.substituting.name_substitute` does.
    """
    named = substituting.name_substitute(
        leader=leader,
        substitute=substitute,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        by=by,
        now=now,
        today=timezone.localdate(now),
    )
    letters.write_substitution("asked", named, to=substitute, by=by)
    for person in _concerned(named, by):
        letters.write_substitution("named", named, to=person, by=by)
    return named


@transaction.atomic
def end_substitution(*, substitution: Substitution, by: User, now: dt.datetime) -> Substitution:
    """End it at once, with letters to the same. What the substitute has signed stands.

    Raises SubstitutionRefused when it is ended already.
    """
    ended = substituting.end_substitution(substitution=substitution, by=by, now=now)
    told = [*_concerned(ended, by), *([ended.substitute] if ended.substitute != by else [])]
    for person in told:
        letters.write_substitution("ended", ended, to=person, by=by)
    return ended


def _concerned(substitution: Substitution, by: User) -> list[User]:
    """The leader, and those whom the leader has an open agreement with there.

    The leader is told of what they did themselves too: it may have been done with their browser
    and not by them.
    """
    open_ones = Agreement.objects.open().filter(
        leader=substitution.leader, unit__in=ids_below([substitution.unit_id])
    )
    employees = User.objects.filter(pk__in=open_ones.values("employee"))
    employees = employees.exclude(pk__in=[substitution.substitute_id, by.pk])
    return [substitution.leader, *employees]


def tell_substitute(revision: Revision, *, now: dt.datetime) -> None:
    """A letter to whoever stands in for the leader today, when both have agreed to a text."""
    held = substitution_for(revision.agreement, timezone.localdate(now))
    if held is not None:
        letters.write_waits_for_substitute(revision, to=held.substitute)
