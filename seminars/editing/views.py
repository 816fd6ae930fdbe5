from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.refusals import refusals_kept, refusals_on, refusals_told
from outbox.letters import Rendered
from people import audit
from people.choosing.answers import answer_person_search
from people.requests import SignedInRequest, affiliation_in, now_in, posted, today_in
from seminars import letters, rules
from seminars.editing.actions import (
    cancel_seminar,
    change_seminar,
    create_seminar,
    discard_draft,
    publish_seminar,
)
from seminars.editing.consequences import (
    consequences_of_cancelling,
    consequences_of_publishing,
)
from seminars.editing.editor_forms import SeminarEditor
from seminars.editing_window import (
    closed_to_cancelling,
    closed_to_change,
    closed_to_discarding,
    closed_to_publishing,
)
from seminars.forms.reasons import CancelForm
from seminars.gates import arranged, organised
from seminars.models import Seminar, SeminarQuerySet, SeminarState
from seminars.publishing_checklist import checklist_of

PAGE_SIZE = 25


@login_required
@require_safe
def overview(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    now = now_in(request)
    person = affiliation_in(request, request.user)
    if not rules.may_organise_some(person):
        raise PermissionDenied
    shown = request.GET.get("vis", "kommende")
    own = Seminar.objects.visible_to(request.user, on=today).organised_by(request.user, on=today)
    seminars = _shown(own, shown, now).with_seat_counts().select_related("organiser_unit")
    context = {
        "page": Paginator(seminars, PAGE_SIZE).get_page(request.GET.get("page")),
        "tabs": _tabs(shown),
        "may_arrange": rules.may_arrange(person),
        "breadcrumbs": [(_("Seminarer"), reverse("seminars:list")), (_("Arrangør"), None)],
    }
    return render(request, "seminars/organise.html", context)


def _shown(own: SeminarQuerySet, shown: str, now: dt.datetime) -> SeminarQuerySet:
    if shown == "utkast":
        return own.filter(state=SeminarState.DRAFT)
    if shown == "tidligere":
        return own.announced().past(now)
    return own.announced().upcoming(now)


def _tabs(shown: str) -> list[dict[str, object]]:
    choices = [("kommende", _("Kommende")), ("utkast", _("Utkast")), ("tidligere", _("Tidligere"))]
    known = shown if shown in dict(choices) else "kommende"
    return [
        {"text": text, "href": f"?vis={name}", "active": name == known} for name, text in choices
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    now = now_in(request)
    if not rules.may_arrange(affiliation_in(request, request.user)):
        raise PermissionDenied
    data = posted(request)
    editor = SeminarEditor(user=request.user, now=now, data=data)
    if data is not None and editor.is_valid():
        with refusals_on(editor.form, place=editor.place_refusal):
            seminar = create_seminar(content=editor.content(), by=request.user, now=now)
            messages.success(request, _("Utkastet er lagret. Her ser du hva som gjenstår."))
            return redirect("seminars:detail", seminar.pk)
    return _editor_page(request, editor, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = organised(request, pk)
    data = posted(request)
    if data is None and (refusal := closed_to_change(seminar, now)):
        messages.info(request, str(refusal))
        return redirect("seminars:detail", pk)
    editor = SeminarEditor(user=request.user, now=now, seminar=seminar, data=data)
    if data is not None and editor.is_valid():
        content = editor.content()
        if "preview" in data:
            letter = letters.change_preview(seminar, content, to=request.user)
            return _editor_page(request, editor, seminar, letter)
        latest = partial(audit.latest, seminar, "seminars.change")
        place = editor.place_refusal
        with refusals_on(editor.form, place=place, change=latest, by=request.user):
            change_seminar(
                seminar=seminar, content=content, by=request.user, now=now, seen=editor.form.seen
            )
            messages.success(request, _("Endringene er lagret."))
            return redirect("seminars:detail", pk)
    return _editor_page(request, editor, seminar)


def _editor_page(
    request: SignedInRequest,
    editor: SeminarEditor,
    seminar: Seminar | None,
    letter: Rendered | None = None,
) -> HttpResponse:
    if answer := answer_person_search(request, editor.form):
        return answer
    title = _("Rediger seminaret") if seminar else _("Nytt seminar")
    path: list[tuple[str, str | None]] = [
        (_("Seminarer"), reverse("seminars:list")),
        (_("Arrangør"), reverse("seminars:organise")),
    ]
    if seminar is not None:
        path.append((seminar.title, reverse("seminars:detail", args=[seminar.pk])))
    context = {
        "editor": editor,
        "seminar": seminar,
        "letter": letter,
        "title": title,
        "cancel_url": path[-1][1],
        "breadcrumbs": [*path, (title, None)],
    }
    return render(request, "seminars/edit.html" if seminar else "seminars/new.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar, now = organised(request, pk), now_in(request)
    if request.method == "POST":
        with refusals_told(request):
            publish_seminar(seminar=seminar, by=request.user, now=now)
            messages.success(request, _("Seminaret er publisert og vises for alle."))
        return redirect("seminars:detail", pk)
    checklist = checklist_of(seminar, now) if seminar.is_draft else None
    # What is missing stands in the checklist, each with where it is put right.
    is_lacking = checklist is not None and bool(checklist.missing)
    context = {
        "title": _("Publiser «%(title)s»?") % {"title": seminar.title},
        "refusal": _("Utkastet mangler noe.") if is_lacking else closed_to_publishing(seminar, now),
        "checklist": checklist,
        "consequences": consequences_of_publishing(seminar, now),
        "submit": _("Publiser"),
        "cancel": reverse("seminars:detail", args=[pk]),
    }
    return render(request, "seminars/publish.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = arranged(request, pk)
    form = CancelForm(posted(request))
    letter = None
    if "preview" in request.POST and form.is_valid():
        reason = form.cleaned_data["reason"]
        letter = letters.cancel_preview(seminar, reason=reason, to=request.user)
    elif form.is_valid() and _is_cancelled(request, seminar, form):
        return redirect("seminars:detail", pk)
    context = _cancelling(seminar, form, letter, now_in(request))
    context["refusal"] = closed_to_cancelling(seminar, now_in(request))
    return render(request, "components/confirm.html", context)


def _cancelling(
    seminar: Seminar, form: CancelForm, letter: Rendered | None, now: dt.datetime
) -> dict[str, Any]:
    return {
        "title": _("Avlys «%(title)s»?") % {"title": seminar.title},
        "consequences": consequences_of_cancelling(seminar, now),
        "form": form,
        "letter": letter,
        "preview": _("Se brevet først"),
        "submit": _("Avlys seminaret"),
        "submit_variant": "danger",
        "cancel": reverse("seminars:detail", args=[seminar.pk]),
    }


def _is_cancelled(request: SignedInRequest, seminar: Seminar, form: CancelForm) -> bool:
    with refusals_kept(request, form) as kept:
        reason = form.cleaned_data["reason"]
        cancel_seminar(seminar=seminar, reason=reason, by=request.user, now=now_in(request))
        messages.success(request, _("Seminaret er avlyst, og alle får brev om det."))
    return not kept.shows_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    seminar = arranged(request, pk, is_counted=False)
    refusal = closed_to_discarding(seminar)
    if request.method == "POST":
        with refusals_told(request):
            discard_draft(seminar=seminar, by=request.user)
            messages.success(request, _("Utkastet er forkastet."))
        return redirect("seminars:detail", pk) if refusal else redirect("seminars:organise")
    context = {
        "title": _("Forkast utkastet «%(title)s»?") % {"title": seminar.title},
        "refusal": refusal,
        "consequences": [
            _("Alt som er skrevet og satt opp i det, slettes og kan ikke hentes tilbake."),
            _told_of_discarding(seminar),
        ],
        "submit": _("Forkast utkastet"),
        "submit_variant": "danger",
        "cancel": reverse("seminars:detail", args=[pk]),
    }
    return render(request, "components/confirm.html", context)


def _told_of_discarding(seminar: Seminar) -> str:
    """Who has seen the draft, and gets a letter."""
    if seminar.role_grants.not_ended().exists():
        return _("Bare de som arrangerer og hjelper til, har sett det. De som hjelper, får brev.")
    return _("Ingen andre enn arrangørene har sett det, så ingen får brev.")
