"""What somebody typed in a form that was not taken in: shown to them once, and kept nowhere."""

from __future__ import annotations

from django.http import HttpRequest

from common.htmx import is_background

MOST_SHOWN = 20
NEVER_SHOWN = ("password", "csrfmiddlewaretoken")


def typed_words(request: HttpRequest) -> list[str]:
    """Return the sentences of the form that was sent, each once; empty for one from elsewhere.

    A page of another site may send any words here, and ours must not show them as the person's own.
    """
    if request.method != "POST" or is_background(request) or not _is_from_here(request):
        return []
    texts = (
        text.strip()
        for name in request.POST
        if not any(part in name for part in NEVER_SHOWN)
        for text in request.POST.getlist(name)
    )
    sentences = dict.fromkeys(text for text in texts if len(text.split()) > 1)
    return list(sentences)[:MOST_SHOWN]


def _is_from_here(request: HttpRequest) -> bool:
    """The browser says where a form stood, and no page can say otherwise."""
    return request.headers.get("Origin") == request.build_absolute_uri("/").rstrip("/")
