from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.letters_wait import letters_wait
from common.refusals import refusals_held, refusals_kept, refusals_on, refusals_told
from missions import rules
from missions.gates import content_for, require
from missions.glossary.explanations import glossary_for
from missions.line_of_sight import mission_above
from missions.models import DraftComment, MissionVersion
from missions.questions.actions import comment_on_draft, share_draft
from missions.questions.forms import DraftCommentForm
from missions.readers import people_in
from missions.refusals import DraftOvertaken
from missions.writing.actions import (
    closed_to_publishing,
    draft_mission,
    publish_mission,
    save_draft,
    wording_of,
)
from missions.writing.edit_conflicts import saved_words
from missions.writing.forms import MissionForm, PublishForm
from people.models import Unit
from people.requests import SignedInRequest, now_in, today_in


@login_required
@require_POST
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(Unit.objects.visible_to(request.user, on=today_in(request)), pk=pk)
    now = now_in(request)
    require(rules.may_write_mission(request.user, shown, timezone.localdate(now)))
    started = draft_mission(unit=shown, by=request.user, now=now)
    return redirect("missions:edit", started.pk)


@login_required
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    readable = content_for(request).with_answering(request.user, today).with_inheritance()
    written = get_object_or_404(readable, pk=pk)
    require(written.is_answered_for)
    if written.is_published:
        return redirect("missions:version", written.pk)
    above = mission_above(written.mission.unit, today)
    form = MissionForm(
        request.POST if request.method == "POST" else None,
        wording=wording_of(written),
        above=above,
        is_top=written.mission.unit.parent_id is None,
        is_complete="publish" in request.POST,
        saved_count=written.saved_count,
    )
    context = {"form": form, "version": written, "above": above}
    if form.is_valid():
        return _saved(request, context)
    return _form_page(request, context)


def _form_page(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    today = today_in(request)
    written = context["version"]
    comments = DraftComment.objects.visible_to(request.user, on=today).filter(version=written)
    context |= {
        "comments": comments.select_related("author") if written.shared_at else [],
        "terms": glossary_for(request.user, on=today),
        "inherited": (
            written.inherits.select_related("mission__unit") if written.has_inherited else []
        ),
    }
    return render(request, "missions/edit.html", context)


def _saved(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    written, form = context["version"], context["form"]
    with refusals_on(form) as shown, refusals_held(DraftOvertaken) as overtaken:
        save_draft(
            version=written,
            wording=form.wording,
            by=request.user,
            now=now_in(request),
            seen=form.cleaned_data["seen"],
        )
    if overtaken.refusal:
        return _overtaken(request, context)
    if shown.refusal:
        return _form_page(request, context)
    if form.is_complete:
        return redirect("missions:publish", written.pk)
    if "share" in request.POST:
        return _shared(request, written)
    if written.shared_at:
        messages.success(request, _("Utkastet er lagret. De som jobber i enheten, ser det."))
    else:
        messages.success(
            request, _("Utkastet er lagret. Bare du og den som har ansvaret, ser det.")
        )
    return redirect("missions:edit", written.pk)


def _shared(request: SignedInRequest, written: MissionVersion) -> HttpResponse:
    """What was typed is saved by then: sharing drops nothing."""
    with refusals_told(request):
        share_draft(version=written, by=request.user, now=now_in(request))
        words = _("De som jobber i enheten, kan nå lese utkastet og kommentere det.")
        messages.success(request, words)
    return redirect("missions:version", written.pk)


def _overtaken(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    """What was typed stays in its fields, beside what another has saved."""
    saved = get_object_or_404(content_for(request), pk=context["version"].pk)
    context["form"].has_seen(saved.saved_count)
    context |= {"saved": saved, "saved_words": saved_words(saved, context["form"].wording)}
    return _form_page(request, context)


@login_required
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    today = timezone.localdate(now)
    written = get_object_or_404(content_for(request), pk=pk)
    require(rules.may_write_mission(request.user, written.mission.unit, today))
    if written.is_published:
        return redirect("missions:version", written.pk)
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        has_before=written.current_id is not None,
        saved_count=written.saved_count,
    )
    if form.is_valid():
        return _published(request, written, form)
    asked = people_in(written.mission.unit_id, today).exclude(pk=request.user.pk)
    context = {
        "version": written,
        "refusal": closed_to_publishing(written, today),
        "form": form,
        "reader_count": asked.count(),
        "letters_wait": letters_wait("missions.mission_published", now),
        "terms": glossary_for(request.user, on=today),
    }
    return render(request, "missions/publish.html", context)


def _published(
    request: SignedInRequest, written: MissionVersion, form: PublishForm
) -> HttpResponse:
    with refusals_told(request), refusals_held(DraftOvertaken) as overtaken:
        published = publish_mission(
            version=written,
            by=request.user,
            now=now_in(request),
            change=form.change_kind,
            seen=form.cleaned_data["seen"],
        )
        if published.is_material:
            words = _("Oppdraget er publisert. De som jobber i enheten, får brev.")
        else:
            words = _("Endringen er publisert. Ingen blir bedt om å lese på nytt.")
        messages.success(request, words)
        return redirect("missions:unit", written.mission.unit_id)
    if overtaken.refusal:
        words = _("Utkastet er lagret på nytt siden du leste det. Les det før du publiserer.")
        messages.error(request, words)
        return redirect("missions:publish", written.pk)
    return redirect("missions:edit", written.pk)


@login_required
@require_POST
def comment(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    read = get_object_or_404(content_for(request), pk=pk)
    require(rules.may_comment(request.user, read, timezone.localdate(now)))
    form = DraftCommentForm(request.POST)
    if form.is_valid():
        with refusals_kept(request, form, "text") as kept:
            comment_on_draft(version=read, text=form.cleaned_data["text"], by=request.user, now=now)
            messages.success(request, _("Takk! Den som skriver oppdraget, ser kommentaren din."))
        if not kept.shows_form:
            return redirect("missions:version", read.pk)
    context = {"version": read, "form": form}
    return render(request, "missions/comment.html", context, status=422)
