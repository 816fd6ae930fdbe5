from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_on
from missions import rules
from missions.gates import require
from missions.glossary.actions import explain_term, remove_term, term_stored
from missions.glossary.forms import TermForm
from missions.models import Term
from people import audit
from people.models import AuditRecord
from people.requests import SignedInRequest, now_in, today_in


@login_required
@require_safe
def glossary(request: SignedInRequest) -> HttpResponse:
    today = today_in(request)
    context = {
        "terms": Term.objects.visible_to(request.user, on=today),
        "may_edit": rules.may_edit_glossary(request.user, today),
    }
    return render(request, "missions/glossary.html", context)


@login_required
def term(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """One word, or a new one."""
    today = today_in(request)
    visible = Term.objects.visible_to(request.user, on=today)
    edited = visible.filter(pk=pk).first() if pk is not None else None
    if pk is not None and edited is None:
        return _removed(request, pk)
    require(rules.may_edit_glossary(request.user, today))
    stored = term_stored(edited) if edited else {}
    form = TermForm(request.POST if request.method == "POST" else None, initial=stored)
    form.shows(stored)
    if form.is_valid():
        with refusals_on(form, "word", change=lambda: _latest(edited), by=request.user):
            explain_term(
                term=edited,
                by=request.user,
                now=now_in(request),
                seen=form.seen,
                **form.cleaned_data,
            )
            messages.success(request, _("Ordlisten er oppdatert."))
            return redirect("missions:glossary")
    return render(request, "missions/term.html", {"form": form, "term": edited})


def _latest(edited: Term | None) -> AuditRecord | None:
    return audit.latest(edited, "missions.explain_term") if edited else None


def _removed(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was typed of a word that somebody has taken out, to be explained as a new one."""
    change = audit.latest(Term(pk=pk), "missions.remove_term")
    if request.method != "POST" or change is None:
        raise Http404
    require(rules.may_edit_glossary(request.user, today_in(request)))
    form = TermForm(request.POST)
    form.show_removed(_("Ordet er tatt ut av ordlisten mens du skrev"), change, by=request.user)
    context = {"form": form, "term": None, "action": reverse("missions:new_term")}
    return render(request, "missions/term.html", context)


@login_required
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    today = today_in(request)
    removed = get_object_or_404(Term.objects.visible_to(request.user, on=today), pk=pk)
    require(rules.may_edit_glossary(request.user, today))
    remove_term(term=removed, by=request.user)
    messages.success(request, _("Ordet er tatt ut av ordlisten."))
    return redirect("missions:glossary")
