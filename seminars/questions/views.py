from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import Refused
from common.keys import read_key
from common.numbers import number
from common.refusals import refusals_on, refusals_told
from people import audit
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import Crumb, desk_path, seminar_path
from seminars.editing_window import closed_to_questions
from seminars.forms.answers import AnswersForm, answers_form, given_answers
from seminars.gates import for_participant_who_writes, organised, tell_that_it_ended
from seminars.models import Question, Registration, Seminar
from seminars.questions.actions import (
    answer_questions,
    answers_stored,
    ask_question,
    closed_to_dropping,
    closed_to_rewriting,
    drop_question,
    may_answer,
    move_question,
    rewrite_question,
)
from seminars.questions.forms import QuestionForm
from seminars.questions.question_order import in_order
from seminars.retention_periods import ANSWERS_ARE_KEPT

PAGE_SIZE = 100


@login_required
@require_safe
def questions(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    asked = seminar.questions.select_related("shown_if").with_answer_counts()
    context = {
        "seminar": seminar,
        "questions": in_order(asked),
        "may_ask": closed_to_questions(seminar) is None,
        "kept_days": ANSWERS_ARE_KEPT.days,
        "breadcrumbs": desk_path(seminar, _("Spørsmål")),
    }
    return render(request, "seminars/questions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    form = QuestionForm(posted(request), seminar=seminar)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            ask_question(seminar=seminar, content=form.content(), by=request.user)
            messages.success(request, _("Spørsmålet er lagt til."))
            return redirect("seminars:questions", pk)
    refusal = closed_to_questions(seminar)
    return _question_page(request, seminar, form, _("Nytt spørsmål"), refusal=refusal)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: SignedInRequest, pk: int, question_pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    question = seminar.questions.select_related("shown_if").filter(pk=question_pk).first()
    if question is None:
        return _removed_question(request, seminar, question_pk)
    form = QuestionForm(posted(request), seminar=seminar, question=question)
    if request.method == "POST" and form.is_valid():
        latest = partial(audit.latest, seminar, "seminars.rewrite_question", question=question.pk)
        with refusals_on(form, change=latest, by=request.user):
            rewrite_question(
                question=question, content=form.content(), by=request.user, seen=form.seen
            )
            messages.success(request, _("Spørsmålet er endret."))
            return redirect("seminars:questions", pk)
    refusal = closed_to_rewriting(question)
    return _question_page(request, seminar, form, _("Endre spørsmålet"), refusal=refusal)


def _removed_question(request: SignedInRequest, seminar: Seminar, pk: int) -> HttpResponse:
    """What was typed of a question that somebody has taken away, to be asked as a new one."""
    change = audit.latest(seminar, "seminars.drop_question", question=pk)
    if request.method != "POST" or change is None:
        raise Http404
    form = QuestionForm(posted(request), seminar=seminar)
    form.show_removed(_("Spørsmålet er fjernet mens du skrev"), change, by=request.user)
    ask_url = reverse("seminars:ask", args=[seminar.pk])
    return _question_page(request, seminar, form, _("Nytt spørsmål"), action=ask_url)


def _question_page(
    request: SignedInRequest,
    seminar: Seminar,
    form: QuestionForm,
    title: str,
    *,
    action: str = "",
    refusal: Refused | None = None,
) -> HttpResponse:
    context = {
        "refusal": refusal,
        "action": action,
        "seminar": seminar,
        "form": form,
        "title": title,
        "cancel_url": reverse("seminars:questions", args=[seminar.pk]),
        "breadcrumbs": _path(seminar, title),
    }
    return render(request, "seminars/question.html", context)


@login_required
@require_POST
def move(request: SignedInRequest, pk: int, question_pk: int) -> HttpResponse:
    """Back to where the question now stands, so that the next press is near at hand."""
    seminar = organised(request, pk)
    question = get_object_or_404(seminar.questions, pk=question_pk)
    is_up = request.POST.get("direction") == "up"
    place = read_key(request.POST.get("place", ""))
    with refusals_told(request):
        move_question(question=question, place=place, is_up=is_up, by=request.user)
    return redirect(reverse("seminars:questions", args=[pk]) + f"#sporsmal-{question.pk}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: SignedInRequest, pk: int, question_pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    asked = seminar.questions.with_answer_counts()
    question = get_object_or_404(asked, pk=question_pk)
    list_url = reverse("seminars:questions", args=[pk])
    if request.method == "POST":
        with refusals_told(request):
            drop_question(question=question, by=request.user)
            messages.success(request, _("Spørsmålet er fjernet."))
        return redirect(list_url)
    context = {
        "title": _("Fjern spørsmålet «%(question)s»?") % {"question": question.text},
        "refusal": closed_to_dropping(question),
        "consequences": [
            _("Svarene på det slettes for godt. Nå er det %(count)s.")
            % {"count": number(question.answer_count)},
        ],
        "submit": _("Fjern spørsmålet"),
        "submit_variant": "danger",
        "cancel": list_url,
    }
    return render(request, "components/confirm.html", context)


@login_required
@require_safe
def answers(request: SignedInRequest, pk: int, question_pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    question = get_object_or_404(seminar.questions, pk=question_pk)
    given = question.answers.current().select_related("registration__user")
    ordered = given.order_by("registration__user__sort_key", "pk")
    pages = Paginator(ordered, PAGE_SIZE)
    context = {
        "seminar": seminar,
        "question": question,
        "counts": _counts(question),
        "answered": pages.count,
        "page": pages.get_page(request.GET.get("page")),
        "breadcrumbs": _path(seminar, question.text),
    }
    return render(request, "seminars/answers.html", context)


def _counts(question: Question) -> list[tuple[str, int]]:
    """How many chose each option; nothing for a text."""
    if question.is_text:
        return []
    chosen: dict[str, int] = dict.fromkeys(question.options, 0)
    for values in question.answers.current().values_list("values", flat=True):
        for value in values:
            chosen[value] = chosen.get(value, 0) + 1
    return list(chosen.items())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@for_participant_who_writes
def answer(request: SignedInRequest, registration: Registration) -> HttpResponse:
    """One's own answers, for as long as they may be changed."""
    seminar = registration.seminar
    form = answers_form(seminar, posted(request), initial=given_answers(registration))
    form.shows(answers_stored(registration))
    tell_that_it_ended(form, registration)
    if request.method == "POST" and form.is_valid():
        answered = _answer(request, registration, form)
        if answered:
            return answered
    context = {
        "seminar": seminar,
        "form": form,
        "may_answer": registration.is_active and may_answer(seminar, now_in(request)),
        "breadcrumbs": seminar_path(seminar, _("Svarene dine")),
    }
    return render(request, "seminars/answer.html", context)


def _answer(
    request: SignedInRequest, registration: Registration, form: AnswersForm
) -> HttpResponse | None:
    """None to show the form again: nothing of what was typed is lost."""
    latest = partial(audit.latest, registration, "seminars.answer")
    with refusals_on(form, change=latest, by=request.user):
        answer_questions(
            registration=registration,
            answers=form.answers,
            by=request.user,
            now=now_in(request),
            seen=form.seen,
        )
        messages.success(request, _("Svarene dine er lagret."))
        return redirect("seminars:detail", registration.seminar_id)
    return None


def _path(seminar: Seminar, here: str) -> list[Crumb]:
    return desk_path(seminar, here, below=(_("Spørsmål"), "seminars:questions"))
