from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import dates
from common.refusals import refusals_on
from common.spreadsheet import About, Column, xlsx_response
from people.requests import SignedInRequest, affiliation_in, now_in, posted, today_in
from seminars import rules
from seminars.breadcrumbs import seminar_path
from seminars.gates import for_participant_who_writes, tell_that_it_ended
from seminars.models import Access, Diet, Needs, NeedsQuerySet, Registration, Seminar
from seminars.requirements.actions import needs_may_change, write_needs
from seminars.requirements.forms import NeedsForm
from seminars.retention_periods import NEEDS_ARE_KEPT, needs_go_at

PAGE_SIZE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_participant_who_writes
def own(request: SignedInRequest, registration: Registration) -> HttpResponse:
    """What the participant needs, by their own words."""
    seminar = registration.seminar
    visible = Needs.objects.visible_to(request.user, on=today_in(request))
    written = visible.filter(registration=registration).first()
    form = NeedsForm.showing(written, posted(request))
    tell_that_it_ended(form, registration)
    if request.method == "POST" and form.is_valid():
        written_down = _write(request, registration, form)
        if written_down:
            return written_down
    context = {
        "seminar": seminar,
        "form": form,
        "go_at": needs_go_at(seminar),
        "kept_days": NEEDS_ARE_KEPT.days,
        "is_over": not registration.is_active,
        "is_too_late": not needs_may_change(seminar, now_in(request)),
        "breadcrumbs": seminar_path(seminar, _("Mat og tilrettelegging")),
    }
    return render(request, "seminars/needs.html", context)


def _write(
    request: SignedInRequest, registration: Registration, form: NeedsForm
) -> HttpResponse | None:
    """None to show the form again, with what another window has saved or why nothing was."""
    with refusals_on(form):
        write_needs(
            registration=registration,
            **form.cleaned_data,
            by=request.user,
            now=now_in(request),
            seen=form.seen,
        )
        messages.success(request, _("Det du trenger, er lagret."))
        return redirect("seminars:detail", registration.seminar_id)
    return None


@login_required
@require_safe
def catering(request: SignedInRequest) -> HttpResponse:
    """Where logistics begins: the seminars to come, and those whose needs are not erased yet."""
    now = now_in(request)
    if not rules.may_cater(affiliation_in(request, request.user)):
        raise PermissionDenied
    visible = Seminar.objects.visible_to(request.user, on=today_in(request))
    seminars = (
        visible.catered_by(request.user, on=timezone.localdate(now))
        .filter(ends_at__gte=now - NEEDS_ARE_KEPT)
        .with_seat_counts()
        .with_needs_counts()
        .order_by("starts_at", "pk")
    )
    context = {
        "page": Paginator(seminars, PAGE_SIZE).get_page(request.GET.get("page")),
        "kept_days": NEEDS_ARE_KEPT.days,
        "breadcrumbs": [
            (_("Seminarer"), reverse("seminars:list")),
            (_("Mat og tilrettelegging"), None),
        ],
    }
    return render(request, "seminars/catering.html", context)


@login_required
@require_safe
def overview(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = _for_logistics(request, pk)
    rows = list(_needs(request, seminar).select_related("registration__user"))
    context = {
        "seminar": seminar,
        "rows": rows,
        "food": counted(Diet, (row.diet for row in rows)),
        "access": counted(Access, (row.access for row in rows)),
        "coming": seminar.registrations.holding_seat().count(),
        "go_at": needs_go_at(seminar),
        "breadcrumbs": seminar_path(seminar, _("Mat og tilrettelegging")),
    }
    return render(request, "seminars/needs_overview.html", context)


@login_required
@require_safe
def for_caterer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Counts and nothing else: the caterer has no use for names."""
    seminar = _for_logistics(request, pk)
    diets = _needs(request, seminar).values_list("diet", flat=True)
    coming = seminar.registrations.holding_seat().count()
    rows = [(_("Kommer i alt"), coming), *counted(Diet, diets)]
    about = About(
        scope=_("De som kommer på «%(seminar)s».") % {"seminar": seminar.title},
        period=dates.span(seminar.starts_at, seminar.ends_at),
        hidden=_("Ingen tall er skjult: Den som lager maten, må ha dem alle. Navn er ikke med."),
        made_at=now_in(request),
    )
    return xlsx_response(f"mat-{pk}", _("Mat"), _for_caterer(), rows, about)


def _for_caterer() -> list[Column]:
    return [
        Column(_("Mat"), _("Det deltakerne har krysset av. «Kommer i alt» er alle med plass.")),
        Column(_("Antall"), _("Hvor mange som har krysset av. Én person kan ha flere behov.")),
    ]


def counted(
    kind: type[Diet] | type[Access], chosen: Iterable[Iterable[str]]
) -> list[tuple[str, int]]:
    counts = Counter(value for values in chosen for value in values)
    return [(str(one.label), counts[one.value]) for one in kind if counts[one.value]]


def _needs(request: SignedInRequest, seminar: Seminar) -> NeedsQuerySet:
    visible = Needs.objects.visible_to(request.user, on=today_in(request))
    rows: NeedsQuerySet = visible.of_those_coming().filter(registration__seminar=seminar)
    return rows.order_by("registration__user__sort_key", "pk")


def _for_logistics(request: SignedInRequest, pk: int) -> Seminar:
    today = today_in(request)
    visible = Seminar.objects.visible_to(request.user, on=today).select_related("organiser_unit")
    seminar: Seminar = get_object_or_404(visible, pk=pk)
    if not rules.may_see_needs(request.user, seminar, today):
        raise PermissionDenied
    return seminar
