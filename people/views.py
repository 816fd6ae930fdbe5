from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.keys import read_key
from common.text import clean_line
from people import rules
from people.forms import TrailForm, role_choices
from people.models import AuditRecord, Leadership, Role, RoleGrant, Unit
from people.organisation import granted_units, line_managers_of, line_of, units_led_by
from people.requests import SignedInRequest, today_in

PAGE = 50
FOUND = 20


@login_required
@require_safe
def profile(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    context = {
        "positions": request.user.positions.valid_on(today).select_related("unit__agency"),
        "units_led": units_led_by(request.user, on=today),
        "managers": line_managers_of(request.user, on=today),
        "grants": request.user.role_grants.valid_on(today).select_related("unit"),
    }
    return render(request, "people/profile.html", context)


@login_required
@require_safe
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    units = Unit.objects.visible_to(request.user, on=today)
    shown = get_object_or_404(units.select_related("agency"), pk=pk)
    leaderships = Leadership.objects.visible_to(request.user, on=today).valid_on(today)
    leadership = leaderships.filter(unit=shown).select_related("user").first()
    leader = leadership.user if leadership is not None else None
    context = {
        "unit": shown,
        "is_closed": not shown.is_valid_on(today),
        "line": line_of(shown),
        "leadership": leadership,
        "children": units.valid_on(today).filter(parent=shown).with_leader(today),
        "successors": shown.successors.all(),
        "may_name_substitute": leader is not None
        and rules.may_name_substitute(request.user, leader, shown, today),
        "may_grant": rules.may_grant_roles(request.user, shown, today),
    }
    return render(request, "people/unit.html", context)


@login_required
@require_safe
def roles(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    administered = _administered(request)
    grants = RoleGrant.objects.visible_to(request.user, on=today).not_ended(today)
    role = request.GET.get("rolle", "")
    if role in Role.values:
        grants = grants.filter(role=role)
    words = clean_line(request.GET.get("q", ""))
    mine = Unit.objects.visible_to(request.user, on=today).valid_on(today).below(administered)
    found = mine.named_like(words) if words else mine.filter(pk__in=administered)
    units = list(found.select_related("parent")[: FOUND + 1])
    rows = grants.select_related("user", "unit").order_by("user__sort_key", "pk")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "units": units[:FOUND],
        "has_more_units": len(units) > FOUND,
        "tabs": _role_tabs(role),
    }
    return render(request, "people/roles.html", context)


def _role_tabs(chosen: str) -> list[dict[str, Any]]:
    address = reverse("people:roles")
    tabs: list[dict[str, Any]] = [{"text": _("Alle"), "href": address, "active": not chosen}]
    for role, label in role_choices():
        tabs.append({"text": label, "href": f"{address}?rolle={role}", "active": role == chosen})
    return tabs


@login_required
@require_safe
def audit(request: SignedInRequest) -> HttpResponse:
    _administered(request)
    form = TrailForm(request.GET or None)
    records = AuditRecord.objects.visible_to(request.user, on=today_in(request))
    records = records.filter(**form.conditions())
    if (before := read_key(request.GET.get("for", ""))) is not None:
        records = records.filter(pk__lt=before)
    rows = list(records.select_related("actor", "on_behalf_of").order_by("-pk")[: PAGE + 1])
    context = {
        "form": form,
        "records": rows[:PAGE],
        "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
    }
    return render(request, "people/audit.html", context)


def _administered(request: SignedInRequest) -> list[int]:
    """The units on which the person is administrator today; 403 for everybody else."""
    units = granted_units(request.user, Role.ADMINISTRATOR, on=today_in(request))
    if not units:
        raise PermissionDenied
    return units
