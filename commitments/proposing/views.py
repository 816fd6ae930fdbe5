from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments import rules
from commitments.conversation_forms import AgreementCommentForm, NoteForm, SeenRevisionForm
from commitments.gates import (
    breadcrumbs,
    current_revision,
    done_or_kept,
    done_or_told,
    require_now,
)
from commitments.models import Revision
from commitments.proposing.actions import (
    agree_to_proposal,
    comment_on_agreement,
    missing_sides,
    propose_agreement,
    send_back_proposal,
)
from commitments.reading.views import changes_context, reading_context
from commitments.visibility_text import who_sees
from common.letters_wait import letters_wait
from people.requests import SignedInRequest, now_in


@login_required
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.may_propose(request.user, current))
    form = _seen_form(SeenRevisionForm, request, current)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data
        action = partial(
            propose_agreement,
            revision=current,
            seen_version=seen["version"] if seen["revision"] == current.pk else 0,
            by=request.user,
            now=now_in(request),
        )
        name = current.agreement.counterpart_of(request.user).given_name
        success = _("Forslaget er sendt. %(name)s får brev om det.") % {"name": name}
        return done_or_told(request, action, success=success, pk=pk)
    missing = missing_sides(current)
    waits = letters_wait("commitments.proposed", now_in(request))
    extra = {"missing": missing, "letters_wait": waits}
    return _confirm_page(request, "propose", current, form, title=_("Foreslå"), **extra)


@login_required
def agree(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.may_answer(request.user, current))
    form = _seen_form(SeenRevisionForm, request, current)
    if request.method == "POST" and form.is_valid():
        action = partial(
            agree_to_proposal,
            revision=current,
            sha256=form.cleaned_data["sha256"],
            by=request.user,
            now=now_in(request),
        )
        success = _("Dere er enige. Nå kan dere begge signere.")
        return done_or_told(request, action, success=success, pk=pk)
    missing = missing_sides(current)
    return _confirm_page(request, "agree", current, form, missing=missing, title=_("Godta"))


@login_required
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.may_answer(request.user, current))
    form = _seen_form(NoteForm, request, current)
    if request.method == "POST" and form.is_valid():
        action = partial(
            send_back_proposal,
            revision=Revision(pk=form.cleaned_data["revision"], agreement=current.agreement),
            note=form.cleaned_data["text"],
            by=request.user,
            now=now_in(request),
        )
        success = _("Forslaget er sendt tilbake med merknaden din.")
        answer = done_or_kept(request, form, action, success=success, pk=pk, field="text")
        if answer is not None:
            return answer
        form.data = {**form.data.dict(), **_shown(current)}
    return _confirm_page(request, "send_back", current, form, title=_("Send tilbake"))


def _seen_form(form_class: type[Any], request: SignedInRequest, current: Revision) -> Any:
    return form_class(request.POST if request.method == "POST" else None, initial=_shown(current))


def _shown(current: Revision) -> dict[str, Any]:
    return {"revision": current.pk, "version": current.version, "sha256": current.sha256}


def _confirm_page(
    request: SignedInRequest, name: str, current: Revision, form: Any, *, title: str, **extra: Any
) -> HttpResponse:
    context = {
        **reading_context(request, current),
        **changes_context(request, current),
        "form": form,
        "breadcrumbs": breadcrumbs(current.agreement, request, title),
        **extra,
    }
    return render(request, f"commitments/{name}.html", context)


@login_required
@require_POST
def comment(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require_now(request, current.agreement, rules.goes_on(request.user, current.agreement))
    form = AgreementCommentForm(request.POST)
    if form.is_valid():
        action = partial(
            comment_on_agreement,
            revision=current,
            text=form.cleaned_data["text"],
            by=request.user,
            now=now_in(request),
        )
        success = _("Merknaden er lagt til.")
        answer = done_or_kept(request, form, action, success=success, pk=pk, field="text")
        if answer is not None:
            return answer
    context = {
        "form": form,
        "agreement": current.agreement,
        "who_sees": who_sees(current.agreement),
        "breadcrumbs": breadcrumbs(current.agreement, request, _("Merknad")),
    }
    return render(request, "commitments/comment.html", context)
