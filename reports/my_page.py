"""What figures put on «Min side»."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from common.my_page import Card, NextStep, Part, Step, Visit
from people.models import Role
from reports.attendance import AttendanceSummary, attendance_by_agency
from reports.period import Preset, counted_half_year
from reports.scope import scope_of
from reports.words import ATTENDED, REACH, came_in_words, reach_in_words


def my_page(visit: Visit) -> Part:
    """Return whom the seminars reached of late, and the way to the rest, for HR."""
    if not visit.affiliation.has_any(Role.HR):
        return Part()
    return Part(steps=[Step(210, _participation)], cards=_reached(visit))


def _participation() -> NextStep:
    return NextStep(
        _("Når seminarene fram?"),
        _("Se hvem som er påmeldt og har møtt, virksomhet for virksomhet."),
        reverse("reports:participation"),
        _("Se deltakelsen"),
    )


def _reached(visit: Visit) -> list[Card]:
    """The latest half-year that is counted, as the report tells it; no card before there is one."""
    period = counted_half_year(visit.today)
    told = attendance_by_agency(scope_of(visit.user, visit.today), period)
    if told is None:
        return []
    attendance = sum(told.values(), start=AttendanceSummary())
    chosen = {"period": Preset.CUSTOM, "first": period.first, "last": period.last}
    context = {
        "period": period,
        "figures": [
            (ATTENDED.label, came_in_words(attendance)),
            (REACH.label, reach_in_words(attendance)),
        ],
        "url": f"{reverse('reports:participation')}?{urlencode(chosen)}",
    }
    return [Card(18, "reports/my_page/reached.html", context)]
