"""The letters about roles: to who has one, and to those who watch over the unit."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from outbox.actions import queue_letter
from outbox.letters import absolute_url, render_letter
from outbox.models import Letter
from people.models import RoleGrant, User


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
    )
