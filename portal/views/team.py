"""«Mine medarbeidere»: a leader's people, with what every room tells of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.rooms import team_columns
from common.team import TeamColumn, TeamLine, TeamVisit
from common.text import clean_line
from people.choosing.candidates import PersonOption, options_of
from people.models import User, person_is_named
from people.organisation import people_led_by
from people.requests import SignedInRequest, affiliation_in, now_in, today_in
from people.team import stands_in_for, team_of

PAGE_SIZE = 25
WAITING = "venter"


@dataclass(frozen=True)
class TeamMember:
    """One row of the page."""

    person: PersonOption
    cells: Sequence[tuple[TeamColumn, Sequence[TeamLine]]]
    may_register: bool
    """Whoever stands in for a leader registers nobody."""


@login_required
@never_cache
@require_safe
def team(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    stands_in = list(stands_in_for(request.user, on=today))
    if not (affiliation_in(request, request.user).is_leader or stands_in):
        raise PermissionDenied
    words = clean_line(request.GET.get("q", ""))[:200]
    everybody = team_of(request.user, on=today)
    waiting = _waiting(request, everybody)
    only_waiting = request.GET.get("vis") == WAITING
    shown = everybody.filter(pk__in=waiting) if only_waiting else everybody
    if words:
        shown = shown.filter(person_is_named(words, searched="search_text"))
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    members = _members(request, list(page))
    context = {
        "page": page,
        "members": members,
        "may_register": any(member.may_register for member in members),
        "columns": team_columns(),
        "stands_in": stands_in,
        "words": words,
        "is_narrowed": bool(words) or only_waiting,
        "tabs": _tabs(only_waiting, len(waiting)),
    }
    return render(request, "portal/team.html", context)


def _waiting(request: SignedInRequest, everybody: QuerySet[User]) -> set[int]:
    people = list(everybody.values_list("pk", flat=True))
    visit = TeamVisit(request.user, people, now_in(request))
    return {person for column in team_columns() for person in column.waiting(visit)}


def _members(request: SignedInRequest, people: Collection[User]) -> list[TeamMember]:
    visit = TeamVisit(request.user, [person.pk for person in people], now_in(request))
    told: list[tuple[TeamColumn, Mapping[int, Sequence[TeamLine]]]] = [
        (column, column.lines(visit)) for column in team_columns()
    ]
    led = people_led_by(request.user, on=visit.today).filter(pk__in=visit.people)
    own = set(led.values_list("pk", flat=True))
    return [
        TeamMember(
            one, [(column, lines.get(one.key, ())) for column, lines in told], one.key in own
        )
        for one in options_of(people, visit.today)
    ]


def _tabs(only_waiting: bool, waiting: int) -> list[dict[str, Any]]:
    told = _("Venter på deg (%(count)s)") % {"count": waiting}
    return [
        {"text": _("Alle"), "href": "?", "active": not only_waiting},
        {"text": told, "href": f"?vis={WAITING}", "active": only_waiting},
    ]
