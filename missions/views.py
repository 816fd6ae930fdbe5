from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refused
from missions import actions, rules
from missions.forms import MissionForm
from missions.models import MissionVersion, VersionState
from missions.readers import people_in, readings_of
from missions.sight import mission_above
from missions.standing import own_lines, with_standing
from people.models import Unit
from people.requests import SignedInRequest


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    units = with_standing(Unit.objects.visible_to(request.user), request.user, today)
    concerned = list(units.filter(Q(is_own=True) | Q(is_answered_for=True)))
    own = [unit for unit in concerned if unit.is_own]
    context = {
        "own_lines": own_lines(own, request.user, today),
        "vacant": [unit for unit in concerned if not unit.is_own],
    }
    return render(request, "missions/mine.html", context)


@login_required
@require_safe
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    units = with_standing(Unit.objects.visible_to(request.user), request.user, today)
    shown = get_object_or_404(units, pk=pk)
    versions = MissionVersion.objects.visible_to(request.user, today).filter(mission__unit=shown)
    context = {
        "unit": shown,
        "own": own_lines([shown], request.user, today)[0],
        "versions": versions.select_related("published_by", "drafted_by"),
    }
    return render(request, "missions/unit.html", context)


@login_required
@require_safe
def for_unit(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    current = MissionVersion.objects.visible_to(request.user).current_for(shown)
    return render(request, "missions/_for_unit.html", {"unit": shown, "version": current})


@login_required
@require_safe
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    shown = get_object_or_404(_content_for(request), pk=pk)
    published = MissionVersion.objects.visible_to(request.user, today).current()
    current = published.filter(mission=shown.mission).first()
    context = {
        "version": shown,
        "current": current,
        "is_current": shown == current,
        "may_acknowledge": shown == current and rules.may_acknowledge(request.user, shown, today),
        "may_write": rules.may_write_mission(request.user, shown.mission.unit, today),
    }
    return render(request, "missions/version.html", context)


@login_required
@require_POST
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    _require(rules.may_write_mission(request.user, shown, timezone.localdate(now)))
    started = actions.draft_mission(unit=shown, by=request.user, now=now)
    return redirect("missions:edit", started.pk)


@login_required
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    written = get_object_or_404(_content_for(request), pk=pk)
    _require(rules.may_write_mission(request.user, written.mission.unit, timezone.localdate(now)))
    if written.is_published:
        return redirect("missions:version", written.pk)
    above = mission_above(written.mission.unit, timezone.localdate(now))
    form = MissionForm(
        request.POST if request.method == "POST" else None,
        wording=actions.wording_of(written),
        above=above,
        is_complete="publish" in request.POST,
    )
    if form.is_valid():
        return _saved(request, written, form)
    return render(request, "missions/edit.html", {"form": form, "version": written, "above": above})


def _saved(request: SignedInRequest, written: MissionVersion, form: MissionForm) -> HttpResponse:
    try:
        actions.save_draft(
            version=written, wording=form.wording, by=request.user, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("missions:version", written.pk)
    if form.is_complete:
        return redirect("missions:publish", written.pk)
    messages.success(request, _("Utkastet er lagret. Bare du og den som har ansvaret, ser det."))
    return redirect("missions:edit", written.pk)


@login_required
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    written = get_object_or_404(_content_for(request), pk=pk)
    _require(rules.may_write_mission(request.user, written.mission.unit, timezone.localdate(now)))
    if written.is_published:
        return redirect("missions:version", written.pk)
    if request.method != "POST":
        asked = people_in(written.mission.unit_id, timezone.localdate(now))
        context = {"version": written, "reader_count": asked.exclude(pk=request.user.pk).count()}
        return render(request, "missions/publish.html", context)
    try:
        actions.publish_mission(version=written, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("missions:edit", written.pk)
    messages.success(request, _("Oppdraget er publisert. De som jobber i enheten, får brev."))
    return redirect("missions:unit", written.mission.unit_id)


@login_required
@require_POST
def acknowledge(request: SignedInRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    read = get_object_or_404(_content_for(request), pk=pk)
    _require(rules.may_acknowledge(request.user, read, timezone.localdate(now)))
    try:
        actions.acknowledge_mission(version=read, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("missions:unit", read.mission.unit_id)
    messages.success(request, _("Takk! Det er notert at du har lest og forstått oppdraget."))
    return redirect("missions:mine")


@login_required
@require_safe
def readers(request: SignedInRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    shown = get_object_or_404(_content_for(request), pk=pk, state=VersionState.PUBLISHED)
    _require(rules.may_see_readers(request.user, shown, today))
    readings = readings_of(shown, today)
    context = {
        "version": shown,
        "read": [reading for reading in readings if reading.acknowledged_at],
        "unread": [reading for reading in readings if not reading.acknowledged_at],
        "readings": readings,
    }
    return render(request, "missions/readers.html", context)


def _content_for(request: SignedInRequest) -> QuerySet[MissionVersion]:
    """The versions this person may read, with everything a page shows of one."""
    visible = MissionVersion.objects.visible_to(request.user)
    return (
        visible.with_content()
        .with_reading_by(request.user)
        .select_related("mission__unit", "above__mission__unit", "published_by", "drafted_by")
    )


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
