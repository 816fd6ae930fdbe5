"""What this room holds about one person, for that person's export."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from common.own_data import Column, Section, labels, section
from people.models import User
from seminars.models import (
    Access,
    Answer,
    CalendarFeed,
    Diet,
    Invitation,
    Needs,
    Registration,
    RegistrationState,
    Seminar,
    SeminarRole,
    SeminarRoleGrant,
    SessionChoice,
)


def own_data(user: User, today: dt.date) -> list[Section]:
    return [
        _invitations(user),
        _registrations(user, today),
        *_with_registration(user, today),
        _as_contact(user),
        _roles(user, today),
        _needs(user, today),
        _calendar_feeds(user, today),
    ]


def _invitations(user: User) -> Section:
    return section(
        "invitations",
        _("Invitasjoner til seminarer"),
        Invitation.objects.filter(user=user),
        Column("seminar__title", _("Seminar")),
        Column("invited_at", _("Invitert")),
        Column("invited_by__name", _("Invitert av")),
        *_work_then(),
    )


def _registrations(user: User, today: dt.date) -> Section:
    return section(
        "registrations",
        _("Påmeldinger til seminarer"),
        Registration.objects.visible_to(user, on=today),
        Column("seminar__title", _("Seminar")),
        Column("seminar__starts_at", _("Starter")),
        Column("state", _("Status"), labels(RegistrationState)),
        Column("created_at", _("Meldt på")),
        Column("registered_by__name", _("Meldt på av")),
        Column("confirmed_at", _("Fikk plass")),
        Column("withdrawn_at", _("Ute av listen")),
        Column("approver__name", _("Hvem som ble spurt om å godkjenne")),
        Column("approved_at", _("Godkjent")),
        *_work_then(),
    )


def _as_contact(user: User) -> Section:
    return section(
        "seminar_contact",
        _("Seminarer du er kontaktperson for"),
        Seminar.objects.filter(contact=user),
        Column("title", _("Seminar")),
        Column("starts_at", _("Starter")),
        Column("contact_phone", _("Telefon")),
    )


def _roles(user: User, today: dt.date) -> Section:
    return section(
        "seminar_roles",
        _("Seminarer du hjelper til med, eller har gjort det"),
        SeminarRoleGrant.objects.visible_to(user, on=today),
        Column("seminar__title", _("Seminar")),
        Column("seminar__starts_at", _("Starter")),
        Column("role", _("Oppgave"), labels(SeminarRole)),
        Column("given_by__name", _("Gitt av")),
        Column("given_at", _("Når")),
        Column("ended_at", _("Avsluttet")),
    )


def _work_then() -> tuple[Column, Column, Column]:
    return (
        Column("unit__name", _("Enhet da")),
        Column("agency__name", _("Virksomhet da")),
        Column("was_leader", _("Leder da")),
    )


def _with_registration(user: User, today: dt.date) -> list[Section]:
    own = {"registration__in": Registration.objects.visible_to(user, on=today)}
    seminar = Column("registration__seminar__title", _("Seminar"))
    return [
        section(
            "session_choices",
            _("Valg av samling"),
            SessionChoice.objects.filter(**own),
            seminar,
            Column("group__title", _("Valg")),
            Column("session__title", _("Samling")),
            Column("is_assigned", _("Valgt av portalen")),
            Column("chosen_at", _("Når")),
        ),
        section(
            "seminar_answers",
            _("Svar på spørsmål fra arrangører"),
            Answer.objects.filter(**own),
            seminar,
            Column("question__text", _("Spørsmål")),
            Column("values", _("Svar")),
            Column("answered_at", _("Når")),
        ),
    ]


def _needs(user: User, today: dt.date) -> Section:
    # Whoever has the logistics role sees those of others too: those are not one's own to take away.
    return section(
        "needs",
        _("Mat og tilrettelegging"),
        Needs.objects.visible_to(user, on=today).filter(registration__user=user),
        Column("registration__seminar__title", _("Seminar")),
        Column("diet", _("Mat"), labels(Diet)),
        Column("access", _("Tilrettelegging"), labels(Access)),
        Column("details", _("Mer om dette")),
        Column("written_at", _("Når")),
    )


def _calendar_feeds(user: User, today: dt.date) -> Section:
    return section(
        "calendar_feeds",
        _("Kalenderlenker"),
        CalendarFeed.objects.visible_to(user, on=today),
        Column("created_at", _("Laget")),
        Column("revoked_at", _("Stengt")),
    )
