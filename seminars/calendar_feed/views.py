from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outbox.letters import absolute_url
from people.requests import SignedInRequest, now_in, today_in
from seminars.calendar_feed.actions import close_calendar_feed, open_calendar_feed
from seminars.calendar_feed.feed import read_feed
from seminars.models import CalendarFeed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feed_page(request: SignedInRequest) -> HttpResponse:
    """POST answers with the address itself: it is nowhere to be read again."""
    address = None
    if request.method == "POST":
        token = open_calendar_feed(by=request.user, now=now_in(request))
        address = absolute_url(reverse("seminars:feed", args=[token]))
    context = {
        "address": address,
        "feed": CalendarFeed.objects.visible_to(request.user, on=today_in(request)).open().first(),
        "breadcrumbs": [
            (_("Seminarer"), reverse("seminars:list")),
            (_("Kalender"), reverse("seminars:calendar")),
            (_("Abonnement"), None),
        ],
    }
    response = render(request, "seminars/calendar_feed.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def close(request: SignedInRequest) -> HttpResponse:
    close_calendar_feed(by=request.user, now=now_in(request))
    messages.success(request, _("Abonnementet er avsluttet. Adressen virker ikke lenger."))
    return redirect("seminars:calendar_feed")


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """No sign-in: a calendar program has none to give. The address is the key."""
    content = read_feed(token, now=now_in(request))
    if content is None:
        raise Http404
    changed = int(content.changed_at.timestamp())
    response = HttpResponse(
        content.body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": content.etag,
            "Last-Modified": http_date(changed),
            "Cache-Control": "private, no-cache",
            "X-Robots-Tag": "noindex",
        },
    )
    return get_conditional_response(request, content.etag, changed, response) or response
