from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commitments import actions, rules
from commitments.forms import AnswerForm
from commitments.models import Revision
from commitments.preparing import Preparing, last_revealed, preparing_of, side_by_side
from commitments.questions import Asked, questions_for
from commitments.sight import who_sees
from commitments.views.scope import active_share, breadcrumbs, current_revision, require
from common.errors import Refused
from missions.glossary import glossary_for
from people.requests import SignedInRequest


@login_required
@require_safe
def prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    """The questions and how far one has come; once both are ready, the answers side by side."""
    current = current_revision(request, pk)
    now = preparing_of(current.agreement, request.user)
    shown = now if now.is_revealed else None
    if not rules.may_prepare(request.user, current):
        shown = shown or last_revealed(current.agreement, request.user)
        require(shown is not None)
    if shown is not None:
        return _revealed_page(request, current, shown)
    return render(request, "commitments/prepare.html", _own_context(request, current, now))


def _own_context(
    request: SignedInRequest, current: Revision, preparing: Preparing
) -> dict[str, Any]:
    agreement = current.agreement
    answers = preparing.own_answers
    asked = questions_for(agreement, agreement.party(request.user))
    rows = [{"asked": one, "answer": answers.get(one.key, "")} for one in asked]
    return {
        **_context(request, current, _("Forberedelse")),
        "preparing": preparing,
        "rows": rows,
        "answered": len(answers),
        "next": next((one for one in asked if one.key not in answers), None),
    }


def _context(request: SignedInRequest, current: Revision, title: str) -> dict[str, Any]:
    agreement = current.agreement
    return {
        "agreement": agreement,
        "revision": current,
        "mission": current.mission_version,
        "terms": glossary_for(request.user),
        "other": agreement.counterpart_of(request.user),
        "who_sees": who_sees(agreement, share=active_share(agreement)),
        "breadcrumbs": breadcrumbs(agreement, request, title),
    }


def _revealed_page(
    request: SignedInRequest, current: Revision, preparing: Preparing
) -> HttpResponse:
    agreement = current.agreement
    context = {
        **_context(request, current, _("Svarene")),
        "pairs": side_by_side(agreement, agreement.party(request.user), preparing),
        "may_edit": rules.may_edit(request.user, current),
    }
    return render(request, "commitments/revealed.html", context)


@login_required
def answer(request: SignedInRequest, pk: int, question: str) -> HttpResponse:
    current = current_revision(request, pk)
    asked = questions_for(current.agreement, current.agreement.party(request.user))
    place = next((at for at, one in enumerate(asked) if one.key == question), None)
    if place is None:
        raise Http404
    preparing = preparing_of(current.agreement, request.user)
    require(rules.may_prepare(request.user, current) and not preparing.is_ready)
    typed = {"text": preparing.own_answers.get(question, "")}
    form = AnswerForm(request.POST or None, initial=typed, asked=asked[place])
    if request.method == "POST" and form.is_valid():
        return _answered(request, current, asked, place, form.cleaned_data["text"])
    return _question_page(request, current, asked, place, form)


def _answered(
    request: SignedInRequest, current: Revision, asked: list[Asked], place: int, text: str
) -> HttpResponse:
    try:
        actions.save_answer(
            agreement=current.agreement,
            question=asked[place].key,
            text=text,
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("commitments:prepare", current.agreement_id)
    if "later" in request.POST or place + 1 == len(asked):
        return redirect("commitments:prepare", current.agreement_id)
    return redirect("commitments:answer", current.agreement_id, asked[place + 1].key)


def _question_page(
    request: SignedInRequest, current: Revision, asked: list[Asked], place: int, form: AnswerForm
) -> HttpResponse:
    context = {
        **_context(request, current, _("Spørsmål %(number)s") % {"number": place + 1}),
        "form": form,
        "asked": asked[place],
        "count": len(asked),
        "before": asked[place - 1] if place else None,
        "is_last": place + 1 == len(asked),
    }
    return render(request, "commitments/answer.html", context)


@login_required
@require_POST
def ready(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require(rules.may_prepare(request.user, current))
    agreement = current.agreement
    say = actions.take_back_ready if "back" in request.POST else actions.say_ready
    deed = partial(say, agreement=agreement, by=request.user, now=timezone.now())
    try:
        is_shown = deed()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _said(request, current, is_shown=bool(is_shown)))
    return redirect("commitments:prepare", pk)


def _said(request: SignedInRequest, current: Revision, *, is_shown: bool) -> str:
    name = {"name": current.agreement.counterpart_of(request.user).given_name}
    if "back" in request.POST:
        return _("Du kan skrive videre. Svarene er fortsatt bare dine.")
    if is_shown:
        return _("Dere er begge klare. Her er svarene deres, side om side.")
    return _("Du er klar. Svarene vises når %(name)s også er det.") % name
