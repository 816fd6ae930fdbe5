from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.refusals import refusals_on, refusals_told
from people import audit
from people.models import AuditRecord
from people.requests import SignedInRequest, now_in, posted, today_in
from seminars.audience_size import people_reached, people_reached_by_each
from seminars.audiences.actions import remove_audience, write_audience
from seminars.audiences.forms import AudienceForm
from seminars.breadcrumbs import desk_path
from seminars.editing_window import closed_to_audiences
from seminars.eligibility import in_words, who_in_words
from seminars.gates import organised
from seminars.models import Audience, AudienceKind, Seminar
from seminars.seminar_content import AudienceContent


@login_required
@require_safe
def audiences(request: SignedInRequest, pk: int) -> HttpResponse:
    now = now_in(request)
    seminar = organised(request, pk, is_counted=False)
    rows = list(seminar.audiences.prefetch_related("agencies", "people"))
    contents = [AudienceContent.of(row) for row in rows]
    counts, together = people_reached_by_each(contents, on=timezone.localdate(now))
    context = {
        "seminar": seminar,
        "audiences": [
            (row, in_words(row, seminar), count) for row, count in zip(rows, counts, strict=True)
        ],
        "together": together,
        "kinds": AudienceKind.choices,
        "may_change": closed_to_audiences(seminar, now) is None,
        "breadcrumbs": desk_path(seminar, _("Målgrupper")),
    }
    return render(request, "seminars/audiences.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    if kind not in AudienceKind.values:
        raise Http404
    form = AudienceForm(posted(request), kind=kind, seminar=seminar, today=today_in(request))
    return _write(request, seminar, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest, pk: int, audience_pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    audience = seminar.audiences.prefetch_related("agencies").filter(pk=audience_pk).first()
    if audience is None:
        return _removed(request, seminar, audience_pk)
    form = AudienceForm(
        posted(request),
        kind=audience.kind,
        seminar=seminar,
        today=today_in(request),
        audience=audience,
    )
    return _write(request, seminar, form, audience)


def _removed(request: SignedInRequest, seminar: Seminar, pk: int) -> HttpResponse:
    """What was typed of an audience that somebody has taken away, to be added as a new one."""
    change = audit.latest(seminar, "seminars.remove_audience", audience=pk)
    if request.method != "POST" or change is None:
        raise Http404
    kind = change.details["kind"]
    form = AudienceForm(posted(request), kind=kind, seminar=seminar, today=today_in(request))
    form.show_removed(_("Målgruppen er fjernet mens du skrev"), change, by=request.user)
    add_url = reverse("seminars:add_audience", args=[seminar.pk, kind])
    return _form_page(request, seminar, form, None, None, action=add_url)


def _write(
    request: SignedInRequest, seminar: Seminar, form: AudienceForm, audience: Audience | None
) -> HttpResponse:
    """Saved, or counted first when that button was pressed."""
    now, reached = now_in(request), None
    if request.method == "POST" and form.is_valid():
        content = form.content()
        if "preview" in request.POST:
            reached = people_reached(content, on=timezone.localdate(now))
            return _form_page(request, seminar, form, audience, reached)
        with refusals_on(form, change=lambda: _latest(seminar, audience), by=request.user):
            write_audience(
                seminar=seminar,
                content=content,
                by=request.user,
                now=now,
                audience=audience,
                seen=form.seen,
            )
            messages.success(request, _("Målgruppen er lagret."))
            return redirect("seminars:audiences", seminar.pk)
    return _form_page(request, seminar, form, audience, reached)


def _latest(seminar: Seminar, audience: Audience | None) -> AuditRecord | None:
    if audience is None:
        return None
    return audit.latest(seminar, "seminars.change_audience", audience=audience.pk)


def _form_page(
    request: SignedInRequest,
    seminar: Seminar,
    form: AudienceForm,
    audience: Audience | None,
    reached: int | None,
    *,
    action: str = "",
) -> HttpResponse:
    title = str(AudienceKind(form.kind).label)
    context = {
        "action": action,
        "seminar": seminar,
        "form": form,
        "title": title,
        "reached": reached,
        "refusal": closed_to_audiences(seminar, now_in(request)),
        "is_first": audience is None and not seminar.audiences.exists(),
        "cancel_url": reverse("seminars:audiences", args=[seminar.pk]),
        "breadcrumbs": desk_path(seminar, title, below=(_("Målgrupper"), "seminars:audiences")),
    }
    return render(request, "seminars/audience.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, pk: int, audience_pk: int) -> HttpResponse:
    seminar = organised(request, pk, is_counted=False)
    audience = get_object_or_404(seminar.audiences.all(), pk=audience_pk)
    list_url = reverse("seminars:audiences", args=[pk])
    if request.method == "POST":
        with refusals_told(request):
            remove_audience(audience=audience, by=request.user, now=now_in(request))
            messages.success(request, _("Målgruppen er fjernet."))
        return redirect(list_url)
    is_last = seminar.audiences.count() == 1
    context = {
        "title": _("Fjern målgruppen «%(who)s»?") % {"who": who_in_words(audience)},
        "refusal": closed_to_audiences(seminar, now_in(request)),
        "consequences": [
            _("Det er den eneste målgruppen, så seminaret blir åpent for alle ansatte.")
            if is_last
            else _("De som bare hører til denne målgruppen, kan ikke melde seg på lenger."),
            _("De som er påmeldt, beholder plassen."),
        ],
        "submit": _("Fjern målgruppen"),
        "submit_variant": "danger",
        "cancel": list_url,
    }
    return render(request, "components/confirm.html", context)
