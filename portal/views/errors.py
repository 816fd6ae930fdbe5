"""Pages for when something is wrong: they say what, and where to go from there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation

LAST_RESORT = """<!doctype html><html lang="nb"><meta charset="utf-8"><title>Noe gikk galt</title>
<h1>Noe gikk galt hos oss</h1><p>Prøv igjen om litt.</p>"""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Leans on neither database, session nor user: any of them may be what failed."""
    try:
        page: str = loader.render_to_string(
            "500.html", {"LANGUAGE_CODE": translation.get_language()}
        )
    except Exception:  # the page that explains a failure must not fail itself
        page = LAST_RESORT
    return HttpResponse(page, status=500)
