"""Which personal data a seminar still holds, and when each kind goes: counted, never promised."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import CharField, Count, IntegerField, Max, Subquery
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from common.rooms import HeldData, held_of_seminar
from outbox.emptying import KEPT
from outbox.models import Letter
from seminars.models import Answer, Audience, Needs, Seminar, SessionChoice
from seminars.retention_periods import answers_go_at, needs_go_at


class _CountOf(Subquery):
    """How many rows a query finds, as one number of another query."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def held_by(seminar: Seminar) -> list[HeldData]:
    """Three queries and what the other rooms ask, whatever the number of people."""
    of_seminar = {"registration__seminar": seminar}
    found = Seminar.objects.filter(pk=seminar.pk).values_list(
        _CountOf(Needs.objects.filter(**of_seminar).order_by().values("pk")),
        _CountOf(Answer.objects.filter(**of_seminar).order_by().values("pk")),
        _CountOf(seminar.registrations.order_by().values("state")),
        _CountOf(SessionChoice.objects.filter(**of_seminar).order_by().values("pk")),
        _CountOf(seminar.registrations.exclude(outcome="").order_by().values("state")),
        _CountOf(seminar.invitations.order_by().values("pk")),
        _CountOf(seminar.role_grants.order_by().values("pk")),
        _CountOf(Audience.people.through.objects.filter(audience__seminar=seminar)),
    )
    needs, answers, registered, chosen, attendance, invited, helped, listed = found.get()
    letters, last_letter_at = _letters(seminar)
    arranger, archive = _("De som arrangerer"), None
    return [
        HeldData(
            _("Mat og tilrettelegging (helseopplysninger)"),
            _("Personen selv og den som har logistikkrollen"),
            needs,
            needs_go_at(seminar),
        ),
        HeldData(
            _("Svar på arrangørens spørsmål"),
            _("Personen selv og de som arrangerer"),
            answers,
            answers_go_at(seminar),
        ),
        HeldData(
            _("Påmeldinger, med enhet og om personen var leder"),
            _("Personen selv, lederen, de som arrangerer, og koordinatoren. HR ser antall"),
            registered,
            archive,
        ),
        HeldData(
            _("Valg av samling"),
            _("Personen selv og de som arrangerer"),
            chosen,
            archive,
        ),
        HeldData(
            _("Oppmøte"),
            _("Personen selv og de som arrangerer. HR ser antall"),
            attendance,
            archive,
        ),
        *held_of_seminar(seminar),
        HeldData(_("Invitasjoner"), arranger, invited, archive),
        HeldData(_("Hvem som hjelper til, eller har gjort det"), arranger, helped, archive),
        HeldData(_("Navn i målgruppen"), arranger, listed, archive),
        HeldData(
            _("Brev om seminaret"),
            _("Den som har fått brevet"),
            letters,
            last_letter_at and last_letter_at + KEPT,
        ),
    ]


def _letters(seminar: Seminar) -> tuple[int, dt.datetime | None]:
    """How many still say something, and when the last of them was written.

    Letters know what they are about by name and number, and that is text. Each kind is sought for
    itself: joined by OR, every letter there is would be read.
    """
    count, last = 0, None
    for kind, rows in (
        ("seminars.registration", seminar.registrations.order_by()),
        ("seminars.invitation", seminar.invitations.order_by()),
    ):
        numbers: Any = rows.values_list(Cast("pk", CharField()), flat=True)
        letters = Letter.objects.filter(about_type=kind, about_id__in=numbers, emptied_at=None)
        found = letters.order_by().aggregate(count=Count("pk"), last=Max("queued_at"))
        count += found["count"]
        last = max(filter(None, (last, found["last"])), default=None)
    return count, last
