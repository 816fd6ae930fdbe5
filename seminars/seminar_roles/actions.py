"""Giving somebody a role in one seminar, and ending it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import Refused
from people import audit
from people import rules as people_rules
from people.models import User
from people.powers import gives_power
from people.without_address import no_address_text
from seminars import letters, rules
from seminars.models import Seminar, SeminarRole, SeminarRoleGrant
from seminars.organisers import arrangers_of
from seminars.refusals import IsDone, NotChangeable
from seminars.seats.allocation import lock_seminar


class NotTheirs(Refused):
    """The person cannot have the role."""


def closed_to_giving_roles(seminar: Seminar, now: dt.datetime) -> NotChangeable | None:
    """What stops the organiser from letting somebody help: page and action ask the same."""
    if seminar.is_cancelled:
        return NotChangeable(_("Seminaret er avlyst, så ingen nye kan hjelpe til."))
    if seminar.has_ended(now):
        return NotChangeable(_("Seminaret er over, så ingen nye kan hjelpe til."))
    return None


def closed_to_ending(grant: SeminarRoleGrant) -> IsDone | None:
    """What stops the organiser from ending it: page and action ask the same."""
    return None if grant.ended_at is None else _is_ended()


def _is_ended() -> IsDone:
    return IsDone(_("Oppgaven er allerede avsluttet."))


@gives_power
@transaction.atomic
def give_seminar_role(
    *, seminar: Seminar, user: User, role: SeminarRole, by: User, now: dt.datetime
) -> SeminarRoleGrant:
    """Let the person help with this one seminar; they get a letter, and so do its organisers.

    Raises NotTheirs for oneself, for who cannot sign in, for who organises it already and for who
    has a role in it; NotChangeable when the seminar is over, cancelled or discarded; SeatsAreBusy.
    """
    try:
        seminar = lock_seminar(seminar.pk)
    except Seminar.DoesNotExist:
        raise NotChangeable(_("Utkastet er forkastet.")) from None
    refusal = closed_to_giving_roles(seminar, now)
    if refusal is not None:
        raise refusal
    today = timezone.localdate(now)
    _refuse_who(seminar, user, role, by, today)
    grant = SeminarRoleGrant(seminar=seminar, user=user, role=role, given_by=by, given_at=now)
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as error:
        raise NotTheirs(_has_one(seminar, user)) from error
    audit.record(
        "seminars.give_role", grant, by=by, role=role.value, seminar=seminar.pk, user=user.pk
    )
    letters.seminar_role_given(grant)
    watching = {by.pk: by} | {one.pk: one for one in arrangers_of(seminar, today)}
    for watcher in watching.values():
        letters.seminar_role_given_to_another(grant, to=watcher)
    return grant


def _refuse_who(seminar: Seminar, user: User, role: SeminarRole, by: User, today: dt.date) -> None:
    if user == by:
        raise NotTheirs(_("Du kan ikke gi deg selv en oppgave. Be en annen arrangør gjøre det."))
    if nobody := no_address_text(user):
        raise NotTheirs(nobody)
    if not people_rules.may_sign_in(user, today):
        raise NotTheirs(_("Den som skal hjelpe til, må ha en stilling i kommunen."))
    if role == SeminarRole.CO_ORGANISER and rules.arranges(user, seminar, today):
        words = _("%(name)s er arrangør her fra før, og kan alt som en medarrangør kan.")
        raise NotTheirs(words % {"name": user.name})


def _has_one(seminar: Seminar, user: User) -> str:
    has = seminar.role_grants.not_ended().filter(user=user).first()
    if has is None:
        return _("Dette er endret siden du åpnet siden. Prøv igjen.")
    words = _("%(name)s er allerede %(role)s her. Avslutt den oppgaven først for å gi en annen.")
    return words % {"name": user.name, "role": has.get_role_display()}


@transaction.atomic
def end_seminar_role(*, grant: SeminarRoleGrant, by: User, now: dt.datetime) -> None:
    """End it at once, with a letter to who had it. What they have done stands.

    Raises IsDone when another has ended it.
    """
    own = SeminarRoleGrant.objects.not_ended().filter(pk=grant.pk)
    if not own.update(ended_at=now, ended_by=by):
        raise _is_ended()
    about: dict[str, Any] = {"role": grant.role, "seminar": grant.seminar_id, "user": grant.user_id}
    audit.record("seminars.end_role", grant, by=by, **about)
    letters.seminar_role_ended(grant, by=by)
