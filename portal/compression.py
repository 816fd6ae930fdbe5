"""Pages are sent compressed; what may not be is left as it is."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPagesMiddleware(GZipMiddleware):
    """Django's own, for pages alone: padded at random, so that a length tells little of a secret.

    Files are compressed in themselves or go to programs that compare them by ETag, and what
    promises one length (`keeps_length`) would tell by its compressed length what it hides.
    docs/adr/0032-light-pages.md says what compression could give away, and why it does not here.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or response.streaming or getattr(response, "keeps_length", False):
            return response
        return super().process_response(request, response)
