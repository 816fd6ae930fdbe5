"""What this room holds about one person, for that person's export."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from common.own_data import Column, Section, section
from missions.models import Acknowledgement, Contribution, DraftComment, UpwardQuestion
from people.models import User


def own_data(user: User, today: dt.date) -> list[Section]:
    return [
        _acknowledgements(user),
        _contributions(user, today),
        _comments(user, today),
        _questions(user, today),
    ]


def _acknowledgements(user: User) -> Section:
    return section(
        "acknowledgements",
        _("Oppdrag du har lest og forstått"),
        Acknowledgement.objects.filter(user=user),
        Column("version__mission__unit__name", _("Enhet")),
        Column("version__number", _("Versjon")),
        Column("acknowledged_at", _("Når")),
    )


def _contributions(user: User, today: dt.date) -> Section:
    return section(
        "contributions",
        _("Det du har skrevet om bidraget ditt"),
        Contribution.objects.visible_to(user, on=today).of(user),
        Column("unit__name", _("Enhet")),
        Column("text", _("Bidrag")),
        Column("written_at", _("Skrevet")),
        Column("shared_with__name", _("Delt med")),
        Column("shared_at", _("Delt")),
    )


def _comments(user: User, today: dt.date) -> Section:
    return section(
        "draft_comments",
        _("Kommentarene dine til utkast"),
        DraftComment.objects.visible_to(user, on=today).filter(author=user),
        Column("version__mission__unit__name", _("Enhet")),
        Column("text", _("Kommentar")),
        Column("created_at", _("Skrevet")),
    )


def _questions(user: User, today: dt.date) -> Section:
    own = Q(asked_by=user) | Q(answered_by=user)
    return section(
        "upward_questions",
        _("Spørsmål oppover som du har stilt eller svart på"),
        UpwardQuestion.objects.visible_to(user, on=today).filter(own),
        Column("version__mission__unit__name", _("Enhet")),
        Column("text", _("Spørsmål")),
        Column("asked_by__name", _("Stilt av")),
        Column("asked_at", _("Stilt")),
        Column("answer", _("Svar")),
        Column("answered_by__name", _("Besvart av")),
        Column("answered_at", _("Besvart")),
    )
