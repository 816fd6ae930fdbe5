"""Pages for when something is wrong: they say what, and where to go from there."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from common.errors import NotNow
from portal.request_log import request_id
from portal.typed_words import typed_words

log = structlog.get_logger(__name__)

PLAIN = {
    400: (
        _("Det du sendte, kunne ikke leses"),
        _("Vi fikk ikke lest det du sendte. Gå tilbake, last siden på nytt og prøv igjen."),
    ),
    408: (
        _("Det tok for lang tid å sende"),
        _(
            "Portalen sluttet å vente, og ingenting ble lagret. Gå tilbake og send på nytt når "
            "nettet er bedre."
        ),
    ),
    413: (
        _("Det du sendte, er for stort"),
        _(
            "Portalen tar ikke imot så store filer eller tekster, og ingenting ble lagret. Gå "
            "tilbake og velg en mindre fil."
        ),
    ),
    500: (
        _("Noe gikk galt hos oss"),
        _(
            "Feilen ligger i portalen og ikke hos deg, og den er skrevet i loggen. Se etter om "
            "det du gjorde, ble lagret, før du prøver på nytt."
        ),
    ),
}
LONGEST_ADDRESS = 2000
"""Longer than any page of ours has; a 404 that repeats it would be as long."""
LAST_RESORT = """<!doctype html><html lang="nb"><meta charset="utf-8"><title>Noe gikk galt</title>
<h1>Noe gikk galt hos oss</h1><p>Prøv igjen om litt.</p>"""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In the frame, if what is wrong has left the request whole enough to show one."""
    try:
        return render(request, "400.html", status=400)
    except Exception:
        log.exception("error_page_failed")
        return plain_page(400, request_id(request))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    context = {"reason": str(exception), "typed_words": typed_words(request)}
    if isinstance(exception, NotNow):
        context |= {"url": exception.url, "label": exception.label}
        return render(request, "not_now.html", context, status=403)
    return render(request, "403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A page of one size however long the address was: nothing there is worth going back to."""
    if len(request.get_full_path()) > LONGEST_ADDRESS:
        request.path = request.path_info = reverse("home")
        request.META["QUERY_STRING"] = ""
    return render(request, "404.html", {"typed_words": typed_words(request)}, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Either the form is an old one, or the browser takes no cookies and no form will ever do."""
    context = {
        "typed_words": typed_words(request),
        "takes_no_cookies": not request.COOKIES,
    }
    return render(request, "403_csrf.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return plain_page(500, request_id(request))


def plain_page(status: int, code: str) -> HttpResponse:
    """Leans on neither database, session nor user: any of them may be what failed."""
    heading, lead = PLAIN[status]
    context = {
        "LANGUAGE_CODE": translation.get_language(),
        "heading": heading,
        "lead": lead,
        "code": code,
    }
    try:
        page: str = loader.render_to_string("plain_error.html", context)
    except Exception:  # the page that explains a failure must not fail itself
        page = LAST_RESORT
    return HttpResponse(page, status=status)
