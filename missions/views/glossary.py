from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refused
from missions import rules
from missions.actions.explaining import explain_term, remove_term
from missions.forms import TermForm
from missions.models import Term
from missions.views.scope import require
from people.requests import SignedInRequest


@login_required
@require_safe
def glossary(request: SignedInRequest) -> HttpResponse:
    context = {
        "terms": Term.objects.visible_to(request.user),
        "may_edit": rules.may_edit_glossary(request.user, timezone.localdate()),
    }
    return render(request, "missions/glossary.html", context)


@login_required
def term(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """One word, or a new one."""
    visible = Term.objects.visible_to(request.user)
    edited = get_object_or_404(visible, pk=pk) if pk is not None else None
    require(rules.may_edit_glossary(request.user, timezone.localdate()))
    initial = {"word": edited.word, "explanation": edited.explanation} if edited else None
    form = TermForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            explain_term(term=edited, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("word", str(refusal))
        else:
            messages.success(request, _("Ordlisten er oppdatert."))
            return redirect("missions:glossary")
    return render(request, "missions/term.html", {"form": form, "term": edited})


@login_required
@require_POST
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    removed = get_object_or_404(Term.objects.visible_to(request.user), pk=pk)
    require(rules.may_edit_glossary(request.user, timezone.localdate()))
    remove_term(term=removed, by=request.user)
    messages.success(request, _("Ordet er tatt ut av ordlisten."))
    return redirect("missions:glossary")
