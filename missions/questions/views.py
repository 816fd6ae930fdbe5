from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.refusals import refusals_kept
from missions import rules
from missions.gates import content_for, require
from missions.glossary.explanations import glossary_for
from missions.models import MissionVersion, UpwardQuestion
from missions.questions.actions import answer_question, ask_question
from missions.questions.forms import UpwardAnswerForm, UpwardQuestionForm
from missions.responsibility import answering_for
from people.requests import SignedInRequest, now_in, today_in


@login_required
def ask(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    today = timezone.localdate(now)
    asking = get_object_or_404(content_for(request), pk=pk)
    require(rules.may_write_mission(request.user, asking.mission.unit, today))
    form = UpwardQuestionForm(request.POST if request.method == "POST" else None, today=today)
    if form.is_valid() and _is_asked(request, asking, form):
        return redirect("missions:version", asking.pk)
    context = {"form": form, "version": asking, "terms": glossary_for(request.user, on=today)}
    return render(request, "missions/ask.html", context)


def _is_asked(request: SignedInRequest, asking: MissionVersion, form: UpwardQuestionForm) -> bool:
    now = now_in(request)
    with refusals_kept(request, form, "text") as kept:
        asked = ask_question(version=asking, by=request.user, now=now, **form.cleaned_data)
        if answering_for(asked.above.mission.unit, timezone.localdate(now)) is None:
            words = _("Ingen leder enheten over nå. Spørsmålet venter på neste leder.")
        else:
            words = _("Spørsmålet er sendt til den som har ansvaret for oppdraget over.")
        messages.success(request, words)
    return not kept.shows_form


@login_required
@require_safe
def questions(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    seen = UpwardQuestion.objects.visible_to(request.user, on=today).with_both_ends()
    received = list(seen.asked_of(request.user, today))
    context = {
        "unanswered": [one for one in received if one.answered_at is None],
        "answered": [one for one in received if one.answered_at is not None],
        "sent": seen.filter(asked_by=request.user),
        "today": today,
    }
    return render(request, "missions/questions.html", context)


@login_required
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    today = timezone.localdate(now)
    visible = UpwardQuestion.objects.visible_to(request.user, on=today)
    question = get_object_or_404(visible.with_both_ends(), pk=pk)
    require(rules.may_answer_question(request.user, question, today))
    form = UpwardAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_kept(request, form, "answer") as kept:
            answer_question(
                question=question, answer=form.cleaned_data["answer"], by=request.user, now=now
            )
            messages.success(request, _("Svaret er sendt."))
        if not kept.shows_form:
            return redirect("missions:questions")
    context = {"form": form, "question": question, "today": today}
    return render(request, "missions/answer.html", context)
