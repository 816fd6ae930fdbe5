from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.refusals import refusals_on, refusals_told
from missions.contribution.actions import (
    share_contribution,
    withdraw_contribution,
    write_contribution,
)
from missions.contribution.forms import ContributionForm
from missions.gates import require
from missions.glossary.explanations import glossary_for
from missions.mission_tasks import with_mission_tasks
from missions.models import Contribution, MissionVersion
from people import audit
from people.models import AuditRecord, Unit
from people.organisation import line_manager_of
from people.requests import SignedInRequest, now_in, today_in


@login_required
def contribution(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    today = timezone.localdate(now)
    units = with_mission_tasks(Unit.objects.visible_to(request.user, on=today), request.user, today)
    unit = get_object_or_404(units, pk=pk)
    own = Contribution.objects.visible_to(request.user, on=today).of(request.user)
    written = own.filter(unit=unit).select_related("shared_with").first()
    require(written is not None or unit.is_own)
    stored = {"text": written.text if written else ""}
    form = ContributionForm(request.POST if request.method == "POST" else None, initial=stored)
    form.shows(stored)
    if form.is_valid():
        with refusals_on(form, change=lambda: _latest(written), by=request.user):
            return _kept(request, unit, form)
    published = MissionVersion.objects.visible_to(request.user, on=today)
    context = {
        "form": form,
        "unit": unit,
        "terms": glossary_for(request.user, on=today),
        "written": written,
        "manager": line_manager_of(request.user, on=today, unit=unit),
        "version": published.current().filter(mission__unit=unit).first(),
    }
    return render(request, "missions/contribution.html", context)


def _latest(written: Contribution | None) -> AuditRecord | None:
    return audit.latest(written, "missions.write_contribution") if written else None


def _kept(request: SignedInRequest, unit: Unit, form: ContributionForm) -> HttpResponse:
    """Raises EditConflict when another window has saved other words."""
    now, text = now_in(request), form.cleaned_data["text"]
    if "withdraw" in request.POST:
        withdraw_contribution(unit=unit, by=request.user)
        messages.success(request, _("Bidraget er ikke lenger delt. Bare du ser det."))
        return redirect("missions:contribution", unit.pk)
    write_contribution(unit=unit, text=text, by=request.user, now=now, seen=form.seen)
    with refusals_told(request):
        if "share" in request.POST:
            share_contribution(unit=unit, by=request.user, now=now)
        messages.success(request, _("Bidraget ditt er lagret."))
    return redirect("missions:contribution", unit.pk)


@login_required
@require_safe
@never_cache
def contributions(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    shared = Contribution.objects.visible_to(request.user, on=today).exclude(user=request.user)
    ordered = shared.select_related("user", "unit").order_by("unit__sort_key", "user__sort_key")
    return render(request, "missions/contributions.html", {"contributions": ordered})
