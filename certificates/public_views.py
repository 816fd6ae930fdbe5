"""Where anybody finds out whether a certificate is true: no sign-in, and no name by a number alone.

Whoever has the document sees the name: by its file, or by the key that stands on it, which is sent
in a form and so is in no address, no log and no referrer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certificates.forms import FileForm, KeyForm, NumberForm
from certificates.inspection import inspect_file
from certificates.numbers import grouped
from certificates.proof import certificate_with, is_on_document
from certificates.truth import truth_of
from certificates.words import words_of
from people.requests import posted

Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Rest], HttpResponse]


def for_strangers(view: View[Rest]) -> View[Rest]:
    """Counted by where it is asked from, and found by no search engine."""

    @wraps(view)
    def counted(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        action = "certificate_proof" if request.method == "POST" else "certificate_check"
        # Not the library's public function, which counts no GET.
        if ratelimit.consume(request, app="allauth.account", action=action, limit_get=True):
            response = view(request, *args, **kwargs)
        else:
            response = render(request, "429.html", status=429)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return counted


@for_strangers
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Type a number, or choose a file."""
    number_form, file_form, answer = NumberForm(), FileForm(), None
    if request.method == "POST" and "number" in request.POST:
        number_form = NumberForm(request.POST)
        if number_form.is_valid():
            return redirect("certificates:check", grouped(number_form.cleaned_data["number"]))
    elif request.method == "POST":
        file_form = FileForm(request.POST, request.FILES)
        if file_form.is_valid():
            answer = inspect_file(file_form.cleaned_data["file"].read())
    certificate = answer.certificate if answer else None
    context = {
        "number_form": number_form,
        "file_form": file_form,
        "answer": answer,
        "words": words_of(certificate.facts) if certificate else None,
        "truth": truth_of(certificate) if certificate else None,
        "name": certificate.facts.name if certificate else "",
    }
    return render(request, "certificates/start.html", context)


@for_strangers
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, number: str) -> HttpResponse:
    """What is true of a certificate; its name to whoever has the key from the document."""
    certificate = certificate_with(number)
    if certificate is None:
        # One answer to what never was, to what is erased, and to whoever guesses.
        return render(request, "certificates/unknown.html", status=404)
    form = KeyForm(posted(request))
    name = ""
    if request.method == "POST" and form.is_valid():
        if is_on_document(certificate, form.cleaned_data["key"]):
            name = certificate.facts.name
        else:
            form.add_error("key", _("Dette er ikke navnekoden på dette kursbeviset."))
    context = {
        "words": words_of(certificate.facts),
        "truth": truth_of(certificate),
        "form": form,
        "name": name,
    }
    return render(request, "certificates/check.html", context)
