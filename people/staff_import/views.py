"""«Personalimport»: what became of HR's files, and what they were stopped at."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import dates
from common.numbers import number
from common.refusals import refusals_told
from people import rules
from people.confirmation import ask_to_confirm
from people.models import StaffImportRun, User
from people.requests import SignedInRequest, now_in, today_in
from people.staff_import import actions, undoing
from people.staff_import.changes import LABELS, ChangeKind, JudgedKind
from people.staff_import.faults import unread_in_words
from people.staff_import.judging import KIND_LABELS, Limit, sentence
from people.staff_import.undoing import UNDO_HOURS, refusal_of

PAGE = 30


@login_required
@require_safe
def staff_imports(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    if not rules.may_follow_staff_imports(request.user, today):
        raise PermissionDenied
    runs = StaffImportRun.objects.visible_to(request.user, on=today)
    page = Paginator(runs, PAGE).get_page(request.GET.get("page"))
    crumbs = [(_("Min side"), reverse("home")), (_("Personalimport"), None)]
    context = {
        "page": page,
        "without_address": User.objects.visible_to(request.user, on=today)
        .without_address(on=today)
        .count(),
        "breadcrumbs": crumbs,
    }
    return render(request, "people/staff_imports.html", context)


@login_required
@require_safe
def staff_import(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    if not rules.may_follow_staff_imports(request.user, today):
        raise PermissionDenied
    runs = StaffImportRun.objects.visible_to(request.user, on=today)
    run = get_object_or_404(runs.select_related("by", "undoes"), pk=pk)
    is_tending = rules.may_tend_staff_imports(request.user, today)
    context = {
        "run": run,
        "counts": counts_of(run),
        "stopped_by": stopped_by(run),
        "unread": unread_in_words(run.unread_columns) if is_tending else [],
        "is_tending": is_tending,
        "may_agree": is_tending and run == runs.first(),
        "may_undo": is_tending and not refusal_of(run, now=now_in(request)),
        "undone_by": runs.filter(undoes=run).first(),
        "not_shown": run.rows_set_aside
        - len({(one["file"], one["line"]) for one in run.set_aside}),
        "breadcrumbs": [
            (_("Min side"), reverse("home")),
            (_("Personalimport"), reverse("people:staff_imports")),
            (dates.short_moment(run.at), None),
        ],
    }
    return render(request, "people/staff_import.html", context)


@login_required
@never_cache
def agree_to_import(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """Ask once more: what is let in may end what hundreds lead."""
    today = today_in(request)
    run = get_object_or_404(StaffImportRun.objects.visible_to(request.user, on=today), pk=pk)
    if not rules.may_tend_staff_imports(request.user, today):
        raise PermissionDenied
    asked_of = next((one for one in stopped_by(run) if one["kind"] == kind), None)
    if asked_of is None:
        raise Http404
    if asked := ask_to_confirm(request):
        return asked
    if request.method == "POST":
        with refusals_told(request):
            actions.agree_to_import(run=run, kind=kind, by=request.user)
            messages.success(
                request, _("Godtatt. Neste kjøring med de samme endringene stopper ikke ved dette.")
            )
        return redirect("people:staff_import", run.pk)
    return render(request, "components/confirm.html", _question(run, asked_of["told"]))


@login_required
@never_cache
def undo_import(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask once more: what hundreds have in the portal since the run may hang on it."""
    today = today_in(request)
    run = get_object_or_404(StaffImportRun.objects.visible_to(request.user, on=today), pk=pk)
    if not rules.may_tend_staff_imports(request.user, today):
        raise PermissionDenied
    if asked := ask_to_confirm(request):
        return asked
    now = now_in(request)
    if request.method == "POST":
        with refusals_told(request):
            undone = undoing.undo_import(run=run, by=request.user, now=now)
            messages.success(request, _("Importen er tatt tilbake. Det er som det var før den."))
            return redirect("people:staff_import", undone.pk)
        return redirect("people:staff_import", run.pk)
    if refusal := refusal_of(run, now=now):
        messages.error(request, refusal)
        return redirect("people:staff_import", run.pk)
    return render(request, "components/confirm.html", _question_of_undoing(run))


def _question_of_undoing(run: StaffImportRun) -> dict[str, Any]:
    counts = [f"{label}: {number(count)}" for label, count in counts_of(run)]
    return {
        "title": _("Ta importen tilbake?"),
        "consequences": counts,
        "text": _(
            "Alt dette blir som det var før kjøringen %(at)s. Neste kjøring gjør det samme igjen "
            "hvis filene fra HR ikke er rettet før den."
        )
        % {"at": dates.short_moment(run.at)},
        "submit": _("Ta tilbake"),
        "submit_variant": "danger",
        "cancel": reverse("people:staff_import", args=[run.pk]),
    }


def _question(run: StaffImportRun, told: str) -> dict[str, Any]:
    return {
        "title": _("Godta endringen?"),
        "consequences": [told, *unread_in_words(run.unread_columns)],
        "text": _(
            "Neste kjøring gjør disse endringene hvis filene sier det samme som nå. Den kan tas "
            "tilbake her i %(hours)s timer, hvis ingenting av det er endret imens."
        )
        % {"hours": number(UNDO_HOURS)},
        "submit": _("Godta"),
        "cancel": reverse("people:staff_import", args=[run.pk]),
    }


def counts_of(run: StaffImportRun) -> list[tuple[str, int]]:
    """Return what a run changed, in words and numbers."""
    return [
        (str(LABELS[kind]), run.counts[kind.value])
        for kind in ChangeKind
        if kind.value in run.counts
    ]


def stopped_by(run: StaffImportRun) -> list[dict[str, Any]]:
    """Return what a run stopped at, each in a sentence, and who has agreed to it."""
    known = {kind.value for kind in JudgedKind}
    consents = {consent.kind: consent for consent in run.consents.select_related("by")}
    return [
        {
            "kind": one["kind"],
            "label": KIND_LABELS[JudgedKind(one["kind"])],
            "told": sentence(
                JudgedKind(one["kind"]), one["count"], one["of"], Limit(one["percent"], one["few"])
            ),
            "consent": consents.get(one["kind"]),
        }
        for one in run.stopped_by
        if one["kind"] in known  # an old run may know one that is judged no more
    ]
