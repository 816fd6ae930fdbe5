"""The request of somebody who is signed in: what a view behind `login_required` gets."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from people.affiliation import Affiliation, affiliation_at_hand, affiliation_of
from people.models import User


class SignedInRequest(HttpRequest):
    """Named in a view's signature, so that `request.user` is a person of ours."""

    user: User


def affiliation_in(request: HttpRequest, user: User) -> Affiliation:
    """Known once a request: it comes along with whoever is signed in."""
    affiliation: Affiliation | None = getattr(request, "_affiliation", None)
    if affiliation is None:
        is_at_hand = hasattr(user, "has_position")
        affiliation = (
            affiliation_at_hand(user) if is_at_hand else affiliation_of(user, today_in(request))
        )
        request._affiliation = affiliation  # type: ignore[attr-defined]
    return affiliation


def now_in(request: HttpRequest) -> dt.datetime:
    """Return the moment a request is answered as of: the clock is read once a request."""
    now: dt.datetime | None = getattr(request, "_now", None)
    if now is None:
        now = request._now = timezone.now()  # type: ignore[attr-defined]
    return now


def today_in(request: HttpRequest) -> dt.date:
    """Return the day of `now_in` in Oslo: the same for all that one page shows."""
    return timezone.localdate(now_in(request))


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty form that was sent is an answer too."""
    return request.POST if request.method == "POST" else None
