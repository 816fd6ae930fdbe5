from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commitments import rules
from commitments.confirmation_page import confirm_page
from commitments.conversation_forms import PreparationForm, ReadyForm
from commitments.gates import active_share, breadcrumbs, current_revision, require_now
from commitments.guiding_questions import Asked, questions_for
from commitments.models import Agreement, GuidingQuestion, Revision, UnsavedWork
from commitments.preparation_progress import (
    Preparing,
    fingerprint,
    last_revealed,
    preparing_of,
    side_by_side,
)
from commitments.preparing.actions import AnswerConflict, save_answer, say_ready, take_back_ready
from commitments.visibility_text import who_sees
from commitments.writing.autosave_actions import forget_unsaved
from commitments.writing.views import keep_typed, left_unsaved
from common.refusals import refusals_held, refusals_kept, refusals_told
from missions.glossary.explanations import glossary_for
from people.requests import SignedInRequest, now_in, posted, today_in


@login_required
@require_safe
@never_cache
def prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    """The questions and how far one has come; once both are ready, the answers side by side."""
    today = today_in(request)
    current = current_revision(request, pk)
    now = preparing_of(current.agreement, request.user, on=today)
    shown = now if now.is_revealed else None
    if not rules.may_prepare(request.user, current):
        shown = shown or last_revealed(current.agreement, request.user, on=today)
        require_now(request, current.agreement, shown is not None)
    if shown is not None:
        return _revealed_page(request, current, shown)
    return render(request, "commitments/prepare.html", _own_context(request, current, now))


def _own_context(
    request: SignedInRequest, current: Revision, preparing: Preparing
) -> dict[str, Any]:
    today = today_in(request)
    agreement = current.agreement
    answers = preparing.own_answers
    asked = questions_for(agreement, agreement.party(request.user))
    left = UnsavedWork.objects.visible_to(request.user, on=today).of_answers(agreement)
    unsaved = set(left.values_list("question", flat=True))
    rows = [
        {"asked": one, "answer": answers.get(one.key, ""), "is_unsaved": one.key in unsaved}
        for one in asked
    ]
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
        "terms": glossary_for(request.user, on=today_in(request)),
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
    answering = _answering(request, pk, question)
    if request.method != "POST":
        return _opened(request, answering)
    if "discard" in request.POST:
        forget_unsaved(answering.agreement, by=request.user, question=question)
        messages.success(request, _("Det som ikke var lagret, er slettet."))
        return redirect("commitments:answer", pk, question)
    form = PreparationForm(request.POST, asked=answering.asked)
    if form.is_valid():
        return _answered(request, answering, form)
    return _question_page(request, answering, form)


@dataclass(frozen=True)
class _Answering:
    """One question of all, and what its author has saved."""

    current: Revision
    all: list[Asked]
    place: int
    saved: str

    @property
    def agreement(self) -> Agreement:
        return self.current.agreement

    @property
    def asked(self) -> Asked:
        return self.all[self.place]

    @property
    def is_last(self) -> bool:
        return self.place + 1 == len(self.all)


def _answering(request: SignedInRequest, pk: int, question: str) -> _Answering:
    current = current_revision(request, pk)
    asked = questions_for(current.agreement, current.agreement.party(request.user))
    place = next((at for at, one in enumerate(asked) if one.key == question), None)
    if place is None:
        raise Http404
    preparing = preparing_of(current.agreement, request.user, on=today_in(request))
    require_now(request, current.agreement, rules.may_prepare(request.user, current))
    require_now(
        request,
        current.agreement,
        not preparing.is_ready,
        why=_(
            "Du har sagt at du er klar, og da endres ikke svarene. Er de ikke vist ennå, kan du "
            "trekke det tilbake på siden for forberedelsen."
        ),
    )
    return _Answering(current, asked, place, preparing.own_answers.get(question, ""))


def _opened(request: SignedInRequest, answering: _Answering) -> HttpResponse:
    """As it is saved; or as the writer left it, with a way back to what is saved."""
    shown = {"text": answering.saved, "seen": fingerprint(answering.saved)}
    left = left_unsaved(request, answering.agreement, question=answering.asked.key)
    form = PreparationForm(initial=shown | (left.typed if left else {}), asked=answering.asked)
    return _question_page(request, answering, form, unsaved=left)


def _answered(
    request: SignedInRequest, answering: _Answering, form: PreparationForm
) -> HttpResponse:
    agreement = answering.agreement
    kept = refusals_kept(request, form, "text")
    with kept, refusals_held(AnswerConflict) as conflict:
        save_answer(
            agreement=agreement,
            question=answering.asked.key,
            text=form.cleaned_data["text"],
            seen=form.cleaned_data["seen"] or None,
            by=request.user,
            now=now_in(request),
        )
    if conflict.refusal:
        return _conflict_page(request, answering, conflict.refusal.saved)
    if kept.shows_form:
        return _question_page(request, answering, form)
    if "later" in request.POST or answering.is_last:
        return redirect("commitments:prepare", agreement.pk)
    return redirect("commitments:answer", agreement.pk, answering.all[answering.place + 1].key)


def _conflict_page(request: SignedInRequest, answering: _Answering, saved: str) -> HttpResponse:
    """What was typed in the form, and what is saved above it; the next save is the writer's."""
    typed = {"text": request.POST["text"], "seen": fingerprint(saved)}
    form = PreparationForm(typed, asked=answering.asked)
    return _question_page(request, answering, form, status=409, is_clash=True, saved=saved)


