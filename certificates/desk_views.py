"""The organiser's: who gets a certificate of a seminar, and issuing them."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from certificates.forms import TermsForm
from certificates.issuing import (
    closed_to_issuing,
    issue_certificates,
    with_certificate,
    without_certificate,
)
from certificates.letters import READY
from certificates.terms import rule_of, settle_terms
from common.letters_wait import letters_wait
from common.numbers import number
from common.refusals import refusals_on, refusals_told
from people import audit
from people.requests import SignedInRequest, now_in, posted
from seminars.breadcrumbs import desk_path
from seminars.gates import organised


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is settled, how many have a certificate, and how many lack one."""
    seminar = organised(request, pk, is_counted=False)
    form = TermsForm(posted(request), seminar=seminar)
    if request.method == "POST" and form.is_valid():
        latest = partial(audit.latest, seminar, "certificates.settle_terms")
        with refusals_on(form, change=latest, by=request.user):
            settle_terms(seminar=seminar, terms=form.terms, by=request.user, seen=form.seen)
            messages.success(request, _("Det du valgte for kursbevisene, er lagret."))
            return redirect("certificates:desk", pk)
    rule = rule_of(seminar)
    context = {
        "seminar": seminar,
        "form": form,
        "refusal": closed_to_issuing(seminar, rule, now_in(request)),
        "valid": with_certificate(seminar).count(),
        "waiting": without_certificate(seminar, rule).count(),
        "breadcrumbs": desk_path(seminar, _("Kursbevis")),
    }
    return render(request, "certificates/desk.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop, say to how many, and issue."""
    seminar = organised(request, pk, is_counted=False)
    now, rule = now_in(request), rule_of(seminar)
    if request.method == "POST":
        with refusals_told(request):
            issued = issue_certificates(seminar=seminar, by=request.user, now=now)
            messages.success(request, _issued_in_words(len(issued)))
        return redirect("certificates:desk", pk)
    waiting = without_certificate(seminar, rule).count()
    context = {
        "title": _waiting_in_words(waiting),
        "refusal": closed_to_issuing(seminar, rule, now),
        "consequences": [
            _("Hver av dem får brev når kursbeviset er klart."),
            *letters_wait(READY, now),
            _("Rettes oppmøtet senere, blir beviset byttet eller trukket tilbake av seg selv."),
        ],
        "submit": _("Utsted"),
        "cancel": reverse("certificates:desk", args=[pk]),
        "breadcrumbs": desk_path(seminar, _("Utsted"), below=(_("Kursbevis"), "certificates:desk")),
    }
    return render(request, "components/confirm.html", context)


def _waiting_in_words(people: int) -> str:
    words = ngettext(
        "Utsted kursbevis til %(people)s person?",
        "Utsted kursbevis til %(people)s personer?",
        people,
    )
    return words % {"people": number(people)}


def _issued_in_words(certificates: int) -> str:
    if not certificates:
        return _("Alle som skal ha kursbevis, har fått det.")
    words = ngettext(
        "%(number)s kursbevis er utstedt.", "%(number)s kursbevis er utstedt.", certificates
    )
    return words % {"number": number(certificates)}
