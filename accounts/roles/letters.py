"""The letters about roles: to who has one, and to those who watch over the unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from outbox.actions import queue_letter
from outbox.letters import absolute_url, render_letter
from outbox.models import Letter
from people.models import Role, RoleGrant, Unit, User


@dataclass(frozen=True)
class MovedRole:
    """A role on a unit that has closed, and where it holds now; `to` is None where it has ended."""

    grant_id: int
    holder: User
    role: str
    unit: Unit
    to: Unit | None

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)


def write_role_given(grant: RoleGrant, *, by: User | None) -> Letter:
    """«Du har fått en rolle», to whoever has it now."""
    return _write("role_given", grant, to=grant.user, by=by, page="people:profile")


def write_role_given_to_another(grant: RoleGrant, *, to: User, by: User | None) -> Letter:
    """«En rolle er gitt», to those who watch over the unit."""
    return _write("role_given_to_another", grant, to=to, by=by, page="people:roles")


def write_role_ended(grant: RoleGrant, *, to: User, by: User) -> Letter:
    """«En rolle er avsluttet», to whoever had it and those who watch over the unit."""
    page = "people:profile" if to == grant.user else "people:roles"
    return _write("role_ended", grant, to=to, by=by, page=page)


def write_roles_moved(moved: Sequence[MovedRole], *, to: User) -> Letter:
    """«Roller er flyttet eller avsluttet», one about all of them, to a holder or an administrator.

    A role that has moved is in no later letter: the first of them tells the occasions apart.
    """
    page = "people:profile" if all(one.holder == to for one in moved) else "people:roles"
    context = {"moved": moved, "url": absolute_url(reverse(page))}
    words = render_letter("people/roles_moved", to=to, context=context)
    return queue_letter(
        key=f"roles_moved:{min(one.grant_id for one in moved)}:{to.pk}",
        kind="people.roles_moved",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=to,
    )


def write_roles_of_who_left(
    holder: User, grants: Sequence[RoleGrant], *, last: dt.date, to: User
) -> Letter:
    """«X har sluttet, og rollene er avsluttet», to those who watch over the units."""
    context = {
        "holder": holder,
        "grants": grants,
        "url": absolute_url(reverse("people:roles")),
    }
    words = render_letter("people/roles_of_who_left", to=to, context=context)
    return queue_letter(
        key=f"roles_of_who_left:{holder.pk}:{last:%Y%m%d}:{to.pk}",
        kind="people.roles_of_who_left",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=holder,
    )


def _write(name: str, grant: RoleGrant, *, to: User, by: User | None, page: str) -> Letter:
    context: dict[str, Any] = {
        "grant": grant,
        "by": by,
        "is_own": to == grant.user,
        "did_it": to == by,
        "url": absolute_url(reverse(page)),
    }
    words = render_letter(f"people/{name}", to=to, context=context)
    return queue_letter(
        key=f"role:{grant.pk}:{name}:{to.pk}",
        kind=f"people.{name}",
        to=to,
        subject=words.subject,
        text=words.text,
        html=words.html,
        about=grant,
        by=by,
    )
