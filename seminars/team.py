"""What seminars tell a leader of their people: who is booked, waits and came."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from common import dates
from common.team import TeamLine, TeamVisit
from common.templatetags.punkt import words
from seminars.models import AttendanceOutcome, Registration, RegistrationState, SeminarState
from seminars.models.states import IS_ACTIVE

LOOKED_BACK = dt.timedelta(days=365)
PAST_SHOWN = 3

OUTCOME_SKINS = {
    AttendanceOutcome.ATTENDED: "green",
    AttendanceOutcome.PARTLY: "green",
    AttendanceOutcome.NO_SHOW: "beige",
    AttendanceOutcome.EXCUSED: "beige",
}


def team_lines(visit: TeamVisit) -> dict[int, list[TeamLine]]:
    """Return what each is registered to, the next first, and what they were at within a year."""
    coming = Q(state__in=IS_ACTIVE, seminar__ends_at__gte=visit.now)
    held = Q(
        state=RegistrationState.REGISTERED,
        seminar__ends_at__lt=visit.now,
        seminar__ends_at__gte=visit.now - LOOKED_BACK,
    )
    rows = Registration.objects.filter(
        coming | held, user__in=visit.people, seminar__state=SeminarState.PUBLISHED
    )
    answerable = _answerable(visit)
    next_ones: defaultdict[int, list[TeamLine]] = defaultdict(list)
    past: defaultdict[int, list[TeamLine]] = defaultdict(list)
    for row in rows.select_related("seminar").order_by("seminar__starts_at", "pk"):
        if row.seminar.has_ended(visit.now):
            past[row.user_id].insert(0, _past(row))
        else:
            next_ones[row.user_id].append(_coming(row, may_answer=row.pk in answerable))
    return {person: next_ones[person] + past[person][:PAST_SHOWN] for person in {*next_ones, *past}}


def team_waiting(visit: TeamVisit) -> set[int]:
    """Return those whose registration waits for this person's approval."""
    return set(_answerable(visit).values())


def _answerable(visit: TeamVisit) -> dict[int, int]:
    """By registration, whom it is of."""
    asked = Registration.objects.awaiting_anybodys_answer(visit.now).filter(user__in=visit.people)
    own = asked.approvable_by(visit.user, on=visit.today)
    return dict(own.values_list("pk", "user"))


def _coming(row: Registration, *, may_answer: bool) -> TeamLine:
    text = _seminar(row)
    if may_answer:
        url = reverse("seminars:approve", args=[row.seminar_id, row.pk])
        return TeamLine(row.get_state_display(), "yellow", text, url, _("Svar på påmeldingen"))
    is_certain = row.state == RegistrationState.REGISTERED
    url = reverse("seminars:detail", args=[row.seminar_id])
    return TeamLine(row.get_state_display(), "green" if is_certain else "yellow", text, url)


def _seminar(row: Registration) -> str:
    return format_html("{}, {}", words(row.seminar.title), dates.short_date(row.seminar.starts_at))


def _past(row: Registration) -> TeamLine:
    text = _seminar(row)
    url = reverse("seminars:detail", args=[row.seminar_id])
    if not row.outcome:
        return TeamLine(_("Oppmøte ikke ført"), "gray", text, url)
    outcome = AttendanceOutcome(row.outcome)
    return TeamLine(str(outcome.label), OUTCOME_SKINS[outcome], text, url)
