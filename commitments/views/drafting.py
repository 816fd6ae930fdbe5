from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commitments import actions, rules
from commitments.actions.answering import missing_sides
from commitments.forms import (
    CommentForm,
    NoteForm,
    SeenForm,
    StartForm,
)
from commitments.line import Pair, mission_for, pairs_of
from commitments.models import Revision
from commitments.overview import without_agreement
from commitments.sight import who_sees, who_will_see
from commitments.views.reading import changes_context, reading_context
from commitments.views.scope import breadcrumbs, current_revision, done_or_told, require
from common.errors import Refused
from missions.glossary import glossary_for
from people.models import User
from people.requests import SignedInRequest


@login_required
def start(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    pairs = pairs_of(request.user, timezone.localdate(now))
    if request.method != "POST":
        pairs = without_agreement(pairs, request.user)
    choices = [(pair, _choice(pair, request.user)) for pair in pairs]
    # Whoever has one to choose among has chosen.
    only = pairs[0].key if len(pairs) == 1 else ""
    key = request.GET.get("par", only)
    form = StartForm(request.POST or None, pairs=choices, initial={"pair": key})
    if request.method == "POST" and form.is_valid():
        return _started(request, form.chosen)
    chosen = form.pairs.get(key)
    mission = mission_for(chosen.unit, timezone.localdate(now)) if chosen else None
    context = {
        "form": form,
        "chosen": chosen,
        "mission": mission,
        "terms": glossary_for(request.user) if mission else None,
        "has_pairs": bool(pairs),
        "who_sees": who_will_see(),
    }
    return render(request, "commitments/start.html", context)


def _choice(pair: Pair, user: User) -> str:
    names = {"name": pair.leader.name, "unit": pair.unit.name}
    if pair.leader != user:
        return _("%(name)s, lederen min i %(unit)s") % names
    return f"{pair.employee.name}, {pair.title}, {pair.unit.name}"


def _started(request: SignedInRequest, pair: Pair) -> HttpResponse:
    today = timezone.localdate()
    leader, employee, unit = pair.leader, pair.employee, pair.unit
    require(rules.may_start(request.user, leader=leader, employee=employee, unit=unit, today=today))
    try:
        agreement = actions.start_agreement(pair=pair, by=request.user, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("commitments:list")
    return redirect("commitments:detail", agreement.pk)


@login_required
def propose(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require(rules.may_propose(request.user, current))
    form = _seen_form(SeenForm, request, current)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data
        action = partial(
            actions.propose_agreement,
            revision=current,
            seen_version=seen["version"] if seen["revision"] == current.pk else 0,
            by=request.user,
            now=timezone.now(),
        )
        name = current.agreement.counterpart_of(request.user).given_name
        success = _("Forslaget er sendt. %(name)s får brev om det.") % {"name": name}
        return done_or_told(request, action, success=success, pk=pk)
    missing = missing_sides(current)
    return _confirm_page(request, "propose", current, form, missing=missing, title=_("Foreslå"))


@login_required
def agree(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require(rules.may_answer(request.user, current))
    form = _seen_form(SeenForm, request, current)
    if request.method == "POST" and form.is_valid():
        action = partial(
            actions.agree_to_proposal,
            revision=current,
            sha256=form.cleaned_data["sha256"],
            by=request.user,
            now=timezone.now(),
        )
        success = _("Dere er enige. Nå kan dere begge signere.")
        return done_or_told(request, action, success=success, pk=pk)
    missing = missing_sides(current)
    return _confirm_page(request, "agree", current, form, missing=missing, title=_("Godta"))


@login_required
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    current = current_revision(request, pk)
    require(rules.may_answer(request.user, current))
    form = _seen_form(NoteForm, request, current)
    if request.method == "POST" and form.is_valid():
        action = partial(
            actions.send_back_proposal,
            revision=Revision(pk=form.cleaned_data["revision"], agreement=current.agreement),
            note=form.cleaned_data["text"],
            by=request.user,
            now=timezone.now(),
        )
        success = _("Forslaget er sendt tilbake med merknaden din.")
        return done_or_told(request, action, success=success, pk=pk)
    return _confirm_page(request, "send_back", current, form, title=_("Send tilbake"))


def _seen_form(form_class: type[Any], request: SignedInRequest, current: Revision) -> Any:
    shown = {"revision": current.pk, "version": current.version, "sha256": current.sha256}
    return form_class(request.POST if request.method == "POST" else None, initial=shown)


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
    require(rules.goes_on(request.user, current.agreement))
    form = CommentForm(request.POST)
    if not form.is_valid():
        context = {
            "form": form,
            "agreement": current.agreement,
            "who_sees": who_sees(current.agreement),
            "breadcrumbs": breadcrumbs(current.agreement, request, _("Merknad")),
        }
        return render(request, "commitments/comment.html", context)
    action = partial(
        actions.comment_on_agreement,
        revision=current,
        text=form.cleaned_data["text"],
        by=request.user,
        now=timezone.now(),
    )
    return done_or_told(request, action, success=_("Merknaden er lagt til."), pk=pk)