def _question_page(
    request: SignedInRequest,
    answering: _Answering,
    form: PreparationForm,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    place = answering.place
    context = {
        **_context(request, answering.current, _("Spørsmål %(number)s") % {"number": place + 1}),
        "form": form,
        "asked": answering.asked,
        "count": len(answering.all),
        "before": answering.all[place - 1] if place else None,
        "is_last": answering.is_last,
        **extra,
    }
    return render(request, "commitments/answer.html", context, status=status)


@login_required
@require_POST
def autosave_answer(request: SignedInRequest, pk: int, question: str) -> HttpResponse:
    """Asked by a script while one types; answers with what a screen reader is to say."""
    answering = _answering(request, pk, question)
    typed = {name: request.POST.get(name, "") for name in ("text", "seen")}
    text, saved = typed["text"].strip(), answering.saved
    # What was on its way while the same person saved is a part of what they saved.
    is_late = typed["seen"] != fingerprint(saved) and saved.startswith(text)
    if text == saved:
        forget_unsaved(answering.agreement, by=request.user, question=question)
    if is_late or text == saved:
        return JsonResponse({"said": ""})
    return keep_typed(request, answering.agreement, typed, question=question)


@login_required
@never_cache
def ready(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is shown and that it is for good, before it is; and the way back until then."""
    current = current_revision(request, pk)
    agreement = current.agreement
    require_now(request, agreement, rules.may_prepare(request.user, current))
    if request.method == "POST" and "back" in request.POST:
        return _taken_back(request, agreement)
    preparing = preparing_of(agreement, request.user, on=today_in(request))
    if not preparing.own_answers:
        messages.error(request, _("Svar på minst ett spørsmål før du sier at du er klar."))
    if preparing.is_ready or not preparing.own_answers:
        return redirect("commitments:prepare", pk)
    form = ReadyForm(posted(request), initial={"is_other_ready": preparing.is_other_ready})
    if form.is_valid():
        with refusals_told(request):
            _say_ready(request, agreement, expects_reveal=form.cleaned_data["is_other_ready"])
            return redirect("commitments:prepare", pk)
        return redirect("commitments:ready", pk)
    return confirm_page(request, agreement, form=form, **_ready_words(request, current, preparing))


def _taken_back(request: SignedInRequest, agreement: Agreement) -> HttpResponse:
    with refusals_told(request):
        take_back_ready(agreement=agreement, by=request.user, now=now_in(request))
        messages.success(request, _("Du kan skrive videre. Svarene er fortsatt bare dine."))
    return redirect("commitments:prepare", agreement.pk)


def _say_ready(request: SignedInRequest, agreement: Agreement, *, expects_reveal: bool) -> None:
    is_shown = say_ready(
        agreement=agreement, by=request.user, now=now_in(request), expects_reveal=expects_reveal
    )
    name = {"name": agreement.counterpart_of(request.user).given_name}
    if is_shown:
        messages.success(request, _("Dere er begge klare. Her er svarene deres, side om side."))
    else:
        words = _("Du er klar. Svarene vises når %(name)s også er det.")
        messages.success(request, words % name)


def _ready_words(
    request: SignedInRequest, current: Revision, preparing: Preparing
) -> dict[str, Any]:
    agreement = current.agreement
    unsaved = UnsavedWork.objects.visible_to(request.user, on=today_in(request))
    lines = _what_is_shown(agreement.counterpart_of(request.user).given_name, preparing)
    if unsaved.of_answers(agreement).exists():
        lines.append(_("Du har skrevet noe du ikke har lagret. Det blir ikke med."))
    return {
        "title": _("Vis svarene dine"),
        "crumb": _("Klar"),
        "consequences": lines,
        "submit": _("Vis svarene nå") if preparing.is_other_ready else _("Jeg er klar"),
        "cancel": reverse("commitments:prepare", args=[agreement.pk]),
    }


def _what_is_shown(other: str, preparing: Preparing) -> list[str]:
    """How much is answered by each, never what; and what cannot be undone."""
    name = {"name": other}
    count = len(GuidingQuestion)
    lines = [_own_count(len(preparing.own_answers), count)]
    if preparing.is_other_ready:
        lines.append(_other_count(other, preparing.answered_by_other, count))
        lines.append(_("Når du sier at du er klar, ser dere hverandres svar med en gang."))
        lines.append(_("Det kan ikke angres, og etterpå kan ingen av dere endre svarene."))
    else:
        lines.append(_("%(name)s får brev, og ser hvor mange du har svart på, ikke hva.") % name)
        lines.append(_("Svarene vises når %(name)s også er klar. Til da kan du angre.") % name)
        lines.append(_("Når dere begge er klare, kan det ikke angres."))
    return lines


def _own_count(answered: int, count: int) -> str:
    words = {"answered": answered, "count": count, "left": count - answered}
    if answered == count:
        return _("Du har svart på alle de %(count)s spørsmålene.") % words
    return _("Du har svart på %(answered)s av %(count)s. %(left)s er ubesvart.") % words


def _other_count(name: str, answered: int, count: int) -> str:
    words = {"name": name, "answered": answered, "count": count}
    return _("%(name)s har svart på %(answered)s av %(count)s.") % words
