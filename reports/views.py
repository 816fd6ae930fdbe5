from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.spreadsheet import csv_response, xlsx_response
from people.models import Unit
from people.requests import SignedInRequest, now_in, today_in
from reports import exports
from reports.figures import total
from reports.forms import PeriodForm
from reports.participation import (
    Report,
    agency_seminars,
    participation_report,
    seminar_agencies,
)
from reports.period import Period
from reports.rules import may_see_reports
from reports.scope import Scope, scope_of
from reports.words import COUNTED, DEFINITIONS, WITHOUT_AGENCY
from seminars.forms.search import NameSearchForm
from seminars.models import Seminar

PAGE_LENGTH = 50
WORDS: dict[str, Any] = {
    "definitions": DEFINITIONS,
    "counted": COUNTED,
    "by_key": {definition.key: definition for definition in DEFINITIONS},
    "without_agency": WITHOUT_AGENCY,
}


@login_required
@require_safe
def participation(request: SignedInRequest) -> HttpResponse:
    now = now_in(request)
    scope = _scope(request, now)
    form = _period_form(request, now)
    report = participation_report(scope, form.chosen, now) if form.is_valid() else None
    search = NameSearchForm(request.GET)
    context = {
        **WORDS,
        "form": form,
        "report": report,
        "search": search,
        "rows": report.named(search.words) if report and search.words is not None else [],
    }
    return render(request, "reports/participation.html", context, status=_status(form))


@login_required
@require_safe
def participation_csv(request: SignedInRequest) -> HttpResponse:
    scope = _scope(request, now_in(request))
    report = _exported(request, scope)
    if report is None:
        return _back_to_form(request)
    headings = [column.heading for column in exports.columns()]
    return csv_response(_filename(report.period), headings, exports.rows(report))


@login_required
@require_safe
def participation_xlsx(request: SignedInRequest) -> HttpResponse:
    now = now_in(request)
    scope = _scope(request, now)
    report = _exported(request, scope)
    if report is None:
        return _back_to_form(request)
    return xlsx_response(
        _filename(report.period),
        _("Deltakelse"),
        exports.columns(),
        exports.rows(report),
        exports.about(report, scope, now),
    )


@login_required
@require_safe
def agency(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    now = now_in(request)
    scope = _scope(request, now)
    shown = get_object_or_404(Unit.objects.visible_to(request.user, on=today).agencies(), pk=pk)
    if not scope.holds_some_of(shown):
        raise Http404
    form = _period_form(request, now)
    rows = agency_seminars(shown, scope, form.chosen, now) if form.is_valid() else []
    context = {
        **WORDS,
        "agency": shown,
        "form": form,
        "period": form.chosen if form.is_valid() else None,
        "page": Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page")),
        "total": total(row.figures for row in rows),
    }
    return render(request, "reports/agency.html", context, status=_status(form))


@login_required
@require_safe
def seminar(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    now = now_in(request)
    scope = _scope(request, now)
    shown = get_object_or_404(Seminar.objects.visible_to(request.user, on=today).published(), pk=pk)
    rows = seminar_agencies(shown, scope, now)
    context = {
        **WORDS,
        "seminar": shown,
        "rows": rows,
        "total": total(row.figures for row in rows),
    }
    return render(request, "reports/seminar.html", context)


def _scope(request: SignedInRequest, now: dt.datetime) -> Scope:
    scope = scope_of(request.user, timezone.localdate(now))
    if not may_see_reports(scope):
        raise PermissionDenied
    return scope


def _period_form(request: SignedInRequest, now: dt.datetime) -> PeriodForm:
    """Bound even when nothing is chosen: then it is this year so far."""
    return PeriodForm(request.GET, today=timezone.localdate(now))


def _status(form: PeriodForm) -> int:
    """A page that asks for other dates is no report, whoever follows a link to the file."""
    return HTTPStatus.OK if form.is_valid() else HTTPStatus.BAD_REQUEST


def _exported(request: SignedInRequest, scope: Scope) -> Report | None:
    now = now_in(request)
    form = _period_form(request, now)
    return participation_report(scope, form.chosen, now) if form.is_valid() else None


def _back_to_form(request: SignedInRequest) -> HttpResponse:
    """The page says what is wrong with the dates, at the dates."""
    return redirect(f"{reverse('reports:participation')}?{request.GET.urlencode()}")


def _filename(period: Period) -> str:
    return f"deltakelse-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}"
