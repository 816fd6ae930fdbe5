"""The portal's figures, for whoever watches it and has the token."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from people.requests import now_in


@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not settings.METRICS_TOKEN:
        raise Http404
    if not has_token(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    # Not loaded where nobody asks for figures.
    from portal.metrics.exposition import CONTENT_TYPE, exposition

    return HttpResponse(exposition(now=now_in(request)), content_type=CONTENT_TYPE)


def has_token(request: HttpRequest) -> bool:
    """A header comes as Latin-1 whatever it was written in, so bytes are compared with bytes."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    given = token.strip(" ").encode("latin-1", "replace")
    is_right = hmac.compare_digest(given, settings.METRICS_TOKEN.encode(errors="surrogateescape"))
    return is_right and kind.lower() == "bearer"
