from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.keys import read_key
from common.refusals import refusals_told
from common.rooms import unit_steps
from missions import rules
from missions.differences import differences
from missions.gates import content_for, require
from missions.glossary.explanations import glossary_for
from missions.mission_tasks import own_lines, with_mission_tasks
from missions.models import DraftComment, MissionVersion, UpwardQuestion, VersionState
from missions.questions.forms import DraftCommentForm
from missions.readers import readings_of
from missions.writing.actions import acknowledge_mission
from people.models import Unit
from people.requests import SignedInRequest, now_in, today_in


@login_required
@require_safe
def mine(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    units = with_mission_tasks(Unit.objects.visible_to(request.user, on=today), request.user, today)
    concerned = list(units.filter(Q(is_own=True) | Q(is_answered_for=True)))
    own = [unit for unit in concerned if unit.is_own]
    ids = {unit.pk for unit in own}
    steps = unit_steps(request.user, today)
    context = {
        "own_lines": own_lines(own, request.user, today),
        "steps": [one for one in steps if not (one.is_for_members and one.unit_id in ids)],
        "vacant": [unit for unit in concerned if not unit.is_own],
        "terms": glossary_for(request.user, on=today),
        "sees_coverage": any(unit.is_answered_for for unit in concerned),
    }
    return render(request, "missions/mine.html", context)


@login_required
@require_safe
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    units = with_mission_tasks(Unit.objects.visible_to(request.user, on=today), request.user, today)
    shown = get_object_or_404(units, pk=pk)
    versions = MissionVersion.objects.visible_to(request.user, on=today).filter(mission__unit=shown)
    context = {
        "unit": shown,
        "today": today,
        "terms": glossary_for(request.user, on=today),
        "own": own_lines([shown], request.user, today)[0],
        "versions": versions.select_related("published_by", "drafted_by"),
    }
    return render(request, "missions/unit.html", context)


@login_required
@require_safe
def for_unit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    shown = get_object_or_404(Unit.objects.visible_to(request.user, on=today), pk=pk)
    current = MissionVersion.objects.visible_to(request.user, on=today).current_for(shown)
    context = {
        "unit": shown,
        "version": current,
        "terms": glossary_for(request.user, on=today),
    }
    return render(request, "missions/_for_unit.html", context)


@login_required
@require_safe
def version(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    versions = content_for(request).with_answering(request.user, today)
    shown = get_object_or_404(versions, pk=pk)
    is_current = shown.pk == shown.current_id
    questions = UpwardQuestion.objects.visible_to(request.user, on=today).filter(version=shown)
    comments = DraftComment.objects.visible_to(request.user, on=today).filter(version=shown)
    context = {
        "version": shown,
        "is_current": is_current,
        "may_acknowledge": is_current and rules.may_acknowledge(request.user, shown, today),
        "may_write": shown.is_answered_for,
        "terms": glossary_for(request.user, on=today),
        "questions": questions.with_both_ends(),
        "comments": comments.select_related("author") if shown.is_draft else [],
        "may_comment": rules.may_comment(request.user, shown, today),
        "comment_form": DraftCommentForm(),
        "today": today,
    }
    return render(request, "missions/version.html", context)


@login_required
@require_safe
def changes(request: SignedInRequest, pk: int) -> HttpResponse:
    """Beside the version before it, or the one whose number is in `fra`."""
    new = get_object_or_404(content_for(request), pk=pk)
    earlier = content_for(request).filter(mission=new.mission, number__lt=new.number)
    since = read_key(request.GET.get("fra", ""))
    chosen = earlier.filter(number=since) if since is not None else earlier
    old = get_object_or_404(chosen[:1])
    context = {"old": old, "new": new, "differences": differences(old, new)}
    return render(request, "missions/changes.html", context)


@login_required
@require_POST
def acknowledge(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    read = get_object_or_404(content_for(request), pk=pk)
    require(rules.may_acknowledge(request.user, read, timezone.localdate(now)))
    with refusals_told(request):
        acknowledge_mission(version=read, by=request.user, now=now)
        messages.success(request, _("Takk! Det er notert at du har lest og forstått oppdraget."))
        return redirect("missions:mine")
    return redirect("missions:unit", read.mission.unit_id)


@login_required
@require_safe
def readers(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    shown = get_object_or_404(content_for(request), pk=pk, state=VersionState.PUBLISHED)
    require(rules.may_see_readers(request.user, shown, today))
    readings = readings_of(shown, today)
    context = {
        "version": shown,
        "read": [reading for reading in readings if reading.acknowledged_at],
        "unread": [reading for reading in readings if not reading.acknowledged_at],
        "readings": readings,
    }
    return render(request, "missions/readers.html", context)
