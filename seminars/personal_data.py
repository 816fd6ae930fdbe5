"""Which personal data a seminar still holds, and when each kind goes: counted, never promised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from outbox.emptying import KEPT
from outbox.models import Letter
from seminars.models import (
    Answer,
    Attendance,
    Audience,
    Needs,
    Registration,
    Seminar,
    SessionChoice,
)
from seminars.retention import answers_go_at, needs_go_at


@dataclass(frozen=True, slots=True)
class Held:
    what: str
    who_sees: str
    count: int
    goes_at: dt.datetime | None
    """None for what no task erases: it is then the agency's own archive plan that decides."""


def held_by(seminar: Seminar) -> list[Held]:
    of_seminar = {"registration__seminar": seminar}
    listed = Audience.people.through.objects.filter(audience__seminar=seminar)
    return [
        Held(
            _("Mat og tilrettelegging (helseopplysninger)"),
            _("Personen selv og den som har logistikkrollen"),
            Needs.objects.filter(**of_seminar).count(),
            needs_go_at(seminar),
        ),
        Held(
            _("Svar på arrangørens spørsmål"),
            _("Personen selv og arrangøren"),
            Answer.objects.filter(**of_seminar).count(),
            answers_go_at(seminar),
        ),
        Held(
            _("Påmeldinger, med enhet og om personen var leder"),
            _("Personen selv, lederen, arrangøren og koordinatoren i virksomheten. HR ser antall"),
            Registration.objects.filter(seminar=seminar).count(),
            None,
        ),
        Held(
            _("Valg av samling"),
            _("Personen selv og arrangøren"),
            SessionChoice.objects.filter(**of_seminar).count(),
            None,
        ),
        Held(
            _("Oppmøte"),
            _("Arrangøren. HR ser antall"),
            Attendance.objects.filter(**of_seminar).count(),
            None,
        ),
        Held(_("Invitasjoner"), _("Arrangøren"), seminar.invitations.count(), None),
        Held(_("Navn i målgruppen"), _("Arrangøren"), listed.count(), None),
        Held(_("Brev om seminaret"), _("Den som har fått brevet"), *_letters(seminar)),
    ]


def _letters(seminar: Seminar) -> tuple[int, dt.datetime | None]:
    """How many still say something, and when the last of them is emptied.

    Letters know what they are about by name and number, and that is text.
    """
    about = {
        "seminars.registration": Registration.objects.filter(seminar=seminar),
        "seminars.invitation": seminar.invitations.all(),
    }
    of_seminar = Q()
    for kind, rows in about.items():
        numbers = [str(pk) for pk in rows.values_list("pk", flat=True)]
        of_seminar |= Q(about_type=kind, about_id__in=numbers)
    kept = Letter.objects.filter(of_seminar, emptied_at=None)
    found = kept.aggregate(count=Count("pk"), last=Max("queued_at"))
    return found["count"], found["last"] and found["last"] + KEPT
