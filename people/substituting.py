"""Naming somebody to stand in for a leader on leave, and ending it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import Refused
from people import audit, rules
from people.models import Substitution, Unit, User
from people.powers import gives_power

LONGEST = dt.timedelta(days=366)


class SubstitutionRefused(Refused):
    """The substitute was not named, or the substitution not ended."""


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
    today: dt.date,
) -> Substitution:
    """Let somebody sign for the leader from a day to a day, in the unit and all below it.

    Raises SubstitutionRefused for the very leader, for whoever names, for somebody who does not
    work here, for more than a year, and when there is a substitute in that time already.
    """
    _refuse_who(leader, substitute, by, today)
    if valid_to - valid_from > LONGEST:
        raise SubstitutionRefused(_("En stedfortreder kan oppgis for høyst ett år om gangen."))
    substitution = Substitution(
        leader=leader,
        substitute=substitute,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        named_by=by,
        named_at=now,
    )
    try:
        with transaction.atomic():
            substitution.save(force_insert=True)
    except IntegrityError as error:
        words = _("%(name)s har allerede en stedfortreder her i det tidsrommet.")
        raise SubstitutionRefused(words % {"name": leader.name}) from error
    audit.record(
        "people.name_substitute",
        substitution,
        by=by,
        on_behalf_of=leader,
        substitute=substitute.pk,
        unit=unit.pk,
    )
    return substitution


def _refuse_who(leader: User, substitute: User, by: User, today: dt.date) -> None:
    if substitute == leader:
        raise SubstitutionRefused(_("Lederen kan ikke være sin egen stedfortreder."))
    if substitute == by:
        raise SubstitutionRefused(_("Du kan ikke oppgi deg selv som stedfortreder."))
    if not rules.may_sign_in(substitute, today):
        raise SubstitutionRefused(_("Stedfortrederen må ha en stilling i kommunen."))


@transaction.atomic
def end_substitution(*, substitution: Substitution, by: User, now: dt.datetime) -> Substitution:
    """End it at once. What the substitute has signed stands.

    Raises SubstitutionRefused when it is ended already.
    """
    is_done = (
        Substitution.objects.standing().filter(pk=substitution.pk).update(ended_at=now, ended_by=by)
    )
    if not is_done:
        raise SubstitutionRefused(_("Dette er allerede avsluttet."))
    ended = Substitution.objects.with_people().get(pk=substitution.pk)
    audit.record("people.end_substitution", ended, by=by, on_behalf_of=ended.leader)
    return ended
