from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from ballots.disclosure import FEWEST_TOPIC
from common.letters_wait import letters_wait
from common.refusals import refusals_kept, refusals_told
from common.small_groups import SMALL_GROUP, in_words
from missions.gates import require
from missions.glossary.explanations import glossary_for
from missions.models import MissionVersion
from missions.rules import may_write_mission
from people.models import Unit
from people.requests import SignedInRequest, now_in, today_in
from pulse import actions
from pulse.forms import MemoryForm, OpenPulseForm, PulseAnswerForm
from pulse.models import PulseInvitation, PulseRound
from pulse.page import conversation_about, of_even_length, rows_of
from pulse.rules import count_invited, may_read_pulse, opens_again_on


@login_required
@require_safe
def pulse(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    unit = get_object_or_404(Unit.objects.visible_to(request.user, on=today), pk=pk)
    require(may_read_pulse(request.user, unit, today))
    rounds = PulseRound.objects.visible_to(request.user, on=today).filter(unit=unit)
    latest = rounds.select_related("unit", "opened_by").with_part_of(request.user).first()
    told = latest if latest and not latest.took_part else None
    context = {
        "unit": unit,
        "latest": latest,
        "today": today,
        "rows": rows_of(told) if told else [],
        "topics": ", ".join(str(topic.label_to_leader) for topic in told.unsure) if told else "",
        "fewest_unsure": in_words(FEWEST_TOPIC),
        "suggestions": conversation_about(told) if told else [],
        "guessed_self": latest and latest.opened_by_id == request.user.pk,
        "may_settle": latest and latest.may_be_settled_on(today),
        "is_closed": not unit.is_valid_on(today),
        "opens_again_on": opens_again_on(latest) if latest else today,
    }
    return render(request, "pulse/round.html", context)


@login_required
def open_pulse(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    today = timezone.localdate(now)
    unit = get_object_or_404(Unit.objects.visible_to(request.user, on=today), pk=pk)
    require(may_write_mission(request.user, unit, today))
    people, without_address = count_invited(unit, request.user, today)
    data = request.POST if request.method == "POST" else None
    form = OpenPulseForm(data, people=people, today=today, unit_ends_on=unit.valid_to)
    if form.is_valid() and _is_opened(request, unit, form):
        return redirect("pulse:pulse", unit.pk)
    version = MissionVersion.objects.visible_to(request.user, on=today).current_for(unit)
    context = {
        "unit": unit,
        "form": form,
        "people": people,
        "without_address": without_address,
        "is_small": people < SMALL_GROUP,
        "version": version,
        "terms": glossary_for(request.user, on=today),
        "letters_wait": letters_wait("pulse.invitation", now),
    }
    return render(request, "pulse/open.html", context)


def _is_opened(request: SignedInRequest, unit: Unit, form: OpenPulseForm) -> bool:
    with refusals_kept(request, form) as kept:
        actions.open_pulse(
            unit=unit,
            guess=form.guess,
            opens_on=form.cleaned_data["opens_on"],
            closes_on=form.cleaned_data["closes_on"],
            by=request.user,
            now=now_in(request),
        )
        messages.success(request, _("Pulsmålingen er satt i gang. Alle som blir spurt, får brev."))
    return not kept.shows_form


@login_required
@never_cache
@sensitive_post_parameters()
def answer_pulse(request: SignedInRequest, pk: int) -> HttpResponse:
    """First the memory, then the mission and the answer; nothing is stored between the two."""
    today = today_in(request)
    asked = PulseInvitation.objects.visible_to(request.user, on=today).with_mission()
    invitation = get_object_or_404(asked, round=pk)
    context = {"pulse": invitation.round, "version": invitation.round.version}
    if invitation.has_answered or not invitation.round.is_open_on(today):
        is_late = invitation.has_answered and "answer" in request.POST
        shown = {**context, "invitation": invitation, "is_late": is_late}
        return render(request, "pulse/done.html", shown)
    if request.method != "POST":
        return render(request, "pulse/memory.html", {**context, "form": MemoryForm()})
    if "remembered" in request.POST:
        memory = MemoryForm(request.POST)
        if not memory.is_valid():
            return render(request, "pulse/memory.html", {**context, "form": memory})
        return _answer_page(request, context, PulseAnswerForm(initial=memory.cleaned_data))
    form = PulseAnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, context, form)
    return _answered(request, invitation.round, form)


def _answer_page(
    request: SignedInRequest, context: dict[str, Any], form: PulseAnswerForm
) -> HttpResponse:
    shown = {**context, "form": form, "terms": glossary_for(request.user, on=today_in(request))}
    return of_even_length(render(request, "pulse/answer.html", shown))


def _answered(request: SignedInRequest, pulse: PulseRound, form: PulseAnswerForm) -> HttpResponse:
    answer, unsure = form.chosen
    with refusals_told(request):
        actions.answer_pulse(
            pulse=pulse, answer=answer, unsure=unsure, by=request.user, today=today_in(request)
        )
    return redirect("pulse:answer_pulse", pulse.pk)


def _answered_for(request: SignedInRequest, pk: int) -> PulseRound:
    """A round in a unit that this person answers for, or in a closed one that it follows."""
    today = today_in(request)
    rounds = PulseRound.objects.visible_to(request.user, on=today).select_related("unit")
    held = get_object_or_404(rounds, pk=pk)
    require(may_read_pulse(request.user, held.unit, today))
    return held


@login_required
@require_POST
def settle_pulse(request: SignedInRequest, pk: int) -> HttpResponse:
    held = _answered_for(request, pk)
    with refusals_told(request):
        actions.settle_pulse(pulse=held, by=request.user, now=now_in(request))
    return redirect("pulse:pulse", held.unit_id)


@login_required
@require_POST
def note_conversation(request: SignedInRequest, pk: int) -> HttpResponse:
    held = _answered_for(request, pk)
    with refusals_told(request):
        actions.note_conversation(pulse=held, by=request.user, now=now_in(request))
        messages.success(request, _("Fint. Samtalen er merket av."))
    return redirect("pulse:pulse", held.unit_id)
