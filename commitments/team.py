"""What agreements tell a leader of their people: how far their own with each has come."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from commitments.reading.overview import OverviewRow, overview_of
from commitments.signing_authority import revisions_to_sign_for
from common.team import TeamLine, TeamVisit


def team_lines(visit: TeamVisit) -> dict[int, list[TeamLine]]:
    """Return the next step of the leader's own agreement with each; never of anybody else's.

    Whoever stands in for a leader learns of what waits for their signature alone.
    """
    lines: defaultdict[int, list[TeamLine]] = defaultdict(list)
    for row in _rows(visit):
        lines[row.other.pk].append(_line(row))
    for revision in _to_sign(visit):
        url = reverse("commitments:sign", args=[revision.agreement_id])
        line = TeamLine(_("Venter på signaturen din"), "yellow", "", url, _("Les og signer"))
        lines[revision.agreement.employee_id].append(line)
    return dict(lines)


def team_waiting(visit: TeamVisit) -> set[int]:
    """Return those whose agreement waits for this person."""
    asking = {row.other.pk for row in _rows(visit) if row.asks}
    return asking | {revision.agreement.employee_id for revision in _to_sign(visit)}


def _rows(visit: TeamVisit) -> list[OverviewRow]:
    overview = overview_of(visit.user, visit.today)
    return [row for row in overview.as_leader if row.other.pk in set(visit.people)]


def _to_sign(visit: TeamVisit) -> list[Any]:
    waiting = revisions_to_sign_for(visit.user, visit.today).exclude(agreement__leader=visit.user)
    return list(waiting.filter(agreement__employee__in=visit.people).select_related("agreement"))


def _line(row: OverviewRow) -> TeamLine:
    if row.agreement is None or row.tag is None:
        key = row.pair.key if row.pair else ""
        url = f"{reverse('commitments:start')}?par={key}"
        return TeamLine(_("Ingen avtale"), "gray", "", url, _("Begynn på avtale"))
    url = reverse("commitments:detail", args=[row.agreement.pk])
    return TeamLine(row.tag.text, row.tag.skin, "", url, _("Se avtalen"))
