"""What administrators do with roles."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import Refused
from people import audit
from people.models import Role, RoleGrant, Unit, User
from people.organisation import administrators_over
from people.powers import gives_power

NAMED = 3
"""Administrators whom a refusal names."""

log = structlog.get_logger(__name__)


class RoleRefused(Refused):
    """The role was not granted, or not ended."""


@gives_power
@transaction.atomic
def grant_role(
    *,
    user: User,
    role: Role,
    unit: Unit,
    by: User | None,
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    today: dt.date,
) -> RoleGrant:
    """Give the role on the unit and all below it; `by` is None for the first administrator.

    Raises RoleRefused when the person holds the role on that unit on one of the days already, and
    when it is given to oneself: it takes two to come to see what others may not.
    """
    if user == by:
        raise RoleRefused(_refused_to_oneself(unit, by, today))
    grant = RoleGrant(
        user=user,
        role=role,
        unit=unit,
        granted_by=by,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as error:
        raise RoleRefused(
            _("%(name)s har allerede denne rollen her i det tidsrommet.") % {"name": user.name}
        ) from error
    audit.record("grant_role", grant, by=by, role=role.value, unit=unit.pk, user=user.pk)
    _log_role("role_granted", grant, by)
    return grant


def _refused_to_oneself(unit: Unit, by: User, today: dt.date) -> str:
    others = administrators_over(unit, on=today).exclude(pk=by.pk)
    names = [person.name for person in others[:NAMED]]
    if not names:
        return _(
            "Du kan ikke gi deg selv en rolle, og her er det ingen annen administrator. Be dem som"
            " drifter portalen, om å gi den."
        )
    words = _("Du kan ikke gi deg selv en rolle. Be en annen administrator gjøre det: %(names)s.")
    return words % {"names": ", ".join(names)}


@transaction.atomic
def end_role(*, grant: RoleGrant, by: User, today: dt.date) -> None:
    """End the role now. One that has not held for a whole day leaves no row, only its trail.

    Raises RoleRefused for one's own role as administrator: nobody locks the door behind themselves.
    """
    if grant.user == by and grant.role == Role.ADMINISTRATOR:
        raise RoleRefused(_("Du kan ikke avslutte din egen rolle som administrator."))
    audit.record("end_role", grant, by=by, role=grant.role, unit=grant.unit_id, user=grant.user_id)
    _log_role("role_ended", grant, by)
    grant.end_before(today)


@gives_power
@transaction.atomic
def carry_role_over(*, grant: RoleGrant, to: Unit, today: dt.date) -> None:
    """Let a role on a unit that has closed hold on the one that follows it, as long as it would.

    Who has the role there already keeps that one as it is.
    """
    others = RoleGrant.objects.not_ended(today).filter(user=grant.user, role=grant.role, unit=to)
    if not others.exists():
        carried = RoleGrant.objects.create(
            user=grant.user,
            role=grant.role,
            unit=to,
            granted_by=grant.granted_by,
            valid_from=max(today, grant.valid_from),
            valid_to=grant.valid_to,
        )
        audit.record(
            "grant_role",
            carried,
            by=None,
            role=grant.role,
            unit=to.pk,
            user=grant.user_id,
            cause="merger",
        )
        _log_role("role_granted", carried, None)
    end_role_of_closed_unit(grant=grant, today=today)


@transaction.atomic
def end_role_of_closed_unit(*, grant: RoleGrant, today: dt.date) -> None:
    """End a role on a unit that there is no more."""
    audit.record(
        "end_role",
        grant,
        by=None,
        role=grant.role,
        unit=grant.unit_id,
        user=grant.user_id,
        cause="unit_closed",
    )
    _log_role("role_ended", grant, None)
    grant.end_before(today)


def _log_role(event: str, grant: RoleGrant, by: User | None) -> None:
    about = {"role": str(grant.role), "unit_id": grant.unit_id, "holder_id": grant.user_id}
    log.info(event, **about, by=by.pk if by else None)
