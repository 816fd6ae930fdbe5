"""What this room holds about one person, for that person's export."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common.languages import LANGUAGES
from common.own_data import Column, Section, labels, section
from people import trail
from people.models import (
    AuditRecord,
    FormerName,
    Leadership,
    Position,
    Role,
    RoleGrant,
    Substitution,
    User,
)


def own_data(user: User, today: dt.date) -> list[Section]:
    return [
        _profile(user, today),
        _former_names(user, today),
        *_work(user, today),
        _substitutions(user, today),
        _trail(user),
    ]


def _profile(user: User, today: dt.date) -> Section:
    return section(
        "profile",
        _("Profil"),
        User.objects.visible_to(user, on=today).filter(pk=user.pk),
        Column("name", _("Navn")),
        Column("first_name", _("Fornavn")),
        Column("email", _("E-post")),
        Column("hr_id", _("Ansattnummer")),
        Column("language", _("Språk"), LANGUAGES.__getitem__),
        Column("is_active", _("Kan logge inn")),
        Column("created_at", _("Lagt til i portalen")),
    )


def _former_names(user: User, today: dt.date) -> Section:
    return section(
        "former_names",
        _("Tidligere navn"),
        FormerName.objects.visible_to(user, on=today),
        Column("name", _("Navn")),
        Column("until", _("Brukt til")),
    )


def _work(user: User, today: dt.date) -> list[Section]:
    unit, first, last = _period()
    positions = Position.objects.visible_to(user, on=today).filter(user=user)
    leaderships = Leadership.objects.visible_to(user, on=today).filter(user=user)
    # Roles as such are seen by those who administer them; these are the person's own.
    grants = RoleGrant.objects.filter(user=user)
    title, role = Column("title", _("Stilling")), Column("role", _("Rolle"), labels(Role))
    return [
        section("positions", _("Stillinger"), positions, title, unit, first, last),
        section("leaderships", _("Enheter du leder eller har ledet"), leaderships, *_period()),
        section("roles", _("Roller"), grants, role, unit, first, last),
    ]


def _period() -> tuple[Column, Column, Column]:
    return (
        Column("unit__name", _("Enhet")),
        Column("valid_from", _("Fra")),
        Column("valid_to", _("Til")),
    )


def _substitutions(user: User, today: dt.date) -> Section:
    return section(
        "substitutions",
        _("Stedfortredere"),
        Substitution.objects.visible_to(user, on=today).concerning(user),
        Column("leader__name", _("Leder")),
        Column("substitute__name", _("Stedfortreder")),
        *_period(),
        Column("named_by__name", _("Oppgitt av")),
        Column("named_at", _("Oppgitt")),
        Column("ended_at", _("Avsluttet")),
    )


def _trail(user: User) -> Section:
    # What they did, and neither to whom nor why: an object may be somebody else's affair.
    return section(
        "actions",
        _("Det du har gjort i portalen"),
        AuditRecord.objects.filter(actor=user),
        Column("at", _("Når")),
        Column("action", _("Hva"), trail.action_in_words),
        Column("object_type", _("Gjelder"), trail.thing_in_words),
    )
