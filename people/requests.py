"""The request of somebody who is signed in: what a view behind `login_required` gets."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from people.models import User
from people.standing import Standing, standing_at_hand, standing_of


class SignedInRequest(HttpRequest):
    """Named in a view's signature, so that `request.user` is a person of ours."""

    user: User


def standing_in(request: HttpRequest, user: User) -> Standing:
    """Known once a request: it comes along with whoever is signed in."""
    standing: Standing | None = getattr(request, "_standing", None)
    if standing is None:
        is_at_hand = hasattr(user, "has_position")
        standing = standing_at_hand(user) if is_at_hand else standing_of(user, timezone.localdate())
        request._standing = standing  # type: ignore[attr-defined]
    return standing


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty form that was sent is an answer too."""
    return request.POST if request.method == "POST" else None
